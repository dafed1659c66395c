import { accessSync, constants, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { thisPlatform } from "../drill/binaries/platform";
import { versionIn } from "../drill/binaries/tools";
import { lastLines } from "../judges/tools";
import { type Recipe, type Say, Unobtainable, installed } from "../tools/cache";
import { type Command, CommandMissing, type Execute, type Outcome } from "../tools/execute";


/** Runs Helm to its end. */
export type Helm = (args: readonly string[]) => Promise<Outcome>;

const folder = join(__dirname, "..", "tools", "helm");
const module = "helm.sh/helm/v4";

/** Variable that names a Helm which is there already. */
const variable = "HOLDFAST_HELM";

/** Lines of a failed build that are shown. */
const shownLines = 6;

/**
 * Path of Helm: what HOLDFAST_HELM names, else a build from the Go module that tools/helm pins, made once.
 *
 * @throws Unobtainable that says what is missing and what to do.
 */
export async function obtainHelm(env: NodeJS.ProcessEnv, cache: string, execute: Execute, say: Say): Promise<string> {
    const given = env[variable];
    if (given !== undefined && given !== "") {
        return runnable(resolve(given));
    }
    const recipe = helmRecipe(execute);
    return join(await installed(cache, recipe, say), recipe.proof);
}

function runnable(path: string): string {
    try {
        accessSync(path, constants.X_OK);
        return path;
    } catch {
        throw new Unobtainable(`${variable} names ${path}, which is no program; name a Helm of version 3 or 4, or unset ${variable} to have one built`);
    }
}

/** How Helm gets into the cache. */
export function helmRecipe(execute: Execute): Recipe {
    const version = versionIn(readFileSync(join(folder, "go.mod"), "utf8"), module);
    const { os, arch } = thisPlatform();
    return {
        name: "helm",
        version: `${version}-${os}-${arch}`,
        from: "Go modules",
        proof: "helm",
        expect: "about 5 minutes on two cores",
        make: async target => {
            const args = ["build", "-mod=readonly", "-trimpath", "-ldflags", "-s -w", "-o", join(target, "helm"), `${module}/cmd/helm`];
            // No C compiler is needed, and no workspace above the project has a say.
            const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off" };
            const fix = `get Go 1.21 or later from https://go.dev/dl, or let ${variable} name a Helm`;
            const outcome = await execute({ command: "go", args, cwd: folder, env }).catch((error: unknown) => {
                throw error instanceof CommandMissing ? new Unobtainable(`${error.message}; ${fix}`) : error;
            });
            if (outcome.code !== 0) {
                throw new Unobtainable(`helm ${version} can't be built; ${fix}. Go said:\n${lastLines(outcome, shownLines)}`);
            }
        },
    };
}

/** Helm at a path, with its settings in `scratch`: no repository, plug-in or cluster of the user's has a say. */
export function helmAt(path: string, scratch: string, execute: Execute): Helm {
    const home = (name: string): string => join(scratch, "helm", name);
    const env: Command["env"] = {
        ...process.env,
        HELM_CACHE_HOME: home("cache"),
        HELM_CONFIG_HOME: home("config"),
        HELM_DATA_HOME: home("data"),
        HELM_PLUGINS: home("plugins"),
        KUBECONFIG: home("kubeconfig"),
    };
    return args => execute({ command: path, args, cwd: scratch, env });
}
