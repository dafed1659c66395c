import { nearest } from "../../../components/config/suggest";
import { type ObjectShape, type Property, type Schema, type Shape, typeIn } from "./shape";
import { bare, isUnknown, type Kind, kindOf, typeOfResource } from "./values";

/** An input that a type does not take as it is. No reason shows a value: it may be a secret. */
export interface Problem {
    /** Such as `spec.ports[0].port`, or `tags["my-tag"]` for a name that is no identifier. */
    readonly path: string;
    readonly reason: string;
}

/**
 * What is wrong with inputs as they are on the wire: properties that the type does not have, required ones that are not
 * there, and values of another type than declared. Nothing is converted: text in place of a number is wrong, though some
 * cloud's provider would take it. A value that only an update knows is right everywhere; one that is null is not there.
 *
 * @param unknown says which values only an update knows.
 * @throws Error for a type that the schema was not made for.
 */
export function problems(
    schema: Schema,
    type: string,
    inputs: Readonly<Record<string, unknown>>,
    unknown: (value: unknown) => boolean = isUnknown,
): readonly Problem[] {
    const check = new Check(schema, unknown);
    const shape = typeIn(schema, type);
    return shape.encoded ? check.encoded(inputs, shape) : check.object(inputs, shape, "");
}

class Check {
    constructor(
        private readonly schema: Schema,
        private readonly unknown: (value: unknown) => boolean,
    ) {}

    /** An object's properties, each by itself. */
    public object(value: Readonly<Record<string, unknown>>, shape: ObjectShape, path: string): readonly Problem[] {
        return this.properties(value, shape, path, (item, type, at) => this.value(item, type, at));
    }

    /** A provider's config: text is as it is, all else is JSON text. */
    public encoded(value: Readonly<Record<string, unknown>>, shape: ObjectShape): readonly Problem[] {
        return this.properties(value, shape, "", (item, type, path) => (takesText(type) ? this.value(item, type, path) : this.json(item, type, path)));
    }

    private properties(
        value: Readonly<Record<string, unknown>>,
        { properties, others }: ObjectShape,
        path: string,
        check: (value: unknown, type: Shape, path: string) => readonly Problem[],
    ): readonly Problem[] {
        const given = Object.entries(value).filter(([, item]) => kindOf(bare(item)) !== "nothing");
        const names = new Set(given.map(([name]) => name));
        const absent = Object.entries(properties).filter(([name, { required }]) => required && !names.has(name));
        return [
            ...absent.map(([name, { type }]) => ({ path: join(path, name), reason: `is missing: it must be ${words(type)}` })),
            ...given.flatMap(([name, item]) => {
                const type = Object.hasOwn(properties, name) ? properties[name]?.type : others;
                return type === undefined ? [{ path: join(path, name), reason: strange(name, properties, names) }] : check(item, type, join(path, name));
            }),
        ];
    }

    private value(wired: unknown, type: Shape, path: string): readonly Problem[] {
        const value = bare(wired);
        if (type === "any" || this.unknown(value)) {
            return [];
        }
        const found = choices(type)
            .filter(choice => kindFor(choice) === kindOf(value))
            .map(choice => this.matching(value, choice, path))
            .sort((a, b) => a.length - b.length);
        return found[0] ?? [{ path, reason: `must be ${words(type)}, not ${article(kindOf(value))}` }];
    }

    /** A value whose kind is right already. */
    private matching(value: unknown, type: Shape, path: string): readonly Problem[] {
        if (typeof type === "string") {
            return [];
        }
        if ("listOf" in type) {
            return (value as readonly unknown[]).flatMap((item, index) => this.value(item, type.listOf, `${path}[${index}]`));
        }
        if ("mapOf" in type) {
            return Object.entries(value as object).flatMap(([name, item]) => this.value(item, type.mapOf, join(path, name)));
        }
        if ("object" in type) {
            const shape = this.schema.objects[type.object];
            if (shape === undefined) {
                throw new Error(`the schema has no object ${type.object}`);
            }
            return this.object(value as Readonly<Record<string, unknown>>, shape, path);
        }
        const right = "oneOf" in type ? type.oneOf.includes(String(value)) : "resource" in type && typeOfResource(value) === type.resource;
        return right ? [] : [{ path, reason: `must be ${words(type)}` }];
    }

    private json(wired: unknown, type: Shape, path: string): readonly Problem[] {
        const value = bare(wired);
        if (this.unknown(value)) {
            return [];
        }
        const wanted = `must be JSON text of ${words(type)}`;
        if (typeof value !== "string") {
            return [{ path, reason: `${wanted}, not ${article(kindOf(value))}` }];
        }
        try {
            return this.value(JSON.parse(value), type, path).map(({ path: at, reason }) => ({ path: at, reason: `in its JSON text: ${reason}` }));
        } catch {
            return [{ path, reason: `${wanted}, but is no JSON` }];
        }
    }
}

/** The types of which a value may have any. */
function choices(type: Shape): readonly Shape[] {
    return typeof type === "object" && "anyOf" in type ? type.anyOf : [type];
}

function takesText(type: Shape): boolean {
    return choices(type).some(choice => kindFor(choice) === "string");
}

/** Which kind of value a type that is no choice takes. */
function kindFor(type: Shape): Kind {
    if (typeof type === "string") {
        return type === "any" ? "other" : type;
    }
    if ("oneOf" in type) {
        return "string";
    }
    if ("listOf" in type) {
        return "list";
    }
    return "resource" in type ? "resource" : "object";
}

/** What a type takes, in words. */
function words(type: Shape): string {
    if (typeof type === "string") {
        return type === "any" ? "some value" : article(type);
    }
    if ("anyOf" in type) {
        return type.anyOf.map(words).join(" or ");
    }
    if ("oneOf" in type) {
        return type.oneOf.map(value => JSON.stringify(value)).join(" or ");
    }
    return "resource" in type ? `a resource ${type.resource}` : article(kindFor(type));
}

function article(kind: Kind): string {
    if (kind === "nothing" || kind === "other") {
        return kind === "nothing" ? kind : "something else";
    }
    return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}

/** Why a property is none: perhaps another that is not there was meant. */
function strange(name: string, properties: Readonly<Record<string, Property>>, given: ReadonlySet<string>): string {
    const meant = nearest(name, Object.keys(properties).filter(known => !given.has(known)));
    return meant === undefined ? "is no property of it" : `is no property of it; did you mean ${meant}?`;
}

/** The path of a property, or of an entry of a mapping. */
function join(path: string, name: string): string {
    if (!/^[A-Za-z_$][\w$]*$/.test(name)) {
        return `${path}[${JSON.stringify(name)}]`;
    }
    return path === "" ? name : `${path}.${name}`;
}
