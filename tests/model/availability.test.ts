// What this cannot prove: that parts fail independently, or that a cloud keeps its commitment.
import assert from "node:assert/strict";

import fc from "fast-check";

import { availability, downtimeMinutesPerYear, failureProbability, formatAvailability, parallel, series } from "../../components/model/availability";

const share = fc.double({ min: 0, max: 1, noNaN: true });
const shares = fc.array(share, { minLength: 1, maxLength: 6 });
const near = (actual: number, expected: number): void => { assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`); };

describe("availability", () => {
    it("is the share of the period without the downtime", () => {
        assert.equal(availability(0, 100), 1);
        assert.equal(availability(25, 100), 0.75);
        assert.equal(failureProbability(0.75), 0.25);
    });

    it("of a series multiplies", () => {
        near(series([0.9999, 0.9999]), 0.99980001);
        assert.equal(series([]), 1);
    });

    it("of parallel sites multiplies what is missing", () => {
        near(parallel([0.9, 0.9]), 0.99);
        near(parallel([0.9998, 0.9998]), 0.99999996);
        assert.equal(parallel([]), 0);
    });

    it("of a series is at most its weakest part's, of parallel sites at least the best one's; both are shares", () => {
        fc.assert(
            fc.property(shares, parts => {
                assert.ok(series(parts) >= 0 && series(parts) <= Math.min(...parts));
                assert.ok(parallel(parts) <= 1 && parallel(parts) >= Math.max(...parts) - 1e-15);
            }),
        );
    });

    it("does not depend on the order, and one part is itself", () => {
        fc.assert(
            fc.property(shares, share, (parts, one) => {
                const turned = [...parts].reverse();
                near(series(turned), series(parts));
                near(parallel(turned), parallel(parts));
                assert.equal(series([one]), one);
                near(parallel([one]), one);
            }),
        );
    });

    it("parallel is series of the failures: De Morgan", () => {
        fc.assert(fc.property(shares, parts => { near(failureProbability(parallel(parts)), series(parts.map(failureProbability))); }));
    });

    it("as minutes a year", () => {
        assert.equal(downtimeMinutesPerYear(1), 0);
        assert.equal(downtimeMinutesPerYear(0), 525_960);
        assert.ok(Math.abs(downtimeMinutesPerYear(0.9995) - 262.98) < 1e-6);
    });
});

describe("availability as text", () => {
    const table: readonly (readonly [number, string])[] = [
        [0.9995, "99.95 %"],
        [0.99980001, "99.980001 %"],
        [0.99999996, "99.999996 %"],
        [0.5, "50 %"],
        [0, "0 %"],
        [1, "100 %"],
        [0.12345678999, "12.345678 %"],
    ];
    for (const [value, text] of table) {
        it(`${value} is ${text}`, () => { assert.equal(formatAvailability(value), text); });
    }

    it("is never rounded up", () => {
        fc.assert(fc.property(share, value => { assert.ok(parseFloat(formatAvailability(value)) <= value * 100 + 1e-9); }));
    });

    // Four sites of 99.98 % are 1 − 1.6·10⁻¹⁵: nobody has promised 100 %.
    for (const value of [parallel([0.9998, 0.9998, 0.9998, 0.9998]), 1 - 1e-13, 1 - 1e-9]) {
        it(`1 − ${1 - value} is not called 100 %`, () => {
            assert.ok(value < 1);
            assert.equal(formatAvailability(value), "99.999999 %");
        });
    }
});
