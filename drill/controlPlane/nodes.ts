import { type Api, type KubeObject, NotYet, conditionOf, kinds } from "../api";
import type { ControlPlaneOptions } from "./options";

/** Label of a node's zone. */
export const zoneLabel = "topology.kubernetes.io/zone";

/** Addresses of pods and nodes by zone. They are for show: no packet is ever sent to one. */
export function podRange(zoneIndex: number): string {
    return `10.${128 + zoneIndex}.0.0/16`;
}

/** Name of a zone's n-th node, counted from 1. */
export function nodeName(zone: string, n: number): string {
    return `${zone}-node-${n}`;
}

/** A fake node as a kubelet would register it, but for its conditions, which are kwok's to set. */
export function fakeNode(
    { region, zones, nodeShape, extraLabels = {}, binaries }: Pick<ControlPlaneOptions, "region" | "zones" | "nodeShape" | "extraLabels" | "binaries">,
    zone: string,
    n: number,
): KubeObject {
    const name = nodeName(zone, n);
    const { cpu, memory, pods, instanceType = "fake" } = nodeShape;
    const room = { cpu, memory, pods: String(pods), "ephemeral-storage": "100Gi" };
    return {
        apiVersion: "v1",
        kind: "Node",
        metadata: {
            name,
            labels: {
                "kubernetes.io/arch": "amd64",
                "kubernetes.io/hostname": name,
                "kubernetes.io/os": "linux",
                "node.kubernetes.io/instance-type": instanceType,
                "topology.kubernetes.io/region": region,
                [zoneLabel]: zone,
                ...extraLabels,
            },
        },
        status: {
            allocatable: room,
            capacity: room,
            addresses: [
                { type: "InternalIP", address: `10.${64 + zones.indexOf(zone)}.${Math.floor(n / 250)}.${(n % 250) + 1}` },
                { type: "Hostname", address: name },
            ],
            nodeInfo: {
                architecture: "amd64",
                bootID: name,
                containerRuntimeVersion: "fake://0",
                kernelVersion: "0",
                kubeProxyVersion: "",
                kubeletVersion: binaries.kubernetesVersion,
                machineID: name,
                operatingSystem: "linux",
                osImage: "fake",
                systemUUID: name,
            },
        },
    };
}

/** Resolves when nodes are ready and the scheduler may use them. */
export async function untilNodesReady({ name, api }: { readonly name: string; readonly api: Api }, names: readonly string[], seconds: number): Promise<void> {
    const probe = async (): Promise<true | NotYet> => {
        const nodes = await api.list(kinds.node);
        const ready = nodes.filter(node => conditionOf(node, "Ready") === "True" && (node.spec?.taints ?? []).length === 0).map(node => node.metadata?.name);
        const missing = names.filter(node => !ready.includes(node));
        return missing.length === 0 ? true : new NotYet(`${missing.join(", ")} not ready`);
    };
    await api.until(`${name}: nodes`, probe, { seconds });
}
