import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, closeSync, openSync, readFileSync } from "node:fs";

import { withParent } from "./withParent";

/** A program that runs until it is ended. */
export interface Program {
    /** Unique within a run, such as east/kube-apiserver. */
    readonly name: string;
    readonly command: string;
    readonly args: readonly string[];
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    /** File that gets what it prints; it is added to. */
    readonly logFile: string;
    /** Whether an end that nobody asked for is in order, by what the program printed. @default it never is */
    readonly mayEnd?: (printed: string) => boolean;
}

/** How a program ended. */
export interface Exit {
    /** Null where a signal ended it. */
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
}

/** A program ended that nobody had asked to. The message has the end of what it printed. */
export class ComponentDied extends Error {}

/** Lines of a dead program's log that are shown. */
const shownLines = 15;

/** Bytes at the end of a log that are looked at. */
const shownBytes = 16_384;

/** A program that was started. Signals go to its process group, so to all that it started too. */
export class Child {
    /** Resolves once it is gone. */
    readonly exited: Promise<Exit>;
    readonly pid: number;
    #exit: Exit | undefined;
    #wanted = false;
    readonly #logStart: number;

    constructor(
        readonly program: Program,
        process: ChildProcess & { readonly pid: number },
        logStart: number,
    ) {
        this.pid = process.pid;
        this.#logStart = logStart;
        this.exited = new Promise(resolve => {
            process.once("exit", (code, signal) => {
                this.#exit = { code, signal };
                resolve(this.#exit);
            });
        });
    }

    get running(): boolean {
        return this.#exit === undefined;
    }

    /** Whether its end was asked for. */
    get wanted(): boolean {
        return this.#wanted;
    }

    /** Sends a signal that does not end it, such as SIGSTOP. */
    signal(signal: "SIGSTOP" | "SIGCONT"): void {
        signalGroup(this, signal);
    }

    /** Ends it at once, as a crash would, even where it is stopped. Resolves when it is gone. */
    async kill(): Promise<void> {
        this.killNow();
        await this.exited;
    }

    /** As `kill`, without waiting. */
    killNow(): void {
        this.#wanted = true;
        signalGroup(this, "SIGKILL");
    }

    /** What it has printed since it was started. */
    printed(): string {
        try {
            return readFileSync(this.program.logFile).subarray(this.#logStart).toString();
        } catch {
            // The run is over, and its folder gone.
            return "";
        }
    }

    /** Whether it ended by itself, in the way that it may. */
    get endedInOrder(): boolean {
        return !this.running && !this.#wanted && this.program.mayEnd?.(this.printed()) === true;
    }

    /** The end of what it printed, indented. */
    lastWords(): string {
        const lines = this.printed().slice(-shownBytes).trimEnd().split("\n").slice(-shownLines);
        return lines.map(line => `  ${line}`).join("\n");
    }
}

function signalGroup({ pid, running }: Child, signal: NodeJS.Signals): void {
    if (!running) {
        return;
    }
    try {
        process.kill(-pid, signal);
    } catch {
        // Gone between the look and the signal.
    }
}

/** All programs of a run. */
export class Children {
    readonly #all = new Set<Child>();
    readonly #logs = new Set<string>();
    #over = false;

    /**
     * @param ledger file that gets the process id of each program, for whoever cleans up after this process was killed.
     * @param died called when a program ends that nobody had asked to.
     */
    constructor(
        private readonly ledger: string,
        private readonly died: (error: ComponentDied) => void,
    ) {}

    /** Programs that run now. */
    get running(): readonly Child[] {
        return [...this.#all].filter(({ running }) => running);
    }

    /** Files with what programs printed, of all that were ever started. */
    get logFiles(): readonly string[] {
        return [...this.#logs];
    }

    /** Starts a program in a process group of its own: a Ctrl-C in the terminal is ours alone to handle. */
    async start(program: Program): Promise<Child> {
        this.#refuseLate();
        const log = openSync(program.logFile, "a");
        this.#logs.add(program.logFile);
        try {
            const logStart = readFileSync(program.logFile).length;
            const { command, args } = withParent(program.command, program.args);
            const process = spawn(command, args, { cwd: program.cwd, env: program.env, detached: true, stdio: ["ignore", log, log] });
            await new Promise<void>((resolve, reject) => {
                process.once("spawn", resolve).once("error", reject);
            });
            if (!hasPid(process)) {
                throw new Error(`${program.name} has no process id`);
            }
            const child = new Child(program, process, logStart);
            this.#all.add(child);
            if (this.#over) {
                child.killNow();
                this.#refuseLate();
            }
            appendFileSync(this.ledger, `${child.pid}\n`);
            void child.exited.then(exit => {
                this.#all.delete(child);
                if (!child.wanted && !child.endedInOrder) {
                    const how = exit.signal === null ? `with exit code ${exit.code}` : `by ${exit.signal}`;
                    this.died(new ComponentDied(`${program.name} ended unexpectedly ${how}. It last said:\n${child.lastWords()}`));
                }
            });
            return child;
        } finally {
            closeSync(log);
        }
    }

    /** Ends all of them, and starts no more. Resolves when they are gone. */
    async killAll(): Promise<void> {
        this.#over = true;
        await Promise.all(this.running.map(child => child.kill()));
    }

    /** Ends all of them from a handler that can't wait. */
    killAllNow(): void {
        this.#over = true;
        for (const child of this.#all) {
            child.killNow();
        }
    }

    #refuseLate(): void {
        if (this.#over) {
            throw new Error("the run is over: nothing is started any more");
        }
    }
}

function hasPid(process: ChildProcess): process is ChildProcess & { readonly pid: number } {
    return process.pid !== undefined;
}
