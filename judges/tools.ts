import { copyFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { type Command, CommandMissing, type Execute, type Outcome, lastLines } from "../tools/execute";
import { Unobtainable, type Recipe, type Say, installed } from "../tools/cache";
import { packages, versions } from "./versions";

/** Paths of what was installed. */
export interface Tools {
    readonly kubeScore: string;
    readonly kubeconform: string;
    /** Python of the environment that has checkov. */
    readonly checkovPython: string;
    /** Kubernetes' API as OpenAPI 2. */
    readonly swagger: string;
}

const swaggerInModule = "api/openapi-spec/swagger.json";

/**
 * Finds the judges in the cache, and installs those that are not there, all at once.
 *
 * @throws Unobtainable that lists all that can't be had, and what to do.
 */
export async function obtainTools(cache: string, scratch: string, execute: Execute, say: Say): Promise<Tools> {
    const list = recipes((command, args, env = {}) => execute({ command, args, cwd: scratch, env: { ...process.env, TMPDIR: scratch, ...env } }));
    // All of them settle, so that no program still runs when this ends.
    const results = await Promise.allSettled(list.map(async recipe => join(await installed(cache, recipe, say), recipe.proof)));
    const problems = new Map<string, string[]>();
    const paths = results.map((result, index) => {
        if (result.status === "fulfilled") {
            return result.value;
        }
        const { reason } = result as { reason: unknown };
        if (!(reason instanceof Unobtainable || reason instanceof CommandMissing)) {
            throw reason;
        }
        problems.set(reason.message, [...(problems.get(reason.message) ?? []), `${list[index]?.name} ${list[index]?.version}`]);
        return "";
    });
    if (problems.size > 0) {
        const lines = [...problems].map(([why, which]) => `  ${which.join(", ")}: ${why}`);
        throw new Unobtainable(`not all judges can be had, so nothing was judged:\n${lines.join("\n")}`);
    }
    const [kubeScore = "", kubeconform = "", swagger = "", checkovPython = ""] = paths;
    return { kubeScore, kubeconform, swagger, checkovPython };
}

type Run = (command: string, args: readonly string[], env?: Command["env"]) => Promise<Outcome>;

function recipes(run: Run): readonly Recipe[] {
    const goInstall = (name: string, path: string, version: string): Recipe => ({
        name,
        version,
        from: "Go modules",
        proof: name,
        make: async folder => {
            await go(run, ["install", `${path}@${version}`], { GOBIN: folder });
        },
    });
    return [
        goInstall("kube-score", packages.kubeScore, versions.kubeScore),
        goInstall("kubeconform", packages.kubeconform, versions.kubeconform),
        apiRecipe(run),
        { name: "checkov", version: versions.checkov, from: "PyPI", proof: "bin/python", make: folder => makeVenv(run, folder) },
    ];
}

/** How Kubernetes' own API, as one file, gets into the cache. */
export function apiRecipe(run: Run): Recipe {
    return {
        name: "kubernetes-api",
        version: `v${versions.kubernetes}`,
        from: "Go modules",
        proof: "swagger.json",
        make: async folder => {
            const { stdout } = await go(run, ["mod", "download", "-json", `${packages.kubernetes}@v${versions.kubernetes}`]);
            const { Dir } = z.object({ Dir: z.string() }).parse(JSON.parse(stdout));
            copyFileSync(join(Dir, swaggerInModule), join(folder, "swagger.json"));
        },
    };
}

async function go(run: Run, args: readonly string[], env: Command["env"] = {}): Promise<Outcome> {
    const outcome = await told(run("go", args, env), "get Go 1.21 or later from https://go.dev/dl");
    return succeeded(outcome, `go ${args.join(" ")}`, "it needs the network, or a Go module proxy in GOPROXY");
}

/**
 * Scripts in a Python environment name the folder that they were made in, so they fail after the
 * move; `python -m` finds its environment by its own place.
 */
async function makeVenv(run: Run, folder: string): Promise<void> {
    const venv = await told(run("python3", ["-m", "venv", folder]), "get Python 3.9 or later from https://www.python.org/downloads");
    succeeded(venv, "python3 -m venv", "Python 3.9 or later with its venv module is needed (Debian and Ubuntu: apt install python3-venv)");
    const pinned = `${packages.checkov}==${versions.checkov}`;
    const pip = await run(join(folder, "bin", "python"), ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", pinned]);
    succeeded(pip, `pip install ${pinned}`, "it needs the network, or an index in PIP_INDEX_URL");
}

/** Adds to a missing program's message where to get it. */
async function told(outcome: Promise<Outcome>, fix: string): Promise<Outcome> {
    try {
        return await outcome;
    } catch (error) {
        throw error instanceof CommandMissing ? new CommandMissing(`${error.message}; ${fix}`) : error;
    }
}

function succeeded(outcome: Outcome, what: string, fix: string): Outcome {
    if (outcome.code !== 0) {
        throw new Unobtainable(`${what} failed; ${fix}. It said:\n${lastLines(outcome)}`);
    }
    return outcome;
}
