import type { z } from "zod";

import { clusterKinds } from "../components/cluster";
import { configSchema } from "../components/config";
import { type FieldDoc, docOf, optionsFor, shapeOf } from "../components/config/fields";
import { pathOf } from "../components/config/problems";

/** A config key, for people. */
export interface ConfigRow {
    /** `holdfast:app.replicas.min`; `[]` stands for each entry of a list. */
    readonly key: string;
    readonly doc: FieldDoc;
    /** Kinds of cluster that have the key; empty for all. */
    readonly kinds: readonly string[];
    /** The default as JSON; undefined where the key must be given or is simply absent. */
    readonly fallback: string | undefined;
    readonly required: boolean;
}

/** Every documented key of the schema, in the order of the schema; clusters' keys once, with their kinds. */
export function configRows(): ConfigRow[] {
    const rows = rowsOf(configSchema, pathOf([]), []);
    const merged = new Map<string, ConfigRow>();
    for (const row of rows) {
        // Kinds may have a key of one name with meanings of their own.
        const identity = `${row.key} ${row.doc.about}`;
        const known = merged.get(identity);
        merged.set(identity, known === undefined ? row : mergeRows(known, row));
    }
    const all = Object.keys(clusterKinds).length;
    return [...merged.values()].map(row => (row.kinds.length === all ? { ...row, kinds: [] } : row));
}

/** One row for a key that kinds share; where each allows something else, all of it. */
function mergeRows(a: ConfigRow, b: ConfigRow): ConfigRow {
    const allowed = [...new Set([...a.doc.allowed.split(" or "), b.doc.allowed])].join(" or ");
    return {
        ...a,
        doc: a.doc.allowed === b.doc.allowed ? a.doc : { ...a.doc, allowed },
        kinds: [...new Set([...a.kinds, ...b.kinds])],
    };
}

/** The table in Markdown. */
export function configTable(): string {
    const lines = configRows().map(({ key, doc, kinds, fallback, required }) => {
        const only = kinds.length === 0 ? "" : `(${kinds.join(", ")}) `;
        const value = required ? "required" : fallback === undefined ? "–" : `\`${fallback}\``;
        return `| \`${key}\` | ${only}${doc.about} | ${doc.allowed} | ${value} |`.replaceAll("\n", " ");
    });
    return ["| Key | Meaning | Allowed | Default |", "| --- | --- | --- | --- |", ...lines].join("\n");
}

function rowsOf(schema: z.core.$ZodType, path: string, kinds: readonly string[]): ConfigRow[] {
    return optionsFor(schema, undefined).flatMap(option => {
        const inner = kindOf(option) ?? kinds;
        return [
            ...Object.entries(shapeOf(option) ?? {}).flatMap(([key, child]) => rowsAt(child, path, key, inner)),
            ...(option._zod.def.type === "array" ? rowsOf(elementOf(option), `${path}[]`, inner) : []),
        ];
    });
}

function rowsAt(schema: z.core.$ZodType, parent: string, key: string, kinds: readonly string[]): ConfigRow[] {
    const path = parent === pathOf([]) ? pathOf([key]) : `${parent}.${key}`;
    const doc = docOf(schema);
    const row: ConfigRow[] = doc === undefined ? [] : [{ key: path, doc, kinds, ...presence(schema) }];
    return [...row, ...rowsOf(schema, path, kinds)];
}

/** Whether a value must be given, and what is taken otherwise: asked of the schema itself. */
function presence(schema: z.core.$ZodType): Pick<ConfigRow, "required" | "fallback"> {
    const parsed = (schema as z.ZodType).safeParse(undefined);
    if (!parsed.success) {
        return { required: true, fallback: undefined };
    }
    // What an empty section is filled with is shown at its keys.
    const isSection = shapeOf(optionsFor(schema, undefined)[0] ?? schema) !== undefined;
    return { required: false, fallback: parsed.data === undefined || isSection ? undefined : JSON.stringify(parsed.data) };
}

function elementOf(schema: z.core.$ZodType): z.core.$ZodType {
    return (schema as z.core.$ZodArray)._zod.def.element;
}

/** The kind of cluster that an object schema describes; undefined for any other object. */
function kindOf(schema: z.core.$ZodType): readonly string[] | undefined {
    const kind = Object.entries(clusterKinds).find(([, { schema: own }]) => own === schema);
    return kind === undefined ? undefined : [kind[0]];
}
