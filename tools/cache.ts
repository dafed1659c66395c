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
    /** What to expect, such as "about 6 minutes on two cores". */
    readonly expect?: string;
}

/** Tells the user what happens, a line at a time. */
export type Say = (line: string) => void;

/** Something can't be had: the message says why and what to do. */
export class Unobtainable extends Error {}

/** Age from which an unfinished install counts as abandoned, in milliseconds. */
const abandonedMs = 24 * 60 * 60 * 1000;

/** Time between two signs of life of a long step, in milliseconds. */
const signOfLifeMs = 20_000;

const unfinished = ".part-";

/**
 * Where everything that is installed once is kept: HOLDFAST_CACHE, or `holdfast/` in the user's cache
 * (https://specifications.freedesktop.org/basedir-spec/latest/; an empty variable is none).
 */
export function cacheRoot(env: NodeJS.ProcessEnv, home: string = homedir()): string {
    const given = (name: string): string | undefined => (env[name] === "" ? undefined : env[name]);
    const own = given("HOLDFAST_CACHE");
    return own === undefined ? join(given("XDG_CACHE_HOME") ?? join(home, ".cache"), "holdfast") : resolve(own);
}

/** Does a long step. Says so before it, now and then while it lasts, and after it how long it took. */
export async function timed<T>(say: Say, doing: string, step: () => Promise<T>, expect?: string): Promise<T> {
    const started = performance.now();
    const elapsed = (digits: number): string => ((performance.now() - started) / 1000).toFixed(digits);
    const expected = expect === undefined ? "" : ` (${expect})`;
    say(`${doing}${expected} …`);
    const signs = setInterval(() => {
        say(`${doing}: ${elapsed(0)} s so far${expected}`);
    }, signOfLifeMs);
    let outcome = "failed after";
    try {
        const result = await step();
        outcome = "done in";
        return result;
    } finally {
        clearInterval(signs);
        say(`${doing}: ${outcome} ${elapsed(1)} s`);
    }
}

/**
 * The folder of a recipe's result, made first where the cache has none. It is made beside its place
 * and then moved there, so an install that was cut short never counts.
 *
 * @throws Unobtainable where the cache can't be written to, and what `make` throws.
 */
export async function installed(cache: string, { name, version, from, proof, make, expect }: Recipe, say: Say): Promise<string> {
    const folder = join(cache, `${name}-${version}`);
    if (existsSync(join(folder, proof))) {
        return folder;
    }
    const part = makePart(folder);
    try {
        await timed(say, `installing ${name} ${version} from ${from}`, () => make(part), expect);
        if (!existsSync(join(part, proof))) {
            throw new Unobtainable(`its install ended well, but made no ${proof}`);
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
        throw new Unobtainable(`the cache can't be written to (${why}); let HOLDFAST_CACHE name a folder that can`);
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
