import type { Fault, Rule, RuleText } from "../rule";
import { isSaid } from "../values";
import { defaultsOf, limitOf, requestOf } from "./demand";
import { containerRule, knownContainers, titleOf } from "./podRule";
import { type Container, type PodSpec, podSpecOf } from "./pods";
import { called, namespaceRule } from "./workloads";

/**
 * What containers ask of their node, and what they may take at most. A limit of CPU is left to the app: it
 * throttles also where the node is idle.
 */
export const containerResources: readonly Rule[] = [
    boundedRule(
        {
            name: "container-requests",
            level: "mandatory",
            why: "The scheduler fills nodes by requests and the autoscaler measures against them: without, nodes overload and nothing scales.",
            ids: ["CKV_K8S_10", "CKV_K8S_12", "kube-score container-resources"],
            fix: "set resources.requests.cpu and resources.requests.memory to what the app uses",
        },
        (container, pod, defaults) => {
            // A limit without a request is the request too (https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/).
            const missing = ["cpu", "memory"].filter(resource => !bounds.some(bound => has(container, pod, bound, resource)) && requestOf(container, resource, defaults) === undefined);
            return missing.length === 0 ? undefined : `resources.requests lacks ${missing.join(" and ")}`;
        },
    ),
    boundedRule(
        {
            name: "container-memory-limit",
            level: "mandatory",
            why: "A leak in a container without a limit takes the memory of its node, and the node's other pods with it.",
            ids: ["CKV_K8S_13", "kube-score container-resources"],
            fix: "set resources.limits.memory",
        },
        (container, pod, defaults) => (has(container, pod, "limits", "memory") || limitOf(container, "memory", defaults) !== undefined ? undefined : "resources.limits lacks memory"),
    ),
    containerRule(
        {
            name: "container-scratch-limit",
            level: "advisory",
            why: "Logs and scratch files of a container without a limit fill its node's disk, which evicts the node's other pods.",
            ids: ["kube-score container-ephemeral-storage-request-and-limit"],
            fix: "set ephemeral-storage in resources.requests and resources.limits",
        },
        (container, pod) => {
            const missing = bounds.filter(bound => !has(container, pod, bound, scratch));
            return missing.length === 0 ? undefined : `${missing.map(bound => `resources.${bound}`).join(" and ")} lack ${scratch}`;
        },
    ),
];

const scratch = "ephemeral-storage";
const bounds = ["requests", "limits"] as const;

/** A rule for each container, together with what its namespace gives those that leave something out. */
function boundedRule(text: RuleText, fault: (container: Container, pod: PodSpec, defaults: ReturnType<typeof defaultsOf>) => string | undefined): Rule {
    return namespaceRule(text, namespace => {
        const defaults = defaultsOf(namespace);
        return namespace.pods.flatMap(pods =>
            knownContainers(podSpecOf(pods)).flatMap((container): readonly Fault[] => {
                const found = fault(container, podSpecOf(pods), defaults);
                return found === undefined ? [] : [{ resource: pods, found: `${called(pods)}: ${titleOf(container)}: ${found}, and no LimitRange of namespace ${namespace.name} gives it` }];
            }),
        );
    });
}

/** Whether a container, or its pod for all of them together, names an amount. */
function has(container: Container, pod: PodSpec, bound: (typeof bounds)[number], resource: string): boolean {
    return [container, pod].some(({ resources }) => isSaid(resources?.[bound]?.[resource]));
}
