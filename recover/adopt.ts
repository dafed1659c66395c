import type { Finding } from "./finding";
import type { Exported, StateResource } from "./state";
import { resourcesOf, sealedLike } from "./state";

/** The state with all that was found, and with nothing under way. */
export function adopt(state: Exported, findings: readonly Finding[]): Exported {
    const resources = findings.reduce<readonly StateResource[]>(withFinding, resourcesOf(state));
    return { ...state, deployment: { ...state.deployment, resources: inOrder(resources), pending_operations: [] } };
}

function withFinding(resources: readonly StateResource[], { operation, fate, reading }: Finding): readonly StateResource[] {
    if (reading === undefined) {
        return resources;
    }
    const { urn } = operation.resource;
    const outputs = sealedLike(reading.outputs, operation.resource.inputs);
    const initErrors = [...reading.initErrors];
    const found: StateResource = { ...operation.resource, id: reading.id, outputs, ...(initErrors.length > 0 ? { initErrors } : {}) };
    switch (fate) {
        case "adopted":
            return [
                // One that was deleted before this was made is gone; one that was to be deleted afterwards is still there.
                ...resources.filter(resource => resource.urn !== urn || resource.pendingReplacement !== true).map(resource => (resource.urn === urn ? { ...resource, delete: true } : resource)),
                found,
            ];
        case "spare":
            return [...resources, { ...found, delete: true }];
        case "refreshed":
            return resources.map(resource =>
                resource.urn === urn && resource.delete !== true
                    ? { ...resource, id: reading.id, inputs: sealedLike(reading.inputs, resource.inputs), outputs: sealedLike(outputs, resource.outputs), initErrors }
                    : resource,
            );
        case "absent":
        case "known":
        case "no thing":
        case "repeated":
        case "unsolved":
            return resources;
        default:
            return fate satisfies never;
    }
}

/**
 * Resources in an order in which each comes after all that it names, and else as they were: the engine refuses any other
 * (`VerifyIntegrity` in pkg/resource/deploy/snapshot.go of pulumi/pulumi).
 */
export function inOrder(resources: readonly StateResource[]): StateResource[] {
    const current = new Map([...resources].reverse().map(resource => [resource.urn, resource]));
    for (const resource of resources) {
        if (resource.delete !== true) {
            current.set(resource.urn, resource);
        }
    }
    const providers = new Map(resources.map(resource => [`${resource.urn}::${resource.id ?? ""}`, resource]));
    const ordered = new Set<StateResource>();
    const begun = new Set<StateResource>();
    const place = (resource: StateResource): void => {
        if (begun.has(resource)) {
            return;
        }
        begun.add(resource);
        const provider = resource.provider === undefined ? undefined : providers.get(resource.provider);
        for (const needed of [provider, ...namedBy(resource).map(urn => current.get(urn))]) {
            if (needed !== undefined) {
                place(needed);
            }
        }
        ordered.add(resource);
    };
    resources.forEach(place);
    return [...ordered];
}

function namedBy({ parent, dependencies, propertyDependencies, deletedWith }: StateResource): readonly string[] {
    const sources = Object.values(propertyDependencies ?? {}).flatMap(urns => urns ?? []);
    return [parent, deletedWith, ...(dependencies ?? []), ...sources].filter(urn => urn !== undefined && urn !== "") as string[];
}
