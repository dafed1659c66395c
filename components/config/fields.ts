import { z } from "zod";

/** What a config key means, and what to say when its value is wrong. The README's table is made of these. */
export interface FieldDoc {
    /** Meaning, with the unit. */
    readonly about: string;
    /** What is accepted, in words. */
    readonly allowed: string;
    /** A value that is accepted; shown in errors and in the README. */
    readonly example: unknown;
    /** What to do where the value is wrong; by default, to write something like the example. */
    readonly fix?: string;
    /** Holds secrets: `pulumi config set --secret --path` is the way to write it. */
    readonly secret?: boolean;
}

const docs = z.registry<FieldDoc>();

/** A copy of a schema with a {@link FieldDoc}: one schema may stand for several keys. */
export function field<S extends z.ZodType>(schema: S, doc: FieldDoc): S {
    const copy = schema.clone();
    docs.add(copy, doc);
    return copy;
}

/** The doc of a schema, looking through optional and default wrappers. */
export function docOf(schema: z.core.$ZodType): FieldDoc | undefined {
    const doc = docs.get(schema as z.ZodType);
    if (doc !== undefined) {
        return doc;
    }
    const inner = unwrap(schema);
    return inner === schema ? undefined : docOf(inner);
}

/** The schema inside optional and default wrappers. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
    let current = schema;
    while (
        current instanceof z.core.$ZodOptional ||
        current instanceof z.core.$ZodDefault ||
        current instanceof z.core.$ZodPrefault
    ) {
        current = current._zod.def.innerType;
    }
    return current;
}

/** The keys of an object schema with their schemas; undefined for anything else. */
export function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | undefined {
    return schema instanceof z.core.$ZodObject ? schema._zod.def.shape : undefined;
}

/**
 * The schemas a value may be held against: the options of a union (only the one the discriminator
 * names, where the value has it), or the schema itself.
 */
export function optionsFor(schema: z.core.$ZodType, value: unknown): readonly z.core.$ZodType[] {
    const inner = unwrap(schema);
    if (!(inner instanceof z.core.$ZodUnion)) {
        return [inner];
    }
    const options = inner._zod.def.options;
    if (inner instanceof z.core.$ZodDiscriminatedUnion && isRecord(value)) {
        const key = inner._zod.def.discriminator;
        const chosen = options.filter(option => {
            const literal = shapeOf(option)?.[key];
            return literal instanceof z.core.$ZodLiteral && literal._zod.def.values.includes(value[key] as string);
        });
        return chosen.length > 0 ? chosen : options;
    }
    return options.flatMap(option => optionsFor(option, value));
}

/**
 * The schema at `path` below `root` for the given value (which decides between the options of a
 * union). Undefined where the schema has no such place.
 */
export function schemaAt(
    root: z.core.$ZodType,
    value: unknown,
    path: readonly PropertyKey[],
): z.core.$ZodType | undefined {
    const [key, ...rest] = path;
    if (key === undefined) {
        return root;
    }
    for (const option of optionsFor(root, value)) {
        const child = childSchema(option, key);
        if (child !== undefined) {
            return schemaAt(child, isRecord(value) || Array.isArray(value) ? Reflect.get(value, key) : undefined, rest);
        }
    }
    return undefined;
}

function childSchema(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | undefined {
    if (schema instanceof z.core.$ZodArray) {
        return schema._zod.def.element;
    }
    if (schema instanceof z.core.$ZodRecord) {
        return schema._zod.def.valueType;
    }
    const shape = shapeOf(schema);
    // Own keys only: a config may say "constructor".
    return shape !== undefined && Object.hasOwn(shape, key) ? shape[String(key)] : undefined;
}

/** Whether a value at `path`, or anything above it, is documented to hold secrets. */
export function isSecretPath(root: z.core.$ZodType, value: unknown, path: readonly PropertyKey[]): boolean {
    return path.some((_, index) => {
        const schema = schemaAt(root, value, path.slice(0, index + 1));
        return schema !== undefined && docOf(schema)?.secret === true;
    });
}

/** Whether a value is a plain object (a YAML mapping). */
export function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
