import { type Rule, shown } from "../rule";
import { hasUnknown, items } from "../values";
import { claimsOf } from "./claims";
import { knownContainers, titleOf } from "./podRule";
import { podSpecOf, servingTypes } from "./pods";
import { amountOf, numberOf } from "./quantities";
import { called, namespaceRule, objectRule } from "./workloads";

const claimType = "kubernetes:core/v1:PersistentVolumeClaim";
const autoscalerType = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";

/** A maximum of more than this many times the minimum is a bill that no one has reckoned with. */
const mostGrowth = 20;

/** A limit of more than this many times the request fills nodes with what was never asked for. */
const mostBurst = 10;

/** Finished runs to look at; more are pods that only fill the API server. */
const mostRuns = 20;

/** What is paid for and does nothing, or grows without end. */
export const waste: readonly Rule[] = [
    objectRule(
        {
            name: "hpa-maximum-bounded",
            level: "advisory",
            why: "An attack, or a loop in a client, scales the app to its maximum, and the nodes and the bill with it.",
            ids: [],
            fix: `set maxReplicas to what peak load needs, at most ${mostGrowth} times minReplicas`,
        },
        autoscalerType,
        ({ spec }) => {
            const least = Math.max(1, numberOf(spec?.minReplicas, 1));
            return numberOf(spec?.maxReplicas, NaN) > mostGrowth * least && `maxReplicas is ${shown(spec?.maxReplicas)}, minReplicas ${least}`;
        },
    ),
    objectRule(
        {
            name: "hpa-scales-down",
            level: "advisory",
            why: "An app that never scales down pays for its highest peak for ever.",
            ids: [],
            fix: "remove selectPolicy Disabled from behavior.scaleDown",
        },
        autoscalerType,
        ({ spec }) => spec?.behavior?.scaleDown?.selectPolicy === "Disabled" && "behavior.scaleDown.selectPolicy is Disabled",
    ),
    objectRule(
        {
            name: "container-cpu-burst",
            level: "advisory",
            why: "Where limits are far over requests, nodes are bought by the requests and slow by the use: the autoscaler of nodes sees no need.",
            ids: [],
            fix: `raise the CPU request to what the container uses, to a ${mostBurst}th of its limit at the least`,
        },
        servingTypes,
        (_, workload) =>
            knownContainers(podSpecOf(workload)).flatMap(container => {
                const { resources } = container;
                const limit = resources?.limits?.["cpu"];
                const request = resources?.requests?.["cpu"];
                return amountOf(limit) > mostBurst * amountOf(request) ? [`${titleOf(container)} requests ${shown(request)} of CPU and may take ${shown(limit)}`] : [];
            }),
    ),
    objectRule(
        {
            name: "schedule-history",
            level: "advisory",
            why: "Each finished run that is kept is a job with its pods in the API server's memory.",
            ids: [],
            fix: `set successfulJobsHistoryLimit and failedJobsHistoryLimit to ${mostRuns} or less; 3 is usual`,
        },
        "kubernetes:batch/v1:CronJob",
        ({ spec }) =>
            (["successfulJobsHistoryLimit", "failedJobsHistoryLimit"] as const).filter(limit => numberOf(spec?.[limit], 0) > mostRuns).map(limit => `${limit} is ${shown(spec?.[limit])}`),
    ),
    namespaceRule(
        {
            name: "load-balancer-once",
            level: "advisory",
            why: "A second load balancer for the same port of the same pods costs as much as the first.",
            ids: [],
            fix: "remove one of the Services of type LoadBalancer",
        },
        namespace =>
            namespace.workloads.flatMap(workload => {
                const balanced = namespace.servicesOf(workload).filter(({ inputs }) => inputs.spec?.type === "LoadBalancer");
                return balanced.flatMap((service, index) => {
                    const ports = items(service.inputs.spec?.ports).map(({ port }) => port);
                    const first = balanced.slice(0, index).find(other => items(other.inputs.spec?.ports).some(({ port }) => ports.includes(port)));
                    return first === undefined ? [] : [{ resource: service, found: `${called(service)} and ${called(first)} are load balancers of the same port of ${called(workload)}` }];
                });
            }),
    ),
    namespaceRule(
        {
            name: "claim-used",
            level: "advisory",
            why: "A volume that no pod mounts is paid for each month.",
            ids: [],
            fix: "remove the claim, once nothing needs what is on its volume",
        },
        namespace => {
            const mounted = namespace.pods.flatMap(pods => items(podSpecOf(pods).volumes).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []));
            const ofPods = mounted.map(name => namespace.find(claimType, name));
            const sets = namespace.objects("kubernetes:apps/v1:StatefulSet");
            const ofReplicas = sets.flatMap(set => claimsOf(namespace, set).map(({ made }) => made));
            const used = new Set([...ofPods, ...ofReplicas]);
            return namespace.isWhole && !hasUnknown(sets.map(({ inputs }) => [inputs.spec?.replicas, inputs.spec?.volumeClaimTemplates]))
                ? namespace
                      .objects(claimType)
                      .filter(claim => !used.has(claim))
                      .map(claim => ({ resource: claim, found: `no pod of namespace ${namespace.name} mounts ${called(claim)}` }))
                : [];
        },
    ),
];
