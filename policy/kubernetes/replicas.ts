import { zoneLoss } from "../../components/model/capacity";
import { type Typed, isOfType } from "../graph";
import { type Fault, type Rule, shown } from "../rule";
import { type Autoscaler, type Namespace, type Workload, called, namespaceRule, objectRule } from "./workloads";
import { numberOf } from "./quantities";
import { isSaid, isSet, items } from "../values";

const autoscalerType = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";

/** One replica is none while it is replaced. */
const leastReplicas = 2;

/** How many replicas there are, and who decides. */
export const replicas: readonly Rule[] = [
    namespaceRule(
        {
            name: "workload-replicas",
            level: "mandatory",
            why: "A serving Deployment with fewer replicas than zones is gone, or short, when the wrong zone is lost; with one replica, whenever its pod moves.",
            ids: ["kube-score deployment-replicas"],
            fix: "give it a HorizontalPodAutoscaler, or at least two replicas and one a zone",
        },
        namespace =>
            // An autoscaler without a target is a fault of its own, and may be meant for this one.
            namespace.autoscalersOf(undefined).length > 0 || !namespace.isWhole
                ? []
                : namespace
                      .objects("kubernetes:apps/v1:Deployment")
                      .filter(deployment => namespace.serves(deployment) && namespace.autoscalersOf(deployment).length === 0)
                      .filter(deployment => namespace.replicasOf(deployment).least < leastIn(namespace))
                      .map(deployment => ({
                          resource: deployment,
                          found: `${called(deployment)} has no autoscaler, and replicas is ${namespace.replicasOf(deployment).least}; the least is ${leastIn(namespace)}${zonesOf(namespace)}`,
                      })),
    ),
    namespaceRule(
        {
            name: "hpa-minimum",
            level: "mandatory",
            why: "At its minimum, an app with fewer replicas than zones has none in some zone, and with one replica it has none whenever that one moves.",
            ids: ["kube-score horizontalpodautoscaler-replicas"],
            fix: "set minReplicas to at least two, and at least one a zone",
        },
        namespace => (namespace.zones < leastReplicas ? [] : lowMinima(namespace)),
    ),
    namespaceRule(
        {
            name: "hpa-two",
            level: "advisory",
            why: "With one replica an app has none whenever that one moves; a cluster of unknown zones may be somebody's laptop.",
            ids: ["kube-score horizontalpodautoscaler-replicas"],
            fix: "set minReplicas to two or more",
        },
        namespace => (namespace.zones < leastReplicas ? lowMinima(namespace) : []),
    ),
    namespaceRule(
        {
            name: "hpa-owns-replicas",
            level: "mandatory",
            why: "Each update writes the number of replicas back, and takes away what load made necessary.",
            ids: ["kube-score deployment-targeted-by-hpa-does-not-have-replicas-configured"],
            fix: "remove spec.replicas: the HorizontalPodAutoscaler owns it",
        },
        namespace =>
            namespace.workloads
                .filter(workload => namespace.autoscalersOf(workload).length > 0 && saysReplicas(workload))
                .map(workload => ({
                    resource: workload,
                    found: `${called(workload)} has an autoscaler, and spec.replicas is ${shown(workload.inputs.spec?.replicas)}`,
                })),
    ),
    namespaceRule(
        {
            name: "hpa-survives-zone",
            level: "mandatory",
            why: "With too high a target, the replicas that are left after the loss of a zone can't carry the load until new ones are ready.",
            ids: [],
            fix: "lower averageUtilization, or raise minReplicas",
        },
        namespace =>
            namespace.autoscalers.flatMap(autoscaler => {
                const target = cpuTargetOf(autoscaler);
                const least = minimumOf(autoscaler);
                // A minimum under the number of zones is a fault of its own.
                if (target === undefined || Number.isNaN(target) || namespace.zones < 2 || !(least >= namespace.zones)) {
                    return [];
                }
                const loss = zoneLoss(least, namespace.zones, target);
                const outcome = `when one of ${loss.zones} zones is lost, ${loss.survivors} of ${least} replicas would run at ${Math.round(loss.utilisation * 100)} % of their request`;
                return loss.safe
                    ? []
                    : [{ resource: autoscaler, found: `${called(autoscaler)} aims at ${target} % CPU: ${outcome}; at most ${loss.safeTargetPercent} % is safe` }];
            }),
    ),
    objectRule(
        {
            name: "hpa-has-room",
            level: "advisory",
            why: "An autoscaler whose maximum is its minimum never scales: no load and no lost zone brings a replica more.",
            ids: [],
            fix: "set maxReplicas over minReplicas, to what peak load needs",
        },
        ["kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "kubernetes:autoscaling/v1:HorizontalPodAutoscaler"],
        (_, autoscaler) =>
            numberOf(autoscaler.inputs.spec?.maxReplicas, NaN) <= minimumOf(autoscaler) &&
            `maxReplicas is ${shown(autoscaler.inputs.spec?.maxReplicas)}, minReplicas ${minimumOf(autoscaler)}`,
    ),
];

/** Autoscalers whose minimum is too low. */
function lowMinima(namespace: Namespace): readonly Fault[] {
    return namespace.autoscalers
        .filter(autoscaler => minimumOf(autoscaler) < leastIn(namespace))
        .map(autoscaler => ({
            resource: autoscaler,
            found: `${called(autoscaler)}: minReplicas is ${minimumOf(autoscaler)}; the least is ${leastIn(namespace)}${zonesOf(namespace)}`,
        }));
}

function leastIn({ zones }: Namespace): number {
    return Math.max(leastReplicas, zones);
}

function zonesOf({ zones, cluster }: Namespace): string {
    return zones > leastReplicas ? ` for the ${zones} zones of ${cluster.name}` : "";
}

/** Kubernetes takes 1 where nothing is said (pkg/apis/autoscaling/v2/defaults.go). */
function minimumOf({ inputs }: Autoscaler): number {
    return numberOf(inputs.spec?.minReplicas, 1);
}

/** What Kubernetes aims at where no metric is named, in per cent (pkg/apis/autoscaling/annotations.go). */
const defaultTarget = 80;

/** The CPU utilization that an autoscaler aims at, in per cent; undefined where it goes by something else. */
function cpuTargetOf(autoscaler: Autoscaler): number | undefined {
    if (!isOfType(autoscaler, autoscalerType)) {
        return numberOf((autoscaler as Typed<"kubernetes:autoscaling/v1:HorizontalPodAutoscaler">).inputs.spec?.targetCPUUtilizationPercentage, defaultTarget);
    }
    const { metrics } = autoscaler.inputs.spec ?? {};
    if (!isSaid(metrics)) {
        return defaultTarget;
    }
    const targets = items(metrics)
        .map(({ resource, containerResource }) => resource ?? containerResource)
        .filter(metric => metric?.name === "cpu")
        .map(metric => numberOf(metric?.target?.averageUtilization, NaN))
        .filter(target => !Number.isNaN(target));
    // Of several metrics, the one that asks for the most replicas is followed.
    return targets.length === 0 ? undefined : Math.min(...targets);
}

/**
 * Whether the program says how many replicas there are. A Deployment that was read back from a cluster
 * always has a number: who set it stands in its managed fields, under the operation by which Pulumi writes.
 */
function saysReplicas({ inputs }: Workload): boolean {
    const fields = items(inputs.metadata?.managedFields);
    return isSet(inputs.spec?.replicas) && (fields.length === 0 || fields.some(({ operation, fieldsV1 }) => operation === "Apply" && JSON.stringify(fieldsV1 ?? {}).includes('"f:replicas"')));
}
