// What this can't prove: that containerd, kubelet and kube-proxy take what is written for them. Drills with real nodes are for that.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";

import { nodeNet } from "../../../drill/live/cluster/addresses";
import { containerdOf, importImage } from "../../../drill/live/cluster/containerd";
import type { NodeGround } from "../../../drill/live/cluster/ground";
import { kubeProxyOf } from "../../../drill/live/cluster/kubeProxy";
import { kubeletOf } from "../../../drill/live/cluster/kubelet";
import type { Component } from "../../../drill/controlPlane";
import type { Program } from "../../../drill/process/children";

const programs = { containerd: "/p/containerd", ctr: "/p/ctr", kubelet: "/p/kubelet", kubeProxy: "/p/kube-proxy", nsenter: "/p/nsenter", cniFolder: "/p/cni" };

describe("a node's programs", () => {
    let folder: string;
    let ran: string[];
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "holdfast-cluster-"));
        ran = [];
    });
    afterEach(() => {
        rmSync(folder, { recursive: true, force: true });
    });

    const started: Program[] = [];
    /** The first node of the first cluster. */
    const ground = (): NodeGround =>
        ({
            cluster: "east",
            node: { name: "a-node-1", zone: "a" },
            net: nodeNet(0, 0),
            folder,
            programs,
            children: {
                start: (program: Program) => {
                    started.push(program);
                    return Promise.resolve({ pid: 1, running: true, exited: new Promise(() => undefined) });
                },
            },
            cgroup: { path: "/holdfast/a", take: (pid: number) => void ran.push(`${pid} is in the node's cgroup`) },
            run: (...line: readonly string[]) => {
                ran.push(line.join(" "));
                return Promise.resolve("");
            },
            signal: new AbortController().signal,
        }) as unknown as NodeGround;

    /** How a program is started. */
    async function start(component: Component): Promise<Program> {
        started.splice(0);
        await component.start();
        const [program] = started;
        assert.ok(program !== undefined);
        return program;
    }

    /** Flags of what runs within the node's network, by their names. */
    const flagsOf = ({ args }: Program): Readonly<Record<string, string>> => Object.fromEntries(args.filter(arg => arg.startsWith("--") && arg.includes("=")).slice(1).map(arg => [arg.slice(2, arg.indexOf("=")), arg.slice(arg.indexOf("=") + 1)]));

    const kubelet = (): Component => kubeletOf(ground(), { kubeconfig: "/k/kubelet", labels: { "topology.kubernetes.io/zone": "a", tier: "live" } });
    const kubeletConfig = (): Record<string, unknown> => parse(readFileSync(join(folder, "kubelet.yaml"), "utf8")) as Record<string, unknown>;

    it("run in its network, and keep to its folder with what they write", async () => {
        for (const component of [kubelet(), kubeProxyOf(ground(), { kubeconfig: "/k/proxy", podRange: "10.200.128.0/17" }), containerdOf(ground(), "pause:1")]) {
            const { name, command, args, cwd, logFile, env } = await start(component);
            assert.deepEqual([command, ...args.slice(0, 2)], ["/p/nsenter", "--net=/run/netns/hf0-11", "--"]);
            assert.deepEqual([cwd, logFile], [folder, `${folder}/${component.name}.log`]);
            assert.equal(name, `east/a-node-1/${component.name}`);
            assert.deepEqual([env["HOME"], env["TMPDIR"]], [folder, folder]);
        }
    });

    it("are told nothing else than where things are: every time is Kubernetes' default, by which recovery is timed", async () => {
        assert.deepEqual(Object.keys(flagsOf(await start(kubelet()))), ["config", "kubeconfig", "root-dir", "hostname-override", "node-ip", "node-labels", "v"]);
        // A key more may be one that makes a node quicker than real ones: nodeStatusUpdateFrequency, nodeLeaseDurationSeconds, crashLoopBackOff, …
        assert.deepEqual(Object.keys(kubeletConfig()).sort(), [
            "address",
            "apiVersion",
            "authentication",
            "authorization",
            "cgroupDriver",
            "cgroupRoot",
            "containerRuntimeEndpoint",
            "enforceNodeAllocatable",
            "evictionHard",
            "failCgroupV1",
            "failSwapOn",
            "healthzBindAddress",
            "imageGCHighThresholdPercent",
            "imageGCLowThresholdPercent",
            "kind",
            "podLogsDir",
            "resolvConf",
        ]);
        const proxy = flagsOf(await start(kubeProxyOf(ground(), { kubeconfig: "/k/proxy", podRange: "10.200.128.0/17" })));
        assert.deepEqual(proxy, {
            kubeconfig: "/k/proxy",
            "hostname-override": "a-node-1",
            "proxy-mode": "nftables",
            "cluster-cidr": "10.200.128.0/17",
            // 0 is "leave as it is" for each of these.
            "conntrack-max-per-core": "0",
            "conntrack-tcp-timeout-established": "0",
            "conntrack-tcp-timeout-close-wait": "0",
            "healthz-bind-address": "10.200.0.11:10256",
            "metrics-bind-address": "127.0.0.1:10249",
            v: "1",
        });
    });

    it("make a kubelet that is its node, with its labels, its cgroup and its runtime", async () => {
        const flags = flagsOf(await start(kubelet()));
        assert.deepEqual([flags["hostname-override"], flags["node-ip"], flags["kubeconfig"], flags["root-dir"]], ["a-node-1", "10.200.0.11", "/k/kubelet", `${folder}/kubelet`]);
        assert.equal(flags["node-labels"], "topology.kubernetes.io/zone=a,tier=live");
        assert.equal(flags["config"], `${folder}/kubelet.yaml`);
        const config = kubeletConfig();
        assert.deepEqual([config["cgroupRoot"], config["containerRuntimeEndpoint"], config["address"], config["podLogsDir"]], ["/holdfast/a", `unix://${folder}/containerd.sock`, "10.200.0.11", `${folder}/pods`]);
        // The machine's own disk and memory are nothing that a drill is about.
        assert.deepEqual(config["evictionHard"], { "memory.available": "0%", "nodefs.available": "0%", "nodefs.inodesFree": "0%", "imagefs.available": "0%", "imagefs.inodesFree": "0%" });
    });

    it("share nothing between nodes: each containerd has folders, sockets and a pods' network of its own", () => {
        containerdOf(ground(), "pause:1");
        const text = readFileSync(join(folder, "containerd.toml"), "utf8");
        const paths = [...text.matchAll(/"(\/[^"]*)"/g)].flatMap(([, path]) => path ?? []);
        assert.deepEqual(paths.filter(path => !path.startsWith(`${folder}/`)), ["/p/cni"]);
        assert.equal(new Set(paths).size, paths.length);
        const network = JSON.parse(readFileSync(join(folder, "cni", "pods.conflist"), "utf8")) as { readonly plugins: readonly { readonly ipMasq: boolean; readonly ipam: { readonly dataDir: string; readonly ranges: unknown } }[] };
        const [bridge] = network.plugins;
        assert.deepEqual(bridge?.ipam.ranges, [[{ subnet: "10.200.128.0/24" }]]);
        assert.ok(bridge.ipam.dataDir.startsWith(`${folder}/`));
        // A pod is known by its own address wherever it goes: with the node's, policies and the state's clients would see one for all.
        assert.equal(bridge.ipMasq, false);
    });

    it("let containerd start a sandbox by an image that it has, where the score of memory may not be lowered", () => {
        containerdOf(ground(), "pause:1");
        const lines = readFileSync(join(folder, "containerd.toml"), "utf8").split("\n");
        for (const line of ['sandbox_image = "pause:1"', "restrict_oom_score_adj = true", "netns_mounts_under_state_dir = true", "SystemdCgroup = false", `address = "${folder}/containerd.sock"`]) {
            assert.ok(lines.includes(line), line);
        }
    });

    it("wait for containerd until it answers on its own socket", async () => {
        const asked: string[] = [];
        const run: NodeGround["run"] = (...line) => {
            asked.push(line.join(" "));
            return asked.length === 1 ? Promise.reject(new Error("no such file or directory")) : Promise.resolve("");
        };
        await start(containerdOf({ ...ground(), run }, "pause:1"));
        const question = `/p/ctr --address ${folder}/containerd.sock version`;
        assert.deepEqual(asked, [question, question]);
    });

    it("have containerd in the node's cgroup after each start, before it may start what outlives it", async () => {
        const containerd = containerdOf(ground(), "pause:1");
        ran.splice(0);
        await start(containerd);
        const once = ["1 is in the node's cgroup", `/p/ctr --address ${folder}/containerd.sock version`];
        assert.deepEqual(ran, once);
        await containerd.start();
        assert.deepEqual(ran, [...once, ...once]);
    });

    it("put images where a kubelet looks for them", async () => {
        await importImage(ground(), "/images.tar");
        assert.deepEqual(ran, [`/p/ctr --address ${folder}/containerd.sock --namespace k8s.io images import /images.tar`]);
    });
});
