import type { InputsByType } from "../inputs";
import type { Namespace } from "./workloads";
import { type Container, type PodSpec } from "./pods";
import { amountOf } from "./quantities";
import { at, items } from "../values";

type LimitRangeItem = NonNullable<NonNullable<InputsByType["kubernetes:core/v1:LimitRange"]["spec"]>["limits"]>[number];

/** What the namespace gives containers that leave something out. */
export function defaultsOf(namespace: Namespace): readonly LimitRangeItem[] {
    return namespace
        .objects("kubernetes:core/v1:LimitRange")
        .flatMap(({ inputs }) => items(inputs.spec?.limits))
        .filter(({ type }) => type === "Container");
}

/** What a container requests of a resource once defaults are filled in: its request, its limit, the namespace's. Undefined for nothing. */
export function requestOf({ resources }: Container, name: string, defaults: readonly LimitRangeItem[]): string | undefined {
    const own = at(resources?.requests ?? {}, name) ?? at(resources?.limits ?? {}, name);
    return own ?? firstOf(defaults, ({ defaultRequest }) => defaultRequest?.[name]) ?? firstOf(defaults, item => item.default?.[name]);
}

/** What a container is limited to of a resource once defaults are filled in. Undefined for nothing. */
export function limitOf({ resources }: Container, name: string, defaults: readonly LimitRangeItem[]): string | undefined {
    return at(resources?.limits ?? {}, name) ?? firstOf(defaults, item => item.default?.[name]);
}

function firstOf<Item, Value>(list: readonly Item[], valueOf: (item: Item) => Value | undefined): Value | undefined {
    return list.map(valueOf).find(value => value !== undefined);
}

/**
 * What a pod counts for, of what its containers count for: all that run at the same time, or an init
 * container that needs more by itself (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers).
 */
export function podTotal(pod: PodSpec, quantityOf: (container: Container) => string | undefined): number {
    const amount = (container: Container): number => amountOf(quantityOf(container) ?? "0");
    const total = (containers: readonly Container[]): number => containers.reduce((sum, container) => sum + amount(container), 0);
    const sidecars = items(pod.initContainers).filter(({ restartPolicy }) => restartPolicy === "Always");
    const before = items(pod.initContainers).filter(container => !sidecars.includes(container));
    return Math.max(total(items(pod.containers)) + total(sidecars), ...before.map(container => amount(container) + total(sidecars)));
}
