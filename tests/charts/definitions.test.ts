// What this can't prove: that the API server prunes and validates so. The rules are those of structural schemas; what a
// definition says in CEL is not judged.
import assert from "node:assert/strict";

import { stringify } from "yaml";

import { Definitions } from "../../charts/definitions";
import { objectsIn } from "../../charts/objects";

const schema = {
    type: "object",
    required: ["spec"],
    properties: {
        apiVersion: { type: "string" },
        spec: {
            type: "object",
            required: ["size", "mode"],
            properties: {
                size: { type: "integer", minimum: 1, maximum: 9 },
                mode: { type: "string", enum: ["a", "b"], default: "a" },
                name: { type: "string", pattern: "^[a-z]+$", maxLength: 5 },
                port: { "x-kubernetes-int-or-string": true },
                labels: { type: "object", additionalProperties: { type: "string" } },
                list: { type: "array", maxItems: 2, items: { type: "object", properties: { on: { type: "boolean" } } } },
                free: { type: "object", "x-kubernetes-preserve-unknown-fields": true, properties: { known: { type: "number" } } },
            },
        },
    },
};
const definition = stringify({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "shops.example.com" },
    spec: {
        group: "example.com",
        names: { kind: "Shop", plural: "shops" },
        versions: [
            { name: "v1", served: true, schema: { openAPIV3Schema: schema } },
            { name: "v1alpha1", served: false, schema: { openAPIV3Schema: {} } },
        ],
    },
});

function misfits(spec: unknown, apiVersion = "example.com/v1"): readonly string[] | undefined {
    const [object] = objectsIn({ apiVersion, kind: "Shop", metadata: { name: "x" }, ...(spec === undefined ? {} : { spec }) }, "default");
    assert.ok(object !== undefined);
    return new Definitions([definition]).misfits(object);
}

describe("custom resources, held against their definition", () => {
    it("fit where all is as it says", () => {
        assert.deepEqual(misfits({ size: 3, name: "shop", port: "http", labels: { a: "b" }, list: [{ on: true }], free: { known: 1, other: [1] } }), []);
        assert.deepEqual(misfits({ size: 3, port: 80, name: null }), []);
    });

    it("do not fit with fields that there are not, at any depth", () => {
        assert.deepEqual(misfits({ size: 1, sizes: 2, list: [{ on: true }, { off: true }] }), ["spec.sizes is no field", "spec.list[1].off is no field"]);
    });

    it("do not fit without what must be there, unless it has a default", () => {
        assert.deepEqual(misfits(undefined), ["spec is missing"]);
        assert.deepEqual(misfits({ mode: "b" }), ["spec.size is missing"]);
    });

    for (const [what, spec, found] of [
        ["another type", { size: "3" }, 'spec.size is "3", not of type integer'],
        ["a fraction for an integer", { size: 1.5 }, "spec.size is 1.5, not of type integer"],
        ["an amount out of bounds", { size: 10 }, "spec.size has 10, out of minimum 1 and maximum 9"],
        ["a word that is not in the list", { size: 1, mode: "c" }, 'spec.mode is "c", not one of ["a","b"]'],
        ["a text of another pattern", { size: 1, name: "S" }, 'spec.name is "S", which does not fit ^[a-z]+$'],
        ["a text that is too long", { size: 1, name: "abcdef" }, "spec.name has 6, out of minLength -Infinity and maxLength 5"],
        ["a list that is too long", { size: 1, list: [{}, {}, {}] }, "spec.list has 3, out of minItems -Infinity and maxItems 2"],
        ["neither number nor text", { size: 1, port: true }, "spec.port is true, not of type integer or string"],
        ["a label that is no text", { size: 1, labels: { a: 1 } }, "spec.labels.a is 1, not of type string"],
        ["a wrong type beside free fields", { size: 1, free: { known: "1" } }, 'spec.free.known is "1", not of type number'],
    ] as const) {
        it(`do not fit with ${what}`, () => {
            assert.deepEqual(misfits(spec), [found]);
        });
    }

    it("are not judged where no version that is served defines them", () => {
        assert.equal(misfits({}, "example.com/v1alpha1"), undefined);
        assert.equal(misfits({}, "example.org/v1"), undefined);
    });

    it("are told to Helm by group, version and kind", () => {
        assert.deepEqual(new Definitions([definition]).apiVersions(), ["example.com/v1", "example.com/v1/Shop", "example.com/v1alpha1", "example.com/v1alpha1/Shop"]);
    });
});
