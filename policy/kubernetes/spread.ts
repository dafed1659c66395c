import { type Typed, isOfType } from "../graph";
import { type Fault, type Rule, shown } from "../rule";
import { differs, hasUnknown, isSet, items } from "../values";
import { type PodSpec, podLabelsOf, podSpecOf, servingTypes } from "./pods";
import { numberOf } from "./quantities";
import { picks } from "./selectors";
import { type Namespace, type Workload, called, namespaceRule, objectRule } from "./workloads";

type Constraint = NonNullable<PodSpec["topologySpreadConstraints"]>[number];

const zoneKey = "topology.kubernetes.io/zone";
const hostKey = "kubernetes.io/hostname";
const deployment = "kubernetes:apps/v1:Deployment";
const statefulSet = "kubernetes:apps/v1:StatefulSet";

/** Over which zones and nodes replicas are spread, and whether they come back when one is lost. */
export const spread: readonly Rule[] = [
    namespaceRule(
        {
            name: "spread-over-zones",
            level: "mandatory",
            why: "Without a spread that is required, all replicas may stand in one zone, and go with it.",
            ids: [],
            fix: `add a topologySpreadConstraint with topologyKey ${zoneKey}, maxSkew 1, whenUnsatisfiable DoNotSchedule and nodeTaintsPolicy Honor`,
        },
        namespace =>
            inSeveralZones(namespace)
                .filter(workload => requiredOverZones(workload).length === 0)
                .map(workload => ({ resource: workload, found: `${called(workload)} has no DoNotSchedule constraint over the ${namespace.zones} zones of ${namespace.cluster.name}` })),
    ),
    namespaceRule(
        {
            name: "spread-even",
            level: "mandatory",
            why: "With a larger skew, one zone may hold more replicas than the app can lose.",
            ids: [],
            fix: "set maxSkew to 1; for a StatefulSet to its replicas over its zones, rounded up",
        },
        namespace =>
            inSeveralZones(namespace).flatMap(workload => {
                const most = isOfType(workload, statefulSet) ? Math.ceil(namespace.replicasOf(workload).least / namespace.zones) : 1;
                return requiredOverZones(workload)
                    .filter(({ maxSkew }) => numberOf(maxSkew, NaN) > most)
                    .map(({ maxSkew }): Fault => ({ resource: workload, found: `${called(workload)} allows a skew of ${shown(maxSkew)} over ${namespace.zones} zones; ${most} is the most` }));
            }),
    ),
    objectRule(
        {
            name: "spread-recovers",
            level: "mandatory",
            // Tried on Kubernetes 1.36, with six replicas over three zones: in either other form two stay Pending.
            why: "With minDomains, or counting nodes that are gone, the scheduler waits for the lost zone: replacements stay Pending for the whole outage.",
            ids: [],
            fix: "set nodeTaintsPolicy to Honor and remove minDomains",
        },
        deployment,
        (_, workload) =>
            required(workload).flatMap(({ topologyKey, minDomains, nodeTaintsPolicy }) => [
                ...(numberOf(minDomains, 1) > 1 ? [`minDomains over ${topologyKey ?? ""} is ${shown(minDomains)}`] : []),
                ...(!differs(nodeTaintsPolicy, "Honor") ? [] : [`nodeTaintsPolicy over ${topologyKey ?? ""} is ${shown(nodeTaintsPolicy)}`]),
            ]),
    ),
    namespaceRule(
        {
            name: "spread-volumes",
            level: "mandatory",
            why: "A volume stays in the zone where its pod is first placed: while only one zone has nodes, all of them end up there for good.",
            ids: [],
            fix: "set minDomains of the constraint over zones to the number of zones, or of replicas where these are fewer",
        },
        namespace =>
            inSeveralZones(namespace)
                .filter(workload => keepsVolumes(workload))
                .flatMap(workload => {
                    const needed = Math.min(namespace.replicasOf(workload).least, namespace.zones);
                    return requiredOverZones(workload)
                        .filter(({ minDomains }) => numberOf(minDomains, 1) < needed)
                        .map(({ minDomains }): Fault => ({ resource: workload, found: `${called(workload)}: minDomains over ${zoneKey} is ${shown(minDomains)}; ${needed} are needed` }));
                }),
    ),
    namespaceRule(
        {
            name: "spread-over-hosts",
            level: "mandatory",
            why: "Without a spread over nodes, the loss of one node takes every replica of its zone.",
            ids: ["kube-score deployment-has-host-podantiaffinity", "kube-score statefulset-has-host-podantiaffinity"],
            fix: `add a topologySpreadConstraint with topologyKey ${hostKey}, maxSkew 1 and whenUnsatisfiable ScheduleAnyway`,
        },
        namespace =>
            namespace.workloads
                .filter(workload => namespace.replicasOf(workload).least > 1 && !hasUnknown(podSpecOf(workload).topologySpreadConstraints) && !isSpreadOverHosts(podSpecOf(workload)))
                .map(workload => ({ resource: workload, found: `nothing spreads ${called(workload)} over nodes` })),
    ),
    namespaceRule(
        {
            name: "spread-fits-zones",
            level: "mandatory",
            why: "Anti-affinity that is required over zones lets one replica into each: all that are more stay Pending, also those of a rollout and those that load asks for.",
            ids: [],
            fix: `remove the term over ${zoneKey}; a topologySpreadConstraint with maxSkew 1 spreads any number`,
        },
        namespace =>
            namespace.workloads
                .filter(workload => namespace.zones > 1 && namespace.replicasOf(workload).most > namespace.zones && isOneInEachZone(workload))
                .map(workload => ({
                    resource: workload,
                    found: `${called(workload)} requires podAntiAffinity over ${zoneKey}, and may have ${namespace.replicasOf(workload).most} replicas in ${namespace.zones} zones`,
                })),
    ),
    objectRule(
        {
            name: "spread-counts-own-pods",
            level: "mandatory",
            why: "A constraint whose selector does not pick the pods themselves counts others, or none, and spreads nothing.",
            ids: ["kube-score pod-topology-spread-constraints"],
            fix: "make labelSelector the workload's own selector",
        },
        servingTypes,
        (_, workload) =>
            constraints(workload)
                .filter(({ labelSelector }) => !picks(labelSelector, podLabelsOf(workload)))
                .map(({ topologyKey, labelSelector }) => `labelSelector over ${topologyKey ?? ""} is ${shown(labelSelector)}, which does not pick these pods`),
    ),
    objectRule(
        {
            name: "spread-counts-rollout",
            level: "advisory",
            // https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#matchlabelkeys
            why: "Counted together with the pods that they replace, the new pods of a rollout end up unevenly spread once those are gone.",
            ids: [],
            fix: "add pod-template-hash to matchLabelKeys",
        },
        deployment,
        (_, workload) =>
            required(workload)
                .filter(({ matchLabelKeys }) => !items(matchLabelKeys).includes("pod-template-hash"))
                .map(({ topologyKey, matchLabelKeys }) => `matchLabelKeys over ${topologyKey ?? ""} is ${shown(matchLabelKeys)}`),
    ),
];

/** Workloads of several replicas on a cluster of several zones. */
function inSeveralZones(namespace: Namespace): readonly Workload[] {
    return namespace.zones < 2 ? [] : namespace.workloads.filter(workload => namespace.replicasOf(workload).least > 1 && !hasUnknown(podSpecOf(workload).topologySpreadConstraints));
}

function constraints(workload: Workload): readonly Constraint[] {
    return items(podSpecOf(workload).topologySpreadConstraints).filter(constraint => !hasUnknown(constraint));
}

/** Constraints that the scheduler must meet. */
function required(workload: Workload): readonly Constraint[] {
    // Kubernetes takes DoNotSchedule where nothing is said.
    return constraints(workload).filter(({ whenUnsatisfiable }) => whenUnsatisfiable !== "ScheduleAnyway");
}

function requiredOverZones(workload: Workload): readonly Constraint[] {
    return required(workload).filter(({ topologyKey }) => topologyKey === zoneKey);
}

/** By a constraint, or by anti-affinity, required or preferred. */
function isSpreadOverHosts({ topologySpreadConstraints, affinity }: PodSpec): boolean {
    const { requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution: preferred } = affinity?.podAntiAffinity ?? {};
    const terms = [...items(required), ...items(preferred).flatMap(({ podAffinityTerm }) => podAffinityTerm ?? [])];
    return [...items(topologySpreadConstraints), ...terms].some(({ topologyKey }) => topologyKey === hostKey);
}

/** Whether each zone may have one of a workload's pods at most. */
function isOneInEachZone(workload: Workload): boolean {
    return items(podSpecOf(workload).affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution).some(
        ({ topologyKey, labelSelector }) => topologyKey === zoneKey && !hasUnknown(labelSelector) && picks(labelSelector, podLabelsOf(workload)),
    );
}

function keepsVolumes(workload: Workload): workload is Typed<typeof statefulSet> {
    return isOfType(workload, statefulSet) && isSet(workload.inputs.spec?.volumeClaimTemplates) && items(workload.inputs.spec.volumeClaimTemplates).length > 0;
}
