import { customResourcesOf, objectOf } from "./customResources";
import type { InstalledChart } from "./footprint";
import { type KubernetesObject, mappingAt, selects, valueAt } from "./objects";
import { type PodSecurityLevel, podSecurityLevels } from "./podFacts";
import { resourcesOn } from "./requests";
import type { PlannedVariant } from "./variants";
import { type Workload, workloadsOf } from "./workloads";

/** Pods that a chart or an operator makes, and where they are. */
export interface PlacedWorkload {
    /** Name of the release, or of the custom resource, without the cluster's. */
    readonly role: string;
    readonly workload: Workload;
    readonly namespace: string;
}

/** Pods of charts, and of custom resources that the program registers. */
export function placedWorkloads(planned: PlannedVariant, charts: readonly InstalledChart[]): readonly PlacedWorkload[] {
    const operated = customResourcesOf(planned).flatMap(({ name, object }) => workloadsOf([object], object.namespace).map(workload => ({ role: name, workload, namespace: object.namespace })));
    return [...charts.flatMap(({ request: { role }, facts }) => facts.workloads.map(workload => ({ role, workload, namespace: workload.namespace ?? facts.namespace }))), ...operated];
}

/** Objects that the program registers one by one on the variant's cluster. */
export function registeredObjects(planned: PlannedVariant): readonly KubernetesObject[] {
    return resourcesOn(planned).flatMap(objectOf);
}

/** Pod Security level that each namespace of the plan's own enforces. */
export function enforcedLevels(planned: PlannedVariant): ReadonlyMap<string, PodSecurityLevel> {
    return new Map(
        registeredObjects(planned)
            .filter(({ kind }) => kind === "Namespace")
            .map(({ name, labels }) => [name, podSecurityLevels.find(level => level === labels["pod-security.kubernetes.io/enforce"]) ?? "privileged"]),
    );
}

/** Whether a disruption budget holds for pods: the chart's own, or one that is registered. */
export function isHeld({ workload, namespace }: PlacedWorkload, planned: PlannedVariant): boolean {
    return (
        workload.budget ||
        registeredObjects(planned).some(
            ({ kind, namespace: where, body }) => kind === "PodDisruptionBudget" && where === namespace && selects(valueAt(body, "spec", "selector"), mappingAt(workload, "labels")),
        )
    );
}
