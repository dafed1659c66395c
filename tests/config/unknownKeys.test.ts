// What this cannot prove: that the nearest key is the one that was meant. Misspelt keys are rows of badInput.
import assert from "node:assert/strict";

import fc from "fast-check";

import { configSchema } from "../../components/config";
import { nearest } from "../../components/config/suggest";
import { clusterConfigs } from "../support/plan";
import { assertLines, change, errorOf, full, pathsOf, problemAt } from "./support";

describe("unknown keys", () => {
    it("lists the keys that the place has", () => {
        const { allowed } = problemAt(errorOf(change(full, "nonsense", 1)), "nonsense");
        assert.equal(allowed, `one of ${Object.keys(configSchema.shape).join(", ")}`);
    });

    it("lists the keys of the cluster's own kind, not of the others", () => {
        const error = errorOf({ clusters: [{ ...clusterConfigs.existing, admins: [] }] });
        const { allowed, fix } = problemAt(error, "clusters[0].admins");
        assert.ok(allowed.includes("storageClass") && !allowed.includes("admins"), allowed);
        assert.equal(fix, "remove admins");
    });

    it("advises to remove a key that resembles none", () => {
        assert.equal(problemAt(errorOf(change(full, "app.xyzzyplugh", 1)), "app.xyzzyplugh").fix, "remove xyzzyplugh");
    });

    // YAML may say any of these; every JavaScript object seems to have them.
    for (const key of ["constructor", "toString", "hasOwnProperty", "__proto__"]) {
        for (const place of ["", "clusters[0].", "app.", "app.replicas."]) {
            it(`reports ${place}${key}`, () => {
                const error = errorOf(change(full, `${place}${key}`, { a: 1 }));
                assert.deepEqual(pathsOf(error), [`${place}${key}`]);
                assertLines(error);
            });
        }
    }
});

describe("the nearest known word", () => {
    const word = fc.stringMatching(/^[a-z]{4,10}$/);
    const words = fc.uniqueArray(word, { minLength: 1, maxLength: 8 });

    it("is the word itself where it is known, whatever its case", () => {
        fc.assert(
            fc.property(words, fc.nat(), (known, pick) => {
                const one = known[pick % known.length] ?? "";
                assert.equal(nearest(one, known), one);
                assert.equal(nearest(one.toUpperCase(), known), one);
            }),
        );
    });

    it("is a known word, or none", () => {
        fc.assert(
            fc.property(fc.string(), words, (text, known) => {
                const found = nearest(text, known);
                assert.ok(found === undefined || known.includes(found));
            }),
        );
        assert.equal(nearest("region", []), undefined);
    });

    it("forgives one letter missing, too many or wrong", () => {
        fc.assert(
            fc.property(word, fc.nat(), (known, pick) => {
                const at = pick % known.length;
                const [before, after] = [known.slice(0, at), known.slice(at + 1)];
                for (const typo of [before + after, `${before}z${known.slice(at)}`, `${before}z${after}`]) {
                    assert.equal(nearest(typo, [known, "0123456789012345"]), known);
                }
            }),
        );
    });

    it("is none where more than half of the word differs", () => {
        assert.equal(nearest("abcdef", ["uvwxyz"]), undefined);
        assert.equal(nearest("abcxyz", ["abcdef"]), "abcdef");
        assert.equal(nearest("abwxyz", ["abcdef"]), undefined);
    });
});
