import { spawn } from "node:child_process";
import { constants } from "node:os";

/** A program that is to run. */
export interface Command {
    readonly command: string;
    readonly args: readonly string[];
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
}

/** How it went. */
export interface Outcome {
    /** Null where a signal ended it. */
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
}

/** Runs a program to its end. Rejects with CommandMissing, or with Interrupted once its children are gone. */
export type Execute = (command: Command) => Promise<Outcome>;

/** The program is not on the PATH. */
export class CommandMissing extends Error {}

/** The user, or the system, wants an end. */
export class Interrupted extends Error {
    /** As a shell would report it: 128 and the signal's number. */
    readonly exitCode: number;

    constructor(signal: NodeJS.Signals) {
        super(`stopped by ${signal}`);
        this.exitCode = 128 + constants.signals[signal];
    }
}

/** Time for an interrupted program to clean up after itself, in milliseconds. */
const graceMs = 3000;

/**
 * Programs under one abort signal. Each leads a process group of its own, so that ending it ends
 * what it started too: `go install` alone runs dozens of compilers.
 */
export function executor(signal: AbortSignal): Execute {
    return ({ command, args, cwd, env }) =>
        new Promise((resolve, reject) => {
            signal.throwIfAborted();
            const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
            let stdout = "";
            let stderr = "";
            child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
            child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
            let hardEnd: NodeJS.Timeout | undefined;
            const end = (): void => {
                endGroup(child.pid, "SIGINT");
                hardEnd = setTimeout(() => {
                    endGroup(child.pid, "SIGKILL");
                }, graceMs);
            };
            const settle = (settled: () => void): void => {
                signal.removeEventListener("abort", end);
                clearTimeout(hardEnd);
                settled();
            };
            signal.addEventListener("abort", end, { once: true });
            child.on("error", (error: NodeJS.ErrnoException) => {
                settle(() => {
                    reject(error.code === "ENOENT" ? new CommandMissing(`${command} is not installed, or not on the PATH`) : error);
                });
            });
            child.on("close", code => {
                settle(() => {
                    if (signal.aborted) {
                        reject(signal.reason as Interrupted);
                    } else {
                        resolve({ code, stdout, stderr });
                    }
                });
            });
        });
}

/** Does work whose programs end when this process is told to. What is to be cleared up after them is the work's. */
export async function interruptible<T>(work: (execute: Execute) => Promise<T>): Promise<T> {
    const interruption = new AbortController();
    const stop = (signal: NodeJS.Signals): void => {
        interruption.abort(new Interrupted(signal));
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    signals.forEach(signal => process.on(signal, stop));
    try {
        return await work(executor(interruption.signal));
    } finally {
        signals.forEach(signal => process.off(signal, stop));
    }
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
    if (pid === undefined) {
        return;
    }
    try {
        process.kill(-pid, signal);
    } catch {
        // Gone already.
    }
}

/** Runs tasks, at most `width` at a time. The results come in the order of the tasks; after a failure none is begun. */
export async function inTurns<T>(tasks: readonly (() => Promise<T>)[], width: number): Promise<T[]> {
    const results: T[] = [];
    const queue = [...tasks.entries()];
    const worker = async (): Promise<void> => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
            const [index, task] = next;
            try {
                results[index] = await task();
            } catch (error) {
                queue.length = 0;
                throw error;
            }
        }
    };
    const workers = await Promise.allSettled(Array.from({ length: width }, worker));
    const failed = workers.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") {
        throw failed.reason;
    }
    return results;
}

/** Lines of a failed program's output that are shown. */
const shownLines = 3;

/** The end of what a program said, indented. */
export function lastLines({ stdout, stderr }: Outcome, most = shownLines): string {
    const lines = `${stdout}\n${stderr}`.split("\n").filter(line => line.trim() !== "");
    return lines.slice(-most).map(line => `      ${line}`).join("\n");
}
