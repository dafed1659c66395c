import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";

/** Something to have in the cache. */
export interface Recipe {
    readonly name: string;
    readonly version: string;
    /** Where it comes from, in words. */
    readonly from: string;
    /** Path below its folder that shows it to be usable. */
    readonly proof: string;
    /** Makes it in a folder, which is moved afterwards. */
    readonly make: (folder: string) => Promise<void>;
}

/** Tells the user what happens, a line at a time. */
export type Say = (line: string) => void;

/** A judge can't be had, or gives no verdict: the message says why and what to do. */
export class JudgeMissing extends Error {}

/** Age from which an unfinished install counts as abandoned, in milliseconds. */
const abandonedMs = 24 * 60 * 60 * 1000;

const unfinished = ".part-";

/**
 * Where installed judges are kept: `judges/` below HOLDFAST_CACHE, or below `holdfast/` in the user's
 * cache (https://specifications.freedesktop.org/basedir-spec/latest/; an empty variable is none).
 */
export function cacheFolder(env: NodeJS.ProcessEnv, home: string = homedir()): string {
    const given = (name: string): string | undefined => (env[name] === "" ? undefined : env[name]);
    const own = given("HOLDFAST_CACHE");
    return own === undefined ? join(given("XDG_CACHE_HOME") ?? join(home, ".cache"), "holdfast", "judges") : join(resolve(own), "judges");
}

/** Does a long step, and says so before it, and after it how long it took. */
export async function timed<T>(say: Say, doing: string, step: () => Promise<T>): Promise<T> {
    say(`${doing} …`);
    const started = performance.now();
    let outcome = "failed after";
    try {
        const result = await step();
        outcome = "done in";
        return result;
    } finally {
        say(`${doing}: ${outcome} ${((performance.now() - started) / 1000).toFixed(1)} s`);
    }
}

/**
 * The folder of a recipe's result, made first where the cache has none. It is made beside its place
 * and then moved there, so an install that was cut short never counts.
 *
 * @throws JudgeMissing where the cache can't be written to, and what `make` throws.
 */
export async function installed(cache: string, { name, version, from, proof, make }: Recipe, say: Say): Promise<string> {
    const folder = join(cache, `${name}-${version}`);
    if (existsSync(join(folder, proof))) {
        return folder;
    }
    const part = makePart(folder);
    try {
        await timed(say, `installing ${name} ${version} from ${from}`, () => make(part));
        if (!existsSync(join(part, proof))) {
            throw new JudgeMissing(`its install ended well, but made no ${proof}`);
        }
        moveThere(part, folder, proof);
    } finally {
        rmSync(part, { recursive: true, force: true });
    }
    return folder;
}

function makePart(folder: string): string {
    const cache = dirname(folder);
    try {
        mkdirSync(cache, { recursive: true });
        for (const entry of readdirSync(cache).filter(name => name.startsWith(`${basename(folder)}${unfinished}`))) {
            const path = join(cache, entry);
            if (Date.now() - statSync(path).mtimeMs > abandonedMs) {
                rmSync(path, { recursive: true, force: true });
            }
        }
        return mkdtempSync(`${folder}${unfinished}`);
    } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new JudgeMissing(`the cache can't be written to (${why}); let HOLDFAST_CACHE name a folder that can`);
    }
}

function moveThere(part: string, folder: string, proof: string): void {
    try {
        // What is there but lacks the proof is no use to anyone.
        if (!existsSync(join(folder, proof))) {
            rmSync(folder, { recursive: true, force: true });
        }
        renameSync(part, folder);
    } catch (error) {
        // Another run that installed the same was faster.
        if (!existsSync(join(folder, proof))) {
            throw error;
        }
    }
}
