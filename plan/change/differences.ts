import { isRecord } from "../../components/config/fields";
import { type Path, formatPath } from "./paths";

/**
 * Paths of the properties that differ, as deep as they can be told: lists by their index, and of what was
 * added or removed as a whole each part. Nothing and null are the same. A changed order of a list counts: a
 * plan does not know which lists a cloud takes as sets.
 */
export function differences(before: unknown, after: unknown): readonly string[] {
    return differingPaths(before, after).map(formatPath);
}

/** {@link differences}, each as its steps. */
export function differingPaths(before: unknown, after: unknown, at: Path = []): readonly Path[] {
    if (Object.is(before, after) || (isAbsent(before) && isAbsent(after))) {
        return [];
    }
    const keys = keysOf(before, after);
    if (keys === undefined) {
        return [at];
    }
    const parts = keys.flatMap(key => differingPaths(partOf(before, key), partOf(after, key), [...at, key]));
    // An empty object or list that was added or removed has no part to name.
    return parts.length === 0 && isAbsent(before) !== isAbsent(after) ? [at] : parts;
}

function isAbsent(value: unknown): value is null | undefined {
    return value === undefined || value === null;
}

/** The keys of both, where both are objects or both lists, or one of them is absent; undefined otherwise. */
function keysOf(before: unknown, after: unknown): readonly (string | number)[] | undefined {
    const values = [before, after].filter(value => !isAbsent(value));
    if (values.every(Array.isArray)) {
        const length = Math.max(...values.map(list => list.length));
        return Array.from({ length }, (_, index) => index);
    }
    return values.every(isRecord) ? [...new Set(values.flatMap(record => Object.keys(record)))] : undefined;
}

function partOf(value: unknown, key: string | number): unknown {
    if (Array.isArray(value)) {
        return (value as readonly unknown[])[Number(key)];
    }
    return isRecord(value) ? value[key] : undefined;
}
