import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { CommandMissing, type Execute, type Outcome, lastLines } from "../../tools/execute";
import { BaseError } from "./baseError";

/** A tree that git knows, written out. */
export interface ExportedTree {
    readonly directory: string;
    /** Begin of the commit's hash, as git shortens it. */
    readonly commit: string;
}

/**
 * Writes what git knows of a project's directory at a ref into a folder. Neither the user's files nor git's index are
 * touched: the tree goes by an index of its own.
 *
 * @throws BaseError where there is no git, no repository, or no such commit.
 */
export async function exportTree(ref: string, project: string, into: string, execute: Execute): Promise<ExportedTree> {
    const git = (args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Outcome> => runGit(args, cwd, env, execute);
    const place = await git(["rev-parse", "--absolute-git-dir", "--show-prefix"], project);
    const [gitDirectory = "", prefix = ""] = place.stdout.split("\n");
    if (place.code !== 0) {
        throw new BaseError(`${project} is in no git repository, so it has no ${ref}: compare with a plan.json`);
    }
    const found = ref.startsWith("-") ? undefined : await git(["rev-parse", "--verify", "--quiet", `${ref}^{commit}`], project);
    const hash = found?.stdout.trim() ?? "";
    if (found?.code !== 0 || hash === "") {
        throw new BaseError(`git knows no commit ${ref}, and there is no file of that name: fetch it, or compare with a plan.json`);
    }
    const directory = join(into, "tree");
    mkdirSync(directory);
    const env = { GIT_DIR: gitDirectory, GIT_WORK_TREE: directory, GIT_INDEX_FILE: join(into, "index") };
    for (const args of [["read-tree", `${hash}:${prefix}`], ["checkout-index", "--all", "--quiet"]]) {
        const outcome = await git(args, directory, env);
        if (outcome.code !== 0) {
            throw new BaseError(`git can't write out ${ref}: git ${args[0] ?? ""} says\n${lastLines(outcome)}`);
        }
    }
    const short = await git(["rev-parse", "--short", hash], project);
    return { directory, commit: short.stdout.trim() };
}

async function runGit(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv, execute: Execute): Promise<Outcome> {
    // A hook runs with variables that name another index or tree.
    const { GIT_INDEX_FILE: _, GIT_WORK_TREE: __, GIT_PREFIX: ___, ...inherited } = process.env;
    try {
        return await execute({ command: "git", args, cwd, env: { ...inherited, ...env } });
    } catch (error) {
        throw error instanceof CommandMissing ? new BaseError(`${error.message}: install it, or compare with a plan.json`) : error;
    }
}
