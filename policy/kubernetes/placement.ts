import { type KubernetesCluster, nameOf } from "../clusters";
import type { Typed } from "../graph";
import { type Fault, type Rule, shown } from "../rule";
import { entries, hasUnknown, isSaid, isSet, isUnknown, items } from "../values";
import { knownContainers, titleOf } from "./podRule";
import { type PodSpec, podSpecOf, servingTypes } from "./pods";
import { amountOf, numberOf } from "./quantities";
import { type Namespace, type Workload, called, isNamed, namespaceRule, objectRule } from "./workloads";

type Toleration = NonNullable<PodSpec["tolerations"]>[number];
type Term = NonNullable<NonNullable<NonNullable<NonNullable<PodSpec["affinity"]>["nodeAffinity"]>["requiredDuringSchedulingIgnoredDuringExecution"]>["nodeSelectorTerms"]>[number];

/** What the node controller taints a silent node with. */
const silentNodeTaints = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/** What Kubernetes tolerates these for by itself (plugin/pkg/admission/defaulttolerationseconds). */
const defaultSeconds = 300;

/** Full strength is back after this, and the 48 s until the node counts as lost, and a start. */
const mostSeconds = 60;

const placeKeys = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone", "kubernetes.io/hostname"];

/** Classes that every cluster has (https://kubernetes.io/docs/tasks/administer-cluster/guaranteed-scheduling-critical-addon-pods/). */
const ownClasses = ["system-cluster-critical", "system-node-critical"];

/** Which nodes pods go to, when they leave them, and before whom they come. */
export const placement: readonly Rule[] = [
    objectRule(
        {
            name: "pod-leaves-dead-node",
            level: "advisory",
            why: "By Kubernetes' default, pods of a lost node or zone are replaced only five minutes after it counts as lost.",
            ids: [],
            fix: `tolerate ${silentNodeTaints.join(" and ")} with effect NoExecute for 30 s, at most ${mostSeconds}`,
        },
        "kubernetes:apps/v1:Deployment",
        (_, workload) =>
            silentNodeTaints.flatMap(taint => {
                const { tolerations } = podSpecOf(workload);
                const seconds = hasUnknown(tolerations) ? NaN : toleratedSeconds(items(tolerations), taint);
                return seconds > mostSeconds ? [`${taint} is tolerated for ${seconds === Infinity ? "ever" : `${seconds} s`}`] : [];
            }),
    ),
    namespaceRule(
        {
            name: "pod-not-tied",
            level: "mandatory",
            why: "Pods that only one zone or node may hold are gone when that is lost.",
            ids: [],
            fix: "remove the zone or node from nodeSelector and nodeAffinity, and spread the pods instead",
        },
        namespace => (namespace.zones > 1 ? tiedIn(namespace) : []),
    ),
    namespaceRule(
        {
            name: "pod-moves",
            level: "advisory",
            why: "Pods that only one node may hold are gone when that is lost; a cluster of unknown zones may have no other.",
            ids: [],
            fix: "remove the zone or node from nodeSelector and nodeAffinity, where the cluster has others",
        },
        namespace => (namespace.zones > 1 ? [] : tiedIn(namespace)),
    ),
    namespaceRule(
        {
            name: "pod-priority",
            level: "advisory",
            why: "Where room is short, as after the loss of a zone, pods without a priority wait behind all that have one.",
            ids: [],
            fix: "set priorityClassName to a PriorityClass over that of what may wait",
        },
        namespace =>
            namespace.workloads
                .filter(workload => namespace.servicesOf(workload).length > 0 && !isSaid(podSpecOf(workload).priorityClassName))
                .map(workload => ({ resource: workload, found: `${called(workload)} has no priorityClassName` })),
    ),
    namespaceRule(
        {
            name: "pod-priority-exists",
            level: "mandatory",
            why: "Kubernetes refuses pods of a priority class that it does not have.",
            ids: [],
            fix: "name a PriorityClass of the cluster",
        },
        namespace =>
            // A stack that makes no class goes by those that others made.
            classesOf(namespace.cluster).length === 0 || classesOf(namespace.cluster).some(object => isUnknown(nameOf(object)))
                ? []
                : namespace.pods.flatMap(pods => {
                      const name = podSpecOf(pods).priorityClassName;
                      return !isSaid(name) || isUnknown(name) || ownClasses.includes(name) || classNamed(namespace, name) !== undefined
                          ? []
                          : [{ resource: pods, found: `${called(pods)}: priorityClassName is ${shown(name)}, which is not on ${namespace.cluster.name}` }];
                  }),
    ),
    objectRule(
        {
            name: "priority-for-named",
            level: "advisory",
            why: "A class that is the default for all gives jobs and strangers the app's priority, and nothing yields to it.",
            ids: [],
            fix: "set globalDefault to false, and name the class in the pods that need it",
        },
        "kubernetes:scheduling.k8s.io/v1:PriorityClass",
        ({ globalDefault, value }) => globalDefault === true && numberOf(value, 0) > 0 && `globalDefault is true with value ${shown(value)}`,
    ),
    objectRule(
        {
            name: "container-memory-burst",
            level: "advisory",
            why: "Memory that a container takes over its request was promised to others: a node that runs short kills such containers first.",
            ids: ["kube-score container-memory-requests-equal-limits"],
            fix: "set the memory request to the limit",
        },
        servingTypes,
        (_, workload) =>
            knownContainers(podSpecOf(workload)).flatMap(container => {
                const { resources } = container;
                const limit = resources?.limits?.["memory"];
                const request = resources?.requests?.["memory"];
                return amountOf(limit) > amountOf(request) ? [`${titleOf(container)} requests ${shown(request)} of memory and may take ${shown(limit)}`] : [];
            }),
    ),
];

/** Workloads whose pods only one zone or node may hold. */
function tiedIn(namespace: Namespace): readonly Fault[] {
    return namespace.workloads.flatMap(workload => {
        const { nodeSelector, nodeName, affinity } = podSpecOf(workload);
        const terms = items(affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms);
        const ties = [
            ...(isSaid(nodeName) ? [`nodeName is ${shown(nodeName)}`] : []),
            ...entries(nodeSelector)
                .filter(([key]) => placeKeys.includes(key))
                .map(([key, value]) => `nodeSelector ties the pods to ${key} ${value}`),
            // A node has to meet one of the terms only.
            ...(terms.length > 0 && terms.every(tiesToPlace) ? [`nodeAffinity ties the pods to one place: ${shown(terms)}`] : []),
        ];
        return ties.map(found => ({ resource: workload, found: `${called(workload)}: ${found}` }));
    });
}

/** How long a taint is tolerated, in seconds: the shortest of what matches it (pkg/controller/tainteviction). */
function toleratedSeconds(tolerations: readonly Toleration[], taint: string): number {
    const matching = tolerations.filter(({ key, operator, effect }) => (isSaid(key) ? key === taint : operator === "Exists") && (!isSaid(effect) || effect === "NoExecute"));
    const seconds = matching.flatMap(({ tolerationSeconds }) => (isSet(tolerationSeconds) ? [numberOf(tolerationSeconds, NaN)] : []));
    return matching.length === 0 ? defaultSeconds : Math.min(Infinity, ...seconds);
}

function tiesToPlace({ matchExpressions, matchFields }: Term): boolean {
    return [...items(matchExpressions), ...items(matchFields)].some(
        ({ key, operator, values }) => operator === "In" && items(values).length === 1 && [...placeKeys, "metadata.name"].includes(key ?? ""),
    );
}

function classesOf(cluster: KubernetesCluster): readonly Typed<"kubernetes:scheduling.k8s.io/v1:PriorityClass">[] {
    return cluster.objects("kubernetes:scheduling.k8s.io/v1:PriorityClass");
}

/** Whether a workload's pods are there to be pushed out: their class is under that of pods without one, which is 0. */
export function isPlaceholder(namespace: Namespace, workload: Workload): boolean {
    const made = classNamed(namespace, podSpecOf(workload).priorityClassName ?? "");
    return numberOf(made?.inputs.value, 0) < 0;
}

/** The priority class that a name means, where the stack makes it. */
export function classNamed({ cluster }: Namespace, name: string): Typed<"kubernetes:scheduling.k8s.io/v1:PriorityClass"> | undefined {
    return classesOf(cluster).find(object => isNamed(object, name));
}
