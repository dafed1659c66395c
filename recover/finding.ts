import type { Present } from "./reading";
import type { Operation } from "./state";

/** What becomes of something that was under way. */
export type Fate =
    /** It is there: the state takes it in. */
    | "adopted"
    /** It is there, beside one that the state has: the next update deletes it. */
    | "spare"
    /** It is not there: the next update makes it. */
    | "absent"
    /** The state has it already. */
    | "known"
    /** Nothing of it is in any cloud, such as a component. */
    | "no thing"
    /** The next update does it again, and nothing comes twice by that. */
    | "repeated"
    /** It was being changed: the state takes it as it is now. */
    | "refreshed"
    /** Only people can tell. */
    | "unsolved";

/** What was found of something that was under way. */
export interface Finding {
    readonly operation: Operation;
    readonly fate: Fate;
    /** Id that it has, or would have. */
    readonly id?: string;
    /** How that was found, or why not, for people. */
    readonly how: string;
    /** What its provider said of it. */
    readonly reading?: Present;
}

/** Whether nothing is left for people to tell. */
export function isSolved(findings: readonly Finding[]): boolean {
    return findings.every(({ fate }) => fate !== "unsolved");
}
