import { Unobtainable } from "./cache";
import { type Execute, Interrupted, executor } from "./execute";

/** A command of the project. */
export interface CommandLine {
    /** Does it. Resolves to its exit code. Programs that it runs end with it. */
    readonly run: (args: readonly string[], execute: Execute) => Promise<number>;
    /** Errors that the user can mend, beside what can't be had, an interruption and wrong options. @default [] */
    readonly userErrors?: readonly (new (message: string) => Error)[];
    /** Exit code after an error. */
    readonly exitCodeAfter: (error: unknown) => number;
}

/** Runs a command with the arguments of this process, and sets its exit code. */
export function runCommand({ run, userErrors = [], exitCodeAfter }: CommandLine): void {
    // Whoever reads may stop reading, as `| head` does.
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code !== "EPIPE") {
            throw error;
        }
    });
    const interruption = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
        process.on(signal, () => {
            interruption.abort(new Interrupted(signal));
        });
    }
    const isUserError = (error: unknown): error is Error =>
        [Unobtainable, Interrupted, ...userErrors].some(kind => error instanceof kind) || (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
    run(process.argv.slice(2), executor(interruption.signal)).then(
        code => {
            process.exitCode = code;
        },
        (error: unknown) => {
            // What the user can mend is said in one message; anything else is a fault of ours, and keeps its trace.
            process.stderr.write(isUserError(error) ? `${error.message}\n` : `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
            process.exitCode = exitCodeAfter(error);
        },
    );
}
