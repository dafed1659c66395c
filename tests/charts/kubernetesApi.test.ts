// What this can't prove: that the API of the cluster is of the version that this is held against.
import assert from "node:assert/strict";

import { apiOf } from "../../charts/kubernetesApi";
import { objectsIn } from "../../charts/objects";

const swagger = JSON.stringify({
    definitions: {
        "io.k8s.api.Shop": {
            type: "object",
            properties: { apiVersion: { type: "string" }, kind: { type: "string" }, metadata: { type: "object" }, spec: { $ref: "#/definitions/io.k8s.api.ShopSpec" } },
            "x-kubernetes-group-version-kind": [{ group: "shops", version: "v1", kind: "Shop" }],
        },
        "io.k8s.api.ShopSpec": {
            type: "object",
            required: ["size"],
            properties: {
                size: { $ref: "#/definitions/io.k8s.apimachinery.pkg.api.resource.Quantity" },
                port: { type: "string", format: "int-or-string" },
                labels: { type: "object", additionalProperties: { type: "string" } },
            },
        },
        "io.k8s.apimachinery.pkg.api.resource.Quantity": { type: "string" },
    },
});

function misfits(spec: object, apiVersion = "shops/v1"): readonly string[] | undefined {
    const [object] = objectsIn({ apiVersion, kind: "Shop", metadata: { name: "x" }, spec }, "default");
    assert.ok(object !== undefined);
    return apiOf(swagger)(object);
}

describe("objects, held against Kubernetes' own API", () => {
    it("fit where all is as it says", () => {
        assert.deepEqual(misfits({ size: "1Gi", port: 80, labels: { a: "b" } }), []);
        assert.deepEqual(misfits({ size: 2, port: "http" }), []);
    });

    it("do not fit with a field that there is not, a wrong type, or without what must be there", () => {
        assert.deepEqual(misfits({ size: "1Gi", sizes: 1 }), ["spec.sizes is no field"]);
        assert.deepEqual(misfits({ size: "1 Gi" })?.length, 1);
        assert.deepEqual(misfits({ labels: { a: true } }), ["spec.size is missing", "spec.labels.a is true, not of type string"]);
    });

    it("are not judged where the API does not know their type", () => {
        assert.equal(misfits({}, "shops/v2"), undefined);
    });
});
