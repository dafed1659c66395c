import type { RecordedResource } from "./recorder";
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
    const resources = recording.resources.map(rowOf).sort((a, b) => (a.urn < b.urn ? -1 : Number(a.urn > b.urn)));
    return { formatVersion: 1, summary, resources, outputs: maskSecrets(recording.outputs) };
}

/** What a reader of plan.json gets to know of a resource. */
function rowOf(resource: RecordedResource): PlannedResource {
    const { urn, type, name, parent, provider, custom, protect, retainOnDelete, ignoreChanges, replaceOnChanges, deleteBeforeReplace, inputs } = resource;
    return {
        urn,
        type,
        name,
        parent,
        provider,
        custom,
        protect,
        retainOnDelete,
        ignoreChanges,
        replaceOnChanges,
        deleteBeforeReplace,
        dependencies: [...resource.dependencies].sort(),
        propertyDependencies: sourcesOf(resource),
        inputs,
    };
}

/** Sources of the inputs that have some, in order. */
function sourcesOf({ propertyDependencies }: RecordedResource): PlannedResource["propertyDependencies"] {
    const sources = Object.entries(propertyDependencies).filter(([, urns]) => urns.length > 0);
    return Object.fromEntries(sources.sort(([a], [b]) => (a < b ? -1 : 1)).map(([input, urns]) => [input, [...urns].sort()]));
}
