import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { type Mapping, isMapping, textOf } from "../policy/values";
import { listAt, mappingAt, mappingOf, valueAt } from "./objects";

/** The values that a chart names, and what its schemas say of them. */
export interface KnownValues {
    readonly values: Mapping;
    readonly schema: Schema;
}

/** A place in a JSON schema. */
interface Schema {
    readonly node: Mapping;
    /** The whole file, for references. */
    readonly root: Mapping;
    /** Schemas of the dependencies, by name or alias. */
    readonly parts: Readonly<Record<string, Schema>>;
}

/** A path of keys. */
export type Path = readonly string[];

/**
 * What a chart in a folder knows: its own values.yaml, and below the name or alias of each dependency that one's.
 * `global` is everyone's: what a dependency has there, the whole chart has. A dependency's own switch is known even
 * where values.yaml does not name it (https://helm.sh/docs/topics/charts/#tags-and-condition-fields-in-dependencies).
 */
export function knownValues(folder: string): KnownValues {
    const root = readYaml(join(folder, "values.schema.json"));
    // Charts of the first API version list their dependencies in a file of their own.
    const dependencies = ["Chart.yaml", "requirements.yaml"].flatMap(file => listAt(readYaml(join(folder, file)), "dependencies"));
    const parts = dependencies.map(dependency => {
        const name = textOf(dependency["name"]);
        const part = join(folder, "charts", name);
        return { key: textOf(dependency["alias"]) || name, switches: textOf(dependency["condition"]).split(",").filter(Boolean), known: existsSync(part) ? knownValues(part) : nothing };
    });
    const below = parts.flatMap(({ key, switches, known }) => [
        nested([key], known.values),
        { global: mappingAt(known.values, "global") },
        ...switches.map(path => nested(path.trim().split("."), true)),
    ]);
    return {
        values: below.reduce(underneath, readYaml(join(folder, "values.yaml"))),
        schema: { node: resolved(root, root), root, parts: Object.fromEntries(parts.map(({ key, known }) => [key, known.schema])) },
    };
}

const noSchema: Schema = { node: {}, root: {}, parts: {} };
const nothing: KnownValues = { values: {}, schema: noSchema };

/** A file of YAML, or of JSON; empty where there is none. */
function readYaml(path: string): Mapping {
    return existsSync(path) ? mappingOf(parse(readFileSync(path, "utf8"), { merge: true, uniqueKeys: false })) : {};
}

function nested([key, ...rest]: Path, value: unknown): Mapping {
    return key === undefined ? mappingOf(value) : { [key]: rest.length === 0 ? value : nested(rest, value) };
}

/** What `upper` says, and what `lower` says beside it. */
function underneath(upper: Mapping, lower: Mapping): Mapping {
    const merged = Object.entries(lower).map(([key, value]): [string, unknown] => {
        const above = upper[key];
        return [key, isMapping(above) && isMapping(value) ? underneath(above, value) : (above ?? value)];
    });
    return { ...upper, ...Object.fromEntries(merged) };
}

/**
 * Paths of values that a chart does not name. Below a mapping that is empty in values.yaml, or null, anything is
 * welcome: such a place is handed on as it is, and so are the items of lists. A schema names what it has properties for,
 * and what `additionalProperties` describes. A mapping in the place of a text, or the other way round, is
 * named too: Helm warns, and drops it.
 *
 * A path from here may still be known: charts read values that they name only in a comment, and mappings with some entries
 * by default may take others. Whether one is, rendering without it shows.
 */
export function unnamedValues(values: Mapping, { values: known, schema }: KnownValues = nothing, path: Path = []): readonly Path[] {
    return Object.entries(values).flatMap(([key, value]): readonly Path[] => {
        const at = [...path, key];
        const described = propertyOf(schema, key);
        const named = known[key];
        const detailed = described !== undefined && isDetailed(described);
        if (!(key in known)) {
            return described === undefined ? [at] : detailed && isMapping(value) ? unnamedValues(value, { values: {}, schema: described }, at) : [];
        }
        if (isMapping(value) && isMapping(named)) {
            return Object.keys(named).length === 0 && !detailed ? [] : unnamedValues(value, { values: named, schema: described ?? noSchema }, at);
        }
        const mistaken = described === undefined && (named ?? undefined) !== undefined && value !== null && isMapping(value) !== isMapping(named);
        return mistaken ? [at] : [];
    });
}

/** Whether a schema lists what there may be. */
function isDetailed({ node, parts }: Schema): boolean {
    return Object.keys({ ...mappingAt(node, "properties"), ...parts }).length > 0;
}

/** What a schema says of a property; undefined where it says nothing. */
function propertyOf({ node, root, parts }: Schema, key: string): Schema | undefined {
    const pattern = Object.entries(mappingAt(node, "patternProperties")).find(([expression]) => new RegExp(expression).test(key))?.[1];
    const open = isDetailed({ node, root, parts }) && node["additionalProperties"] === true ? undefined : node["additionalProperties"];
    const described = valueAt(node, "properties", key) ?? pattern ?? open;
    return parts[key] ?? (isMapping(described) || described === true ? { node: resolved(mappingOf(described), root), root, parts: {} } : undefined);
}

/** A node, or the one in the same file that it refers to. */
function resolved(node: Mapping, root: Mapping): Mapping {
    const [, pointer] = /^#\/(.+)$/.exec(textOf(node["$ref"])) ?? [];
    // Keys in a pointer have their slashes and tildes written otherwise: RFC 6901.
    const keys = pointer?.split("/").map(key => key.replaceAll("~1", "/").replaceAll("~0", "~"));
    return keys === undefined ? node : resolved(mappingAt(root, ...keys), root);
}

/** Values without what is at a path. */
export function withoutPath(values: Mapping, path: Path): Mapping {
    return changedAt(values, path, () => undefined);
}

/** Values with something else of the same type at a path: a chart that reads it can't render the same. */
export function withOther(values: Mapping, path: Path): Mapping {
    return changedAt(values, path, otherThan);
}

function otherThan(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.length === 0 ? ["other"] : [];
    }
    if (isMapping(value)) {
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, otherThan(item)]));
    }
    return typeof value === "number" ? value + 1 : typeof value === "boolean" ? !value : `${textOf(value)}other`;
}

function changedAt(values: Mapping, [key, ...rest]: Path, change: (value: unknown) => unknown): Mapping {
    const entries = Object.entries(values).map(([name, value]): readonly [string, unknown] => {
        const changed = rest.length === 0 ? change(value) : isMapping(value) ? changedAt(value, rest, change) : value;
        return [name, name === key ? changed : value];
    });
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
