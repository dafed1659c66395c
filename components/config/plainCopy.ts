import { isRecord } from "./fields";

/** Deeper than any config that is accepted, and than any stack is deep enough for. */
const deepest = 50;

/**
 * A copy that shares no list or mapping with the original, and leaves out what holds itself or lies too
 * deep to mean anything. A config is plain data, but a caller may hand over anything.
 */
export function plainCopy(value: unknown, around: readonly unknown[] = []): unknown {
    if (around.includes(value) || around.length > deepest) {
        return undefined;
    }
    const inside = [...around, value];
    if (Array.isArray(value)) {
        return value.map(item => plainCopy(item, inside));
    }
    return isRecord(value)
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainCopy(item, inside)]))
        : value;
}
