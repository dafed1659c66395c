import type { KubeObject } from "../api";
import type { NodeShape } from "../controlPlane";
import { extraPods, factsOf, requestOf } from "./facts";
import { type PodTemplate, objectsOf } from "./objects";

/** The nodes of a cluster. */
export interface Fleet {
    readonly nodesPerZone: number;
    readonly nodeShape: NodeShape;
    /** Labels of every node, beside those that nodes have anyway. */
    readonly extraLabels: Readonly<Record<string, string>>;
}

/** The least that a node offers: four cores and 16 GiB, as the clouds' general-purpose machines of that size do; the kubelet's default of 110 pods. */
const leastNode = { cores: 4, gib: 16, pods: 110 } as const;

/** Labels that every node has, each with a value of its own. */
const ownLabels = new Set(["topology.kubernetes.io/zone", "topology.kubernetes.io/region", "kubernetes.io/hostname", "kubernetes.io/os", "kubernetes.io/arch", "node.kubernetes.io/instance-type"]);

/** What a drill with these nodes can't prove. */
export const unprovedOfFleet = "there is always a node with room: that a cloud has machines left, and how long it takes to bring one, is not seen";

interface Demand {
    readonly template: PodTemplate;
    readonly pods: number;
}

/**
 * The nodes that some objects need. The rule: a zone has two nodes (more, where pods are more than a node may hold), and each
 * holds by itself, for the other is being drained, the zone's share of a rollout at the autoscaler's maximum while
 * another zone is lost. That is the maximum, the surge, and as many pods that are ending, for a pod keeps its room until
 * it is gone; each zone's share is one more than even, as a rollout spreads old and new pods apart. Stateful replicas
 * and runs of jobs count in full, since nothing may bind them to other zones. So what stays Pending in a drill stays so
 * for its rules and its volumes.
 *
 * Few large nodes rather than many small ones: of a zone that is lost, Kubernetes gives up one node every ten seconds
 * (--node-eviction-rate 0.1), so each more is ten seconds more until the last pod is replaced.
 */
export function fleetOf(objects: readonly KubeObject[], zones: number): Fleet {
    const demand = zoneDemand(objects, zones);
    const total = (amount: (template: PodTemplate) => number): number => demand.reduce((sum, { template, pods }) => sum + pods * amount(template), 0);
    const cores = total(template => requestOf(template, "cpu"));
    const gib = total(template => requestOf(template, "memory")) / 2 ** 30;
    const pods = total(() => 1);
    const nodes = Math.ceil(pods / leastNode.pods);
    // Of sizes that double, as machines do, the smallest that is large enough.
    const times = 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(cores / nodes / leastNode.cores, gib / nodes / leastNode.gib))));
    return {
        nodesPerZone: nodes + 1,
        nodeShape: { cpu: String(leastNode.cores * times), memory: `${leastNode.gib * times}Gi`, pods: leastNode.pods },
        extraLabels: nodeLabelsOf(objects),
    };
}

/** The pods that a zone must have room for. */
function zoneDemand(objects: readonly KubeObject[], zones: number): readonly Demand[] {
    const { deployment, autoscaler } = factsOf(objects);
    const max = Math.max(autoscaler?.max ?? 0, deployment.replicas);
    const [app] = objectsOf(objects, "Deployment");
    const maxSurge = app?.spec.strategy?.rollingUpdate?.maxSurge ?? "25%";
    const atOnce = max + extraPods(maxSurge, max) + max;
    const zonesLeft = Math.max(1, zones - 1);
    return [
        ...(app === undefined ? [] : [{ template: app.spec.template, pods: Math.ceil(atOnce / zonesLeft) + (zonesLeft > 1 ? 1 : 0) }]),
        ...objectsOf(objects, "StatefulSet").map(({ spec }) => ({ template: spec.template, pods: spec.replicas ?? 1 })),
        // A run that is being replaced overlaps with the next.
        ...objectsOf(objects, "Job").map(({ spec }) => ({ template: spec.template, pods: 2 })),
        ...objectsOf(objects, "CronJob").map(({ spec }) => ({ template: spec.jobTemplate.spec.template, pods: 2 })),
    ];
}

/** Labels that storage classes and pods ask nodes for; of a list of values, the first. Throws where two ask for different ones. */
export function nodeLabelsOf(objects: readonly KubeObject[]): Readonly<Record<string, string>> {
    const topologies = objectsOf(objects, "StorageClass").flatMap(({ allowedTopologies = [] }) =>
        allowedTopologies.flatMap(({ matchLabelExpressions = [] }) => matchLabelExpressions.map(({ key, values }): [string, string] => [key, values[0] ?? ""])),
    );
    const templates = [
        ...objectsOf(objects, "Deployment").map(({ spec }) => spec.template),
        ...objectsOf(objects, "StatefulSet").map(({ spec }) => spec.template),
        ...objectsOf(objects, "Job").map(({ spec }) => spec.template),
        ...objectsOf(objects, "CronJob").map(({ spec }) => spec.jobTemplate.spec.template),
    ];
    const selectors = templates.flatMap(({ spec }) => Object.entries(spec.nodeSelector ?? {}));
    const labels: Record<string, string> = {};
    for (const [key, value] of [...topologies, ...selectors].filter(([key]) => !ownLabels.has(key))) {
        if ((labels[key] ?? value) !== value) {
            throw new Error(`nodes are asked for ${key}=${labels[key] ?? ""} and ${key}=${value}; a stage's nodes are all alike`);
        }
        labels[key] = value;
    }
    return labels;
}
