import { z } from "zod";

/**
 * JSON schemas of Kubernetes' types, made of the OpenAPI 2 file in Kubernetes' sources. They are as
 * strict as the well-known `standalone-strict` set (https://github.com/yannh/kubernetes-json-schema):
 * no field that the type does not have. Two things are stricter: null is no value, and a quantity
 * must read as one.
 */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Definitions of an OpenAPI 2 file by name. */
export type Definitions = Readonly<Record<string, unknown>>;

/** kubeconform's template for the path of a type's schema; its Group of the core API is the version. */
export const schemaTemplate = "{{ .Group }}/{{ .ResourceAPIVersion }}/{{ .ResourceKind }}.json";

/** Path of a type's schema, as `schemaTemplate` has it. */
export function schemaPath(apiVersion: string, kind: string): string {
    const [group = "", version = group] = apiVersion.split("/");
    return `${group}/${version}/${kind.toLowerCase()}.json`;
}

const refPrefix = "#/definitions/";

const quantityName = "io.k8s.apimachinery.pkg.api.resource.Quantity";

/** The grammar in the definition's own description; a number is taken for its text. */
const quantity = {
    type: ["string", "number"],
    pattern: "^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$",
};

const nodeSchema = z.object({
    $ref: z.string().optional(),
    type: z.string().optional(),
    format: z.string().optional(),
    required: z.array(z.string()).optional(),
    properties: z.record(z.string(), z.unknown()).optional(),
    items: z.unknown().optional(),
    additionalProperties: z.unknown().optional(),
});

const typeSchema = z.object({
    "x-kubernetes-group-version-kind": z.array(z.object({ group: z.string(), version: z.string(), kind: z.string() })).optional(),
});

/** The definitions in an OpenAPI 2 file's text. Throws where it is none. */
export function readDefinitions(swagger: string): Definitions {
    return z.object({ definitions: z.record(z.string(), z.unknown()) }).parse(JSON.parse(swagger)).definitions;
}

/** Name of each type's definition by its schema's path. */
export function typeNames(definitions: Definitions): ReadonlyMap<string, string> {
    return new Map(
        Object.entries(definitions).flatMap(([name, definition]) =>
            (typeSchema.parse(definition)["x-kubernetes-group-version-kind"] ?? []).map(({ group, version, kind }): [string, string] => [
                schemaPath(group === "" ? version : `${group}/${version}`, kind),
                name,
            ]),
        ),
    );
}

/** The schema of a definition, with all that it refers to. */
export function schemaOf(definitions: Definitions, name: string): JsonSchema {
    const used: Record<string, JsonSchema> = {};
    const queue = [name];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        if (!(next in used)) {
            const refs = new Set<string>();
            used[next] = next === quantityName ? quantity : strict(definitions[next], refs);
            queue.push(...refs);
        }
    }
    return { $ref: `${refPrefix}${name}`, required: ["apiVersion", "kind", "metadata"], definitions: used };
}

/** A node of the schema, strict; the definitions that it refers to are added to `refs`. */
function strict(node: unknown, refs: Set<string>): JsonSchema {
    const { $ref, type, format, required, properties, items, additionalProperties } = nodeSchema.parse(node);
    if ($ref !== undefined) {
        refs.add($ref.slice(refPrefix.length));
        return { $ref };
    }
    if (format === "int-or-string") {
        return { type: ["integer", "string"] };
    }
    return {
        ...(type === undefined ? {} : { type }),
        ...(format === "date-time" ? { format } : {}),
        ...(required === undefined ? {} : { required }),
        ...(items === undefined ? {} : { items: strict(items, refs) }),
        ...(properties === undefined ? {} : { properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, strict(value, refs)])) }),
        ...(additionalProperties !== undefined
            ? { additionalProperties: typeof additionalProperties === "boolean" ? additionalProperties : strict(additionalProperties, refs) }
            : properties === undefined
              ? {}
              : { additionalProperties: false }),
    };
}
