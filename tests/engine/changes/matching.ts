import { deepStrictEqual } from "node:assert/strict";

import type { Operations } from "../support/operations";
import type { Effects } from "./change";

/** Holds what was done against what was expected: nothing more, and nothing less. */
export function holdAgainst(done: Operations, { created = [], updated = [], replaced = [], deleted = [] }: Effects): void {
    const expected = { created, updated, replaced, deleted };
    deepStrictEqual(
        { created: folded(done.created, created), updated: folded(done.updated, updated), replaced: folded(done.replaced, replaced), deleted: folded(done.deleted, deleted) },
        Object.fromEntries(Object.entries(expected).map(([kind, names]) => [kind, [...names].sort()])),
    );
}

/** Names, of which those that only a pattern stands for are written as the pattern. */
export function folded(names: readonly string[], patterns: readonly string[]): readonly string[] {
    const stars = patterns.filter(pattern => pattern.includes("*"));
    return [...new Set(names.map(name => (patterns.includes(name) ? name : (stars.find(pattern => isMatch(name, pattern)) ?? name))))].sort();
}

function isMatch(name: string, pattern: string): boolean {
    const parts = pattern.split("*").map(part => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`).test(name);
}
