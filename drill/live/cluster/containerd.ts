import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Component } from "../../controlPlane";
import { NotYet, until } from "../../process/until";
import { startsIn } from "./ground";
import type { NodeGround } from "./ground";
import type { Command } from "./network";

/** Longest wait for containerd, in seconds. It takes one on an idle machine. */
const readySeconds = 60;

/** Namespace of containerd in which the kubelet finds images (https://github.com/containerd/containerd/blob/v1.6.20/docs/cri/crictl.md). */
const imageNamespace = "k8s.io";

/** Path of a node's containerd socket. */
export function socketOf({ folder }: Pick<NodeGround, "folder">): string {
    return join(folder, "containerd.sock");
}

/**
 * A node's container runtime. Every folder of it is the node's own, so that nodes don't know of each other
 * (https://github.com/containerd/containerd/blob/v1.6.20/docs/cri/config.md).
 */
export function containerdOf(ground: NodeGround, pauseImage: string): Component {
    const { folder, programs, net, signal, run, cgroup } = ground;
    const cni = join(folder, "cni");
    mkdirSync(cni);
    writeFileSync(join(cni, "pods.conflist"), JSON.stringify(podNetwork(net.pods, join(folder, "addresses"))));
    const config = join(folder, "containerd.toml");
    writeFileSync(config, containerdConfig({ folder, socket: socketOf(ground), cni, cniPlugins: programs.cniFolder, pauseImage }));
    const answers = async (): Promise<true | NotYet> => {
        try {
            await run(programs.ctr, "--address", socketOf(ground), "version");
            return true;
        } catch (error) {
            return new NotYet(String(error));
        }
    };
    const ready = async ({ pid }: Component): Promise<void> => {
        // Each container has a shim, which containerd starts in a process group of its own so that it outlives it.
        if (pid !== undefined) {
            cgroup.take(pid);
        }
        await until(`${ground.node.name}: containerd`, answers, { seconds: readySeconds, everyMs: 250, signal });
    };
    return startsIn(ground, "containerd", programs.containerd, ["--config", config, "--log-level", "warn"], { ready });
}

/** Makes a node have an image, of an archive as `docker save` writes it. */
export async function importImage(ground: Pick<NodeGround, "folder" | "programs"> & { readonly run: Command }, archive: string): Promise<void> {
    await ground.run(ground.programs.ctr, "--address", socketOf(ground), "--namespace", imageNamespace, "images", "import", archive);
}

/** SIGKILL ends a program as a crash would; SIGSTOP stops it where it is, as if it hung. */
export type ContainerSignal = "SIGKILL" | "SIGSTOP";

/** What a pod's status has before a container's id, for the runtime (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ContainerStatus). */
const idScheme = /^containerd:\/\//;

/** Sends a signal to the first process of a container of a node. */
export async function signalContainer(ground: Pick<NodeGround, "folder" | "programs" | "run">, id: string, signal: ContainerSignal): Promise<void> {
    await ground.run(ground.programs.ctr, "--address", socketOf(ground), "--namespace", imageNamespace, "tasks", "kill", "--signal", signal, id.replace(idScheme, ""));
}

interface ContainerdPaths {
    readonly folder: string;
    readonly socket: string;
    readonly cni: string;
    readonly cniPlugins: string;
    readonly pauseImage: string;
}

/** containerd's configuration. Without restrict_oom_score_adj no sandbox starts where the score may not be lowered. */
function containerdConfig({ folder, socket, cni, cniPlugins, pauseImage }: ContainerdPaths): string {
    const text = JSON.stringify;
    return `version = 2
root = ${text(join(folder, "images"))}
state = ${text(join(folder, "state"))}
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
[grpc]
address = ${text(socket)}
[ttrpc]
address = ${text(`${socket}.ttrpc`)}
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = ${text(pauseImage)}
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true
stream_server_address = "127.0.0.1"
stream_server_port = "0"
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = ${text(cniPlugins)}
conf_dir = ${text(cni)}
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
SystemdCgroup = false
`;
}

/** A node's network of pods (https://www.cni.dev/plugins/current/main/bridge/, https://www.cni.dev/plugins/current/ipam/host-local/). */
function podNetwork(pods: string, dataDir: string): object {
    return {
        cniVersion: "0.4.0",
        name: "pods",
        plugins: [
            { type: "bridge", bridge: "cni0", isGateway: true, ipMasq: false, hairpinMode: true, ipam: { type: "host-local", dataDir, ranges: [[{ subnet: pods }]], routes: [{ dst: "0.0.0.0/0" }] } },
        ],
    };
}
