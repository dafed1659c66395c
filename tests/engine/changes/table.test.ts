// What this can't prove: that an engine does what the table says; the suites let it. It proves that the table is one.
import assert from "node:assert/strict";

import { baseWith, bases } from "../support/bases";
import { edited } from "../support/change";
import { everydayChanges } from ".";
import type { EverydayChange } from "./change";

/** Types whose things hold data, or all else: clusters, networks, claims. */
const precious = /^(Cluster|Vpc|Subnet|Network|Subnetwork|PersistentVolumeClaim|Namespace|\*) /;

function isPrecious({ replaced = [], deleted = [] }: EverydayChange): boolean {
    return [...replaced, ...deleted].some(name => precious.test(name));
}

describe("a changed config", () => {
    const config = { "holdfast:app": { name: "shop", env: { A: "1" } }, "holdfast:clusters": [{ name: "east" }] };

    it("has what was edited, and is another than before", () => {
        assert.deepEqual(edited(config, { "app.env.A": "2", "app.env.B": "3", "clusters.0.protect": false, failover: {} }), {
            "holdfast:app": { name: "shop", env: { A: "2", B: "3" } },
            "holdfast:clusters": [{ name: "east", protect: false }],
            "holdfast:failover": {},
        });
        assert.deepEqual(edited(config, { "app.env": undefined }), { ...config, "holdfast:app": { name: "shop" } });
        assert.deepEqual(config["holdfast:app"].env, { A: "1" });
    });

    it("is refused where there is nothing to change", () => {
        for (const path of ["ap.env.A", "app.scaling.cpu", "clusters.1.name", "app.name.first"]) {
            assert.throws(() => edited(config, { [path]: 1 }), new RegExp(`${path}: there is no `));
        }
    });
});

describe("the everyday changes", () => {
    it("are thirty at least", () => {
        assert.ok(everydayChanges.length >= 30, `${everydayChanges.length}`);
    });

    it("have names of their own in each base", () => {
        const names = everydayChanges.map(({ from, does }) => `${from}: ${does}`);
        assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), []);
    });

    it("start from each base", () => {
        assert.deepEqual([...new Set(everydayChanges.map(({ from }) => from))].sort(), Object.keys(bases).sort());
    });

    for (const change of everydayChanges) {
        it(`change something of ${change.from}: ${change.does}`, () => {
            assert.notDeepEqual(baseWith(change.from, change.edits), bases[change.from]);
        });
    }

    it("say why, where clusters, networks or data go or are made anew", () => {
        const unsaid = everydayChanges.filter(change => isPrecious(change) && (change.because ?? "") === "");
        assert.deepEqual(unsaid.map(({ does }) => does), []);
        // The rule is one that some fall under.
        assert.ok(everydayChanges.filter(isPrecious).length >= 3);
    });

    it("say what they do, or with what they are refused, and not both", () => {
        const both = everydayChanges.filter(({ refused, created, updated, replaced, deleted }) => refused !== undefined && [created, updated, replaced, deleted].some(names => names !== undefined));
        assert.deepEqual(both.map(({ does }) => does), []);
    });
});
