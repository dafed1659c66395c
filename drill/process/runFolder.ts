import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { z } from "zod";

const prefix = "holdfast-drill-";

/** Whose the folder is. */
const ownerFile = "owner.json";

/** Process ids of the programs that were started, a line each. */
export const ledgerFile = "children";

const ownerSchema = z.object({ pid: z.number(), started: z.string(), namespace: z.string().optional() });

/** Makes the temporary folder of this run; nobody else may look into it. */
export function makeRunFolder(parent: string = tmpdir()): string {
    const folder = mkdtempSync(join(parent, prefix));
    writeFileSync(join(folder, ownerFile), JSON.stringify({ pid: process.pid, started: startOf(process.pid) ?? "", namespace: pidNamespace() }));
    writeFileSync(join(folder, ledgerFile), "");
    return folder;
}

/** Removes a run's folder, and waits a moment for programs that were killed just now and still write to it. */
export function removeRunFolder(folder: string): void {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

/**
 * Clears up after runs that were killed: ends what they left running, and removes their folders. Returns the folders.
 * A run counts as killed when the process in its pid file is gone, or is another that started later. One of another process id namespace,
 * such as a container's, is left alone: nobody here can tell whether it lives.
 */
export function removeStaleRuns(parent: string = tmpdir()): readonly string[] {
    const stale = readdirSync(parent)
        .filter(name => name.startsWith(prefix))
        .map(name => join(parent, name))
        .filter(folder => !isOwned(folder));
    for (const folder of stale) {
        try {
            endLeftovers(folder);
            removeRunFolder(folder);
        } catch {
            // It is another user's.
        }
    }
    return stale;
}

/** Whether the process that made a folder is alive. A folder without a readable pid file is being made or removed. */
function isOwned(folder: string): boolean {
    try {
        const { pid, started, namespace = pidNamespace() } = ownerSchema.parse(JSON.parse(readFileSync(join(folder, ownerFile), "utf8")));
        return namespace !== pidNamespace() || startOf(pid) === started;
    } catch {
        return true;
    }
}

/** Ends the programs in a folder's ledger. Their commands name the folder; another that has got the same id does not. */
function endLeftovers(folder: string): void {
    for (const line of readFileSync(join(folder, ledgerFile), "utf8").split("\n")) {
        const pid = Number(line);
        if (pid > 0 && commandOf(pid)?.includes(folder) === true) {
            process.kill(pid, "SIGKILL");
        }
    }
}

/** What tells this process's ids from those of other namespaces (https://man7.org/linux/man-pages/man7/pid_namespaces.7.html); the same everywhere but on Linux. */
export function pidNamespace(): string {
    return process.platform === "linux" ? (/\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "") : "";
}

/** When a process started, in words that are the same for as long as it lives; undefined where there is none. */
export function startOf(pid: number): string | undefined {
    if (process.platform !== "linux") {
        return ps(pid, "lstart");
    }
    try {
        // Field 22 of the line (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html); the name before it is in parentheses and can hold anything.
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return state === "Z" ? undefined : fields[18];
    } catch {
        return undefined;
    }
}

function commandOf(pid: number): string | undefined {
    if (process.platform !== "linux") {
        return ps(pid, "args");
    }
    try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    } catch {
        return undefined;
    }
}

function ps(pid: number, column: string): string | undefined {
    try {
        return execFileSync("ps", ["-o", `${column}=`, "-p", String(pid)], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
        return undefined;
    }
}
