import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Say, Unobtainable } from "../../../tools/cache";
import { type Run, type RunOptions, withRun } from "../../process/run";
import { ledgerFile } from "../../process/runFolder";
import { withParent } from "../../process/withParent";
import { cgroupNames, hierarchies, removeCgroup } from "./cgroups";
import { runtimeFolder } from "./ground";
import { abandoned, cgroupOf, ownWorldId } from "./identity";

/** Variable that tells the command in the world where its folder is. */
export const worldVariable = "HOLDFAST_WORLD";

/** File in that folder with what the command outside has to say to the one in the world. */
export const briefingFile = "briefing.json";

/** Folders that Debian's PATH of an ordinary user lacks, and that have what network and containers need. */
const systemFolders = ["/usr/sbin", "/sbin"] as const;

/** A command outside, and the world that it makes. */
export interface Passage extends Pick<RunOptions, "say" | "keepLogs" | "parent"> {
    /** Path of util-linux' unshare. */
    readonly unshare: string;
    /** Arguments of Node for the command in the world. @default those of this very command */
    readonly args?: readonly string[];
}

/**
 * Runs a command in a world of its own: fresh namespaces of processes, network and mounts, which all that it starts is in. However it ends,
 * all that goes with it: once a namespace's first process is gone, the kernel has ended the rest, and nobody holds the others
 * (https://man7.org/linux/man-pages/man7/pid_namespaces.7.html). That is so too where this process is killed, since the
 * kernel then kills the first one. What can stay are cgroups and the run's folder: they are removed here when the
 * world is gone, or at the start of the next run where this process was killed.
 *
 * An interrupt ends the world at once. There is nothing that a command in it had to clear up.
 *
 * @param prepare does what needs the machine's network, and resolves to what the command in the world is told: see worldInside.
 * @returns the command's exit code.
 * @throws Interrupted after an interrupt, and what `prepare` throws.
 */
export async function throughWorld({ unshare, args = [...process.execArgv, ...process.argv.slice(1)], ...options }: Passage, prepare: (run: Run) => Promise<object>): Promise<number> {
    await removeStaleCgroups(options.say);
    const id = ownWorldId();
    try {
        return await withRun(options, async run => {
            const briefing = await prepare(run);
            writeFileSync(join(run.folder, briefingFile), JSON.stringify({ id, briefing }));
            return await runInside(run, unshare, args);
        });
    } finally {
        await removeCgroup(hierarchies(), cgroupOf(id));
    }
}

/** Clears up cgroups of runs that were killed. */
async function removeStaleCgroups(say: Say): Promise<void> {
    const trees = hierarchies();
    for (const name of abandoned(cgroupNames(trees))) {
        await removeCgroup(trees, name);
        say(`cleared up after a live drill that was killed: cgroup ${name}`);
    }
}

/**
 * Runs Node in a new world. A shell is the first process there, since somebody has to take in the processes whose parents end before them.
 * It is in a session of its own: a Ctrl-C in the terminal is ours alone to handle. Its folder is in the command, so that a later run
 * knows by the ledger what it was. The command inside has this one's standard error by its third file; what comes by the second is of unshare or
 * the shell, and nothing good.
 */
async function runInside(run: Run, unshare: string, args: readonly string[]): Promise<number> {
    const { folder, signal } = run;
    stayVisible([folder, process.cwd(), process.execPath]);
    const namespaces = ["--fork", "--pid", "--mount-proc", "--net", "--mount", "--kill-child=SIGKILL"];
    const { command, args: outer } = withParent(unshare, [...namespaces, "sh", "-c", '"$@" 2>&3 3>&-; exit $?', folder, process.execPath, ...args]);
    signal.throwIfAborted();
    const world = spawn(command, outer, { detached: true, stdio: ["ignore", "inherit", "pipe", process.stderr.fd], env: environment(process.env, folder) });
    let complaint = "";
    world.stderr?.setEncoding("utf8").on("data", (text: string) => (complaint += text));
    const end = (): void => {
        endWorld(world.pid);
    };
    signal.addEventListener("abort", end);
    try {
        if (world.pid !== undefined) {
            appendFileSync(join(folder, ledgerFile), `${world.pid}\n`);
        }
        const [code, killedBy] = (await once(world, "close")) as [number | null, NodeJS.Signals | null];
        signal.throwIfAborted();
        if (code === null || complaint !== "") {
            throw new Error(`the live drills were ended from elsewhere, by ${killedBy ?? `exit code ${code}`}: ${complaint.trim()}`);
        }
        return code;
    } finally {
        signal.removeEventListener("abort", end);
    }
}

/**
 * Ends a world by its first process: unshare, which waits for that, is then gone when all are. Where there is none yet, unshare itself.
 */
function endWorld(unsharePid: number | undefined): void {
    for (const pid of unsharePid === undefined ? [] : [...childrenOf(unsharePid), unsharePid].slice(0, 1)) {
        try {
            process.kill(pid, "SIGKILL");
        } catch {
            // Gone already.
        }
    }
}

/** Process ids of a process's children (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html). */
function childrenOf(parent: number): readonly number[] {
    return readdirSync("/proc")
        .map(Number)
        .filter(pid => pid > 0 && parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
    try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    } catch {
        return undefined;
    }
}

/** A proxy would be asked for the app itself, and can't be reached. */
function environment(env: NodeJS.ProcessEnv, folder: string): NodeJS.ProcessEnv {
    const kept = Object.entries(env).filter(([name]) => !/^(https?|ftp|all|no)_proxy$/i.test(name));
    return { ...Object.fromEntries(kept), PATH: searchPath(env), [worldVariable]: folder };
}

/** Where programs are looked for: the PATH, and the system's own folders. */
export function searchPath(env: NodeJS.ProcessEnv): string {
    return [env["PATH"] ?? "", ...systemFolders].filter(folder => folder !== "").join(":");
}

/** What is below /run is not seen in the world. */
function stayVisible(paths: readonly string[]): void {
    const hidden = paths.filter(path => path.startsWith(`${runtimeFolder}/`));
    if (hidden.length > 0) {
        throw new Unobtainable(`the live drills can't use what is below ${runtimeFolder}, which they have to themselves: ${hidden.join(", ")}; let TMPDIR name another folder, such as /tmp, or move the project`);
    }
}
