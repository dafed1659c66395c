import type { PlannedResource } from "../summary";

/** Resources in an order in which each comes after what it needs: what it depends on, its provider and its parent. */
export function inDependencyOrder(resources: readonly PlannedResource[]): readonly PlannedResource[] {
    const byUrn = new Map(resources.map(resource => [resource.urn, resource]));
    const ordered = new Set<PlannedResource>();
    const entered = new Set<string>();
    const visit = (resource: PlannedResource): void => {
        if (entered.has(resource.urn)) {
            return;
        }
        entered.add(resource.urn);
        for (const urn of [...sourcesOf(resource), resource.parent ?? ""]) {
            const needed = byUrn.get(urn);
            if (needed !== undefined) {
                visit(needed);
            }
        }
        ordered.add(resource);
    };
    resources.forEach(visit);
    return [...ordered];
}

/** URNs of what a resource depends on, its provider included. */
export function sourcesOf({ dependencies, propertyDependencies, provider }: PlannedResource): readonly string[] {
    return [...dependencies, ...Object.values(propertyDependencies).flat(), ...(provider === null ? [] : [provider])];
}

/**
 * The resource of the first plan that each of the second is, by the URN of the latter: of the same URN, of one of
 * its aliases, or of its URN as it was below a parent that had another one.
 */
export function matchByUrn(
    before: readonly PlannedResource[],
    after: readonly PlannedResource[],
    aliases: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, PlannedResource> {
    const byUrn = new Map(before.map(resource => [resource.urn, resource]));
    const matches = new Map<string, PlannedResource>();
    for (const resource of inDependencyOrder(after)) {
        const parent = matches.get(resource.parent ?? "");
        const known = [resource.urn, ...(aliases.get(resource.urn) ?? [])];
        const inherited = parent === undefined || parent.urn === resource.parent ? [] : known.map(urn => below(parent, urn, resource.parent ?? ""));
        const found = [...known, ...inherited].flatMap(urn => byUrn.get(urn) ?? [])[0];
        if (found !== undefined) {
            matches.set(resource.urn, found);
        }
    }
    return matches;
}

/** A child's URN as it was when its parent had another one; a name that begins with the parent's began with the former one. */
function below(former: PlannedResource, urn: string, parent: string): string {
    const [, , types = "", name = ""] = urn.split("::");
    const type = types.split("$").at(-1) ?? types;
    const parentName = parent.split("::")[3] ?? "";
    const formerName = name.startsWith(parentName) ? `${former.name}${name.slice(parentName.length)}` : name;
    const [stack, project, formerTypes] = former.urn.split("::");
    return [stack, project, `${formerTypes ?? ""}$${type}`, formerName].join("::");
}
