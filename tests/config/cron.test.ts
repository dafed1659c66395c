// What this cannot prove: that the CronJob controller runs a schedule on time. Rows of badInput show the errors.
import assert from "node:assert/strict";

import fc from "fast-check";

import { cronFault } from "../../components/config/cron";

const bounds = [[0, 59], [0, 23], [1, 28], [1, 12], [0, 6]] as const;
const words = [[], [], [], ["jan", "Feb", "DEC"], ["sun", "MON", "Sat"]] as const;

/** A part of a field that Kubernetes takes. */
function partOf(field: number): fc.Arbitrary<string> {
    const [min, max] = bounds[field] ?? [0, 0];
    const number = fc.integer({ min, max });
    const step = fc.option(fc.integer({ min: 1, max }), { nil: undefined });
    const range = fc.tuple(number, number).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
    const named = words[field] ?? [];
    const base = fc.oneof(fc.constantFrom("*", "?"), number.map(String), range, ...(named.length > 0 ? [fc.constantFrom(...named)] : []));
    return fc.tuple(base, step).map(([text, by]) => (by === undefined ? text : `${text}/${by}`));
}

const schedule = fc
    .tuple(...bounds.map((_, field) => fc.array(partOf(field), { minLength: 1, maxLength: 3 }).map(parts => parts.join(","))))
    .map(texts => texts.join(" "));

describe("cron schedules", () => {
    it("of parts that Kubernetes takes are sound", () => {
        fc.assert(fc.property(schedule, text => { assert.equal(cronFault(text), undefined); }));
    });

    it("with one number out of its field's bounds are not", () => {
        const outside = [["60", "99"], ["24"], ["0", "32"], ["0", "13"], ["7", "8"]] as const;
        fc.assert(
            fc.property(schedule, fc.nat(4), fc.nat(1), (text, field, pick) => {
                const texts = text.split(" ");
                texts[field] = outside[field]?.[pick] ?? outside[field]?.[0] ?? "";
                assert.ok(cronFault(texts.join(" ")) !== undefined, texts.join(" "));
            }),
        );
    });

    it("of any text are sound or have a fault with a fix; what is sound has five fields of known signs", () => {
        const signs = fc.array(fc.constantFrom("*", "?", "/", "-", ",", " ", "@", "0", "5", "31", "mon", "JAN", "every", "1h", "TZ="), { maxLength: 14 }).map(parts => parts.join(""));
        fc.assert(
            fc.property(fc.oneof(fc.string(), signs), text => {
                const fault = cronFault(text);
                if (fault === undefined) {
                    assert.match(text.trim(), /^([\w*?,/-]+\s+){4}[\w*?,/-]+$|^@[a-z]+( [\d.hms]+)?$/);
                } else {
                    assert.ok(fault.allowed.length > 10 && fault.fix.length > 5);
                }
            }),
            { numRuns: 300 },
        );
    });

    it("name days that come: the last of a month, but never one after it", () => {
        const days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (const [index, last] of days.entries()) {
            assert.equal(cronFault(`0 0 ${last} ${index + 1} *`), undefined);
            assert.equal(cronFault(`0 0 ${last + 1} ${index + 1} *`) === undefined, false);
        }
    });
});
