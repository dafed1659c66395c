import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Execute, interruptible } from "../../tools/execute";
import type { PlanDocument } from "../document";
import { BaseError } from "./baseError";
import { compare } from "./compare";
import type { PlanDiff } from "./diff";
import { exportTree } from "./gitTree";
import { type EarlierPlan, readPlan, withSourcesOf } from "./readPlan";

/** The stack that is planned. */
export interface Asked {
    /** Where its files are: the project's directory. */
    readonly directory: string;
    readonly project: string;
    readonly stack: string;
}

/** What a plan is compared with. */
export interface Base {
    /** In words: "main (3f2a1bc)", or the path of a file. */
    readonly label: string;
    /** Undefined where the stack is not there. */
    readonly plan: EarlierPlan | undefined;
    readonly notes: readonly string[];
}

/**
 * Gets the plan to compare with: from a plan.json, or by planning what git has at a ref with the program that it has there.
 * Temporary files are gone when this ends, also where it fails or is interrupted.
 *
 * @throws BaseError where it can't be had; Interrupted.
 */
export async function readBase(base: string, asked: Asked): Promise<Base> {
    if (isFile(base) || base.endsWith(".json")) {
        return { label: base, plan: readPlan(readText(base), base, asked), notes: [] };
    }
    const scratch = mkdtempSync(join(tmpdir(), "holdfast-base-"));
    try {
        return await interruptible(execute => planRef(base, asked, scratch, execute));
    } finally {
        rmSync(scratch, { recursive: true, force: true });
    }
}

/** What an update from the base to a plan would do. */
export function diffAgainst({ label, plan, notes }: Base, after: PlanDocument, aliases: ReadonlyMap<string, readonly string[]>): PlanDiff {
    const older = plan?.isOlder === true;
    const before = plan !== undefined && older ? withSourcesOf(plan.document, after) : plan?.document;
    const said = older ? ["the base's plan was written by an older version: what it says of no resource, such as ignoreChanges, counts as not set"] : [];
    return compare(before, after, { base: label, aliases, notes: [...notes, ...said] });
}

async function planRef(ref: string, asked: Asked, scratch: string, execute: Execute): Promise<Base> {
    const { directory, commit } = await exportTree(ref, asked.directory, scratch, execute);
    const label = commit === "" || ref.startsWith(commit) ? ref : `${ref} (${commit})`;
    const stackFile = `Pulumi.${asked.stack}.yaml`;
    if (!existsSync(join(directory, stackFile))) {
        return { label, plan: undefined, notes: [`${ref} has no ${stackFile}: everything is created`] };
    }
    if (!existsSync(join(directory, "plan", "start.mjs"))) {
        throw new BaseError(`${ref} has no plan/start.mjs: it is older than the plan, and can't be compared with`);
    }
    linkPackages(asked.directory, directory);
    const out = join(scratch, "out");
    const outcome = await execute({
        command: process.execPath,
        args: [join("plan", "start.mjs"), "--stack", asked.stack, "--json", "--out", out],
        cwd: directory,
        env: process.env,
    });
    const file = join(out, asked.stack, "plan.json");
    // A plan that breaks rules ends with 1 too, but is there.
    if (!existsSync(file)) {
        throw new BaseError(`the plan of ${ref} fails:\n${outcome.stderr.trimEnd().replace(/^/gm, "  ")}`);
    }
    const notes = sameText(join(directory, lockFile), join(asked.directory, lockFile))
        ? []
        : [`${ref} has another ${lockFile}: it was planned with the packages of this checkout`];
    return { label, plan: readPlan(readText(file), `the plan of ${ref}`, asked), notes };
}

const lockFile = "package-lock.json";

/** Gives a tree the project's packages, each by a link, so that what is kept beside them, such as a cache, is its own. */
function linkPackages(project: string, tree: string): void {
    const [from, to] = [join(project, "node_modules"), join(tree, "node_modules")];
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from).filter(entry => !entry.startsWith("."))) {
        // Windows lets anybody make a junction, but not a link.
        symlinkSync(join(from, name), join(to, name), "junction");
    }
}

function isFile(path: string): boolean {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function readText(path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch (error) {
        throw new BaseError(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`);
    }
}

function sameText(a: string, b: string): boolean {
    return [a, b].every(path => existsSync(path)) && readFileSync(a).equals(readFileSync(b));
}
