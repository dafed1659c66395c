import { type z } from "zod";

import { type FieldDoc, docOf, isRecord, isSecretPath, optionsFor, schemaAt, shapeOf } from "./fields";
import { type Problem, Said, pathOf } from "./problems";
import { plainCopy } from "./plainCopy";
import { nearest } from "./suggest";

type Path = readonly PropertyKey[];

/** A fault of the schema kind: the problem, and the keys that lead to the faulty value. */
export interface SchemaFault {
    readonly keys: Path;
    readonly problem: Problem;
}

/** Turns what zod found wrong with `config` into problems, one for each value or unknown key. */
export function faultsOf(root: z.ZodType, config: unknown, issues: readonly z.core.$ZodIssue[]): SchemaFault[] {
    return issues.flatMap(issue => {
        if (issue.code === "unrecognized_keys") {
            return issue.keys.map(key => unknownKey(root, config, issue.path, key));
        }
        if (issue.code === "invalid_key") {
            return [wrongName(root, config, issue)];
        }
        if (issue.code === "invalid_union" && issue.errors.length > 0) {
            return unionFaults(root, config, issue);
        }
        return [wrongValue(root, config, issue)];
    });
}

/**
 * Of a union's options, the one whose type fits the value tells what is wrong with it (an object that
 * lacks a key is held against the object option); where none fits, the union's own doc does.
 */
function unionFaults(root: z.ZodType, config: unknown, issue: z.core.$ZodIssueInvalidUnion): SchemaFault[] {
    const deeper = issue.errors.filter(errors => errors.every(error => error.path.length > 0 || error.code !== "invalid_type"));
    const chosen = deeper[0];
    if (chosen === undefined) {
        return [wrongValue(root, config, issue)];
    }
    return faultsOf(
        root,
        config,
        chosen.map(error => ({ ...error, path: [...issue.path, ...error.path] })),
    );
}

function wrongValue(root: z.ZodType, config: unknown, issue: z.core.$ZodIssue): SchemaFault {
    const { doc, depth } = docAt(root, config, issue.path);
    const value = valueAt(config, issue.path);
    const received = value !== undefined && isSecretPath(root, config, issue.path) ? hiddenValue : value;
    // A union is chosen from by a key whose doc is that of one option.
    const options = issue.code === "invalid_union" && "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
    const choices = issue.code === "invalid_value" ? issue.values.filter(choice => typeof choice === "string") : options;
    return {
        keys: issue.path,
        problem: {
            path: pathOf(issue.path),
            received,
            allowed: options.length > 0 ? `one of ${options.join(", ")}` : (doc?.allowed ?? "a mapping with the keys clusters, app and failover"),
            fix: fixFor(doc, { key: issue.path[depth - 1] ?? "", exact: depth === issue.path.length, received, choices }),
        },
    };
}

/** A name in a mapping that none can have. What stands under it is not shown. */
function wrongName(root: z.ZodType, config: unknown, issue: z.core.$ZodIssueInvalidKey): SchemaFault {
    const mapping = issue.path.slice(0, -1);
    const { doc } = docAt(root, config, mapping);
    const example = isRecord(doc?.example) ? Object.keys(doc.example)[0] : undefined;
    return {
        keys: mapping,
        problem: {
            path: pathOf(issue.path),
            received: new Said(`the name ${JSON.stringify(issue.path.at(-1))}`),
            allowed: doc?.allowed ?? "another name",
            fix: `rename it${example === undefined ? "" : `, for example ${example}`}`,
        },
    };
}

/** What is said of a value that may be a secret. */
const hiddenValue = new Said("a value that is not shown");

interface Fault {
    /** The key that the doc is of; a number for an entry of a list. */
    readonly key: PropertyKey;
    /** Whether the doc is the faulty value's own, rather than that of something around it. */
    readonly exact: boolean;
    readonly received: unknown;
    /** The words that the value is chosen from; empty for other values. */
    readonly choices: readonly string[];
}

function fixFor(doc: FieldDoc | undefined, { key, exact, received, choices }: Fault): string {
    const choice = typeof received === "string" ? nearest(received, choices) : undefined;
    if (choice !== undefined) {
        return `did you mean ${choice}?`;
    }
    if (doc === undefined) {
        return "write the keys below holdfast: as the README's config table has them";
    }
    const example = JSON.stringify(doc.example);
    const name = String(key);
    if (!exact) {
        return doc.fix ?? `write ${name} like ${example}`;
    }
    if (received === undefined) {
        return `add ${name}, for example ${name}: ${example}`;
    }
    return doc.fix ?? (typeof key === "number" ? `write it like ${example}` : `for example ${name}: ${example}`);
}

/** The value of an unknown key is not shown: it may be a secret under a misspelt name. */
const unknownKeyReceived = new Said("an unknown key");

function unknownKey(root: z.ZodType, config: unknown, path: Path, key: string): SchemaFault {
    const schema = schemaAt(root, config, path);
    const place = valueAt(config, path);
    const known = schema === undefined ? [] : optionsFor(schema, place).flatMap(option => Object.keys(shapeOf(option) ?? {}));
    const suggestion = nearest(key, known);
    return {
        keys: [...path, key],
        problem: {
            path: pathOf([...path, key]),
            received: unknownKeyReceived,
            allowed: `one of ${[...new Set(known)].join(", ")}`,
            fix: suggestion === undefined ? `remove ${key}` : `did you mean ${suggestion}?`,
        },
    };
}

/** The doc of the value at `path`, or of the nearest thing above it that has one, and how deep that is. */
function docAt(root: z.ZodType, config: unknown, path: Path): { readonly doc: FieldDoc | undefined; readonly depth: number } {
    for (let depth = path.length; depth >= 0; depth--) {
        const schema = schemaAt(root, config, path.slice(0, depth));
        const doc = schema === undefined ? undefined : docOf(schema);
        if (doc !== undefined) {
            return { doc, depth };
        }
    }
    return { doc: undefined, depth: 0 };
}

/** The value at `path`; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
    return path.reduce<unknown>(
        (current, key) => ((isRecord(current) || Array.isArray(current)) && Object.hasOwn(current, key) ? Reflect.get(current, key) : undefined),
        value,
    );
}

/** A config whose faults were mended, and the places that were changed for it. */
export interface Repaired {
    readonly config: unknown;
    readonly places: readonly Path[];
}

/**
 * A copy of `config` in which every faulty value, or the nearest thing around it that has a doc, is
 * replaced by the doc's example, and every unknown key is removed: so that the checks across keys can
 * still run on the rest.
 */
export function repair(root: z.ZodType, config: unknown, faults: readonly SchemaFault[]): Repaired {
    const repaired = plainCopy(config);
    const places: Path[] = [];
    for (const { keys } of faults) {
        const { doc, depth } = docAt(root, repaired, keys);
        const known = schemaAt(root, repaired, keys) !== undefined;
        const place = known ? keys.slice(0, depth) : keys;
        const holder = valueAt(repaired, place.slice(0, -1));
        const key = place.at(-1);
        if (key === undefined || !(isRecord(holder) || Array.isArray(holder))) {
            continue;
        }
        places.push(place);
        if (known && doc !== undefined) {
            Reflect.set(holder, key, structuredClone(doc.example));
        } else {
            Reflect.deleteProperty(holder, key);
        }
    }
    return { config: repaired, places };
}
