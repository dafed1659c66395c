import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";

import { type Command, type Outcome, executor } from "../../tools/execute";
import { projectDirectory } from "../support/plan";

/** What is read of a package.json. */
export interface Manifest {
    readonly dependencies: Readonly<Record<string, string>>;
    readonly devDependencies: Readonly<Record<string, string>>;
}

/** The package.json in a directory. */
export function readManifest(directory: string): Manifest {
    return JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Manifest;
}

/** Runs a program to its end. */
export function run(command: string, args: readonly string[], options: Pick<Command, "cwd"> & Partial<Pick<Command, "env">>): Promise<Outcome> {
    return executor(new AbortController().signal)({ command, args, env: process.env, ...options });
}

/** What a package of the project is made of. The project's own folder is left alone: others may be at work in it. */
const sources = ["components", "package.json", "README.md", "tsconfig.json", "tsconfig.package.json", ".npmrc"];

/** A package as npm made it. */
export interface Packed {
    readonly filename: string;
    readonly files: readonly { readonly path: string }[];
}

/**
 * Packs the project as the README says, and installs that beside an example's program, with no other packages than those that the two of
 * them name.
 */
export async function installPacked(scratch: string, program: string): Promise<Packed> {
    const source = join(scratch, "source");
    for (const name of sources) {
        cpSync(join(projectDirectory, name), join(source, name), { recursive: true });
    }
    link(join(projectDirectory, "node_modules"), join(source, "node_modules"));
    const packed = await run("npm", ["pack", "--ignore-scripts=false", "--json", "--pack-destination", scratch], { cwd: source });
    assert.equal(packed.code, 0, packed.stderr);
    const [result] = JSON.parse(packed.stdout) as [Packed];
    const target = join(program, "node_modules", "holdfast");
    mkdirSync(target, { recursive: true });
    const unpacked = await run("tar", ["-xzf", join(scratch, result.filename), "-C", target, "--strip-components", "1"], { cwd: scratch });
    assert.equal(unpacked.code, 0, unpacked.stderr);
    const own = readManifest(program);
    for (const name of Object.keys({ ...own.dependencies, ...own.devDependencies, ...readManifest(target).dependencies }).filter(each => each !== "holdfast")) {
        link(join(projectDirectory, "node_modules", name), join(program, "node_modules", name));
    }
    return result;
}

function link(target: string, path: string): void {
    mkdirSync(dirname(path), { recursive: true });
    // Windows lets anybody make a junction, but not a link.
    symlinkSync(target, path, "junction");
}
