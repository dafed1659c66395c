// A command in a world, for tests to look at, to interrupt or to kill. Arguments: a folder of the test's, and what to do.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { withRun } from "../../../drill/process/run";
import { openUp } from "../../../drill/live/world/ground";
import { throughWorld, worldInside } from "../../../drill/live/world";
import { exitCodeAfter } from "../../../tools/command";

const [parent = "", task = "look"] = process.argv.slice(2);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** What this process sees. */
function sights(folder: string): object {
    const lines = (text: string): readonly string[] => text.trim().split("\n");
    return {
        ownPid: process.pid,
        folder,
        links: lines(execFileSync("ip", ["-brief", "link"], { encoding: "utf8" })).map(line => line.split(/\s+/).slice(0, 2)),
        loopback: execFileSync("ip", ["-brief", "addr", "show", "dev", "lo"], { encoding: "utf8" }).includes("127.0.0.1/8"),
        forwards: readFileSync("/proc/sys/net/ipv4/ip_forward", "utf8").trim(),
        resolvConf: readFileSync("/etc/resolv.conf", "utf8"),
        run: readdirSync("/run").sort(),
        emptied: ["/var/lib/kubelet", "/var/lib/cni", "/var/log/containers", "/var/log/pods"].map(path => readdirSync(path).length),
        varLib: readdirSync("/var/lib").sort(),
        overcommit: readFileSync("/proc/sys/vm/overcommit_memory", "utf8").trim(),
        proxy: process.env["https_proxy"] ?? "none",
        variable: process.env["HOLDFAST_WORLD"] ?? "none",
    };
}

/** Leaves all in the air that a drill could: a network namespace with a program in it that is nobody's child, a mount in the run's folder, cgroups. */
async function settle(folder: string, cgroup: string): Promise<void> {
    execFileSync("ip", ["netns", "add", "zone"]);
    execFileSync("ip", ["link", "add", "hf0", "type", "bridge"]);
    mkdirSync(join(folder, "mounted"));
    execFileSync("mount", ["-t", "tmpfs", "none", join(folder, "mounted")]);
    writeFileSync(join(folder, "mounted", "file"), "");
    mkdirSync("/var/lib/kubelet/device-plugins");
    const own = join("/sys/fs/cgroup/memory", cgroup, "pods");
    const cgroupFolder = existsSync("/sys/fs/cgroup/memory") ? own : join("/sys/fs/cgroup", cgroup, "pods");
    mkdirSync(cgroupFolder);
    // setsid: as a container's shim, it is in no group and no session of ours.
    const loop = `echo $$ > ${cgroupFolder}/cgroup.procs; while :; do sleep 1; done`;
    spawn("setsid", ["--fork", "nsenter", "--net=/run/netns/zone", "sh", "-c", loop, parent], { stdio: "ignore" });
    while (!readFileSync(join(cgroupFolder, "cgroup.procs"), "utf8").includes("\n")) {
        await sleep(10);
    }
}

/** Adds to a folder of the machine what is to be the world's own, and to one in it what is to stay. */
function addTo(folder: string): object {
    openUp(folder);
    writeFileSync(join(folder, "own"), "");
    writeFileSync(join(folder, "folder", "kept"), "");
    return { entries: readdirSync(folder).sort(), file: readFileSync(join(folder, "file"), "utf8"), link: readlinkSync(join(folder, "link")), folder: readdirSync(join(folder, "folder")).sort(), run: readdirSync("/run").sort() };
}

async function main(): Promise<number> {
    const inside = worldInside();
    if (inside === undefined) {
        return throughWorld({ unshare: "unshare", say, keepLogs: join(parent, "logs"), parent }, () => Promise.resolve({ greeting: "hello" }));
    }
    const { world, folder, briefing } = inside;
    return withRun({ say, keepLogs: join(parent, "logs"), folder }, async ({ signal, children }) => {
        const cgroup = await world.cgroup("east-node");
        process.stdout.write(`${JSON.stringify({ id: world.id, cgroup: cgroup.path, briefing, ...sights(folder) })}\n`);
        if (task === "add") {
            process.stdout.write(`${JSON.stringify(addTo(join(parent, "opened")))}\n`);
        }
        if (task === "fail") {
            const tool = await children.start({ name: "tool", command: "echo", args: ["last words"], cwd: folder, env: process.env, logFile: join(folder, "tool.log"), mayEnd: () => true });
            await tool.exited;
            throw new Error("broken inside");
        }
        if (task === "stay") {
            await settle(folder, cgroup.path);
            process.stdout.write("settled\n");
            await sleep(600_000, undefined, { signal });
        }
        return 7;
    });
}

main().then(
    code => {
        process.exitCode = code;
    },
    (error: unknown) => {
        say(error instanceof Error ? error.message : String(error));
        process.exit(exitCodeAfter(error));
    },
);
