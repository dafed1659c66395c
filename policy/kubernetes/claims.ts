import type { Typed } from "../graph";
import type { InputsByType } from "../inputs";
import { hasUnknown, items } from "../values";
import { numberOf } from "./quantities";
import type { Namespace } from "./workloads";

/** Volumes that a StatefulSet's replicas keep. */

export type StatefulSet = Typed<"kubernetes:apps/v1:StatefulSet">;
export type Claim = Typed<"kubernetes:core/v1:PersistentVolumeClaim">;
type ClaimSpec = NonNullable<InputsByType["kubernetes:core/v1:PersistentVolumeClaim"]["spec"]>;

/** A claim that a StatefulSet takes for a replica, or makes where there is none. */
export interface ReplicaClaim {
    readonly name: string;
    /** What the StatefulSet's template says. */
    readonly template: ClaimSpec;
    /** The claim, where the stack makes it. */
    readonly made: Claim | undefined;
}

/** The claims of a StatefulSet's replicas: `<template>-<set>-<ordinal>` (https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage). */
export function claimsOf(namespace: Namespace, set: StatefulSet): readonly ReplicaClaim[] {
    const first = numberOf(set.inputs.spec?.ordinals?.start, 0);
    const replicas = numberOf(set.inputs.spec?.replicas, 1);
    const ordinals = Array.from({ length: replicas > 0 ? replicas : 0 }, (_, index) => first + index);
    const templates = set.inputs.spec?.volumeClaimTemplates;
    return (hasUnknown(templates) ? [] : items(templates)).flatMap(({ metadata, spec }) =>
        ordinals.map(ordinal => {
            const name = `${metadata?.name ?? ""}-${set.inputs.metadata?.name ?? ""}-${ordinal}`;
            return { name, template: spec ?? {}, made: namespace.find("kubernetes:core/v1:PersistentVolumeClaim", name) };
        }),
    );
}

/** Every claim of a namespace with what it says: those that the stack makes, and those that StatefulSets will make. */
export function allClaims(namespace: Namespace): readonly { readonly name: string; readonly spec: ClaimSpec }[] {
    const made = namespace.objects("kubernetes:core/v1:PersistentVolumeClaim").map(({ name, inputs }) => ({ name, spec: inputs.spec ?? {} }));
    const toMake = namespace
        .objects("kubernetes:apps/v1:StatefulSet")
        .flatMap(set => claimsOf(namespace, set))
        .filter(claim => claim.made === undefined)
        .map(({ name, template }) => ({ name, spec: template }));
    return [...made, ...toMake];
}
