import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Children, Program } from "../process/children";
import type { Run } from "../process/run";
import type { Component } from "./component";
import { kubeconfigOf } from "./kubeconfig";
import type { CoreOptions } from "./options";
import { type Pki, type User, makePki } from "./pki";
import { loopback } from "../process/ports";

/** What the programs of a control plane have in common. */
export interface Ground {
    readonly options: CoreOptions;
    /** Address that the API server listens on. */
    readonly address: string;
    readonly children: Children;
    /** Their working directory: logs, keys, and etcd's sockets. */
    readonly folder: string;
    readonly pki: Pki;
    /** Ends every request and wait with its reason. */
    readonly signal: AbortSignal;
}

/** Makes the folder of a control plane and its keys. */
export async function makeGround({ folder: parent, children }: Run, options: CoreOptions, signal: AbortSignal): Promise<Ground> {
    const { name, address = loopback, members = [] } = options;
    const folder = join(parent, name);
    mkdirSync(folder);
    return { options, address, children, folder, pki: await makePki(folder, { address, members }), signal };
}

/** A component's program. Nothing of the user's environment has a say in it, a proxy least of all. */
export function programOf({ options: { name }, folder }: Pick<Ground, "options" | "folder">, component: Component["name"], command: string, args: readonly string[]): Program {
    return {
        name: `${name}/${component}`,
        command,
        args,
        cwd: folder,
        env: { PATH: process.env["PATH"], HOME: folder, TMPDIR: folder },
        logFile: join(folder, `${component}.log`),
    };
}

/** Writes a user's kubeconfig. Returns its path. */
export function writeKubeconfig({ options: { name }, folder, pki }: Ground, server: string, user: User): string {
    const path = join(folder, `${user.name.replaceAll(":", "-")}.kubeconfig`);
    writeFileSync(path, kubeconfigOf(name, server, pki, user).exportConfig(), { mode: 0o600 });
    return path;
}
