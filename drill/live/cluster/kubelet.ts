import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { stringify } from "yaml";

import type { Component } from "../../controlPlane";
import { socketOf } from "./containerd";
import { type NodeGround, startsIn } from "./ground";

export interface KubeletOptions {
    /** Path of a kubeconfig by which it is `system:node:<name>`. */
    readonly kubeconfig: string;
    readonly labels: Readonly<Record<string, string>>;
}

/**
 * A node's kubelet. All times are Kubernetes' own defaults, since recovery is timed; what differs is where things are
 * (https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/).
 */
export function kubeletOf(ground: NodeGround, { kubeconfig, labels }: KubeletOptions): Component {
    const { folder, node, net, programs } = ground;
    const config = join(folder, "kubelet.yaml");
    writeFileSync(config, stringify(kubeletConfig(ground)));
    const args = [
        `--config=${config}`,
        `--kubeconfig=${kubeconfig}`,
        `--root-dir=${join(folder, "kubelet")}`,
        `--hostname-override=${node.name}`,
        `--node-ip=${net.address}`,
        `--node-labels=${Object.entries(labels)
            .map(([key, value]) => `${key}=${value}`)
            .join(",")}`,
        "--v=1",
    ];
    return startsIn(ground, "kubelet", programs.kubelet, args, { tooEarly: printed => printed.includes(notYet) });
}

/**
 * What containerd says for as long as it takes in the containers that it had before it ended (internal/cri/server in github.com/containerd/containerd);
 * a kubelet that hears it ends.
 */
const notYet = "server is not initialized yet";

/** A disk that is another's is nothing that a node should put pods out for. */
const neverEvict = { "memory.available": "0%", "nodefs.available": "0%", "nodefs.inodesFree": "0%", "imagefs.available": "0%", "imagefs.inodesFree": "0%" } as const;

function kubeletConfig(ground: NodeGround): object {
    const { folder, net, cgroup } = ground;
    return {
        apiVersion: "kubelet.config.k8s.io/v1beta1",
        kind: "KubeletConfiguration",
        address: net.address,
        // Nobody but the nodes' own network reaches it.
        authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
        authorization: { mode: "AlwaysAllow" },
        healthzBindAddress: "127.0.0.1",
        containerRuntimeEndpoint: `unix://${socketOf(ground)}`,
        cgroupDriver: "cgroupfs",
        cgroupRoot: cgroup.path,
        enforceNodeAllocatable: [],
        failCgroupV1: false,
        failSwapOn: false,
        resolvConf: "/etc/resolv.conf",
        podLogsDir: join(folder, "pods"),
        evictionHard: neverEvict,
        imageGCHighThresholdPercent: 100,
        imageGCLowThresholdPercent: 99,
    };
}
