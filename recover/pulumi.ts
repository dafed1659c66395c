import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

import { type Execute, type Outcome, lastLines } from "../tools/execute";
import { type Exported, parseState } from "./state";

/** A stack, and how Pulumi's CLI is run on it. */
export interface PulumiStack {
    /** Its name, as `--stack` takes it. */
    readonly name: string;
    /** Folder with its Pulumi.yaml. */
    readonly directory: string;
    /** The CLI: its name on the PATH, or its path. */
    readonly command: string;
    /** What the CLI is run with, backend and passphrase among it. */
    readonly env: NodeJS.ProcessEnv;
    readonly execute: Execute;
}

/** The CLI refused something. The message is what it said. */
export class PulumiError extends Error {}

/** Another update holds the stack. The message says whose. */
export class Locked extends PulumiError {}

/** What the CLI says of a locked stack: first where state is in a bucket or a file, then where Pulumi Cloud keeps it. */
const lockedPattern = /currently locked by|\[409\]/;

/** Runs the CLI, on a stack where one is named, however it ends. */
export function tryPulumi({ name, directory, command, env, execute }: Omit<PulumiStack, "name"> & { readonly name: string | undefined }, args: readonly string[]): Promise<Outcome> {
    const on = name === undefined ? [] : ["--stack", name];
    return execute({ command, args: [...args, ...on, "--non-interactive"], cwd: directory, env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" } });
}

/** Runs the CLI on a stack. Resolves to what it printed. Throws PulumiError. */
export async function runPulumi(stack: PulumiStack, args: readonly string[]): Promise<string> {
    const outcome = await tryPulumi(stack, args);
    if (outcome.code === 0) {
        return outcome.stdout;
    }
    const said = lastLines(outcome, mostLines);
    throw new (lockedPattern.test(said) ? Locked : PulumiError)(`pulumi ${args.slice(0, 2).join(" ")} failed:\n${said}`);
}

/** Lines of what the CLI said that are shown. */
const mostLines = 12;

/** Does something by Pulumi's own client, whose errors hold all that was said twice. Throws PulumiError with what was said at the end. */
export async function byClient<T>(doing: string, act: () => Promise<T>): Promise<T> {
    return act().catch((error: unknown) => {
        const [message = ""] = String(error instanceof Error ? error.message : error).split(/^ err\?: /m);
        throw new PulumiError(`${doing} failed:\n${lastLines({ code: null, stdout: message.replace(/^code: .*\n stdout: /, "").replace(/^ stderr: /m, ""), stderr: "" }, mostLines)}`);
    });
}

/** The state, with secrets in the clear. */
export async function exportState(stack: PulumiStack): Promise<Exported> {
    return parseState(await runPulumi(stack, ["stack", "export", "--show-secrets"]));
}

/**
 * Makes this the state. Pulumi seals its secrets, and forgets what was under way. Until it has read them they are in the clear in a temporary
 * file that nobody else can read. Throws Locked where an update holds the stack.
 */
export async function importState(stack: PulumiStack, state: Exported): Promise<void> {
    await inPrivateFolder("holdfast-state-", async folder => {
        const file = join(folder, "state.json");
        writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
        await runPulumi(stack, ["stack", "import", "--file", file]);
    });
}

/** Takes away the locks that whoever was killed has left. */
export async function cancelUpdate(stack: PulumiStack): Promise<void> {
    await runPulumi(stack, ["cancel", "--yes"]);
}

/** Whoever holds a lock, as the CLI says: "created by root@host (pid 7216) at …" (pkg/backend/diy/lock.go of pulumi/pulumi). */
const holderPattern = /created by \S+@(\S+) \(pid (\d+)\)/g;

/** Whoever holds a lock, for people. */
export function holderOf({ message }: Locked): string {
    const created = message.match(/created by [^\n]+/g);
    return created === null ? message.trim() : created.map(line => line.trim()).join("; ");
}

/** Processes of this machine that hold a lock and are alive. */
export function livingHolders({ message }: Locked): readonly number[] {
    return [...message.matchAll(holderPattern)].flatMap(([, host, pid]) => (host === hostname() && isAlive(Number(pid)) ? [Number(pid)] : []));
}

function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        // A process of somebody else's.
        return error instanceof Error && "code" in error && error.code === "EPERM";
    }
}

/** Does something in a folder of its own that nobody else can read, and that is gone afterwards. */
export async function inPrivateFolder<T>(prefix: string, act: (folder: string) => Promise<T>): Promise<T> {
    const folder = mkdtempSync(join(tmpdir(), prefix));
    try {
        chmodSync(folder, 0o700);
        return await act(folder);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}
