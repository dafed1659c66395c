import type { World } from "../cloud/world";

/** What an update did to the clouds, each resource by its type's last part and its name, sorted. */
export interface Operations {
    readonly created: readonly string[];
    readonly updated: readonly string[];
    /** Made anew, the old one deleted. */
    readonly replaced: readonly string[];
    readonly deleted: readonly string[];
}

/** What the engine has asked of the clouds since the calls were last forgotten. */
export function operations({ calls }: World): Operations {
    const kinds = new Map<string, Set<string>>();
    for (const { urn, kind } of calls) {
        kinds.set(urn, (kinds.get(urn) ?? new Set()).add(kind));
    }
    const of = (...wanted: readonly string[]): readonly string[] =>
        [...kinds]
            .filter(([, done]) => done.size === wanted.length && wanted.every(kind => done.has(kind)))
            .map(([urn]) => shortName(urn))
            .sort();
    const done = { created: of("create"), updated: of("update"), replaced: of("create", "delete"), deleted: of("delete") };
    const strange = [...kinds.keys()].map(shortName).filter(name => !Object.values(done).flat().includes(name));
    if (strange.length > 0) {
        throw new Error(`more than one thing was done to ${strange.join(", ")}`);
    }
    return done;
}

/** A resource as people call it: `Deployment east-shop-deployment`. */
export function shortName(urn: string): string {
    const [, , types = "", name = ""] = urn.split("::");
    return `${types.split("$").at(-1)?.split(":").at(-1) ?? ""} ${name}`;
}
