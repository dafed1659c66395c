// What this cannot prove: that the scheduler spreads evenly, that load is even over replicas, or that a
// real autoscaler sees the metrics in time. It proves the arithmetic that the promises rest on.
import assert from "node:assert/strict";

import fc from "fast-check";

import {
    autoscalerTolerance,
    controlError,
    desiredReplicas,
    performance,
    quorum,
    quorumSurvivesZoneLoss,
    safeTarget,
    scaledReplicas,
    shareOut,
    surge,
    survivors,
    throughputPerReplica,
    zoneLoss,
} from "../../components/model/capacity";

const replicas = fc.integer({ min: 1, max: 300 });
const zones = fc.integer({ min: 1, max: 12 });
const percent = fc.integer({ min: 10, max: 95 });

/** Deals replicas out to zones one by one, as an even spread does, and drops the fullest zone. */
function leftByBruteForce(count: number, zoneCount: number): number {
    const perZone = Array.from({ length: zoneCount }, () => 0);
    for (let dealt = 0; dealt < count; dealt++) {
        const zone = dealt % zoneCount;
        perZone[zone] = (perZone[zone] ?? 0) + 1;
    }
    return perZone.reduce((sum, inZone) => sum + inZone, 0) - Math.max(...perZone);
}

describe("capacity after the loss of a zone", () => {
    it("survivors are what dealing out and dropping the fullest zone leaves", () => {
        fc.assert(fc.property(replicas, zones, (n, z) => { assert.equal(survivors(n, z), leftByBruteForce(n, z)); }));
    });

    it("nothing is left of one zone, or of none named", () => {
        for (const z of [0, 1]) {
            assert.equal(survivors(7, z), 0);
            assert.equal(safeTarget(7, z), 0);
        }
        assert.equal(safeTarget(0, 3), 0);
    });

    it("a target is safe exactly where the load of all fits the survivors at 100 %", () => {
        fc.assert(
            fc.property(replicas, zones, percent, (n, z, target) => {
                const left = leftByBruteForce(n, z);
                const loss = zoneLoss(n, z, target);
                // In whole numbers, so that no rounding of fractions decides.
                assert.equal(loss.safe, target * n <= 100 * left);
                assert.equal(loss.survivors, left);
                assert.equal(loss.replicas, n);
            }),
            { numRuns: 1000 },
        );
    });

    it("the safe percentage is safe, and one more is not", () => {
        fc.assert(
            fc.property(replicas, fc.integer({ min: 2, max: 12 }), (n, z) => {
                const { safeTargetPercent } = zoneLoss(n, z, 60);
                const left = leftByBruteForce(n, z);
                assert.ok(safeTargetPercent * n <= 100 * left);
                assert.ok((safeTargetPercent + 1) * n > 100 * left);
            }),
        );
    });

    it("more zones never lower the safe target, and no target reaches 100 %", () => {
        fc.assert(
            fc.property(replicas, zones, (n, z) => {
                assert.ok(safeTarget(n, z + 1) >= safeTarget(n, z));
                assert.ok(safeTarget(n, z) < 1);
            }),
        );
    });

    it("a replica or a zone more never leaves fewer survivors, and a zone's share is always lost", () => {
        fc.assert(
            fc.property(replicas, zones, (n, z) => {
                const left = survivors(n, z);
                assert.ok(survivors(n + 1, z) >= left);
                assert.ok(survivors(n, z + 1) >= left);
                assert.ok(left >= 0 && left * z <= n * (z - 1));
            }),
        );
    });

    it("is never better at a higher target, and safe up to the safe percentage exactly", () => {
        fc.assert(
            fc.property(replicas, zones, percent, (n, z, target) => {
                const loss = zoneLoss(n, z, target);
                assert.ok(zoneLoss(n, z, target + 1).utilisation >= loss.utilisation);
                assert.equal(loss.safe, target <= loss.safeTargetPercent);
            }),
            { numRuns: 500 },
        );
    });

    const table: readonly (readonly [number, number, number, ReturnType<typeof zoneLoss>])[] = [
        [3, 3, 60, { zones: 3, replicas: 3, survivors: 2, utilisation: 0.9, safe: true, safeTargetPercent: 66 }],
        [4, 3, 60, { zones: 3, replicas: 4, survivors: 2, utilisation: 1.2, safe: false, safeTargetPercent: 50 }],
        [2, 2, 50, { zones: 2, replicas: 2, survivors: 1, utilisation: 1, safe: true, safeTargetPercent: 50 }],
        [3, 1, 60, { zones: 1, replicas: 3, survivors: 0, utilisation: Infinity, safe: false, safeTargetPercent: 0 }],
    ];
    for (const [n, z, target, expected] of table) {
        it(`${n} replicas over ${z} zones at ${target} %`, () => {
            const { utilisation, ...rest } = zoneLoss(n, z, target);
            const { utilisation: expectedUtilisation, ...expectedRest } = expected;
            assert.deepEqual(rest, expectedRest);
            assert.ok(utilisation === expectedUtilisation || Math.abs(utilisation - expectedUtilisation) < 1e-9);
        });
    }
});

describe("the autoscaler's law", () => {
    const table: readonly (readonly [number, number, number, number])[] = [
        [3, 60, 60, 3],
        [3, 90, 60, 5],
        [3, 120, 60, 6],
        [6, 30, 60, 3],
        [5, 0, 60, 0],
        [10, 65, 60, 10],
        [10, 55, 60, 10],
        [10, 67, 60, 12],
        [10, 53, 60, 9],
        [1, 600, 60, 10],
    ];
    for (const [n, current, target, expected] of table) {
        it(`${n} at ${current} % for ${target} % wants ${expected}`, () => { assert.equal(desiredReplicas(n, current, target), expected); });
    }

    it("leaves replicas alone inside the tolerance", () => {
        fc.assert(
            fc.property(replicas, percent, fc.double({ min: -0.099, max: 0.099, noNaN: true }), (n, target, off) => {
                assert.equal(desiredReplicas(n, target * (1 + off), target), n);
            }),
        );
        assert.equal(autoscalerTolerance, 0.1);
    });

    it("outside it, gives the fewest replicas that bring utilisation to the target", () => {
        const outside = fc.oneof(fc.double({ min: 0.01, max: 0.89, noNaN: true }), fc.double({ min: 1.11, max: 20, noNaN: true }));
        fc.assert(
            fc.property(replicas, percent, outside, (n, target, ratio) => {
                const wanted = desiredReplicas(n, target * ratio, target);
                const load = n * ratio;
                assert.ok(wanted >= load - 1e-6, "too few for the load");
                assert.ok(wanted - 1 < load + 1e-6, "more than the load needs");
            }),
        );
    });
});

describe("the autoscaler's advice", () => {
    const load = fc.integer({ min: 0, max: 2000 });

    // https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/podautoscaler/replica_calculator.go
    it("is Kubernetes' formula: the ratio of utilisations, times the replicas, rounded up outside the tolerance", () => {
        fc.assert(
            fc.property(replicas, load, percent, (n, current, target) => {
                const usageRatio = current / target;
                const expected = Math.abs(1 - usageRatio) <= 0.1 ? n : Math.ceil(usageRatio * n);
                assert.equal(desiredReplicas(n, current, target), expected);
            }),
            { numRuns: 300 },
        );
    });

    it("never falls as the load rises", () => {
        fc.assert(
            fc.property(replicas, load, load, percent, (n, a, b, target) => {
                assert.ok(desiredReplicas(n, Math.min(a, b), target) <= desiredReplicas(n, Math.max(a, b), target));
            }),
            { numRuns: 300 },
        );
    });

    it("once followed, asks for no more while the load stays", () => {
        fc.assert(
            fc.property(replicas, load, percent, (n, current, target) => {
                const next = desiredReplicas(n, current, target);
                assert.ok(next === 0 || desiredReplicas(next, (n * current) / next, target) <= next);
            }),
            { numRuns: 300 },
        );
    });
});

describe("rates and steps", () => {
    it("replicas share the throughput evenly", () => { assert.equal(throughputPerReplica(900, 3), 300); });
    it("performance is work over time", () => { assert.equal(performance(600, 30), 20); });
    it("the control error has the sign of what is missing", () => { assert.deepEqual([controlError(60, 80), controlError(80, 60)], [-20, 20]); });

    it("a change moves the count by itself, and never under none", () => {
        fc.assert(
            fc.property(replicas, fc.integer({ min: -400, max: 400 }), (n, change) => {
                const next = scaledReplicas(n, change);
                assert.equal(next, n + change < 0 ? 0 : n + change);
            }),
        );
    });

    const surges: readonly (readonly [number, number, number])[] = [[3, 25, 1], [4, 25, 1], [5, 25, 2], [3, 0, 0], [3, 100, 3]];
    for (const [n, share, expected] of surges) {
        it(`${share} % of ${n} is ${expected} more`, () => { assert.equal(surge(n, share), expected); });
    }
});

describe("sharing out", () => {
    it("sums up, differs by one at most, and gives the rest to the first", () => {
        fc.assert(
            fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 40 }), (total, parts) => {
                const shares = shareOut(total, parts);
                assert.equal(shares.length, parts);
                assert.equal(shares.reduce((sum, share) => sum + share, 0), total);
                assert.ok(Math.max(...shares) - Math.min(...shares) <= 1);
                assert.deepEqual(shares, [...shares].sort((a, b) => b - a));
            }),
        );
    });

    it("the fullest part is what a zone loss takes", () => {
        fc.assert(fc.property(replicas, zones, (n, z) => { assert.equal(n - (shareOut(n, z)[0] ?? 0), survivors(n, z)); }));
    });
});

describe("quorum", () => {
    it("is the fewest members of which two groups must share one", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 99 }), members => {
                assert.ok(2 * quorum(members) > members);
                assert.ok(2 * (quorum(members) - 1) <= members);
            }),
        );
    });

    const table: readonly (readonly [number, number, boolean])[] = [
        [1, 3, false],
        [2, 3, false],
        [3, 3, true],
        [3, 2, false],
        [3, 1, false],
        [4, 3, false],
        [5, 3, true],
        [5, 2, false],
        [6, 3, true],
        [7, 3, true],
    ];
    for (const [members, z, survives] of table) {
        it(`${members} members over ${z} zones ${survives ? "keep" : "lose"} it with a zone`, () => {
            assert.equal(quorumSurvivesZoneLoss(members, z), survives);
        });
    }

    it("two zones never keep it: one holds half or more", () => {
        fc.assert(fc.property(fc.integer({ min: 1, max: 99 }), members => { assert.equal(quorumSurvivesZoneLoss(members, 2), false); }));
    });
});
