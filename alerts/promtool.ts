import { accessSync, constants, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { thisPlatform } from "../drill/binaries/platform";
import { versionIn } from "../drill/binaries/tools";
import { lastLines } from "../judges/tools";
import { type Recipe, type Say, Unobtainable, installed } from "../tools/cache";
import { CommandMissing, type Execute } from "../tools/execute";

const folder = join(__dirname, "..", "tools", "prometheus");
const module = "github.com/prometheus/prometheus";

/** Variable that names a promtool which is there already. */
const variable = "HOLDFAST_PROMTOOL";

/** Lines of a failed build that are shown. */
const shownLines = 6;

/**
 * Path of promtool: what HOLDFAST_PROMTOOL names, else a build from the Go module that tools/prometheus pins, made once.
 *
 * @throws Unobtainable that says what is missing and what to do.
 */
export async function obtainPromtool(env: NodeJS.ProcessEnv, cache: string, execute: Execute, say: Say): Promise<string> {
    const given = env[variable];
    if (given !== undefined && given !== "") {
        return runnable(resolve(given));
    }
    const recipe = promtoolRecipe(execute);
    return join(await installed(cache, recipe, say), recipe.proof);
}

function runnable(path: string): string {
    try {
        accessSync(path, constants.X_OK);
        return path;
    } catch {
        throw new Unobtainable(`${variable} names ${path}, which is no program; name a promtool of version 3, or unset ${variable} to have one built`);
    }
}

/** How promtool gets into the cache. */
function promtoolRecipe(execute: Execute): Recipe {
    const version = versionIn(readFileSync(join(folder, "go.mod"), "utf8"), module);
    const { os, arch } = thisPlatform();
    return {
        name: "promtool",
        version: `${version}-${os}-${arch}`,
        from: "Go modules",
        proof: "promtool",
        expect: "about 4 minutes on two cores",
        make: async target => {
            // Service discovery of clouds is most of it, and no rule needs any.
            const args = ["build", "-mod=readonly", "-trimpath", "-tags", "remove_all_sd", "-ldflags", "-s -w", "-o", join(target, "promtool"), `${module}/cmd/promtool`];
            // No C compiler is needed, and no workspace above the project has a say.
            const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off" };
            const fix = `get Go 1.21 or later from https://go.dev/dl, or let ${variable} name a promtool`;
            const outcome = await execute({ command: "go", args, cwd: folder, env }).catch((error: unknown) => {
                throw error instanceof CommandMissing ? new Unobtainable(`${error.message}; ${fix}`) : error;
            });
            if (outcome.code !== 0) {
                throw new Unobtainable(`promtool ${version} can't be built; ${fix}. Go said:\n${lastLines(outcome, shownLines)}`);
            }
        },
    };
}
