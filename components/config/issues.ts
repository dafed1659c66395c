import { type z } from "zod";

import { type FieldDoc, docOf, isRecord, optionsFor, schemaAt, shapeOf } from "./fields";
import { type Problem, pathOf } from "./problems";
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
    const doc = docAt(root, config, issue.path);
    const received = valueAt(config, issue.path);
    return {
        keys: issue.path,
        problem: {
            path: pathOf(issue.path),
            received,
            allowed: doc?.allowed ?? issue.message,
            fix: fixFor(doc, issue, received),
        },
    };
}

function fixFor(doc: FieldDoc | undefined, issue: z.core.$ZodIssue, received: unknown): string {
    const key = String(issue.path.at(-1) ?? "it");
    if (doc === undefined) {
        return `correct ${key}`;
    }
    const example = JSON.stringify(doc.example);
    if (received === undefined) {
        return `add ${key}, for example ${key}: ${example}`;
    }
    return doc.fix ?? `for example ${key}: ${example}`;
}

function unknownKey(root: z.ZodType, config: unknown, path: Path, key: string): SchemaFault {
    const schema = schemaAt(root, config, path);
    const place = valueAt(config, path);
    const known = schema === undefined ? [] : optionsFor(schema, place).flatMap(option => Object.keys(shapeOf(option) ?? {}));
    const suggestion = nearest(key, known);
    return {
        keys: [...path, key],
        problem: {
            path: pathOf([...path, key]),
            received: valueAt(place, [key]),
            allowed: `one of ${[...new Set(known)].join(", ")}`,
            fix: suggestion === undefined ? `remove ${key}` : `did you mean ${suggestion}?`,
        },
    };
}

/** The doc of the value at `path`, or of the nearest thing above it that has one. */
function docAt(root: z.ZodType, config: unknown, path: Path): FieldDoc | undefined {
    for (let length = path.length; length >= 0; length--) {
        const schema = schemaAt(root, config, path.slice(0, length));
        const doc = schema === undefined ? undefined : docOf(schema);
        if (doc !== undefined) {
            return doc;
        }
    }
    return undefined;
}

/** The value at `path`; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
    return path.reduce<unknown>(
        (current, key) => (isRecord(current) || Array.isArray(current) ? Reflect.get(current, key) : undefined),
        value,
    );
}

/**
 * A copy of `config` in which every faulty value is replaced by its doc's example, or removed, so
 * that the checks across keys can still run on the rest.
 */
export function repair(root: z.ZodType, config: unknown, faults: readonly SchemaFault[]): unknown {
    const repaired: unknown = structuredClone(config);
    for (const { keys } of faults) {
        const place = valueAt(repaired, keys.slice(0, -1));
        const key = keys.at(-1);
        if (key === undefined || !(isRecord(place) || Array.isArray(place))) {
            continue;
        }
        const schema = schemaAt(root, repaired, keys);
        const doc = schema === undefined ? undefined : docOf(schema);
        if (doc === undefined) {
            Reflect.deleteProperty(place, key);
        } else {
            Reflect.set(place, key, structuredClone(doc.example));
        }
    }
    return repaired;
}
