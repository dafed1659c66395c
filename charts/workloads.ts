import { amountOf } from "../policy/kubernetes/quantities";
import type { Mapping } from "../policy/values";
import { type KubernetesObject, listAt, mappingAt, numberAt, selects, valueAt } from "./objects";
import { operatedPods } from "./operators";
import { type PodFacts, podFactsOf } from "./podFacts";

/** How many pods there are of a kind, or when. */
export type PodCount = number | "each node" | "once" | "by schedule";

/** Pods that are all alike, before they are looked at. */
export interface Pods {
    /** Kind and name of what makes them. */
    readonly kind: string;
    readonly name: string;
    readonly namespace: string;
    readonly pods: PodCount;
    readonly spec: Mapping;
    readonly metadata: Mapping;
    /** Volumes that each of them claims, in GiB. */
    readonly volumesGib: readonly number[];
    /** Whether an operator makes a disruption budget for them. */
    readonly budget?: boolean;
}

/** What is known of pods that are all alike. */
export interface Workload extends PodFacts {
    readonly kind: string;
    readonly name: string;
    /** Undefined for the release's own. */
    readonly namespace?: string;
    readonly pods: PodCount;
    readonly volumesGib: readonly number[];
    /** Whether a disruption budget holds for them, of the same rendering or of their operator. */
    readonly budget: boolean;
    /** Those that selectors go by: the chart's and the program's versions are not among them. */
    readonly labels: Readonly<Record<string, string>>;
}

/** The pods of all objects, looked at. */
export function workloadsOf(objects: readonly KubernetesObject[], namespace: string): readonly Workload[] {
    const budgets = objects.filter(({ kind }) => kind === "PodDisruptionBudget");
    return objects.flatMap(object => podsOf(object, objects)).map(({ spec, metadata, budget = false, ...rest }) => {
        const labels = mappingAt(metadata, "labels");
        const held = budget || budgets.some(({ namespace: where, body }) => where === rest.namespace && selects(valueAt(body, "spec", "selector"), labels));
        return {
            kind: rest.kind,
            name: rest.name,
            ...(rest.namespace === namespace ? {} : { namespace: rest.namespace }),
            pods: rest.pods,
            volumesGib: rest.volumesGib,
            ...podFactsOf(spec, metadata),
            budget: held,
            labels: Object.fromEntries(Object.entries(labels).filter(([key]) => !versionLabels.includes(key)).map(([key, value]) => [key, String(value)])),
        };
    });
}

const versionLabels = ["helm.sh/chart", "app.kubernetes.io/version", "chart", "version"];

/** Pods that an object makes, itself or through an operator. */
function podsOf(object: KubernetesObject, objects: readonly KubernetesObject[]): readonly Pods[] {
    const { kind, name, namespace, body } = object;
    const of = (pods: PodCount, template: Mapping, volumesGib: readonly number[] = []): readonly Pods[] => [
        { kind, name, namespace, pods, spec: mappingAt(template, "spec"), metadata: mappingAt(template, "metadata"), volumesGib },
    ];
    const template = mappingAt(body, "spec", "template");
    switch (kind) {
        case "Deployment":
        case "ReplicaSet":
            return of(replicasOf(object, objects), template);
        case "StatefulSet":
            return of(replicasOf(object, objects), template, listAt(body, "spec", "volumeClaimTemplates").map(claimedGib));
        case "DaemonSet":
            return of("each node", template);
        case "Job":
            return of("once", template);
        case "CronJob":
            return of("by schedule", mappingAt(body, "spec", "jobTemplate", "spec", "template"));
        case "Pod":
            return of(1, body);
        default:
            return operatedPods(object, objects);
    }
}

/** The number that a set is asked to have: an autoscaler's lowest, where it has one. */
function replicasOf({ kind, name, namespace, body }: KubernetesObject, objects: readonly KubernetesObject[]): number {
    const scaler = objects.find(other => {
        const target = mappingAt(other.body, "spec", "scaleTargetRef");
        return other.kind === "HorizontalPodAutoscaler" && other.namespace === namespace && target["kind"] === kind && target["name"] === name;
    });
    return (scaler === undefined ? numberAt(body, "spec", "replicas") : numberAt(scaler.body, "spec", "minReplicas")) ?? 1;
}

/** Size that a claim asks for, in GiB. */
export function claimedGib(claim: unknown): number {
    return amountOf(valueAt(claim, "spec", "resources", "requests", "storage")) / 2 ** 30;
}

/** Sizes of the claims that stand by themselves, in GiB. */
export function claimsOf(objects: readonly KubernetesObject[]): readonly number[] {
    return objects.filter(({ kind }) => kind === "PersistentVolumeClaim").map(({ body }) => claimedGib(body));
}
