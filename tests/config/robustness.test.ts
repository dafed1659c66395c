// What this cannot prove: that every message is a good one. It proves that there is no other way out.
import assert from "node:assert/strict";

import fc from "fast-check";

import { ConfigError, type HoldfastConfig, parseConfig } from "../../components/config";
import { isRecord } from "../../components/config/fields";
import { valueAt } from "../../components/config/issues";
import { assertLines, change, full, keysOf, local } from "./support";

/** Parses; the only way to fail is a ConfigError of whole lines. */
function outcome(raw: unknown): HoldfastConfig | ConfigError {
    try {
        return parseConfig(raw);
    } catch (error) {
        assert.ok(error instanceof ConfigError, `threw ${error instanceof Error ? error.stack : String(error)}`);
        return error;
    }
}

/** The path of every value in a raw config. */
function placesIn(value: unknown, path = ""): readonly string[] {
    const below = Array.isArray(value)
        ? value.flatMap((item, index) => placesIn(item, `${path}[${index}]`))
        : isRecord(value)
          ? Object.entries(value).flatMap(([key, item]) => placesIn(item, path === "" ? key : `${path}.${key}`))
          : [];
    return path === "" ? below : [path, ...below];
}

const places = placesIn(full);
const place = fc.constantFrom(...places);

/** What a YAML file may hold, keys that objects inherit among it. */
const keys = fc.oneof(fc.string(), fc.constantFrom("constructor", "__proto__", "toString", "kind", "name", "cpu", "zones", "mode", "a\nb"));
const json = fc.letrec(tie => ({
    any: fc.oneof({ depthSize: "small" }, fc.jsonValue(), fc.array(tie("any"), { maxLength: 4 }), fc.dictionary(keys, tie("any"), { maxKeys: 4 })),
})).any;

/** What no file can hold, but a caller may. */
const anything = fc.anything({ withBigInt: true, withBoxedValues: true, withDate: true, withMap: true, withNullPrototype: true, withObjectString: true, withSet: true, withSparseArray: true, withTypedArray: true });

describe("parseConfig throws nothing but a ConfigError", () => {
    it("for anything", () => {
        fc.assert(fc.property(anything, raw => { assert.ok(outcome(raw) instanceof ConfigError); }), { numRuns: 300 });
    });

    it("for anything in a section", () => {
        fc.assert(
            fc.property(fc.constantFrom("clusters", "app", "failover", "clusters[0]", "other"), anything, (path, value) => {
                outcome(change(full, path, value));
            }),
            { numRuns: 150 },
        );
    });

    it("for a sound config with one value replaced by any JSON, and each problem is a line", () => {
        fc.assert(
            fc.property(place, json, (path, value) => {
                const result = outcome(change(full, path, value));
                if (result instanceof ConfigError) {
                    assertLines(result);
                }
            }),
            { numRuns: 400 },
        );
    });

    it("for a sound config with one value replaced by anything", () => {
        fc.assert(
            fc.property(place, anything, (path, value) => {
                outcome(change(full, path, value));
            }),
            { numRuns: 200 },
        );
    });

    it("for a sound config with an extra key anywhere", () => {
        const objects = places.filter(path => isRecord(valueAt(full, keysOf(path))));
        assert.ok(objects.length > 20);
        fc.assert(
            fc.property(fc.constantFrom(...objects), keys.filter(key => /^\w+$/.test(key)), json, (path, key, value) => {
                outcome(change(full, `${path}.${key}`, value));
            }),
            { numRuns: 150 },
        );
    });

    for (const path of places) {
        it(`for a sound config without ${path}`, () => {
            const result = outcome(change(full, path, undefined));
            if (result instanceof ConfigError) {
                assertLines(result);
            }
        });
    }

    it("for a value that holds itself", () => {
        const knot: Record<string, unknown> = {};
        knot["self"] = knot;
        for (const path of ["app", "app.port", "other"]) {
            assert.ok(outcome(change(full, path, knot)) instanceof ConfigError);
        }
    });

    const odd: readonly (readonly [string, unknown])[] = [
        ["a function", () => 1],
        ["a symbol", Symbol("x")],
        ["a bigint", 10n],
        ["not a number", NaN],
        ["a date", new Date(0)],
        ["an object of a class", new URL("https://example.com")],
    ];
    for (const [title, value] of odd) {
        it(`for ${title}, at its place`, () => {
            const result = outcome(change(full, "app.port", value));
            assert.ok(result instanceof ConfigError);
            assert.deepEqual(result.problems.map(problem => problem.path), ["holdfast:app.port"]);
            assertLines(result);
        });
    }
});

describe("the result", () => {
    function thawed(value: unknown, path: string): readonly string[] {
        if (typeof value !== "object" || value === null) {
            return [];
        }
        const below = Object.entries(value).flatMap(([key, item]) => thawed(item, `${path}.${key}`));
        return Object.isFrozen(value) ? below : [path, ...below];
    }

    for (const [title, raw] of [["the full config", full], ["the least config", local]] as const) {
        it(`is frozen to its leaves: ${title}`, () => { assert.deepEqual(thawed(parseConfig(raw), "config"), []); });

        it(`leaves its input as it was, and thawed: ${title}`, () => {
            const given = structuredClone(raw);
            parseConfig(given);
            assert.deepEqual(given, raw);
            assert.ok(thawed(given, "raw").length > 3);
        });
    }

    it("leaves a faulty input as it was", () => {
        const given = change(full, "app.port", 80);
        const before = structuredClone(given);
        assert.ok(outcome(given) instanceof ConfigError);
        assert.deepEqual(given, before);
    });

    it("is the same each time, and is accepted again as it stands", () => {
        const once = parseConfig(full);
        assert.deepEqual(parseConfig(full), once);
        assert.deepEqual(parseConfig(structuredClone(once)), once);
    });

    it("shares no default with another result", () => {
        const [a, b] = [parseConfig(local), parseConfig(local)];
        assert.notEqual(a.app, b.app);
        assert.deepEqual(a, b);
    });
});
