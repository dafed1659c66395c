// What this cannot prove: that a cloud accepts a block. It proves the arithmetic alone.
import assert from "node:assert/strict";

import fc from "fast-check";

import { type Cidr, addressAt, cidr, contains, formatAddress, formatCidr, overlaps, parseCidr, size, subnet } from "../../components/model/cidr";

/** Any block: every prefix, every aligned base. */
const block: fc.Arbitrary<Cidr> = fc
    .integer({ min: 0, max: 32 })
    .chain(prefix => fc.integer({ min: 0, max: 2 ** prefix - 1 }).map(index => ({ base: index * 2 ** (32 - prefix), prefix })));

/** A block, with a way to divide it that exists. */
const division = block.chain(whole =>
    fc.integer({ min: 0, max: Math.min(8, 32 - whole.prefix) }).map(extraBits => ({ whole, extraBits })),
);

const first = (a: Cidr): number => a.base;
const last = (a: Cidr): number => a.base + size(a) - 1;

describe("CIDR blocks", () => {
    describe("parse and format", () => {
        it("format, then parse, gives the block back", () => {
            fc.assert(fc.property(block, any => { assert.deepEqual(parseCidr(formatCidr(any)), any); }));
        });

        it("parse, then format, gives the text back: one block has one spelling", () => {
            const part = fc.oneof(fc.integer({ min: 0, max: 300 }).map(String), fc.constantFrom("00", "010", "007"));
            const prefix = fc.oneof(fc.integer({ min: 0, max: 40 }).map(String), fc.constantFrom("08", "00"));
            fc.assert(
                fc.property(fc.tuple(part, fc.constantFrom("0", "16"), fc.constant("0"), fc.constant("0")), prefix, (parts, bits) => {
                    const text = `${parts.join(".")}/${bits}`;
                    const parsed = parseCidr(text);
                    assert.equal(parsed === undefined ? text : formatCidr(parsed), text);
                }),
            );
        });

        it("any text is one block or none: what is read has its own spelling alone", () => {
            const digits = fc.stringMatching(/^[0-9./ -]{0,20}$/);
            const near = fc.tuple(block.map(formatCidr), fc.nat(18), fc.string({ maxLength: 2 })).map(([text, at, extra]) => text.slice(0, at) + extra + text.slice(at + 1));
            fc.assert(
                fc.property(fc.oneof(fc.string(), digits, near), text => {
                    const parsed = parseCidr(text);
                    if (parsed === undefined) {
                        assert.throws(() => cidr(text), RangeError);
                    } else {
                        assert.equal(formatCidr(parsed), text);
                        assert.equal(parsed.base % size(parsed), 0);
                    }
                }),
                { numRuns: 300 },
            );
        });

        const valid: readonly (readonly [string, number, number])[] = [
            ["0.0.0.0/0", 0, 0],
            ["10.16.0.0/16", 0x0a10_0000, 16],
            ["255.255.255.255/32", 0xffff_ffff, 32],
            ["192.168.1.128/25", 0xc0a8_0180, 25],
        ];
        for (const [text, base, prefix] of valid) {
            it(`reads ${text}`, () => { assert.deepEqual(parseCidr(text), { base, prefix }); });
        }

        const invalid = [
            "", "10.0.0.0", "10.0.0.0/", "/8", "10.0.0/8", "10.0.0.0.0/8", "10.0.0.0/33", "256.0.0.0/8", "10.0.0.1/16",
            "10.16.0.0/11", " 10.0.0.0/8", "10.0.0.0/8\n", "10.0.0.0/-1", "10.0.0.0/8.5", "a.b.c.d/8", "::/0", "1e1.0.0.0/8",
            // Some readers take a leading zero for octal: 010 is 8 or 10. No cloud accepts it.
            "010.0.0.0/8", "10.0.0.0/08",
        ];
        for (const text of invalid) {
            it(`refuses ${JSON.stringify(text)}`, () => {
                assert.equal(parseCidr(text), undefined);
                assert.throws(() => cidr(text), RangeError);
            });
        }
    });

    describe("overlap", () => {
        it("is symmetric, and true of a block and itself", () => {
            fc.assert(
                fc.property(block, block, (a, b) => {
                    assert.equal(overlaps(a, b), overlaps(b, a));
                    assert.ok(overlaps(a, a));
                }),
            );
        });

        it("is what comparing first and last addresses says", () => {
            fc.assert(
                fc.property(division, block, ({ whole, extraBits }, other) => {
                    const near = subnet(whole, extraBits, 0);
                    for (const b of [other, near]) {
                        const shared = Math.max(first(whole), first(b)) <= Math.min(last(whole), last(b));
                        assert.equal(overlaps(whole, b), shared);
                    }
                }),
            );
        });

        it("of two blocks means that one contains the other", () => {
            fc.assert(fc.property(block, block, (a, b) => { assert.equal(overlaps(a, b), contains(a, b) || contains(b, a)); }));
        });

        it("does not reach the neighbour", () => {
            assert.equal(overlaps(cidr("10.16.0.0/16"), cidr("10.17.0.0/16")), false);
            assert.equal(overlaps(cidr("10.16.0.0/15"), cidr("10.17.0.0/16")), true);
        });
    });

    describe("subnets", () => {
        it("are inside the block, disjoint, in order, and fill it", () => {
            fc.assert(
                fc.property(division, ({ whole, extraBits }) => {
                    const parts = Array.from({ length: 2 ** extraBits }, (_, index) => subnet(whole, extraBits, index));
                    let next = first(whole);
                    for (const part of parts) {
                        assert.ok(contains(whole, part));
                        assert.equal(first(part), next);
                        next = last(part) + 1;
                    }
                    assert.equal(next, last(whole) + 1);
                }),
                { numRuns: 60 },
            );
        });

        it("are blocks of their own inside the block, or refused with a RangeError, whatever is asked for", () => {
            const number = fc.oneof(fc.integer({ min: -40, max: 40 }), fc.double(), fc.constantFrom(NaN, Infinity, -0.5));
            fc.assert(
                fc.property(block, number, number, (whole, extraBits, index) => {
                    let part: Cidr;
                    try {
                        part = subnet(whole, extraBits, index);
                    } catch (error) {
                        assert.ok(error instanceof RangeError);
                        return;
                    }
                    assert.ok(contains(whole, part));
                    assert.deepEqual(parseCidr(formatCidr(part)), part);
                }),
                { numRuns: 300 },
            );
        });

        const refused: readonly (readonly [string, number, number])[] = [
            ["10.17.0.0/16", -1, 0],
            ["10.16.0.0/16", 0.5, 0],
            ["10.0.0.0/16", 3, 8],
            ["10.0.0.0/16", 3, -1],
            ["10.0.0.0/16", 3, 0.5],
            ["10.0.0.0/31", 2, 0],
        ];
        for (const [text, extraBits, index] of refused) {
            it(`${text} has no part ${index} of ${2 ** extraBits}`, () => { assert.throws(() => subnet(cidr(text), extraBits, index), RangeError); });
        }
    });

    describe("addresses", () => {
        it("every address of a block, alone, lies in the block, and no other", () => {
            fc.assert(
                fc.property(block, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (any, share) => {
                    const offset = Math.floor(share * size(any));
                    assert.ok(contains(any, cidr(`${addressAt(any, offset)}/32`)));
                    assert.throws(() => addressAt(any, size(any)), RangeError);
                    assert.throws(() => addressAt(any, -1), RangeError);
                    assert.throws(() => addressAt(any, 0.5), RangeError);
                }),
            );
        });

        it("counts through the last octet", () => {
            assert.equal(addressAt(cidr("10.16.0.0/16"), 258), "10.16.1.2");
            assert.equal(formatAddress(0xffff_ffff), "255.255.255.255");
            assert.equal(size(cidr("0.0.0.0/0")), 2 ** 32);
            assert.equal(size(cidr("10.0.0.0/32")), 1);
        });
    });
});
