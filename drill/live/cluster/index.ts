import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { count } from "../../../plan/page/words";
import { executor } from "../../../tools/execute";
import type { Say } from "../../../tools/cache";
import type { Api } from "../../api";
import { type Component, type CoreBinaries, type CorePlane, type User, nodeName, startCorePlane, untilNodesReady, zoneLabel } from "../../controlPlane";
import type { Run } from "../../process/run";
import type { NodeCgroup } from "../world";
import { clusterNet, nodeNet } from "./addresses";
import { containerdOf, importImage } from "./containerd";
import type { NodeGround, NodeIdentity, NodePrograms } from "./ground";
import { kubeletOf } from "./kubelet";
import { kubeProxyOf } from "./kubeProxy";
import { Network, commands } from "./network";
import { LiveNode } from "./node";

export type { NodePrograms } from "./ground";
export { LiveNode } from "./node";
export { doorAddress } from "./addresses";

export interface LiveClusterOptions {
    /** Unique within the run. */
    readonly name: string;
    /** Number of the cluster in the world, from 0: its addresses follow from it. */
    readonly index: number;
    readonly region: string;
    /** Zones with how many nodes each has. */
    readonly zones: readonly { readonly name: string; readonly nodes: number }[];
    /** Labels of every node beside the well-known ones. */
    readonly extraLabels: Readonly<Record<string, string>>;
    readonly binaries: CoreBinaries;
    readonly programs: NodePrograms;
    /** Image of every pod's sandbox. */
    readonly pauseImage: string;
    /** Archives of the images that every node has, that of the sandbox among them. */
    readonly images: readonly string[];
    /** Makes the cgroup for a node's pods. */
    readonly cgroup: (node: string) => Promise<NodeCgroup>;
    readonly say: Say;
}

/** A Kubernetes cluster on this machine whose containers are real. */
export interface LiveCluster {
    readonly name: string;
    readonly index: number;
    readonly plane: CorePlane;
    readonly api: Api;
    readonly nodes: readonly LiveNode[];
    readonly network: Network;
    nodesIn(zone: string): readonly LiveNode[];
}

/** Longest wait for all nodes, in seconds. They take twenty on an idle machine. */
const nodesSeconds = 180;

/** User of every kube-proxy, bound by Kubernetes itself to what it needs (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#core-component-roles). */
const kubeProxyUser: User = { name: "system:kube-proxy", groups: [] };

/** A kubelet's user, which may touch its own node alone (https://kubernetes.io/docs/reference/access-authn-authz/node/). */
function kubeletUser(node: string): User {
    return { name: `system:node:${node}`, groups: ["system:nodes"] };
}

/**
 * Starts a control plane, and nodes that join it: each has a network namespace, a container runtime, a kubelet and a kube-proxy of its own.
 * Resolves when all nodes are ready; all of it ends with the run at the latest.
 */
export async function startLiveCluster(run: Run, options: LiveClusterOptions): Promise<LiveCluster> {
    const started = performance.now();
    const { name, index, zones, binaries, say } = options;
    const net = clusterNet(index);
    const command = commands(executor(run.signal), run.folder);
    const network = new Network(command, net);
    await network.begin();
    const identities = identitiesOf(zones);
    const members = [kubeProxyUser, ...identities.map(node => kubeletUser(node.name))];
    const nets = identities.map((_, n) => nodeNet(index, n));
    const grounds = await Promise.all(
        identities.map(async (node, n): Promise<NodeGround> => {
            const folder = join(run.folder, `${name}-nodes`, node.name);
            mkdirSync(folder, { recursive: true });
            const cgroup = await options.cgroup(`${name}-${node.name}`);
            return { cluster: name, node, net: nets[n] ?? nodeNet(index, n), folder, programs: options.programs, children: run.children, cgroup, run: command, signal: run.signal };
        }),
    );
    const joined = async (): Promise<void> => {
        for (const [n, ground] of grounds.entries()) {
            await network.join(ground.net, nets.slice(0, n));
        }
    };
    const [plane, containerds] = await Promise.all([
        startCorePlane(run, { name, address: net.gateway, members, binaries, say }),
        joined().then(() => Promise.all(grounds.map(ground => startContainerd(ground, options)))),
    ]);
    // One file for all: written anew for each, it could be read while it is empty.
    const proxyConfig = plane.kubeconfigFor(kubeProxyUser);
    const nodes = await Promise.all(
        grounds.map(async (ground, n) => {
            const { node } = ground;
            const kubelet = kubeletOf(ground, { kubeconfig: plane.kubeconfigFor(kubeletUser(node.name)), labels: labelsOf(node, options) });
            const kubeProxy = kubeProxyOf(ground, { kubeconfig: proxyConfig, podRange: net.pods });
            await Promise.all([kubelet.start(), kubeProxy.start()]);
            return new LiveNode(ground, network, componentAt(containerds, n), kubelet, kubeProxy);
        }),
    );
    await untilNodesReady({ name, api: plane.api }, nodes.map(node => node.name), nodesSeconds);
    say(`${name}: ${count(nodes.length, "node")} in ${count(zones.length, "zone")} ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    return {
        name,
        index,
        plane,
        api: plane.api,
        nodes,
        network,
        nodesIn: zone => nodes.filter(node => node.zone === zone),
    };
}

/** The nodes of some zones. Their names are unique in the cluster, and stay the same from run to run. */
export function identitiesOf(zones: LiveClusterOptions["zones"]): readonly NodeIdentity[] {
    return zones.flatMap(({ name: zone, nodes }) => Array.from({ length: nodes }, (_, n) => ({ name: nodeName(zone, n + 1), zone })));
}

/** Labels of a node, those among them that a cloud sets (https://kubernetes.io/docs/reference/labels-annotations-taints/). */
export function labelsOf({ zone }: Pick<NodeIdentity, "zone">, { region, extraLabels }: Pick<LiveClusterOptions, "region" | "extraLabels">): Readonly<Record<string, string>> {
    return { ...extraLabels, "topology.kubernetes.io/region": region, [zoneLabel]: zone, "node.kubernetes.io/instance-type": "live" };
}

async function startContainerd(ground: NodeGround, { pauseImage, images }: LiveClusterOptions): Promise<Component> {
    const containerd = containerdOf(ground, pauseImage);
    await containerd.start();
    for (const image of images) {
        await importImage(ground, image);
    }
    return containerd;
}

function componentAt(components: readonly Component[], n: number): Component {
    const component = components[n];
    if (component === undefined) {
        throw new Error(`node ${n} has no container runtime`);
    }
    return component;
}
