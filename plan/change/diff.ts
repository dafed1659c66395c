import type { Danger } from "./weight";

/** What becomes of a resource. */
export type Action = "create" | "update" | "replace" | "delete";

/** diff.json: what an update would do to a stack that is as one plan says, to be as another says. */
export interface PlanDiff {
    /** Of this document's shape; raised when a reader would have to change. */
    readonly formatVersion: 1;
    readonly project: string;
    readonly stack: string;
    /** What is compared with, in words. */
    readonly base: string;
    /** Resources by what becomes of them; component resources, providers and the stack itself are not counted. */
    readonly counts: Readonly<Record<Action | "same", number>>;
    /** All that becomes of something, in the order of URNs. */
    readonly changes: readonly Change[];
    /** URNs of resources that hold secrets and seem to be the same or updated: a secret's value is in no plan. */
    readonly unseen: readonly string[];
    /** What should be known of the comparison. */
    readonly notes: readonly string[];
}

/** What becomes of one resource. */
export interface Change {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly action: Action;
    /** Paths of inputs that differ, or take their value from something that is replaced; empty for what is created or deleted. */
    readonly properties: readonly string[];
    /** Those that force the replacement; `provider` where the provider does. Empty for other actions. */
    readonly forcedBy: readonly string[];
    /** Names of replaced resources that have a part in it, because an input takes its value from them. */
    readonly after: readonly string[];
    /** Of a replacement: the old one goes before the new one comes. */
    readonly deletedFirst: boolean;
    /** It is protected, and must go for this: the engine refuses the whole update. */
    readonly refused: boolean;
    /** What was there stays, and is no longer the stack's (retainOnDelete). */
    readonly kept: boolean;
    /** What is at stake where this is replaced or deleted; null where nothing much is. */
    readonly danger: Danger | null;
}

/** Changes that take away a cluster, a network or data: all that is not kept. */
export function losses({ changes }: Pick<PlanDiff, "changes">): readonly Change[] {
    return changes.filter(({ danger, kept }) => danger?.isLoss === true && !kept);
}
