import { type Mapping, isMapping, listOf, textOf } from "../policy/values";
import { mappingAt, numberAt, valueAt } from "./objects";

/** What every object has. */
export const identity: readonly string[] = ["apiVersion", "kind", "metadata"];

/**
 * What in a value does not fit a structural schema
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema),
 * or one with definitions that it refers to. Fields that the schema does not have are named: the API server drops them without
 * a word. Rules in CEL are not judged.
 */
export function misfitsOf(value: unknown, schema: Mapping, root: Mapping = schema, path = ""): readonly string[] {
    const at = path === "" ? "the whole" : path;
    const [, definition] = /^#\/definitions\/(.+)$/.exec(textOf(schema["$ref"])) ?? [];
    if (definition !== undefined) {
        return misfitsOf(value, mappingAt(root, "definitions", definition), root, path);
    }
    if (value === null || value === undefined) {
        return [];
    }
    if (!isOfType(value, schema)) {
        return [`${at} is ${JSON.stringify(value)}, not of type ${typesOf(schema).join(" or ")}`];
    }
    const allowed = schema["enum"];
    if (Array.isArray(allowed) && !allowed.includes(value)) {
        return [`${at} is ${JSON.stringify(value)}, not one of ${JSON.stringify(allowed)}`];
    }
    if (Array.isArray(value)) {
        return [...outOf(value.length, schema, "minItems", "maxItems", at), ...value.flatMap((item, index) => misfitsOf(item, mappingAt(schema, "items"), root, `${path}[${index}]`))];
    }
    if (isMapping(value)) {
        return fieldMisfits(value, schema, root, path);
    }
    if (typeof value === "string") {
        const pattern = textOf(schema["pattern"]);
        const fits = pattern === "" || new RegExp(pattern).test(value);
        return [...(fits ? [] : [`${at} is ${JSON.stringify(value)}, which does not fit ${pattern}`]), ...outOf(value.length, schema, "minLength", "maxLength", at)];
    }
    return typeof value === "number" ? outOf(value, schema, "minimum", "maximum", at) : [];
}

function fieldMisfits(value: Mapping, schema: Mapping, root: Mapping, path: string): readonly string[] {
    const additional = schema["additionalProperties"];
    // A definition's schema is closed unless it says otherwise; one that is made of Kubernetes' API says so where it is.
    const open = schema["x-kubernetes-preserve-unknown-fields"] === true || additional === true || (additional === undefined && "definitions" in root);
    const embedded = schema["x-kubernetes-embedded-resource"] === true ? identity : [];
    const required = schema["required"];
    const missing = (Array.isArray(required) ? required : []).filter(name => value[textOf(name)] === undefined && valueAt(schema, "properties", textOf(name), "default") === undefined);
    const fields = Object.entries(value).flatMap(([key, item]): readonly string[] => {
        const known = valueAt(schema, "properties", key) ?? (isMapping(additional) ? additional : undefined);
        const at = path === "" ? key : `${path}.${key}`;
        return isMapping(known) ? misfitsOf(item, known, root, at) : open || embedded.includes(key) || item === undefined ? [] : [`${at} is no field`];
    });
    return [...missing.map(name => `${path === "" ? "" : `${path}.`}${textOf(name)} is missing`), ...fields];
}

function isOfType(value: unknown, schema: Mapping): boolean {
    const types = typesOf(schema);
    return types.length === 0 || types.some(type => isOf(value, type));
}

function typesOf(schema: Mapping): readonly unknown[] {
    return schema["x-kubernetes-int-or-string"] === true ? ["integer", "string"] : listOf(schema["type"]);
}

function isOf(value: unknown, type: unknown): boolean {
    switch (type) {
        case "object":
            return isMapping(value);
        case "array":
            return Array.isArray(value);
        case "integer":
            return Number.isInteger(value);
        default:
            return typeof value === type;
    }
}

function outOf(amount: number, schema: Mapping, low: string, high: string, at: string): readonly string[] {
    const [least, most] = [numberAt(schema, low) ?? -Infinity, numberAt(schema, high) ?? Infinity];
    return amount < least || amount > most ? [`${at} has ${amount}, out of ${low} ${least} and ${high} ${most}`] : [];
}
