// What this can't prove: that cgroups of version 2 are as a kubelet wants them on a machine that has those alone, and that
// nothing is left where a container's own programs hold out longer than a shell does.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { cgroupNames, hierarchies, hierarchiesIn, makeCgroup, missingControllers, removeCgroup } from "../../../drill/live/world/cgroups";
import { abandoned, cgroupOf, ownWorldId } from "../../../drill/live/world/identity";
import { worldInside } from "../../../drill/live/world";
import { startOf } from "../../../drill/process/runFolder";
import { NotYet, until } from "../../../drill/process/until";
import { projectDirectory } from "../../support/plan";

const never = new AbortController().signal;

/** Why no world can be made here; undefined where one can. */
function obstacle(): string | undefined {
    if (process.platform !== "linux" || process.getuid?.() !== 0) {
        return "worlds are made by root on Linux";
    }
    const tried = spawnSync("unshare", ["--fork", "--pid", "--mount-proc", "--net", "--mount", "ip", "link", "set", "lo", "up"], { timeout: 20_000, killSignal: "SIGKILL" });
    return tried.status === 0 ? undefined : "no namespaces can be made here, or ip and unshare are missing";
}

describe("a world of the live drills", function () {
    this.timeout(60_000);

    let parent = "";
    before(async function () {
        const why = obstacle();
        if (why !== undefined) {
            console.log(`    left out: ${why}`);
            this.skip();
        }
        // Every run clears up after drills that were killed, wherever they ran on this machine, and says so. These tests are about what a run says of its own.
        const trees = hierarchies();
        for (const name of abandoned(cgroupNames(trees))) {
            await removeCgroup(trees, name);
        }
    });
    beforeEach(() => {
        parent = mkdtempSync(join(tmpdir(), "holdfast-world-"));
    });
    afterEach(() => {
        rmSync(parent, { recursive: true, force: true });
    });

    interface Started {
        readonly command: ChildProcess;
        readonly printed: () => string;
        readonly said: () => string;
    }
    const start = (task: string): Started => {
        const command = spawn(process.execPath, ["--require", "tsx/cjs", join(__dirname, "inWorld.ts"), parent, task], {
            cwd: projectDirectory,
            env: { ...process.env, https_proxy: "http://proxy.invalid:1" },
            stdio: ["ignore", "pipe", "pipe"],
        });
        let printed = "";
        let said = "";
        command.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
        command.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
        return { command, printed: () => printed, said: () => said };
    };
    const perform = async (task: string): Promise<{ readonly code: number | null; readonly printed: string; readonly said: string }> => {
        const { command, printed, said } = start(task);
        const [code] = (await once(command, "close")) as [number | null];
        return { code, printed: printed(), said: said() };
    };
    const settled = async (): Promise<Started & { readonly cgroup: string }> => {
        const started = start("stay");
        await until("a world with something in it", () => Promise.resolve(started.printed().includes("settled") ? true : new NotYet(started.said() + started.printed())), { seconds: 30, everyMs: 20, signal: never });
        return { ...started, cgroup: cgroupOf((JSON.parse(started.printed().split("\n")[0] ?? "") as { readonly id: string }).id) };
    };
    /** Processes whose command names the test's folder: the command outside, the one in the world, and what that left in the air. */
    const processes = (): readonly string[] =>
        readdirSync("/proc").filter(pid => {
            try {
                return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(parent) && startOf(Number(pid)) !== undefined;
            } catch {
                return false;
            }
        });
    const untilNoProcesses = (): Promise<true> => until("the end of the world", () => Promise.resolve(processes().length === 0 ? true : new NotYet(`${processes().join(", ")} live`)), { seconds: 20, everyMs: 20, signal: never });
    const runFolders = (): readonly string[] => readdirSync(parent).filter(name => name !== "logs");
    const cgroups = (): readonly string[] => cgroupNames(hierarchies());

    it("has nothing but loopback, its own names and folders; what the command ends with is passed on, and nothing stays", async () => {
        const before = { overcommit: readFileSync("/proc/sys/vm/overcommit_memory", "utf8"), varLib: readdirSync("/var/lib"), run: readdirSync("/run") };
        const { code, printed, said } = await perform("look");
        assert.equal(code, 7, said);
        const { id, cgroup, folder, varLib, ...seen } = JSON.parse(printed) as Readonly<Record<"id" | "cgroup" | "folder", string>> & { readonly varLib: readonly string[] };
        assert.match(cgroup, new RegExp(`^/${cgroupOf(id)}/east-node$`));
        assert.ok(folder.startsWith(`${parent}/holdfast-drill-`), folder);
        assert.deepEqual(seen, {
            briefing: { greeting: "hello" },
            ownPid: 2,
            links: [["lo", "UNKNOWN"]],
            loopback: true,
            forwards: "1",
            resolvConf: "nameserver 127.0.0.53\n",
            run: ["lock", "mount", "netns"],
            emptied: [0, 0, 0, 0],
            overcommit: "1",
            proxy: "none",
            variable: "none",
        });
        // All that the machine has there is there too.
        assert.deepEqual(varLib, [...new Set([...before.varLib, "cni", "kubelet"])].sort());
        assert.deepEqual({ overcommit: readFileSync("/proc/sys/vm/overcommit_memory", "utf8"), varLib: readdirSync("/var/lib"), run: readdirSync("/run") }, before);
        assert.ok(!cgroups().includes(cgroupOf(id)));
        assert.deepEqual(runFolders(), []);
        assert.equal(said, "");
    });

    it("has all of the machine's folders, and what is added to one that is opened up for it is the world's own", async () => {
        const opened = join(parent, "opened");
        mkdirSync(join(opened, "folder", "deep"), { recursive: true });
        writeFileSync(join(opened, "file"), "text");
        symlinkSync("file", join(opened, "link"));
        const { code, printed, said } = await perform("add");
        assert.equal(code, 7, said);
        assert.deepEqual(JSON.parse(printed.split("\n")[1] ?? ""), { entries: ["file", "folder", "link", "own"], file: "text", link: "file", folder: ["deep", "kept"], run: ["lock", "mount", "netns"] });
        assert.deepEqual(readdirSync(opened).sort(), ["file", "folder", "link"]);
        assert.deepEqual(readdirSync(join(opened, "folder")).sort(), ["deep", "kept"]);
    });

    it("tells what broke in it once, and keeps the logs", async () => {
        const { code, said } = await perform("fail");
        assert.equal(code, 1);
        assert.match(said, /^the logs are kept in .*logs\nbroken inside\n$/);
        assert.equal(readFileSync(join(parent, "logs", "tool.log"), "utf8"), "last words\n");
        assert.deepEqual(runFolders(), []);
    });

    for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
        it(`is gone after ${signal === "SIGINT" ? "one Ctrl-C" : signal}, with all that was in it`, async () => {
            const { command, cgroup, said } = await settled();
            assert.ok(processes().length >= 4, "the command outside, unshare, the shell, the command inside, and a program without parent");
            command.kill(signal);
            assert.deepEqual(await once(command, "close"), [code, null]);
            assert.deepEqual(processes(), []);
            assert.deepEqual(runFolders(), []);
            assert.ok(!cgroups().includes(cgroup));
            assert.equal(said(), `stopped by ${signal}\n`);
        });
    }

    it("is gone when the command outside is killed; the next run removes its folder and its cgroups", async () => {
        const { command, cgroup } = await settled();
        const [folder = ""] = runFolders();
        command.kill("SIGKILL");
        await once(command, "close");
        await untilNoProcesses();
        assert.ok(cgroups().includes(cgroup));
        // What was mounted in the world was never seen here: the folder below it is empty.
        assert.deepEqual(readdirSync(join(parent, folder, "run", "mounted")), []);
        const { code, said } = await perform("look");
        assert.equal(code, 7);
        assert.deepEqual(said.trim().split("\n"), [`cleared up after a live drill that was killed: cgroup ${cgroup}`, `cleared up after a drill that was killed: ${join(parent, folder)}`]);
        assert.ok(!cgroups().includes(cgroup));
        assert.deepEqual(runFolders(), []);
    });

    it("is left alone by another's clearing up while it lives", async () => {
        const { command, cgroup } = await settled();
        assert.ok(cgroups().includes(cgroup));
        assert.equal((await perform("look")).said, "");
        assert.ok(cgroups().includes(cgroup));
        assert.ok(processes().length >= 4);
        command.kill("SIGINT");
        await once(command, "close");
    });

    it("has its cgroups cleared of programs that are held by the freezer", async function () {
        const [freezer] = hierarchies().filter(({ controllers }) => controllers.includes("freezer"));
        if (freezer === undefined) {
            console.log("      left out: no freezer of cgroups version 1 here");
            this.skip();
        }
        const name = cgroupOf("freezer-test");
        makeCgroup([freezer], join(name, "pod"));
        const held = spawn("sleep", ["600"], { stdio: "ignore" });
        const cgroup = join(freezer.folder, name, "pod");
        writeFileSync(join(cgroup, "cgroup.procs"), String(held.pid));
        writeFileSync(join(cgroup, "freezer.state"), "FROZEN");
        await until("frozen", () => Promise.resolve(readFileSync(join(cgroup, "freezer.state"), "utf8") === "FROZEN\n" ? true : new NotYet("not yet")), { seconds: 10, everyMs: 10, signal: never });
        const gone = once(held, "exit");
        await removeCgroup([freezer], name);
        assert.deepEqual(await gone, [null, "SIGKILL"]);
        assert.ok(!existsSync(join(freezer.folder, name)));
    });
});

describe("what tells a world from others", () => {
    it("is its maker: those are abandoned whose maker is gone, or is another with an old number, in this namespace", function () {
        if (process.platform !== "linux") {
            console.log("      left out: worlds are made on Linux");
            this.skip();
        }
        const own = ownWorldId();
        const [pid, started, namespace] = own.split("-");
        const gone = `holdfast-${2 ** 22 + 1}-1-${namespace}`;
        const older = `holdfast-${pid}-1-${namespace}`;
        assert.notEqual(started, "0");
        assert.deepEqual(abandoned([cgroupOf(own), gone, older, `holdfast-${pid}-1-1`, "holdfast-spike", "system.slice", "holdfast-1-1"]), [gone, older]);
    });

    it("is no message that somebody else set", () => {
        assert.equal(worldInside({}), undefined);
        assert.throws(() => worldInside({ HOLDFAST_WORLD: "/tmp" }), /HOLDFAST_WORLD is set, but this is no world of the live drills; unset it/);
    });
});

describe("cgroups", () => {
    const mountinfo = [
        "24 1 0:22 / /proc rw - proc proc rw",
        "31 30 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct",
        "32 30 0:28 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset",
        "33 30 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
        "34 30 0:30 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd",
        "35 30 0:31 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
        "36 30 0:29 / /mnt/memory rw - cgroup cgroup rw,memory",
    ];

    it("are in the hierarchies that are mounted, each once, and lack what no hierarchy has", () => {
        const trees = hierarchiesIn(mountinfo.join("\n"));
        assert.deepEqual(
            trees.map(({ version, folder, controllers }) => [version, folder, ...controllers]),
            [
                [1, "/sys/fs/cgroup/cpu,cpuacct", "cpu", "cpuacct"],
                [1, "/sys/fs/cgroup/cpuset", "cpuset"],
                [1, "/sys/fs/cgroup/memory", "memory"],
                [1, "/sys/fs/cgroup/systemd", "name=systemd"],
                [2, "/sys/fs/cgroup/unified"],
            ],
        );
        assert.deepEqual(missingControllers(trees), ["pids"]);
        assert.deepEqual(missingControllers([]), ["cpu", "cpuacct", "cpuset", "memory", "pids"]);
    });

    it("of version 1 get the cpuset of those above them, and of version 2 the controllers that a kubelet wants", () => {
        const folder = mkdtempSync(join(tmpdir(), "holdfast-cgroups-"));
        const [cpuset, unified] = [join(folder, "cpuset"), join(folder, "unified")];
        mkdirSync(cpuset);
        mkdirSync(unified);
        writeFileSync(join(cpuset, "cpuset.cpus"), "0-1\n");
        writeFileSync(join(cpuset, "cpuset.mems"), "0\n");
        writeFileSync(join(unified, "cgroup.controllers"), "cpuset cpu io memory hugetlb pids misc\n");
        writeFileSync(join(unified, "cgroup.subtree_control"), "memory\n");
        const trees = [
            { version: 1, folder: cpuset, controllers: ["cpuset"] },
            { version: 2, folder: unified, controllers: [] },
        ] as const;
        makeCgroup(trees, "holdfast-1/east");
        assert.equal(readFileSync(join(cpuset, "holdfast-1", "east", "cpuset.cpus"), "utf8"), "0-1\n");
        assert.equal(readFileSync(join(cpuset, "holdfast-1", "east", "cpuset.mems"), "utf8"), "0\n");
        assert.equal(readFileSync(join(unified, "cgroup.subtree_control"), "utf8"), "+cpu +cpuset +pids +hugetlb");
        assert.ok(existsSync(join(unified, "holdfast-1", "east")));
        assert.deepEqual(missingControllers([{ version: 2, folder: unified, controllers: [] }]), []);
        rmSync(folder, { recursive: true });
    });
});
