import { accessSync, constants, statSync } from "node:fs";
import { join, resolve } from "node:path";

import { Unobtainable } from "../../tools/cache";
import { type ToolName, toolNames } from "./tools";

/** Variables that can name a folder with all binaries; the second is that of Kubernetes' own test environment (envtest). */
const variables = ["HOLDFAST_ASSETS", "KUBEBUILDER_ASSETS"];

/** A folder that the user gave, and the variable that says so. */
export interface Assets {
    readonly variable: string;
    readonly folder: string;
}

/** The folder of binaries that the environment names. An empty variable is none. */
export function assetsIn(env: NodeJS.ProcessEnv): Assets | undefined {
    for (const variable of variables) {
        const folder = env[variable];
        if (folder !== undefined && folder !== "") {
            return { variable, folder: resolve(folder) };
        }
    }
    return undefined;
}

/**
 * Paths of the binaries in a folder that was given.
 *
 * @throws Unobtainable that lists all that is not there.
 */
export function givenPaths({ variable, folder }: Assets): Readonly<Record<ToolName, string>> {
    const missing = toolNames.filter(name => !isProgram(join(folder, name)));
    if (missing.length > 0) {
        throw new Unobtainable(`${variable} names ${folder}, which lacks ${missing.join(", ")}; put them there, or unset ${variable} to have all of them installed`);
    }
    return Object.fromEntries(toolNames.map(name => [name, join(folder, name)])) as Record<ToolName, string>;
}

function isProgram(path: string): boolean {
    try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
    } catch {
        return false;
    }
}
