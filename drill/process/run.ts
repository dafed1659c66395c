import { setMaxListeners } from "node:events";
import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Interrupted } from "../../tools/execute";
import type { Say } from "../../tools/cache";
import { Children } from "./children";
import { ledgerFile, makeRunFolder, removeRunFolder, removeStaleRuns } from "./runFolder";

/** All that a drill has in the air: its folder, its programs, and the news that it must end. */
export interface Run {
    /** Temporary folder; it goes with the run. */
    readonly folder: string;
    readonly children: Children;
    /** Aborted by an interrupt, or by a program that died; the reason says which. */
    readonly signal: AbortSignal;
    /** Ends the run with an error, for what goes on in the background. Later errors change nothing. */
    readonly fail: (error: Error) => void;
}

export interface RunOptions {
    readonly say: Say;
    /** Folder that gets the logs of a run that failed. It is emptied when the run starts. */
    readonly keepLogs: string;
    /** Folder for the temporary one. @default the system's */
    readonly parent?: string;
    /** A temporary folder that is there already: whoever made it removes it, and clears up after killed runs. @default one of the run's own */
    readonly folder?: string;
}

const interrupts = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Longest wait for a drill to end once it was told to, in milliseconds: programs that it runs to their end get 3 s for that
 * (tools/execute.ts).
 */
const endMs = 4000;

/**
 * Runs a drill. However it ends (well, by an error, by a program that died, by Ctrl-C), every program that it
 * started is ended and its folder is removed before this resolves or rejects; the drill itself gets a moment to end
 * what it has in the air. Where it failed, the logs are kept.
 * What a killed run left is cleared up first.
 */
export async function withRun<T>({ say, keepLogs, parent, folder: lent }: RunOptions, drill: (run: Run) => Promise<T>): Promise<T> {
    for (const stale of lent === undefined ? removeStaleRuns(parent) : []) {
        say(`cleared up after a drill that was killed: ${stale}`);
    }
    rmSync(keepLogs, { recursive: true, force: true });
    const folder = lent ?? makeRunFolder(parent);
    const removeFolder = (): void => {
        if (lent === undefined) {
            removeRunFolder(folder);
        }
    };
    const ending = new AbortController();
    // Every program, request and wait of the run listens.
    setMaxListeners(0, ending.signal);
    const fail = (error: Error): void => {
        ending.abort(error);
    };
    const children = new Children(join(folder, ledgerFile), fail);
    const atExit = (): void => {
        children.killAllNow();
        removeFolder();
    };
    const interrupt = (signal: NodeJS.Signals): void => {
        const reason = new Interrupted(signal);
        if (ending.signal.aborted) {
            // Asked twice: leave without waiting. The handler of `exit` clears up.
            process.exit(reason.exitCode);
        }
        ending.abort(reason);
    };
    process.on("exit", atExit);
    for (const signal of interrupts) {
        process.on(signal, interrupt);
    }
    const going = (async () => drill({ folder, children, signal: ending.signal, fail }))();
    try {
        return await unlessAborted(going, ending.signal);
    } catch (error) {
        if (!(error instanceof Interrupted) && keepLogFiles(children.logFiles, folder, keepLogs)) {
            say(`the logs are kept in ${relative(process.cwd(), keepLogs)}`);
        }
        throw error;
    } finally {
        ending.abort(new Error("the drill is over"));
        await Promise.all([children.killAll(), ended(going, endMs)]);
        removeFolder();
        process.off("exit", atExit);
        for (const signal of interrupts) {
            process.off(signal, interrupt);
        }
    }
}

/** Resolves when a promise has settled, whichever way, or after a while. */
async function ended(promise: Promise<unknown>, longestMs: number): Promise<void> {
    const giveUp = new AbortController();
    const settled = promise.then(
        () => undefined,
        () => undefined,
    );
    await Promise.race([settled, sleep(longestMs, undefined, { signal: giveUp.signal }).catch(() => undefined)]);
    giveUp.abort();
}

/** Settles as the promise does, or rejects with the signal's reason once that is aborted. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
    let abort: (() => void) | undefined;
    const aborted = new Promise<never>((_, reject) => {
        abort = () => {
            reject(signal.reason as Error);
        };
        if (signal.aborted) {
            abort();
        }
        signal.addEventListener("abort", abort);
    });
    try {
        return await Promise.race([promise, aborted]);
    } finally {
        if (abort !== undefined) {
            signal.removeEventListener("abort", abort);
        }
        // Whichever lost the race has nobody left to tell.
        promise.catch(() => undefined);
    }
}

/** Copies what programs printed, each to its place below a folder. Returns whether there is any. */
function keepLogFiles(logs: readonly string[], folder: string, target: string): boolean {
    const there = logs.filter(existsSync);
    for (const log of there) {
        const path = join(target, relative(folder, log));
        mkdirSync(dirname(path), { recursive: true });
        copyFileSync(log, path);
    }
    return there.length > 0;
}
