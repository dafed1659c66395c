// What this can't prove: that nothing is left where the system has no setpriv and the drill itself is killed; the
// next drill clears up then.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { ComponentDied, type Program } from "../../drill/process/children";
import { freePort, portRange, saysPortTaken } from "../../drill/process/ports";
import { type Run, unlessAborted, withRun } from "../../drill/process/run";
import { removeStaleRuns, startOf } from "../../drill/process/runFolder";
import { NotYet, TimedOut, until } from "../../drill/process/until";
import { Interrupted, executor } from "../../tools/execute";
import { projectDirectory } from "../support/plan";

const never = new AbortController().signal;
const onLinux = process.platform === "linux";

/** Whether a process is there and no zombie. */
function alive(pid: number): boolean {
    return startOf(pid) !== undefined;
}

async function untilGone(pid: number): Promise<void> {
    await until(`the end of ${pid}`, () => Promise.resolve(alive(pid) ? new NotYet("it lives") : true), { seconds: 10, everyMs: 20, signal: never });
}

describe("a drill's programs", () => {
    let parent = "";
    let said: string[] = [];
    beforeEach(() => {
        parent = mkdtempSync(join(tmpdir(), "holdfast-process-"));
        said = [];
    });
    afterEach(() => {
        rmSync(parent, { recursive: true, force: true });
    });

    const drill = <T>(body: (run: Run) => Promise<T>): Promise<T> => withRun({ parent, keepLogs: join(parent, "logs"), say: line => said.push(line) }, body);
    const shell = (run: Run, script: string, more: Partial<Program> = {}): Program => ({
        name: "east/tool",
        command: "sh",
        args: ["-c", script],
        cwd: run.folder,
        env: process.env,
        logFile: join(run.folder, "tool.log"),
        ...more,
    });
    const runFolders = (): string[] => readdirSync(parent).filter(name => name !== "logs");

    it("are gone with their folder when a drill ends well, and so is what they started", async () => {
        const pids = await drill(async run => {
            const child = await run.children.start(shell(run, "sleep 60 & echo $!; wait"));
            await until("the grandchild", () => Promise.resolve(child.printed().includes("\n") ? true : new NotYet("silent")), { seconds: 10, everyMs: 10, signal: never });
            return [child.pid, Number(child.printed())];
        });
        assert.equal(pids.length, 2);
        for (const pid of pids) {
            assert.ok(pid > 0);
            await untilGone(pid);
        }
        assert.deepEqual(runFolders(), []);
        assert.ok(!existsSync(join(parent, "logs")));
    });

    it("end a drill that they die in; the error has their last words, and the logs are kept", async () => {
        const outcome = drill(async run => {
            mkdirSync(join(run.folder, "east"));
            await run.children.start(shell(run, "echo out of luck >&2; exit 7", { logFile: join(run.folder, "east", "tool.log") }));
            await sleep(60_000, undefined, { signal: run.signal });
        });
        await assert.rejects(outcome, new ComponentDied("east/tool ended unexpectedly with exit code 7. It last said:\n  out of luck"));
        assert.equal(readFileSync(join(parent, "logs", "east", "tool.log"), "utf8"), "out of luck\n");
        assert.equal(said.length, 1);
        assert.deepEqual(runFolders(), []);
    });

    it("may end when they were told to, or in the way that they may", async () => {
        await drill(async run => {
            const told = await run.children.start(shell(run, "sleep 60"));
            await told.kill();
            assert.deepEqual(await told.exited, { code: null, signal: "SIGKILL" });
            const lost = await run.children.start(shell(run, "echo lost the lease; exit 1", { mayEnd: printed => printed.includes("lease") }));
            await lost.exited;
            assert.ok(lost.endedInOrder);
            await sleep(20);
            assert.ok(!run.signal.aborted);
        });
    });

    it("keep one log over restarts, of which each start reads its own part", async () => {
        await drill(async run => {
            for (const word of ["first", "second"]) {
                const child = await run.children.start(shell(run, `echo ${word}`, { mayEnd: () => true }));
                await child.exited;
                assert.equal(child.printed(), `${word}\n`);
            }
            assert.equal(readFileSync(join(run.folder, "tool.log"), "utf8"), "first\nsecond\n");
        });
    });

    it("can be stopped where they are, and go on", async function () {
        if (!onLinux) {
            this.skip();
        }
        await drill(async run => {
            const child = await run.children.start(shell(run, "exec sleep 60"));
            const state = (): string => readFileSync(`/proc/${child.pid}/stat`, "utf8").split(" ")[2] ?? "";
            const becomes = (what: string, stopped: boolean): Promise<true> =>
                until(what, () => Promise.resolve((state() === "T") === stopped ? true : new NotYet(state())), { seconds: 10, everyMs: 10, signal: never });
            child.signal("SIGSTOP");
            await becomes("stopped", true);
            child.signal("SIGCONT");
            await becomes("running", false);
            child.signal("SIGSTOP");
            await becomes("stopped again", true);
        });
    });

    it("are not started any more once a drill is over", async () => {
        const { children } = await drill(run => Promise.resolve(run));
        const program = shell({ folder: parent } as Run, "sleep 60");
        await assert.rejects(children.start({ ...program, logFile: join(parent, "late.log") }), /the run is over/);
    });

    it("end with the drill that fails in the background, and need not wait for one that never ends", async function () {
        this.timeout(20_000);
        const started = performance.now();
        const outcome = drill(run => {
            run.fail(new Error("a stand-in broke"));
            return new Promise<never>(() => undefined);
        });
        await assert.rejects(outcome, /a stand-in broke/);
        assert.ok(performance.now() - started < 8000);
    });

    it("are gone too that it ran to their end, even one that does not mind a Ctrl-C", async function () {
        this.timeout(20_000);
        let pid = 0;
        let cleaned = false;
        const outcome = drill(async run => {
            const stubborn = join(run.folder, "pid");
            try {
                const ran = executor(run.signal)({ command: "sh", args: ["-c", `trap '' INT; echo $$ > ${stubborn}; while :; do sleep 1; done`], cwd: run.folder, env: process.env });
                ran.catch(() => undefined);
                await until("its start", () => Promise.resolve(existsSync(stubborn) && readFileSync(stubborn, "utf8").endsWith("\n") ? true : new NotYet("it has not said")), { seconds: 10, everyMs: 10, signal: never });
                pid = Number(readFileSync(stubborn, "utf8"));
                run.fail(new Interrupted("SIGINT"));
                await ran;
            } finally {
                cleaned = true;
            }
        });
        await assert.rejects(outcome, /stopped by SIGINT/);
        assert.ok(pid > 0 && !alive(pid));
        assert.ok(cleaned);
        assert.deepEqual(runFolders(), []);
    });

    const startDrill = async (): Promise<{ drill: ChildProcess; pid: number; folder: string; printed: () => string }> => {
        const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "interruptible.ts"), parent, join(parent, "logs")], {
            cwd: projectDirectory,
            stdio: ["ignore", "pipe", "inherit"],
        });
        let text = "";
        child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        await until("the drill's start", () => Promise.resolve(text.includes("\n") ? true : new NotYet("silent")), { seconds: 25, everyMs: 20, signal: never });
        const [pid, folder = ""] = text.trim().split(" ");
        return { drill: child, pid: Number(pid), folder, printed: () => text };
    };

    it("are gone, with the folder, after a Ctrl-C", async () => {
        const { drill: running, pid, folder, printed } = await startDrill();
        running.kill("SIGINT");
        assert.deepEqual(await once(running, "close"), [3, null]);
        assert.match(printed(), /stopped by SIGINT$/);
        await untilGone(pid);
        assert.ok(!existsSync(folder));
    });

    it("are gone when the drill is killed, and the next drill removes the folder", async function () {
        const { drill: running, pid, folder } = await startDrill();
        running.kill("SIGKILL");
        await once(running, "close");
        const bound = onLinux && spawnSync("setpriv", ["--version"]).status === 0;
        if (bound) {
            await untilGone(pid);
        }
        assert.ok(existsSync(folder));
        await drill(() => Promise.resolve());
        await untilGone(pid);
        assert.deepEqual(said, [`cleared up after a drill that was killed: ${folder}`]);
        assert.deepEqual(runFolders(), []);
    });

    it("are left alone by others' clearing up: of runs that go on, and of processes that only have an old number", async () => {
        await drill(async run => {
            const child = await run.children.start(shell(run, "sleep 60"));
            assert.deepEqual(removeStaleRuns(parent), []);
            const stale = join(parent, "holdfast-drill-stale");
            mkdirSync(stale);
            writeFileSync(join(stale, "owner.json"), JSON.stringify({ pid: process.pid, started: "at another time" }));
            writeFileSync(join(stale, "children"), `${child.pid}\n`);
            assert.deepEqual(removeStaleRuns(parent), [stale]);
            assert.ok(child.running && alive(child.pid));
            assert.ok(!existsSync(stale));
            // Process 1 of a container is not the one here.
            const elsewhere = join(parent, "holdfast-drill-elsewhere");
            mkdirSync(elsewhere);
            writeFileSync(join(elsewhere, "owner.json"), JSON.stringify({ pid: process.pid, started: "at another time", namespace: "another" }));
            assert.deepEqual(removeStaleRuns(parent), []);
        });
    });
});

describe("a free port", () => {
    it("is outside the ports that systems give to clients, and not one that is taken or was given before", async () => {
        const server = createServer().listen({ host: "127.0.0.1", port: 0 });
        await once(server, "listening");
        const taken = (server.address() as { port: number }).port;
        const free = await freePort();
        assert.ok(free >= portRange.first && free <= portRange.last);
        const picks = [taken, free, free + 1];
        assert.equal(await freePort(() => picks.shift() ?? 0), free + 1);
        server.close();
    });

    it("is known to be taken by what servers print", () => {
        assert.ok(saysPortTaken('"command failed" err="failed to listen on 127.0.0.1:20000: listen tcp 127.0.0.1:20000: bind: address already in use"'));
        assert.ok(!saysPortTaken("error: unknown flag"));
    });
});

describe("a wait", () => {
    it("says what was missing when it gives up", async () => {
        const patience = { seconds: 0.05, everyMs: 10, signal: never };
        await assert.rejects(until("six pods", () => Promise.resolve(new NotYet("4 of 6 ready")), patience), new TimedOut("six pods: not within 0.05 s; at the end 4 of 6 ready"));
    });

    it("ends with its value, with the probe's error, or with the run", async () => {
        let looks = 0;
        assert.equal(await until("a value", () => Promise.resolve(++looks < 3 ? new NotYet("") : looks), { seconds: 5, everyMs: 1, signal: never }), 3);
        await assert.rejects(until("x", () => Promise.reject(new Error("broken")), { seconds: 5, signal: never }), /broken/);
        const ending = new AbortController();
        const waiting = until("x", () => Promise.resolve(new NotYet("")), { seconds: 60, everyMs: 60_000, signal: ending.signal });
        ending.abort(new Error("over"));
        await assert.rejects(waiting, /over/);
        await assert.rejects(unlessAborted(new Promise(() => undefined), ending.signal), /over/);
    });
});
