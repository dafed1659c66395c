// What this can't prove: that the engine comes near it; `npm run bench` measures that. It proves the arithmetic.
import assert from "node:assert/strict";

import { type Step, costlyWaits, criticalPath } from "./criticalPath";

/** A step, with what it waits for; what is in `said` is only said by `dependsOn`. */
function step(urn: string, seconds: number, byData: readonly string[] = [], said: readonly string[] = []): Step {
    return { urn, seconds, after: [...byData, ...said], byData };
}

interface Case {
    readonly title: string;
    readonly steps: readonly Step[];
    readonly seconds: number;
    readonly chain: readonly string[];
    /** Costly waits: what waits, for what, by how many seconds. */
    readonly costly?: readonly (readonly [step: string, on: string, seconds: number])[];
}

const cases: readonly Case[] = [
    { title: "nothing", steps: [], seconds: 0, chain: [] },
    { title: "one step", steps: [step("a", 3)], seconds: 3, chain: ["a"] },
    { title: "steps beside each other", steps: [step("a", 3), step("b", 5)], seconds: 5, chain: ["b"] },
    { title: "a chain", steps: [step("a", 3), step("b", 5, ["a"]), step("c", 1, ["b"])], seconds: 9, chain: ["a", "b", "c"] },
    { title: "a chain in any order", steps: [step("c", 1, ["b"]), step("a", 3), step("b", 5, ["a"])], seconds: 9, chain: ["a", "b", "c"] },
    { title: "the longer way, not that of more steps", steps: [step("a", 1), step("b", 1, ["a"]), step("c", 1, ["b"]), step("long", 9), step("end", 1, ["c", "long"])], seconds: 10, chain: ["long", "end"] },
    { title: "a wait for what is not among them", steps: [step("a", 3, ["elsewhere"])], seconds: 3, chain: ["a"] },
    { title: "a wait that a value asks for too", steps: [step("a", 3), { ...step("b", 5, ["a"]), after: ["a"] }], seconds: 8, chain: ["a", "b"], costly: [] },
    { title: "a wait only said, and costly", steps: [step("a", 3), step("b", 5, [], ["a"])], seconds: 8, chain: ["a", "b"], costly: [["b", "a", 3]] },
    { title: "one of two ways of the same length: neither costs anything alone", steps: [step("a", 3), step("b", 3), step("c", 5, [], ["b", "a"])], seconds: 8, chain: ["b", "c"], costly: [] },
    { title: "a wait in the way of another that is nearly as long", steps: [step("a", 6), step("b", 4), step("c", 5, ["b"], ["a"])], seconds: 11, chain: ["a", "c"], costly: [["c", "a", 2]] },
    { title: "a wait only said, off the longest chain", steps: [step("a", 1), step("b", 1, [], ["a"]), step("long", 9)], seconds: 9, chain: ["long"], costly: [] },
    { title: "two costly waits", steps: [step("a", 2), step("b", 3, [], ["a"]), step("c", 4, [], ["b"])], seconds: 9, chain: ["a", "b", "c"], costly: [["b", "a", 2], ["c", "b", 4]] },
];

describe("the critical path", () => {
    for (const { title, steps, seconds, chain, costly = [] } of cases) {
        it(`of ${title}`, () => {
            const path = criticalPath(steps);
            assert.deepEqual([path.seconds, path.chain.map(({ urn }) => urn)], [seconds, chain]);
            assert.deepEqual(costlyWaits(steps).map(({ step: { urn }, on, seconds: by }) => [urn, on, by]), costly);
        });
    }

    it("can leave out what a caller does not count as a wait", () => {
        assert.equal(criticalPath([step("a", 3), step("b", 5, [], ["a"])], ({ byData }) => byData).seconds, 5);
    });

    it("is refused where steps wait for each other in a circle", () => {
        assert.throws(() => criticalPath([step("a", 1, ["a"])]), /^Error: a waits for itself$/);
        assert.throws(() => criticalPath([step("a", 1, ["c"]), step("b", 1, ["a"]), step("c", 1, ["b"])]), /^Error: a waits for itself$/);
    });

    it("takes no time to speak of where ways part and meet again", () => {
        const layers = Array.from({ length: 60 }, (_, layer) => ["x", "y"].map(name => step(`${name}${layer}`, 1, layer === 0 ? [] : [`x${layer - 1}`, `y${layer - 1}`])));
        // 2^59 ways, were each looked at.
        assert.equal(criticalPath(layers.flat()).seconds, 60);
    });
});
