import type { RecordedResource } from "../plan/recorder";
import { revealSecrets } from "../plan/wire";
import type { Definitions } from "./definitions";
import { type KubernetesObject, objectsIn } from "./objects";
import { addOnOf, digestOf, resourcesOn, roleOf } from "./requests";
import type { PlannedVariant } from "./variants";

/** What is kept of a custom resource that the program registers itself. */
export interface CustomResourceFacts {
    /** API version, kind, and the resource's name without its cluster's. */
    readonly resource: string;
    readonly on: readonly string[];
    readonly digest: string;
    /** What does not fit its kind's definition; null where no chart of the plan brings that. */
    readonly misfits: readonly string[] | null;
}

/** Groups of Kubernetes' own API (https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.35/); others are custom. */
const ownGroups: readonly string[] = [
    "apps", "autoscaling", "batch", "policy", "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "certificates.k8s.io", "coordination.k8s.io",
    "discovery.k8s.io", "events.k8s.io", "flowcontrol.apiserver.k8s.io", "networking.k8s.io", "node.k8s.io", "rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io",
    "storage.k8s.io",
];

/** A custom resource of a plan. */
export interface CustomResource {
    /** Without its cluster's. */
    readonly name: string;
    /** Key of the add-on that it is of; undefined for none. */
    readonly addOn: string | undefined;
    readonly object: KubernetesObject;
    readonly digest: string;
}

/** Whether an API version is none of Kubernetes' own. */
export function isCustom(apiVersion: string): boolean {
    const [group = "", version] = apiVersion.split("/");
    return version !== undefined && !ownGroups.includes(group);
}

/** Custom resources that a plan registers one by one on the variant's cluster. */
export function customResourcesOf(planned: PlannedVariant): readonly CustomResource[] {
    return resourcesOn(planned).flatMap(resource =>
        objectOf(resource)
            .filter(({ apiVersion, kind }) => isCustom(apiVersion) && kind !== "")
            .map(object => ({ name: roleOf(resource.name), addOn: addOnOf(resource.name), object, digest: digestOf(object.body) })),
    );
}

/** The object that a resource is; none for a chart. Only custom resources say their kind, of others the type does. */
export function objectOf({ type, wireInputs }: RecordedResource): readonly KubernetesObject[] {
    const [, apiVersion = "", kind = ""] = type.split(":");
    if (!type.startsWith("kubernetes:") || apiVersion.startsWith("helm.sh/")) {
        return [];
    }
    return objectsIn({ apiVersion: apiVersion.replace(/^core\//, ""), kind, ...(revealSecrets(wireInputs) as object) }, "default");
}

/** What a custom resource goes by in the facts. */
export function titleOf({ name, object: { apiVersion, kind } }: CustomResource): string {
    return `${apiVersion} ${kind} ${name}`;
}

/** The facts of the custom resources of one variant. */
export function customResourceFacts(planned: PlannedVariant, definitions: Definitions): readonly CustomResourceFacts[] {
    return customResourcesOf(planned).map(resource => ({
        resource: titleOf(resource),
        on: [planned.variant.key],
        digest: resource.digest,
        misfits: definitions.misfits(resource.object) ?? null,
    }));
}

/** Facts of several variants: what is alike is there once. */
export function merged(facts: readonly CustomResourceFacts[]): readonly CustomResourceFacts[] {
    const keyOf = ({ resource, digest, misfits }: CustomResourceFacts): string => JSON.stringify([resource, digest, misfits]);
    const groups = new Map<string, CustomResourceFacts>();
    for (const fact of facts) {
        groups.set(keyOf(fact), { ...fact, on: [...(groups.get(keyOf(fact))?.on ?? []), ...fact.on] });
    }
    return [...groups.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
