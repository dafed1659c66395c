// What this can't prove: that Helm merges values of real charts so. The rules are Helm's documented ones
// (https://helm.sh/docs/chart_template_guide/subcharts_and_globals/), on charts made for the test.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { knownValues, unnamedValues, withOther, withoutPath } from "../../charts/chartValues";

describe("values that a chart does not name", () => {
    let folder = "";
    const unnamed = (values: Readonly<Record<string, unknown>>): readonly string[] => unnamedValues(values, knownValues(folder)).map(path => path.join("."));
    const write = (files: Readonly<Record<string, unknown>>): void => {
        for (const [path, content] of Object.entries(files)) {
            mkdirSync(dirname(join(folder, path)), { recursive: true });
            writeFileSync(join(folder, path), JSON.stringify(content));
        }
    };

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "holdfast-chart-"));
        write({ "Chart.yaml": { name: "shop" }, "values.yaml": { replicas: 1, image: { tag: "1" }, resources: {}, nodeSelector: null, args: [], host: "" } });
    });
    afterEach(() => {
        rmSync(folder, { recursive: true, force: true });
    });

    it("are those whose key is not in values.yaml, at any depth", () => {
        assert.deepEqual(unnamed({ replicas: 2, replica: 2, image: { tag: "2", tags: "2" } }), ["replica", "image.tags"]);
    });

    it("are none where values.yaml has an empty mapping, null or a list", () => {
        assert.deepEqual(unnamed({ resources: { limits: { memory: "1Gi" } }, nodeSelector: { a: "b" }, args: [{ a: 1 }] }), []);
    });

    it("are those of another form than in values.yaml, which Helm drops", () => {
        assert.deepEqual(unnamed({ image: "shop:2", host: { name: "a" }, replicas: null }), ["image", "host"]);
    });

    it("are none where the schema describes them, through references too", () => {
        write({
            "values.schema.json": {
                $ref: "#/$defs/all",
                $defs: {
                    all: { properties: { strategy: { properties: { type: {} } }, image: { $ref: "#/$defs/image" }, labels: { additionalProperties: { type: "string" } } }, additionalProperties: false },
                    image: { properties: { digest: { type: "string" } } },
                },
            },
        });
        const values = { strategy: { type: "a", kind: "b" }, image: { digest: "d", pull: "p" }, labels: { a: "b" }, other: 1 };
        assert.deepEqual(unnamed(values), ["strategy.kind", "image.pull", "other"]);
    });

    it("are not those of dependencies, by alias or name, nor their globals and switches", () => {
        write({
            "Chart.yaml": { name: "shop", dependencies: [{ name: "db", alias: "store", condition: "store.enabled,wanted" }, { name: "absent" }] },
            "charts/db/Chart.yaml": { name: "db" },
            "charts/db/values.yaml": { size: 1, global: { class: "" } },
        });
        const values = { store: { size: 2, enabled: true, sizes: 3 }, db: { size: 1 }, global: { class: "fast", zone: "a" }, wanted: false, absent: {} };
        assert.deepEqual(unnamed(values), ["store.sizes", "db", "global.zone"]);
    });

    it("can be left out or changed, to see whether a template reads them", () => {
        const values = { a: { b: 1, c: [1], d: { e: true } }, f: "g" };
        assert.deepEqual(withoutPath(values, ["a", "b"]), { a: { c: [1], d: { e: true } }, f: "g" });
        assert.deepEqual(withOther(values, ["a"]), { a: { b: 2, c: [], d: { e: false } }, f: "g" });
        assert.deepEqual(withOther(values, ["f"]), { ...values, f: "gother" });
    });
});
