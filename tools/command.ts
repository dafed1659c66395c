import { join } from "node:path";

import { type Say, Unobtainable, cacheRoot } from "./cache";
import { type Execute, Interrupted, interruptible } from "./execute";
import { type GoProgram, obtainProgram } from "./goProgram";

/** A command of the project. */
export interface CommandLine {
    /** Does it. Resolves to its exit code. Programs that it runs end with it. */
    readonly run: (args: readonly string[], execute: Execute) => Promise<number>;
    /** Errors that the user can mend, beside what can't be had, an interruption and wrong options. @default [] */
    readonly userErrors?: readonly (new (message: string) => Error)[];
    /** Exit code after an error. @default {@link exitCodeAfter} */
    readonly exitCodeAfter?: (error: unknown) => number;
}

/** Exit codes of a command that something is needed for. */
export const exitCodes = { fine: 0, wrong: 1, unobtainable: 2 } as const;

/** Exit code after an error: 2 where something can't be had, which a machine without a network may pass over; after a signal, a shell's. */
export function exitCodeAfter(error: unknown): number {
    return error instanceof Interrupted ? error.exitCode : error instanceof Unobtainable ? exitCodes.unobtainable : exitCodes.wrong;
}

/** Tells the user of a command what happens, beside what it prints. */
export const say: Say = line => process.stderr.write(`${line}\n`);

/** Path of a program that a command needs, from where commands keep such. Throws Unobtainable. */
export function obtainTool(program: GoProgram, execute: Execute): Promise<string> {
    return obtainProgram(program, process.env, join(cacheRoot(process.env), "tools"), execute, say);
}

/** Runs a command with the arguments of this process, and sets its exit code. */
export function runCommand({ run, userErrors = [], exitCodeAfter: codeAfter = exitCodeAfter }: CommandLine): void {
    // Whoever reads may stop reading, as `| head` does.
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code !== "EPIPE") {
            throw error;
        }
    });
    const isUserError = (error: unknown): error is Error =>
        [Unobtainable, Interrupted, ...userErrors].some(kind => error instanceof kind) || (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
    interruptible(execute => run(process.argv.slice(2), execute)).then(
        code => {
            process.exitCode = code;
        },
        (error: unknown) => {
            // What the user can mend is said in one message; anything else is a fault of ours, and keeps its trace.
            process.stderr.write(isUserError(error) ? `${error.message}\n` : `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
            process.exitCode = codeAfter(error);
        },
    );
}
