import type { Typed } from "../graph";
import { type Fault, type Rule, shown } from "../rule";
import { at, hasUnknown, isSaid, isUnknown, items } from "../values";
import { defaultsOf, requestOf } from "./demand";
import { podSpecOf } from "./pods";
import { numberOf } from "./quantities";
import { type Namespace, type Workload, called, namespaceRule, objectRule } from "./workloads";


const autoscalerType = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";

/** Shorter than this, the autoscaler follows the noise of its own metrics, which come every 15 to 60 s. */
const leastWindowSeconds = 60;

/** Longer than this, load that needs replicas has brought the app down before they are asked for. */
const mostScaleUpSeconds = 300;

/** What an autoscaler goes by, and how fast it moves. */
export const autoscaling: readonly Rule[] = [
    namespaceRule(
        {
            name: "hpa-target-exists",
            level: "mandatory",
            why: "An autoscaler whose target does not exist scales nothing.",
            ids: ["kube-score horizontalpodautoscaler-has-target"],
            fix: "name a Deployment or StatefulSet of the same namespace in scaleTargetRef",
        },
        namespace =>
            namespace.isWhole
                ? namespace
                      .autoscalersOf(undefined)
                      .filter(({ inputs }) => ["Deployment", "StatefulSet"].includes(inputs.spec?.scaleTargetRef?.kind ?? "") && !isUnknown(inputs.spec?.scaleTargetRef?.name))
                      .map(autoscaler => ({
                          resource: autoscaler,
                          found: `${called(autoscaler)} scales ${autoscaler.inputs.spec?.scaleTargetRef?.kind ?? ""} ${shown(autoscaler.inputs.spec?.scaleTargetRef?.name)}, which is not in namespace ${namespace.name}`,
                      }))
                : [],
    ),
    namespaceRule(
        {
            name: "hpa-single",
            level: "mandatory",
            // pkg/controller/podautoscaler/horizontal.go: condition AmbiguousSelector.
            why: "Kubernetes stops scaling pods that two autoscalers are meant for.",
            ids: [],
            fix: "keep one HorizontalPodAutoscaler for it, with all metrics in it",
        },
        namespace =>
            namespace.workloads
                .filter(workload => namespace.autoscalersOf(workload).length > 1)
                .map(workload => ({ resource: workload, found: `${called(workload)} has ${namespace.autoscalersOf(workload).map(called).join(" and ")}` })),
    ),
    namespaceRule(
        {
            name: "hpa-metric-source",
            level: "mandatory",
            why: "Utilization is a share of the request: for a container that has none, or that does not exist, Kubernetes knows no utilization and does not scale.",
            ids: [],
            fix: "name a container of the target, and give each of its containers a request of the resource",
        },
        namespace =>
            namespace.objects(autoscalerType).flatMap(autoscaler => {
                const target = namespace.targetOf(autoscaler);
                return target === undefined ? [] : metricFaults(namespace, autoscaler, target);
            }),
    ),
    objectRule(
        {
            name: "hpa-scale-down-window",
            level: "advisory",
            // Where nothing is said it is 300 s (https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#default-behavior).
            why: "With too short a stabilization window, noise in the metric takes replicas away that the next minute needs.",
            ids: [],
            fix: `set behavior.scaleDown.stabilizationWindowSeconds to ${leastWindowSeconds} or more; nothing said is 300`,
        },
        autoscalerType,
        ({ spec }) => {
            const window = at(at(spec?.behavior ?? {}, "scaleDown") ?? {}, "stabilizationWindowSeconds");
            return numberOf(window, NaN) < leastWindowSeconds && `behavior.scaleDown.stabilizationWindowSeconds is ${shown(window)}`;
        },
    ),
    objectRule(
        {
            name: "hpa-scale-down-steps",
            level: "advisory",
            // Kubernetes' own policy is 100 % in 15 s (the same page).
            why: "Without a step, or with one of 100 %, an autoscaler drops to its minimum at once when the window is over.",
            ids: [],
            fix: "give behavior.scaleDown policies that take a few pods, or some per cent, in a period",
        },
        autoscalerType,
        ({ spec }) => {
            const down = at(spec?.behavior ?? {}, "scaleDown");
            const { policies, selectPolicy } = down ?? { policies: undefined, selectPolicy: undefined };
            const isOpen = hasUnknown(down);
            const all = items(policies).filter(({ type, value }) => type === "Percent" && numberOf(value, NaN) >= 100);
            const takesAll = items(policies).length === 0 || (selectPolicy === "Min" ? all.length === items(policies).length : all.length > 0);
            return selectPolicy !== "Disabled" && !isOpen && takesAll && `behavior.scaleDown.policies is ${shown(policies)}, selectPolicy ${shown(selectPolicy)}`;
        },
    ),
    objectRule(
        {
            name: "hpa-cpu-metric",
            level: "advisory",
            why: "Memory hardly follows load: an autoscaler that goes by it alone lets a peak, or a zone's share after its loss, run into full CPUs.",
            ids: [],
            fix: "add a metric of cpu, or one of the requests that come in",
        },
        autoscalerType,
        ({ spec }) => {
            const names = items(spec?.metrics).map(({ resource, containerResource }) => (resource ?? containerResource)?.name);
            // Of other metrics than those of resources, only the app knows what they follow.
            const isBlind = names.length > 0 && names.every(name => isSaid(name) && !isUnknown(name) && name !== "cpu");
            return isBlind && `metrics are of ${names.join(", ")} alone`;
        },
    ),
    objectRule(
        {
            name: "hpa-scale-up",
            level: "mandatory",
            why: "An app that may not grow is overloaded by a peak, and by the loss of a zone.",
            ids: [],
            fix: "remove selectPolicy Disabled from behavior.scaleUp",
        },
        autoscalerType,
        ({ spec }) => spec?.behavior?.scaleUp?.selectPolicy === "Disabled" && "behavior.scaleUp.selectPolicy is Disabled",
    ),
    objectRule(
        {
            name: "hpa-scale-up-soon",
            level: "advisory",
            why: "An app that grows only after minutes is overloaded for as long by a peak or by the loss of a zone.",
            ids: [],
            fix: `set behavior.scaleUp.stabilizationWindowSeconds to ${mostScaleUpSeconds} or less; 0 is usual`,
        },
        autoscalerType,
        ({ spec }) => {
            const window = spec?.behavior?.scaleUp?.stabilizationWindowSeconds;
            return numberOf(window, 0) > mostScaleUpSeconds && `behavior.scaleUp.stabilizationWindowSeconds is ${shown(window)}`;
        },
    ),
];

function metricFaults(namespace: Namespace, autoscaler: Typed<typeof autoscalerType>, target: Workload): readonly Fault[] {
    const containers = items(podSpecOf(target).containers);
    const defaults = defaultsOf(namespace);
    return items(autoscaler.inputs.spec?.metrics).flatMap(({ resource, containerResource }) => {
        const metric = resource ?? containerResource;
        const name = metric?.name;
        const only = containerResource?.container;
        if (name === undefined || isUnknown(name) || containers.length === 0) {
            return [];
        }
        const measured = only === undefined ? containers : containers.filter(container => container.name === only);
        if (measured.length === 0) {
            return [{ resource: autoscaler, found: `${called(autoscaler)} measures container ${shown(only)}, which ${called(target)} does not have` }];
        }
        return measured
            .filter(container => metric?.target?.type === "Utilization" && requestOf(container, name, defaults) === undefined)
            .map(container => ({ resource: autoscaler, found: `${called(autoscaler)} goes by ${name}, which container ${shown(container.name)} of ${called(target)} does not request` }));
    });
}
