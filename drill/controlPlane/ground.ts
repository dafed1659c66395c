import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Children, Program } from "../process/children";
import type { Run } from "../process/run";
import type { Component } from "./component";
import { kubeconfigOf } from "./kubeconfig";
import type { ControlPlaneOptions } from "./options";
import { type Pki, type User, makePki } from "./pki";

/** What the programs of a control plane have in common. */
export interface Ground {
    readonly options: ControlPlaneOptions;
    readonly children: Children;
    /** Their working directory: logs, keys, and etcd's sockets. */
    readonly folder: string;
    readonly pki: Pki;
    /** Ends every request and wait with its reason. */
    readonly signal: AbortSignal;
}

/** Makes the folder of a control plane and its keys. */
export async function makeGround({ folder: parent, children }: Run, options: ControlPlaneOptions, signal: AbortSignal): Promise<Ground> {
    const folder = join(parent, options.name);
    mkdirSync(folder);
    return { options, children, folder, pki: await makePki(folder), signal };
}

/** A component's program. Nothing of the user's environment has a say in it, a proxy least of all. */
export function programOf({ options: { name, binaries }, folder }: Ground, component: Component["name"], binary: keyof typeof binaries.paths, args: readonly string[]): Program {
    return {
        name: `${name}/${component}`,
        command: binaries.paths[binary],
        args,
        cwd: folder,
        env: { PATH: process.env["PATH"], HOME: folder, TMPDIR: folder },
        logFile: join(folder, `${component}.log`),
    };
}

/** Writes a user's kubeconfig. Returns its path. */
export function writeKubeconfig({ options: { name }, folder, pki }: Ground, server: string, user: User): string {
    const path = join(folder, `${user}.kubeconfig`);
    writeFileSync(path, kubeconfigOf(name, server, pki, user).exportConfig(), { mode: 0o600 });
    return path;
}
