// What this can't prove: that an engine does what the table says; the suites let it. It proves that the table is one.
import assert from "node:assert/strict";

import { baseWith, bases } from "../support/bases";
import { everydayChanges } from ".";
import type { EverydayChange } from "./change";

/** Types whose things hold data, or all else: clusters, networks, claims. */
const precious = /^(Cluster|Vpc|Subnet|Network|Subnetwork|PersistentVolumeClaim|Namespace|\*) /;

function isPrecious({ replaced = [], deleted = [] }: EverydayChange): boolean {
    return [...replaced, ...deleted].some(name => precious.test(name));
}

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
