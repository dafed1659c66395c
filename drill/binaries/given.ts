import { accessSync, constants, statSync } from "node:fs";
import { join, resolve } from "node:path";

import { Unobtainable } from "../../tools/cache";
import type { ToolName } from "./tools";

/** A folder that the user gave, and the variable that says so. */
export interface Assets {
    readonly variable: string;
    readonly folder: string;
    /** Whether it must have all binaries that are asked for. */
    readonly whole: boolean;
}

/**
 * Variables that can name a folder. The second is that of Kubernetes' own test environment, which has etcd, kube-apiserver and kubectl alone
 * (https://book.kubebuilder.io/reference/envtest).
 */
const variables = [
    { variable: "HOLDFAST_ASSETS", whole: true },
    { variable: "KUBEBUILDER_ASSETS", whole: false },
] as const;

/** The folder of binaries that the environment names. An empty variable is none. */
export function assetsIn(env: NodeJS.ProcessEnv): Assets | undefined {
    for (const { variable, whole } of variables) {
        const folder = env[variable];
        if (folder !== undefined && folder !== "") {
            return { variable, folder: resolve(folder), whole };
        }
    }
    return undefined;
}

/**
 * Paths of the binaries that are asked for, in a folder that was given.
 *
 * @throws Unobtainable that lists all that is not there but must be.
 */
export function givenPaths({ variable, folder, whole }: Assets, asked: readonly ToolName[]): Partial<Record<ToolName, string>> {
    const missing = asked.filter(name => !isProgram(join(folder, name)));
    if (missing.length > 0 && whole) {
        throw new Unobtainable(`${variable} names ${folder}, which lacks ${missing.join(", ")}; put them there, or unset ${variable} to have all of them installed`);
    }
    return Object.fromEntries(asked.filter(name => !missing.includes(name)).map(name => [name, join(folder, name)]));
}

function isProgram(path: string): boolean {
    try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
    } catch {
        return false;
    }
}
