import * as pulumi from "@pulumi/pulumi";

import { credentialIn } from "./credentials";

/** One thing that is wrong with a config, and what to do about it. */
export interface Problem {
    /** Where, as it is written in the config: `holdfast:clusters[0].zones`. */
    readonly path: string;
    /** The value that was found there, or what is {@link Said} of it; undefined where there is none. */
    readonly received: unknown;
    /** What would be accepted. */
    readonly allowed: string;
    /** What to change. */
    readonly fix: string;
    /** Other paths that the finding rests on. */
    readonly reads?: readonly string[];
}

/** Words in place of a value that is not, or must not be, shown. */
export class Said {
    constructor(public readonly words: string) {}
}

/** Text of a received value is cut here: the line must stay a line. */
const longestReceived = 60;

/** `path: received …; allowed: …; fix: …` on one line. */
export function formatProblem(problem: Problem): string {
    const line = `${problem.path}: received ${describe(problem.received)}; allowed: ${problem.allowed}; fix: ${problem.fix}`;
    // A key or value may hold a line break.
    return line.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ");
}

/**
 * A received value for people. Mappings, and lists that hold any, are only named: a secret may be
 * somewhere in them. So is what looks like a credential, wherever it was written.
 */
function describe(value: unknown): string {
    if (value === undefined) {
        return "nothing";
    }
    if (value instanceof Said) {
        return value.words;
    }
    if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint") {
        return `a ${typeof value}`;
    }
    if (Array.isArray(value) && value.some(item => typeof item === "object" && item !== null)) {
        return `a list of ${value.length}`;
    }
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
        return "a mapping";
    }
    const text = JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? String(item) : item));
    const credential = credentialIn(text);
    if (credential !== undefined) {
        return `what looks like ${credential}`;
    }
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

/** The path of keys and indices below another path, as it is written in the config. */
export function joinPath(parent: string, ...keys: readonly PropertyKey[]): string {
    return keys.reduce<string>((path, key) => {
        if (typeof key === "number") {
            return `${path}[${key}]`;
        }
        // The namespace is set off by a colon, as `pulumi config` writes it.
        return `${path}${path === namespace ? ":" : "."}${String(key)}`;
    }, parent);
}

/** The config namespace of every key of Holdfast. */
export const namespace = "holdfast";

/** `["clusters", 0, "zones"]` as `holdfast:clusters[0].zones`. */
export function pathOf(keys: readonly PropertyKey[]): string {
    return joinPath(namespace, ...keys);
}
