import { createHash } from "node:crypto";
import { accessSync, constants, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { type Recipe, type Say, Unobtainable, installed } from "./cache";
import { CommandMissing, type Execute, lastLines } from "./execute";
import { thisPlatform } from "./platform";

/** A program that the user may have, and that is else built from the Go module that a folder here pins, or from the source in it. */
export interface GoProgram {
    /** Name of the program, and of its package below the module's `cmd` where the module is not ours. */
    readonly name: string;
    /** As a sentence has it: "a Helm". */
    readonly named: string;
    /** Which versions of it will do: "version 3 or 4". */
    readonly versions: string;
    /** Folder in tools/ with the go.mod that pins the module, or with our own module's source. */
    readonly folder: string;
    /** Module that has the program; undefined where the folder has the source itself. */
    readonly module?: string;
    /** Flags of `go build` beside those that all have. @default [] */
    readonly flags?: readonly string[];
    /** Variable of Go's that is to hold the version, which `go build` does not put there. @default none */
    readonly stamp?: string;
    /** What to expect of a build, such as "about 5 minutes on two cores". */
    readonly expect: string;
    /** Variable that names one which is there already. */
    readonly variable: string;
}

/** Lines of a failed build that are shown. */
const shownLines = 6;

/**
 * Path of a program: what its variable names, else a build, made once.
 *
 * @throws Unobtainable that says what is missing and what to do.
 */
export async function obtainProgram(program: GoProgram, env: NodeJS.ProcessEnv, cache: string, execute: Execute, say: Say): Promise<string> {
    const given = env[program.variable];
    if (given !== undefined && given !== "") {
        return runnable(resolve(given), program);
    }
    const recipe = programRecipe(program, execute);
    return join(await installed(cache, recipe, say), recipe.proof);
}

function runnable(path: string, { named, versions, variable }: GoProgram): string {
    try {
        accessSync(path, constants.X_OK);
        return path;
    } catch {
        throw new Unobtainable(`${variable} names ${path}, which is no program; name ${named} of ${versions}, or unset ${variable} to have one built`);
    }
}

/** How a program gets into the cache. */
export function programRecipe({ name, named, folder, module, flags = [], stamp, expect, variable }: GoProgram, execute: Execute): Recipe {
    const cwd = join(__dirname, folder);
    const version = module === undefined ? sourceVersion(cwd) : versionIn(readFileSync(join(cwd, "go.mod"), "utf8"), module);
    const { os, arch } = thisPlatform();
    return {
        name,
        version: `${version}-${os}-${arch}`,
        from: module === undefined ? "its source here" : "Go modules",
        proof: name,
        expect,
        make: async target => {
            const file = join(target, name);
            const args = ["build", "-mod=readonly", "-trimpath", ...flags, "-ldflags", ["-s -w", ...(stamp === undefined ? [] : [`-X ${stamp}=${version}`])].join(" "), "-o", file, module === undefined ? "." : `${module}/cmd/${name}`];
            const fix = `get Go 1.21 or later from https://go.dev/dl, or let ${variable} name ${named}`;
            const outcome = await besideFile(file, env => execute({ command: "go", args, cwd, env })).catch((error: unknown) => {
                throw error instanceof CommandMissing ? new Unobtainable(`${error.message}; ${fix}`) : error;
            });
            if (outcome.code !== 0) {
                throw new Unobtainable(`${name} ${version} can't be built; ${fix}. Go said:\n${lastLines(outcome, shownLines)}`);
            }
        },
    };
}

/**
 * Builds a file with Go. What Go needs meanwhile is beside the file, so that it goes with the file's folder where the build is cut short.
 *
 * @param build is given the environment to build in.
 */
export async function besideFile<T>(file: string, build: (env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
    const temporary = mkdtempSync(join(dirname(file), "tmp-"));
    try {
        // No C compiler is needed, and no workspace above the project has a say.
        return await build({ ...process.env, CGO_ENABLED: "0", GOWORK: "off", GOTMPDIR: temporary, TMPDIR: temporary });
    } finally {
        rmSync(temporary, { recursive: true, force: true });
    }
}

/** What tells a folder's source from any other: the first 12 hexadecimal digits of a SHA-256 over its files' names and contents. */
export function sourceVersion(folder: string): string {
    const hash = createHash("sha256");
    const files = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isFile());
    for (const file of files.map(({ name }) => name).sort()) {
        const content = readFileSync(join(folder, file));
        hash.update(`${file}\0${content.length}\0`).update(content);
    }
    return hash.digest("hex").slice(0, 12);
}

/** Version that a go.mod requires of a module, such as v1.36.3. Throws where it requires none. */
export function versionIn(goMod: string, module: string): string {
    const words = goMod.split("\n").map(line => line.trim().split(/\s+/));
    const required = words.map(line => (line[0] === "require" ? line.slice(1) : line)).find(([path, version]) => path === module && version?.startsWith("v"));
    const version = required?.[1];
    if (version === undefined) {
        throw new Error(`go.mod requires no version of ${module}`);
    }
    return version;
}
