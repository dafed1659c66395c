/**
 * What the SDKs declare of a type, as plain JSON. Whether a value is given outright or as an Output makes no difference
 * here: on the wire both look alike.
 */

/** What a value may be. */
export type Shape =
    | "string"
    | "number"
    | "boolean"
    | "any"
    | "asset"
    | "archive"
    /** One of these values. */
    | { readonly oneOf: readonly string[] }
    | { readonly listOf: Shape }
    | { readonly mapOf: Shape }
    /** An object by its name in {@link Schema.objects}. */
    | { readonly object: string }
    /** A resource itself, in place of its id or name: its Pulumi type. */
    | { readonly resource: string }
    | { readonly anyOf: readonly Shape[] };

/** A property of an object. */
export interface Property {
    readonly type: Shape;
    readonly required: boolean;
}

/** An object: each of its properties by name, and for an open one what all others must be. */
export interface ObjectShape {
    readonly properties: Readonly<Record<string, Property>>;
    readonly others?: Shape;
}

/** A resource, a function or a provider: its inputs, and what comes out of it. */
export interface TypeShape extends ObjectShape {
    /** Names of the properties of the resource's class or of the function's result, those that repeat an input too. */
    readonly outputs: readonly string[];
    /** Whether inputs that are no text travel as JSON text: true of a provider's. */
    readonly encoded: boolean;
}

/** Types by token, such as `aws:ec2/vpc:Vpc`, and the objects that these share by name. */
export interface Schema {
    readonly types: Readonly<Record<string, TypeShape>>;
    readonly objects: Readonly<Record<string, ObjectShape>>;
}

/**
 * A type of a schema.
 *
 * @throws Error for a type that the schema was not made for.
 */
export function typeIn(schema: Schema, type: string): TypeShape {
    const shape = Object.hasOwn(schema.types, type) ? schema.types[type] : undefined;
    if (shape === undefined) {
        throw new Error(`the schema was not made for ${type}`);
    }
    return shape;
}

/** Names of what comes out of a resource or a function, beside a resource's `id` and `urn`; throws like {@link typeIn}. */
export function outputNames(schema: Schema, type: string): readonly string[] {
    return typeIn(schema, type).outputs;
}

/** The shape that takes what any of some shapes takes, in as few words as can be. */
export function anyOf(shapes: readonly Shape[]): Shape {
    const flat = shapes.flatMap(shape => (typeof shape === "object" && "anyOf" in shape ? shape.anyOf : [shape]));
    if (flat.includes("any")) {
        return "any";
    }
    const values = flat.flatMap(shape => (typeof shape === "object" && "oneOf" in shape ? shape.oneOf : []));
    const rest = flat.filter(shape => typeof shape !== "object" || !("oneOf" in shape));
    const named = values.length === 0 || rest.includes("string") ? [] : [{ oneOf: [...new Set(values)] }];
    const distinct = new Map([...rest, ...named].map(shape => [JSON.stringify(shape), shape]));
    const [only, ...others] = distinct.values();
    return only !== undefined && others.length === 0 ? only : { anyOf: [...distinct.values()] };
}
