// What this cannot prove: that a judge takes a file for the same objects; `unjudged` finds what it leaves out.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { stringify } from "yaml";

import { ManifestError, parseManifest, planManifests, readManifest } from "../../judges/manifests";
import type { Outcome } from "../../tools/execute";

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

describe("the manifests of planned stacks", () => {
    /** What is read where every plan ends so, and has written a manifest. */
    async function read(outcome: Outcome): Promise<readonly string[]> {
        const scratch = mkdtempSync(join(tmpdir(), "holdfast-manifests-"));
        try {
            const plan = (): Promise<Outcome> => {
                mkdirSync(join(scratch, "dev", "manifests"), { recursive: true });
                writeFileSync(join(scratch, "dev", "manifests", "local.yaml"), stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } }));
                return Promise.resolve(outcome);
            };
            return (await planManifests(["dev"], scratch, plan, 1)).map(({ where, objects }) => `${where} ${objects.length}`);
        } finally {
            rmSync(scratch, { recursive: true, force: true });
        }
    }
    const wrote = "holdfast dev: 1 mandatory policy violation\n\nWrote dev/plan.html, plan.json and manifests/.\n";

    it("are read, also where the plan breaks a mandatory rule", async () => {
        assert.deepEqual(await read({ code: 0, stdout: wrote, stderr: "" }), ["dev/local 1"]);
        assert.deepEqual(await read({ code: 1, stdout: wrote, stderr: "" }), ["dev/local 1"]);
    });

    it("are not read where the plan failed before it was written whole", async () => {
        const failed = read({ code: 1, stdout: "", stderr: "the disk is full\n" });
        await assert.rejects(failed, error => error instanceof ManifestError && /^stack dev can't be planned:\n +the disk is full$/.test(error.message));
    });
});
