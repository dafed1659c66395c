import type { Component } from "../../controlPlane";
import { type NodeGround, startsIn } from "./ground";

/** Port on which a kube-proxy says whether it is healthy, its default; load balancers of the clouds may ask it. */
export const healthPort = 10_256;

export interface KubeProxyOptions {
    /** Path of a kubeconfig by which it is `system:kube-proxy`. */
    readonly kubeconfig: string;
    /** Addresses of all pods: what comes from elsewhere and leaves the node again is given the node's address. */
    readonly podRange: string;
}

/**
 * A node's kube-proxy, by nftables. It leaves the machine's connection tracking alone, which is not a namespace's to set
 * (https://kubernetes.io/docs/reference/command-line-tools-reference/kube-proxy/).
 */
export function kubeProxyOf(ground: NodeGround, { kubeconfig, podRange }: KubeProxyOptions): Component {
    const { node, net, programs } = ground;
    const args = [
        `--kubeconfig=${kubeconfig}`,
        `--hostname-override=${node.name}`,
        "--proxy-mode=nftables",
        `--cluster-cidr=${podRange}`,
        "--conntrack-max-per-core=0",
        "--conntrack-tcp-timeout-established=0",
        "--conntrack-tcp-timeout-close-wait=0",
        `--healthz-bind-address=${net.address}:${healthPort}`,
        "--metrics-bind-address=127.0.0.1:10249",
        "--v=1",
    ];
    return startsIn(ground, "kube-proxy", programs.kubeProxy, args, {});
}
