import type { InputsByType, RuledType } from "../inputs";
import { type Resource, type Typed, isOfType } from "../graph";

/** Types that make pods. */
export const podTypes = [
    "kubernetes:apps/v1:Deployment",
    "kubernetes:apps/v1:StatefulSet",
    "kubernetes:apps/v1:DaemonSet",
    "kubernetes:batch/v1:Job",
    "kubernetes:batch/v1:CronJob",
    "kubernetes:core/v1:Pod",
] as const satisfies readonly RuledType[];

/** Types whose pods serve until they are replaced. */
export const servingTypes = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"] as const satisfies readonly RuledType[];

export type PodType = (typeof podTypes)[number];
type PodTemplate = NonNullable<NonNullable<InputsByType["kubernetes:apps/v1:Deployment"]["spec"]>["template"]>;
export type PodSpec = NonNullable<PodTemplate["spec"]>;
export type Container = NonNullable<PodSpec["containers"]>[number];
export type Labels = Readonly<Record<string, string | undefined>>;

/** The pods that a resource makes, or is; undefined for none. */
export function templateOf(resource: Typed<PodType>): PodTemplate | undefined {
    if (isOfType(resource, "kubernetes:core/v1:Pod")) {
        return resource.inputs;
    }
    return isOfType(resource, "kubernetes:batch/v1:CronJob")
        ? resource.inputs.spec?.jobTemplate?.spec?.template
        : (resource as Typed<"kubernetes:apps/v1:Deployment">).inputs.spec?.template;
}

/** What its pods are made of; empty where nothing is said. */
export function podSpecOf(resource: Typed<PodType>): PodSpec {
    return templateOf(resource)?.spec ?? {};
}

/** Containers of a pod, those that run before the others first. */
export function containersOf({ initContainers, containers }: PodSpec): readonly Container[] {
    return [...(initContainers ?? []), ...(containers ?? [])];
}

/** Whether an equality selector picks these labels. An empty one picks all, as in a NetworkPolicy or a budget. */
export function selects(selector: Labels | undefined, labels: Labels | undefined): boolean {
    return Object.entries(selector ?? {}).every(([key, value]) => labels?.[key] === value);
}

/** Labels that a resource's pods carry. */
export function podLabelsOf(resource: Typed<PodType>): Labels {
    return templateOf(resource)?.metadata?.labels ?? {};
}

/** Whether a resource makes pods. */
export function makesPods(resource: Resource): resource is Typed<PodType> {
    return podTypes.some(type => type === resource.type);
}
