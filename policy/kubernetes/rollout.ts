import { type Rule, shown } from "../rule";
import { at, differs, isSet, items } from "../values";
import { podSpecOf } from "./pods";
import { startupSecondsOf } from "./probeTimes";
import { numberOf, shareOf } from "./quantities";
import { called, namespaceRule, objectRule } from "./workloads";

const deployment = "kubernetes:apps/v1:Deployment";
const statefulSet = "kubernetes:apps/v1:StatefulSet";

/** Kubernetes' defaults (pkg/apis/apps/v1/defaults.go). */
const defaults = { maxUnavailable: "25%", maxSurge: "25%", progressDeadlineSeconds: 600, revisionHistoryLimit: 10 };

/** By this number a Deployment says that it has no deadline (pkg/controller/deployment/util, HasProgressDeadline). */
const noDeadline = 2 ** 31 - 1;

/** How a new version takes the place of the old. */
export const rollout: readonly Rule[] = [
    namespaceRule(
        {
            name: "rollout-keeps-replicas",
            level: "mandatory",
            why: "Replicas that a rollout stops before new ones are ready are missing until it is over, and with a bad image until somebody takes it back.",
            ids: ["kube-score deployment-strategy"],
            fix: "set strategy to RollingUpdate with maxUnavailable 0 and a maxSurge of 1 or more",
        },
        namespace =>
            namespace
                .objects(deployment)
                .filter(workload => namespace.serves(workload))
                .flatMap(workload => {
                    const { strategy } = workload.inputs.spec ?? {};
                    const rollingUpdate = at(strategy ?? {}, "rollingUpdate");
                    if (strategy?.type === "Recreate") {
                        return [{ resource: workload, found: `${called(workload)} has strategy Recreate, which stops all replicas first` }];
                    }
                    const { least } = namespace.replicasOf(workload);
                    const unavailable = at(rollingUpdate ?? {}, "maxUnavailable") ?? defaults.maxUnavailable;
                    const surge = at(rollingUpdate ?? {}, "maxSurge") ?? defaults.maxSurge;
                    const stopped = stoppedOf(least, unavailable, surge);
                    return stopped > 0 && !isStuck(unavailable, surge)
                        ? [
                              {
                                  resource: workload,
                                  found: `${called(workload)}: rollingUpdate.maxUnavailable is ${shown(unavailable)}${isSet(rollingUpdate?.maxUnavailable) ? "" : ", the default"}, maxSurge ${shown(surge)}: of ${least} replicas ${stopped} may be stopped first`,
                              },
                          ]
                        : [];
                }),
    ),
    objectRule(
        {
            name: "rollout-moves",
            level: "mandatory",
            // pkg/apis/apps/validation: "may not be 0 when `maxSurge` is 0".
            why: "Kubernetes refuses a rollout that may neither start a new pod nor stop an old one.",
            ids: [],
            fix: "set maxSurge to 1 or more",
        },
        deployment,
        ({ spec }) => {
            const rollingUpdate = at(spec?.strategy ?? {}, "rollingUpdate");
            const unavailable = at(rollingUpdate ?? {}, "maxUnavailable") ?? defaults.maxUnavailable;
            const surge = at(rollingUpdate ?? {}, "maxSurge") ?? defaults.maxSurge;
            return isStuck(unavailable, surge) && `rollingUpdate.maxUnavailable is ${shown(unavailable)}, and maxSurge ${shown(surge)}`;
        },
    ),
    objectRule(
        {
            name: "deployment-not-paused",
            level: "mandatory",
            why: "No change reaches the pods of a paused Deployment: fixes wait, and Pulumi waits for them in vain.",
            ids: [],
            fix: "remove spec.paused",
        },
        deployment,
        ({ spec }) => spec?.paused === true && "paused is true",
    ),
    objectRule(
        {
            name: "rollout-reports-failure",
            level: "mandatory",
            why: "A rollout without a deadline never says that it failed, and one whose deadline is shorter than a start calls good ones failed.",
            ids: [],
            fix: "set progressDeadlineSeconds over what the startup probe and minReadySeconds allow; 600 is usual",
        },
        deployment,
        ({ spec }, resource) => {
            const deadline = numberOf(spec?.progressDeadlineSeconds, defaults.progressDeadlineSeconds);
            if (deadline >= noDeadline) {
                return `progressDeadlineSeconds is ${deadline}, which means none`;
            }
            const start = Math.max(0, ...items(podSpecOf(resource).containers).map(startupSecondsOf)) + numberOf(spec?.minReadySeconds, 0);
            return deadline <= start && `progressDeadlineSeconds is ${deadline}; a replica may take ${start} s to become available`;
        },
    ),
    objectRule(
        {
            name: "rollout-settles",
            level: "advisory",
            why: "With no time between ready and available, a rollout goes on over replicas that crash right after their first answer.",
            ids: [],
            fix: "set minReadySeconds to 5 or more",
        },
        [deployment, statefulSet],
        ({ spec }) => numberOf(spec?.minReadySeconds, 0) < 1 && `minReadySeconds is ${shown(spec?.minReadySeconds)}`,
    ),
    objectRule(
        {
            name: "rollout-can-go-back",
            level: "advisory",
            why: "With no revision kept, kubectl rollout undo has nothing to go back to.",
            ids: [],
            fix: "set revisionHistoryLimit to 2 or more",
        },
        [deployment, statefulSet],
        ({ spec }) => numberOf(spec?.revisionHistoryLimit, defaults.revisionHistoryLimit) < 1 && `revisionHistoryLimit is ${shown(spec?.revisionHistoryLimit)}`,
    ),
    objectRule(
        {
            name: "stateful-rollout",
            level: "advisory",
            why: "With OnDelete, an update reaches no replica until someone deletes it by hand: fixes wait, and versions mix.",
            ids: [],
            fix: "set updateStrategy.type to RollingUpdate",
        },
        statefulSet,
        ({ spec }) => spec?.updateStrategy?.type === "OnDelete" && "updateStrategy.type is OnDelete",
    ),
    objectRule(
        {
            name: "stateful-partition",
            level: "advisory",
            // https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#partitions
            why: "Replicas under the partition never get an update: fixes wait, and versions mix for good once the canary is forgotten.",
            ids: [],
            fix: "set updateStrategy.rollingUpdate.partition to 0",
        },
        statefulSet,
        ({ spec }) => {
            const partition = spec?.updateStrategy?.rollingUpdate?.partition;
            return numberOf(partition, 0) > 0 && `updateStrategy.rollingUpdate.partition is ${shown(partition)}`;
        },
    ),
    objectRule(
        {
            name: "stateful-parallel",
            level: "advisory",
            // https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#pod-management-policies
            why: "In order, a replica that waits for its zone holds back the start of all that come after it.",
            ids: [],
            fix: "set podManagementPolicy to Parallel, where members can start in any order",
        },
        statefulSet,
        ({ spec }) => differs(spec?.podManagementPolicy, "Parallel") && `podManagementPolicy is ${shown(spec?.podManagementPolicy)}`,
    ),
];

/**
 * How many replicas a rollout may stop before new ones are ready: percentages of maxUnavailable are rounded down and
 * those of maxSurge up, and where both are none then, one is stopped (pkg/controller/deployment/util, ResolveFenceposts).
 */
function stoppedOf(replicas: number, unavailable: unknown, surge: unknown): number {
    const stopped = shareOf(unavailable, replicas, Math.floor);
    return stopped === 0 && shareOf(surge, replicas, Math.ceil) === 0 ? 1 : stopped;
}

/** Whether a rollout may neither stop nor start a pod, however many there are. */
function isStuck(unavailable: unknown, surge: unknown): boolean {
    return [unavailable, surge].every(bound => shareOf(bound, 100, Math.floor) === 0);
}
