// What this cannot prove: that the scheduler spreads evenly before the loss, or that the room is free of other pods. It proves the
// arithmetic, against a scheduler that places one replica after another.
import assert from "node:assert/strict";

import fc from "fast-check";

import { shareOut, zoneLossBuffer } from "../../components/model/capacity";

const count = fc.integer({ min: 0, max: 200 });
const several = fc.integer({ min: 2, max: 8 });

/**
 * Whether the replicas of a lost zone find room in the others: placed one by one where a skew of one allows, which is in the emptiest
 * zones, and where there is room left. `choose` picks among the zones that are possible.
 */
function fitsAfterLoss(before: readonly number[], lost: number, perZone: number, choose: (zones: number) => number): boolean {
    const zones = before.filter((_, zone) => zone !== lost).map(replicas => ({ replicas, room: perZone }));
    for (let waiting = before[lost] ?? 0; waiting > 0; waiting--) {
        const least = Math.min(...zones.map(({ replicas }) => replicas));
        const possible = zones.filter(({ replicas, room }) => room > 0 && replicas === least);
        const chosen = possible[choose(possible.length)];
        if (chosen === undefined) {
            return false;
        }
        chosen.replicas++;
        chosen.room--;
    }
    return true;
}

describe("room that is kept for the loss of a zone", () => {
    it("takes in the replicas of whichever zone is lost, wherever the scheduler puts them", () => {
        fc.assert(
            fc.property(count, several, fc.nat(), fc.nat(), (n, z, lost, seed) => {
                const { perZone, replicas } = zoneLossBuffer(n, z);
                assert.equal(replicas, perZone * z);
                assert.ok(fitsAfterLoss(shareOut(n, z), lost % z, perZone, zones => seed % Math.max(1, zones)), `${n} over ${z}, without zone ${lost % z}`);
            }),
            { numRuns: 2000 },
        );
    });

    it("is not larger than it has to be: with room for one less in each zone, the fullest zone's replicas don't fit", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 200 }), several, (n, z) => {
                assert.equal(fitsAfterLoss(shareOut(n, z), 0, zoneLossBuffer(n, z).perZone - 1, () => 0), false);
            }),
        );
    });

    it("never shrinks as replicas are added, and in a zone never grows as zones are", () => {
        fc.assert(
            fc.property(count, several, (n, z) => {
                assert.ok(zoneLossBuffer(n + 1, z).perZone >= zoneLossBuffer(n, z).perZone);
                assert.ok(zoneLossBuffer(n, z + 1).perZone <= zoneLossBuffer(n, z).perZone);
            }),
        );
    });

    it("is as much as one can reckon by hand", () => {
        assert.deepEqual(zoneLossBuffer(3, 3), { perZone: 1, replicas: 3 });
        assert.deepEqual(zoneLossBuffer(8, 3), { perZone: 2, replicas: 6 });
        assert.deepEqual(zoneLossBuffer(12, 3), { perZone: 2, replicas: 6 });
        // Of two zones, each has to take all that the other had.
        assert.deepEqual(zoneLossBuffer(6, 2), { perZone: 3, replicas: 6 });
    });

    it("is none where there is nowhere to go, and for no replicas", () => {
        for (const z of [0, 1]) {
            assert.deepEqual(zoneLossBuffer(7, z), { perZone: 0, replicas: 0 });
        }
        assert.deepEqual(zoneLossBuffer(0, 3), { perZone: 0, replicas: 0 });
    });
});
