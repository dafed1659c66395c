// What this cannot prove: that kubeconform reads a schema so, nor that Kubernetes' file says what its API server does.
import assert from "node:assert/strict";

import { readDefinitions, schemaOf, schemaPath, typeNames } from "../../judges/schemas";

const intOrString = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
const quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity";

/** A fragment in the form of Kubernetes' own file. */
const swagger = JSON.stringify({
    swagger: "2.0",
    definitions: {
        Budget: {
            description: "A budget.",
            type: "object",
            required: ["spec"],
            properties: {
                apiVersion: { description: "Version.", type: "string" },
                kind: { type: "string" },
                metadata: { $ref: "#/definitions/Meta", description: "Metadata." },
                spec: { $ref: "#/definitions/Spec" },
            },
            "x-kubernetes-group-version-kind": [{ group: "policy", version: "v1", kind: "PodDisruptionBudget" }],
        },
        Meta: {
            type: "object",
            properties: {
                name: { type: "string" },
                labels: { type: "object", additionalProperties: { type: "string" } },
                created: { type: "string", format: "date-time" },
            },
        },
        Spec: {
            type: "object",
            properties: {
                maxUnavailable: { $ref: `#/definitions/${intOrString}` },
                sizes: { type: "array", items: { $ref: `#/definitions/${quantity}` }, "x-kubernetes-list-type": "atomic" },
                nested: { $ref: "#/definitions/Spec" },
                anything: { $ref: "#/definitions/Raw" },
            },
        },
        Raw: { type: "object" },
        [intOrString]: { type: "string", format: "int-or-string" },
        [quantity]: { type: "string", description: "A fixed-point number." },
        Pod: { type: "object", properties: {}, "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "Pod" }] },
        Unrelated: { type: "object", properties: { x: { type: "integer" } } },
    },
});

const definitions = readDefinitions(swagger);

describe("schemas", () => {
    it("are where kubeconform's template looks: by group, version and kind; the core group goes by its version", () => {
        assert.deepEqual([...typeNames(definitions)], [
            ["policy/v1/poddisruptionbudget.json", "Budget"],
            ["v1/v1/pod.json", "Pod"],
        ]);
        assert.equal(schemaPath("eks.amazonaws.com/v1", "IngressClassParams"), "eks.amazonaws.com/v1/ingressclassparams.json");
    });

    const schema = schemaOf(definitions, "Budget");
    const parts = schema["definitions"] as Record<string, Record<string, unknown>>;

    it("hold the type, what it refers to, and no more", () => {
        assert.equal(schema["$ref"], "#/definitions/Budget");
        assert.deepEqual(schema["required"], ["apiVersion", "kind", "metadata"]);
        assert.deepEqual(Object.keys(parts).sort(), ["Budget", "Meta", "Raw", "Spec", intOrString, quantity].sort());
    });

    it("refuse fields that a type does not have, and keep maps and open types open", () => {
        assert.deepEqual(parts["Meta"], {
            type: "object",
            properties: {
                name: { type: "string" },
                labels: { type: "object", additionalProperties: { type: "string" } },
                created: { type: "string", format: "date-time" },
            },
            additionalProperties: false,
        });
        assert.deepEqual([parts["Budget"]?.["additionalProperties"], parts["Spec"]?.["additionalProperties"]], [false, false]);
        assert.deepEqual(parts["Raw"], { type: "object" });
    });

    it("keep what is required, and lists with the type of their items", () => {
        assert.deepEqual(parts["Budget"]?.["required"], ["spec"]);
        assert.deepEqual((parts["Spec"]?.["properties"] as Record<string, unknown> | undefined)?.["sizes"], { type: "array", items: { $ref: `#/definitions/${quantity}` } });
    });

    it("take an integer or a string for int-or-string", () => {
        assert.deepEqual(parts[intOrString], { type: ["integer", "string"] });
    });

    it("take numbers and quantities for a quantity, and no other text", () => {
        const { type, pattern } = parts[quantity] as { type: string[]; pattern: string };
        assert.deepEqual(type, ["string", "number"]);
        const fits = (text: string): boolean => new RegExp(pattern).test(text);
        assert.deepEqual(["0", "250m", "1.5", ".5", "1.", "10Gi", "1e3", "1E-3", "+2", "-1", "5k", "3E", "3Ei"].filter(text => !fits(text)), []);
        assert.deepEqual(["", "256MB", "10 Gi", "1Ki5", "Gi", "1K", "1,5", "1..5", "1e", "200mi"].filter(fits), []);
    });

    it("come from an OpenAPI 2 file and nothing else", () => {
        assert.throws(() => readDefinitions('{"components": {}}'));
    });
});
