import * as pulumi from "@pulumi/pulumi";

/** One thing that is wrong with a config, and what to do about it. */
export interface Problem {
    /** Where, as it is written in the config: `holdfast:clusters[0].zones`. */
    readonly path: string;
    /** The value that was found there; undefined where there is none. */
    readonly received: unknown;
    /** What would be accepted. */
    readonly allowed: string;
    /** What to change. */
    readonly fix: string;
    /** Other paths that the finding rests on. */
    readonly reads?: readonly string[];
}

/** Text of a received value is cut here: the line must stay a line. */
const longestReceived = 60;

/** `path: received …; allowed: …; fix: …` on one line. */
export function formatProblem(problem: Problem): string {
    return `${problem.path}: received ${describe(problem.received)}; allowed: ${problem.allowed}; fix: ${problem.fix}`;
}

/** A received value for people: JSON on one line, cut where it is long, "nothing" where it is missing. */
function describe(value: unknown): string {
    if (value === undefined) {
        return "nothing";
    }
    const text = typeof value === "bigint" ? String(value) : JSON.stringify(value);
    return text.length > longestReceived ? `${text.slice(0, longestReceived)}…` : text;
}

/**
 * Every problem of a config in one error. A `RunError`, so that the engine prints the message alone,
 * without a stack trace.
 */
export class ConfigError extends pulumi.RunError {
    constructor(public readonly problems: readonly Problem[]) {
        const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
        super([`the config has ${count}:`, ...problems.map(problem => `  ${formatProblem(problem)}`)].join("\n"));
    }
}

/** The path of a key or index below another, as it is written in the config. */
export function joinPath(parent: string, key: PropertyKey): string {
    if (typeof key === "number") {
        return `${parent}[${key}]`;
    }
    if (parent === "") {
        return String(key);
    }
    // The namespace is set off by a colon, as `pulumi config` writes it.
    return parent === namespace ? `${parent}:${String(key)}` : `${parent}.${String(key)}`;
}

/** The config namespace of every key of Holdfast. */
export const namespace = "holdfast";

/** `["clusters", 0, "zones"]` as `holdfast:clusters[0].zones`. */
export function pathOf(keys: readonly PropertyKey[]): string {
    return keys.reduce<string>(joinPath, namespace);
}
