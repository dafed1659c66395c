// What this cannot prove: that these are all the forms that an API server writes. They are those of its
// documentation.
import assert from "node:assert/strict";

import { amountOf, exceeds, numberOf, shareOf } from "../../policy/kubernetes/quantities";
import { picks } from "../../policy/kubernetes/selectors";

describe("quantities of Kubernetes", () => {
    for (const [quantity, amount] of [
        ["250m", 0.25],
        ["2", 2],
        ["0.5", 0.5],
        [".5", 0.5],
        ["1e3", 1000],
        ["12E", 12e18],
        ["1k", 1000],
        ["500000u", 0.5],
        ["1Ki", 1024],
        ["1Gi", 1073741824],
        ["1.5Gi", 1610612736],
        ["128974848", 128974848],
        [3, 3],
    ] as const) {
        it(`reads ${quantity}`, () => {
            assert.equal(amountOf(quantity), amount);
        });
    }

    for (const quantity of ["", "Mi", "1 Gi", "1gi", "${unknown}", "[secret]", undefined, null, {}]) {
        it(`reads nothing from ${JSON.stringify({ quantity })}`, () => {
            assert.ok(Number.isNaN(amountOf(quantity)));
        });
    }

    it("takes no rounding of sums for more", () => {
        const sum = Array.from({ length: 26 }, () => 0.1).reduce((total, each) => total + each, 0);
        assert.notEqual(sum, 2.6);
        assert.equal(exceeds(sum, 2.6), false);
        assert.equal(exceeds(2.601, 2.6), true);
    });

    it("rounds percentages as it is told, and leaves numbers alone", () => {
        assert.deepEqual([shareOf("67%", 3, Math.ceil), shareOf("67%", 3, Math.floor), shareOf(2, 3, Math.ceil)], [3, 2, 2]);
        assert.ok(Number.isNaN(shareOf("${unknown}", 3, Math.ceil)));
        assert.deepEqual([numberOf(undefined, 1), numberOf(null, 1), numberOf(0, 1)], [1, 1, 0]);
    });
});

describe("label selectors", () => {
    const labels = { app: "shop", part: "web" };
    for (const [says, selector, picked] of [
        ["equal labels", { matchLabels: { app: "shop" } }, true],
        ["another value", { matchLabels: { app: "shpo" } }, false],
        ["nothing, which is all", {}, true],
        ["no selector, which is none", undefined, false],
        ["what only an update knows", "${unknown}", false],
        ["one of several values", { matchExpressions: [{ key: "part", operator: "In", values: ["api", "web"] }] }, true],
        ["none of several values", { matchExpressions: [{ key: "part", operator: "NotIn", values: ["web"] }] }, false],
        ["a key that is not there, by NotIn", { matchExpressions: [{ key: "tier", operator: "NotIn", values: ["web"] }] }, true],
        ["a key that is there", { matchExpressions: [{ key: "part", operator: "Exists" }] }, true],
        ["a key that must not be there", { matchExpressions: [{ key: "part", operator: "DoesNotExist" }] }, false],
        ["labels and an expression that fails", { matchLabels: { app: "shop" }, matchExpressions: [{ key: "tier", operator: "Exists" }] }, false],
        ["an operator that there is not", { matchExpressions: [{ key: "part", operator: "Like", values: ["w*"] }] }, false],
    ] as const) {
        it(`${picked ? "pick" : "do not pick"} by ${says}`, () => {
            assert.equal(picks(selector as Parameters<typeof picks>[0], labels), picked);
        });
    }
});
