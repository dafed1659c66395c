import { type ResourceRule, type RuleText, resourceRule } from "../rule";
import { isUnknown, items } from "../values";
import { type Container, type PodSpec, containersOf, podSpecOf, podTypes, templateOf } from "./pods";

type PodMetadata = NonNullable<NonNullable<ReturnType<typeof templateOf>>["metadata"]>;

/** A rule for pods, whatever makes them. Pods whose containers only an update knows are left out. */
export function podRule(text: RuleText, faults: (pod: PodSpec, metadata: PodMetadata) => readonly string[]): ResourceRule {
    return resourceRule(text, podTypes, (_, resource) => {
        const pod = podSpecOf(resource);
        return knownContainers(pod).length === 0 ? [] : faults(pod, templateOf(resource)?.metadata ?? {});
    });
}

/** A rule for each container of a pod. `fault` says what is wrong with one, and need not name it. */
export function containerRule(text: RuleText, fault: (container: Container, pod: PodSpec) => string | undefined): ResourceRule {
    return podRule(text, pod =>
        knownContainers(pod).flatMap(container => {
            const found = fault(container, pod);
            return found === undefined ? [] : [`${titleOf(container)}: ${found}`];
        }),
    );
}

/** The containers of a pod, those that run before the others first; none where only an update knows them. */
export function knownContainers({ initContainers, containers }: PodSpec): readonly Container[] {
    return containersOf({ initContainers: items(initContainers), containers: items(containers) }).filter(container => !isUnknown(container));
}

/** A container for a message. */
export function titleOf({ name }: Container): string {
    return `container ${name ?? "without a name"}`;
}

type ContainerContext = NonNullable<Container["securityContext"]>;
type PodContext = NonNullable<PodSpec["securityContext"]>;
type SharedContext = Pick<PodContext, keyof PodContext & keyof ContainerContext>;

/** A security context, of a pod or of one of its containers. */
export interface PlacedContext {
    /** For a message. */
    readonly whose: string;
    readonly context: SharedContext;
}

/** The pod's own security context, and each container's. */
export function contextsOf(pod: PodSpec): readonly PlacedContext[] {
    const ofContainers = knownContainers(pod).map(container => ({ whose: titleOf(container), context: container.securityContext ?? {} }));
    return [{ whose: "the pod", context: pod.securityContext ?? {} }, ...ofContainers];
}

/**
 * A rule for settings that pods and containers have both. What the pod says counts by itself, also where
 * each container says something else: so does the Pod Security admission of Kubernetes judge it.
 */
export function contextRule(text: RuleText, fault: (context: SharedContext) => string | undefined): ResourceRule {
    return podRule(text, pod =>
        contextsOf(pod).flatMap(({ whose, context }) => {
            const found = fault(context);
            return found === undefined ? [] : [`${whose}: ${found}`];
        }),
    );
}

/** Whether a pod runs on Windows, where Linux' settings may not even be given. */
export function isWindows({ os }: PodSpec): boolean {
    return os?.name === "windows";
}

/** Whether a pod has users of its own, whose root is nobody on the node. */
export function hasOwnUsers({ hostUsers }: PodSpec): boolean {
    return hostUsers === false;
}
