import type { V1Lease, V1Node, V1Pod } from "@kubernetes/client-node";

import { amountOf } from "../../policy/kubernetes/quantities";
import { type Wire, conditionOf } from "../api";
import type { LoadModel } from "./loadModel";
import type { NodeUsage, PodUsage, Scrape } from "./metricsApi";

type Pod = Wire<V1Pod>;
type Node = Wire<V1Node>;
type Lease = Wire<V1Lease>;

/** The pods that carry a load. */
export interface Carrier {
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
}

/** An app's pods, and the load on them. */
export interface Carried {
    readonly carrier: Carrier;
    readonly load: LoadModel;
}

/** What can be seen of a cluster at a moment. */
export interface Look {
    readonly at: Date;
    readonly windowSeconds: number;
    readonly nodes: readonly Node[];
    readonly leases: readonly Lease[];
    readonly pods: readonly Pod[];
}

/**
 * Age of a lease from which a node counts as silent, in seconds. Kubelets renew theirs every 10 s
 * (https://kubernetes.io/docs/concepts/architecture/leases/#node-heartbeats); load balancers in the stack give up on a replica
 * after two failed checks in as much time.
 */
const silentSeconds = 20;

/** What a pod uses that has nothing to do. */
const idleCores = 0.001;

/** Memory in use, as a share of what is requested; no drill scales on it. */
const memoryShare = 0.5;

/**
 * Measures a cluster as metrics-server would: the running pods of nodes that are heard of. A load is on the ready ones of
 * its carrier's; a silent node's pods get none, though the API server calls them ready for a while.
 */
export function scrapeOf({ at, windowSeconds, nodes, leases, pods }: Look, loads: readonly Carried[]): Scrape {
    const heard = new Set(leases.filter(({ spec }) => at.getTime() - Date.parse(spec?.renewTime ?? "") < silentSeconds * 1000).map(({ metadata }) => metadata?.name));
    const measured = pods.filter(({ spec, status }) => status?.phase === "Running" && heard.has(spec?.nodeName));
    const usage = new Map(
        loads.flatMap(({ carrier, load }) => {
            const carrying = measured.filter(pod => carries(pod, carrier));
            const used = load.usage(
                carrying.map(pod => ({ limitCores: limitOf(pod.spec?.containers ?? []) })),
                windowSeconds,
            );
            return carrying.map((pod, index): [Pod, number] => [pod, used[index] ?? 0]);
        }),
    );
    const podUsages = measured.map(pod => ({ node: pod.spec?.nodeName, usage: podUsage(pod, usage.get(pod) ?? idleCores) }));
    const nodeUsage = ({ metadata }: Node): NodeUsage => {
        const containers = podUsages.filter(({ node }) => node === metadata?.name).flatMap(pod => pod.usage.containers);
        return { name: metadata?.name ?? "", cpuCores: sum(containers.map(({ cpuCores }) => cpuCores)), memoryMiB: sum(containers.map(({ memoryMiB }) => memoryMiB)) };
    };
    return {
        at,
        windowSeconds,
        pods: podUsages.map(pod => pod.usage),
        nodes: nodes.filter(({ metadata }) => heard.has(metadata?.name)).map(nodeUsage),
    };
}

/** Whether a pod takes requests: ready, not on its way out, and one of the carrier's. */
function carries(pod: Pod, carrier: Carrier): boolean {
    const { namespace, labels = {}, deletionTimestamp } = pod.metadata ?? {};
    const picked = Object.entries(carrier.labels).every(([key, value]) => labels[key] === value);
    return namespace === carrier.namespace && picked && deletionTimestamp === undefined && conditionOf(pod, "Ready") === "True";
}

/** What a container may use. */
interface Limited {
    readonly resources?: { readonly limits?: Readonly<Record<string, string>> | undefined } | undefined;
}

/** CPU limit of a pod by its containers, in cores; undefined where one has none. */
export function limitOf(containers: readonly Limited[]): number | undefined {
    const limits = containers.map(({ resources }) => resources?.limits?.["cpu"]);
    return limits.includes(undefined) ? undefined : sum(limits.map(amountOf));
}

/** The first container does the work. */
function podUsage({ metadata, spec }: Pod, cores: number): PodUsage {
    const { name = "", namespace = "", labels = {} } = metadata ?? {};
    const containers = (spec?.containers ?? []).map((container, index) => ({
        name: container.name,
        cpuCores: index === 0 ? cores : 0,
        memoryMiB: (memoryShare * amountOf(container.resources?.requests?.["memory"] ?? "0")) / 2 ** 20,
    }));
    return { name, namespace, labels, containers };
}

function sum(numbers: readonly number[]): number {
    return numbers.reduce((total, number) => total + number, 0);
}
