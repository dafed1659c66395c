// What this can't prove: that the table says enough. It proves that what it says is held against all that was done.
import assert from "node:assert/strict";

import type { Operations } from "../support/operations";
import type { Effects } from "./change";
import { holdAgainst } from "./matching";

const nothing: Operations = { created: [], updated: [], replaced: [], deleted: [] };

interface Case {
    readonly title: string;
    readonly done: Partial<Operations>;
    readonly expected: Effects;
}

const matching: readonly Case[] = [
    { title: "nothing, where nothing is expected", done: {}, expected: {} },
    { title: "the same names in another order", done: { updated: ["Role a", "Role b"] }, expected: { updated: ["Role b", "Role a"] } },
    { title: "several names for one star", done: { created: ["Subnet east-a", "Subnet east-b"] }, expected: { created: ["Subnet east-*"] } },
    { title: "no text for a star", done: { created: ["Subnet east"] }, expected: { created: ["Subnet east*"] } },
    { title: "stars at both ends, and within", done: { deleted: ["Record failover-answer-west", "NodePool west"] }, expected: { deleted: ["Record *-answer-*", "* west"] } },
    { title: "a pattern with what a regular expression would read otherwise", done: { created: ["Record a.b+c (d)"] }, expected: { created: ["Record a.b+c (*"] } },
    { title: "one name by the first of two patterns, another by the second", done: { created: ["A x1", "B x2"] }, expected: { created: ["A x*", "B x*"] } },
];

const differing: readonly Case[] = [
    { title: "something more", done: { updated: ["Role a", "Role b"] }, expected: { updated: ["Role a"] } },
    { title: "something less", done: { updated: ["Role a"] }, expected: { updated: ["Role a", "Role b"] } },
    { title: "something where nothing is expected", done: { deleted: ["Vpc east-network"] }, expected: {} },
    { title: "an update in place of a replacement", done: { updated: ["Role a"] }, expected: { replaced: ["Role a"] } },
    { title: "nothing for a star", done: {}, expected: { created: ["Subnet east-*"] } },
    { title: "a name that only begins as the pattern says", done: { created: ["Subnet east-a"] }, expected: { created: ["*east"] } },
    { title: "a name that only ends as the pattern says", done: { created: ["Subnet north-east-a"] }, expected: { created: ["east-*"] } },
    { title: "a dot that stands for any character", done: { created: ["Record axb1"] }, expected: { created: ["Record a.b*"] } },
    { title: "one of two patterns that nothing is left for", done: { created: ["A x1"] }, expected: { created: ["A *", "* x1"] } },
];

describe("the table of changes", () => {
    for (const { title, done, expected } of matching) {
        it(`agrees with ${title}`, () => {
            holdAgainst({ ...nothing, ...done }, expected);
        });
    }

    for (const { title, done, expected } of differing) {
        it(`does not agree with ${title}`, () => {
            assert.throws(() => {
                holdAgainst({ ...nothing, ...done }, expected);
            }, assert.AssertionError);
        });
    }
});
