// What this cannot prove: that a judge takes a file for the same objects; `unjudged` finds what it leaves out.
import assert from "node:assert/strict";

import { stringify } from "yaml";

import { ManifestError, parseManifest, readManifest } from "../../judges/manifests";

describe("a manifest", () => {
    it("is its documents' objects, with all that they say", () => {
        const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
        const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "a", namespace: "shop" }, spec: { x: 1 } };
        assert.deepEqual(parseManifest(["", stringify(namespace), "# nothing\n", stringify(pod)].join("---\n")), [
            { apiVersion: "v1", kind: "Namespace", namespace: undefined, name: "shop", body: namespace },
            { apiVersion: "v1", kind: "Pod", namespace: "shop", name: "a", body: pod },
        ]);
    });

    it("leaves a key that is there twice to kubeconform", () => {
        assert.equal(parseManifest("apiVersion: v1\nkind: Pod\nkind: Pod\nmetadata: { name: a }\n").length, 1);
    });

    it("must be YAML, of objects with a kind and a name", () => {
        assert.throws(() => parseManifest("a: ["), ManifestError);
        assert.throws(() => parseManifest("apiVersion: v1\nkind: Pod\nmetadata: {}\n"), /document 1 is no Kubernetes object: look at metadata\.name/);
        assert.throws(() => parseManifest("just text"), /document 1 is no Kubernetes object$/);
    });

    it("must be there", () => {
        assert.throws(() => readManifest("/no/such/file.yaml", "file.yaml"), /^Error: file\.yaml can't be read: ENOENT/);
    });
});
