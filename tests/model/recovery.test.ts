// What this cannot prove: that Route 53 and resolvers keep these times. The drill measures that.
import assert from "node:assert/strict";

import fc from "fast-check";

import { nodeGraceSeconds, recoveryTimeObjective, replacementSeconds } from "../../components/model/recovery";

describe("recovery", () => {
    const table: readonly (readonly [number, number, number, number])[] = [
        [10, 2, 30, 62],
        [10, 2, 60, 92],
        [30, 3, 60, 168],
        [10, 1, 1, 17],
    ];
    for (const [intervalSeconds, failures, ttlSeconds, seconds] of table) {
        it(`${failures} checks of ${intervalSeconds} s and a TTL of ${ttlSeconds} s: ${seconds} s`, () => {
            assert.equal(recoveryTimeObjective({ intervalSeconds, failures, ttlSeconds }), seconds);
        });
    }

    it("grows by the interval and the time to fail with each failure more, and by a second with each second of TTL", () => {
        const count = fc.integer({ min: 1, max: 60 });
        fc.assert(
            fc.property(count, count, count, (intervalSeconds, failures, ttlSeconds) => {
                const seconds = recoveryTimeObjective({ intervalSeconds, failures, ttlSeconds });
                assert.equal(recoveryTimeObjective({ intervalSeconds, failures: failures + 1, ttlSeconds }), seconds + intervalSeconds + 6);
                assert.equal(recoveryTimeObjective({ intervalSeconds, failures, ttlSeconds: ttlSeconds + 1 }), seconds + 1);
            }),
        );
    });

    it("replacements are asked for after the node's grace and the pods' toleration", () => {
        assert.equal(nodeGraceSeconds, 50);
        assert.equal(replacementSeconds(0), 50);
        assert.equal(replacementSeconds(30), 80);
    });

    it("a zone's nodes are given up one after another, ten seconds apart", () => {
        assert.equal(replacementSeconds(30, 1), 80);
        assert.equal(replacementSeconds(30, 3), 100);
    });
});
