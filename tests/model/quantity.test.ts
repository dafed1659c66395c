// What this cannot prove: that the API server reads a quantity the same way. It knows more units.
import assert from "node:assert/strict";

import fc from "fast-check";

import { cores, mebibytes, millicores } from "../../components/model/quantity";

const count = fc.integer({ min: 0, max: 1_000_000 });

describe("quantities", () => {
    it("millicores are a thousandth of a core", () => {
        fc.assert(
            fc.property(count, n => {
                assert.equal(millicores(`${n}m`), n);
                assert.equal(millicores(`${n}`), n * 1000);
                assert.equal(cores(`${n}`), n);
                assert.equal(cores(`${n}m`), n / 1000);
            }),
        );
    });

    it("each unit of bytes is 1024 of the one below", () => {
        fc.assert(
            fc.property(count, n => {
                assert.equal(mebibytes(`${n}Mi`), n);
                assert.equal(mebibytes(`${n}Gi`), n * 1024);
                assert.equal(mebibytes(`${n}Ti`), n * 1024 * 1024);
            }),
        );
    });

    for (const text of ["", "m", "0.5", "1.5m", "-1", "1 m", "250M", "1Gi", "1k", "1e3", "٣"]) {
        it(`${JSON.stringify(text)} is no CPU`, () => {
            assert.throws(() => cores(text), RangeError);
            assert.throws(() => millicores(text), RangeError);
        });
    }

    for (const text of ["", "Gi", "1", "1G", "1GB", "1.5Gi", "-1Gi", "1 Gi", "1gi", "1Ki", "constructor"]) {
        it(`${JSON.stringify(text)} is no amount of bytes`, () => { assert.throws(() => mebibytes(text), RangeError); });
    }
});
