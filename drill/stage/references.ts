/** What stands in for a value that only an update knows: valid as a name and as a label. */
export const knownLater = "known-after-update";

/** A reference as the plan writes it: a resource's name, a dot, and a property. */
const reference = /\$\{([^.{}]+)\.[^{}]+\}/g;

/** A value without references, and the references that were in it. */
export interface Replaced<T> {
    readonly value: T;
    readonly replaced: readonly string[];
}

/** A copy in which every reference to a resource is replaced by a harmless value. What only looks like one, as in a shell's command, stays. */
export function withoutReferences<T>(value: T, resources: ReadonlySet<string>): Replaced<T> {
    const replaced = new Set<string>();
    const walk = (part: unknown): unknown => {
        if (typeof part === "string") {
            return part.replace(reference, (whole, name: string) => {
                if (!resources.has(name)) {
                    return whole;
                }
                replaced.add(whole);
                return knownLater;
            });
        }
        if (Array.isArray(part)) {
            return part.map(walk);
        }
        return typeof part === "object" && part !== null ? Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner)])) : part;
    };
    // The walk keeps the shape: it maps text to text and leaves everything else alone.
    const copy = walk(value) as T;
    return { value: copy, replaced: [...replaced].sort() };
}
