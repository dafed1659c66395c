import type { PlannedStack } from "./run";
import type { PlanSummary, PlannedResource } from "./summary";
import { maskSecrets } from "./wire";

/** plan.json: the summary, every resource and the outputs, with secrets masked. */
export interface PlanDocument {
    /** Of this document's shape; raised when a reader would have to change. */
    readonly formatVersion: 1;
    readonly summary: PlanSummary;
    readonly resources: readonly PlannedResource[];
    readonly outputs: unknown;
}

/** The plan as a document. Resources are sorted by URN, so that two plans can be compared line by line. */
export function planDocument({ recording }: PlannedStack, summary: PlanSummary): PlanDocument {
    const resources = recording.resources
        .map(({ urn, type, name, parent, provider, protect, retainOnDelete, dependencies, inputs }) => ({
            urn,
            type,
            name,
            parent,
            provider,
            protect,
            retainOnDelete,
            dependencies: [...dependencies].sort(),
            inputs,
        }))
        .sort((a, b) => (a.urn < b.urn ? -1 : Number(a.urn > b.urn)));
    return { formatVersion: 1, summary, resources, outputs: maskSecrets(recording.outputs) };
}
