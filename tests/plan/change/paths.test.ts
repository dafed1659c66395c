// What this can't prove: that Pulumi reads each path as it is read here; its own reader is in Go.
import assert from "node:assert/strict";

import fc from "fast-check";

import { differences, differingPaths } from "../../../plan/change/differences";
import { type Path, covers, formatPath, namesOf, parsePath, resetAt, valueAt } from "../../../plan/change/paths";

const key = fc.string({ minLength: 1, maxLength: 6, unit: "binary" }).filter(text => text !== "*");
const path = fc.array(fc.oneof(key, fc.nat(20)), { minLength: 1, maxLength: 5 });
const json = fc.jsonValue({ maxDepth: 3 });

describe("a path", () => {
    const forms: readonly (readonly [string, Path])[] = [
        ["spec.replicas", ["spec", "replicas"]],
        ["spec.containers[0].image", ["spec", "containers", 0, "image"]],
        ['metadata.labels["app.kubernetes.io/name"]', ["metadata", "labels", "app.kubernetes.io/name"]],
        ['a["say \\"b\\""]', ["a", 'say "b"']],
        ["[0][1]", [0, 1]],
        ["", []],
    ];
    for (const [text, steps] of forms) {
        it(`is written and read: ${text === "" ? "the empty one" : text}`, () => {
            assert.deepEqual([formatPath(steps), parsePath(text)], [text, steps]);
        });
    }

    it("is read as it was written, whatever its names", () => {
        fc.assert(fc.property(path, steps => {
            assert.deepEqual(parsePath(formatPath(steps)), steps);
        }));
    });

    it("of an option may stand for any step", () => {
        assert.deepEqual([parsePath("a[*].b"), parsePath("a[].b"), parsePath("a.*.b")], Array(3).fill(["a", "*", "b"]));
        assert.deepEqual(namesOf(parsePath("a[3].b[].c")), ["a", "b", "c"]);
    });

    it("covers itself and what is below it, and nothing else", () => {
        const above = parsePath("spec.template");
        const cases = { "spec.template": true, "spec.template.spec": true, spec: false, "spec.templates": false, "status.template": false };
        for (const [text, expected] of Object.entries(cases)) {
            assert.equal(covers(above, parsePath(text)), expected, text);
        }
        assert.equal(covers(parsePath("a[*].b"), parsePath("a[7].b.c")), true);
        assert.equal(covers([], parsePath("a")), true);
    });
});

describe("differences", () => {
    const cases: readonly (readonly [string, unknown, unknown, readonly string[]])[] = [
        ["nothing", { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []],
        ["a value", { a: 1, b: "x" }, { a: 2, b: "x" }, ["a"]],
        ["a deep value in a list", { a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: 1 }, { b: 3 }] }, ["a[1].b"]],
        ["items more and less", { a: [1, 2], b: [1] }, { a: [1], b: [1, 2] }, ["a[1]", "b[1]"]],
        ["an order", ["x", "y"], ["y", "x"], ["[0]", "[1]"]],
        ["what was added as a whole, part by part", {}, { a: { b: 1, c: { d: [2] } } }, ["a.b", "a.c.d[0]"]],
        ["what was removed as a whole", { a: { b: 1 } }, {}, ["a.b"]],
        ["an empty object or list", { b: [] }, { a: {} }, ["b", "a"]],
        ["nothing where null stands for nothing", { a: null }, { b: undefined }, []],
        ["a value of another kind, and not what is in it", { a: { b: 1 }, c: [1], d: "x" }, { a: "x", c: { 0: 1 }, d: { e: 1 } }, ["a", "c", "d"]],
        ["1 and the text 1", { a: 1 }, { a: "1" }, ["a"]],
    ];
    for (const [what, before, after, expected] of cases) {
        it(`are of ${what}`, () => {
            assert.deepEqual(differences(before, after), expected);
        });
    }

    it("are none of a value and its copy, and the same from either side", () => {
        fc.assert(fc.property(json, json, (a, b) => {
            assert.deepEqual(differences(a, structuredClone(a)), []);
            assert.deepEqual([...differences(a, b)].sort(), [...differences(b, a)].sort());
        }));
    });

    it("are each at a place where the values differ", () => {
        fc.assert(fc.property(json, json, (a, b) => {
            for (const at of differingPaths(a, b)) {
                assert.notDeepEqual(valueAt(a, at), valueAt(b, at));
            }
        }));
    });
});

describe("inputs with some put back", () => {
    const origin = { a: 1, b: { c: 2, d: 3 }, list: [{ x: 1 }, { x: 2 }] };
    const cases: readonly (readonly [string, unknown, readonly string[], unknown])[] = [
        ["a value", { a: 9, b: { c: 9, d: 3 } }, ["a"], { a: 1, b: { c: 9, d: 3 } }],
        ["a deep one alone", { a: 9, b: { c: 9, d: 9 } }, ["b.c"], { a: 9, b: { c: 2, d: 9 } }],
        ["what was removed", { b: {} }, ["a", "b.c"], { a: 1, b: { c: 2 } }],
        ["what was not there, by taking it away", { a: 1, new: 1 }, ["new"], { a: 1 }],
        ["an item of a list", { list: [{ x: 8 }, { x: 9 }] }, ["list[1].x"], { list: [{ x: 8 }, { x: 2 }] }],
        ["all items, but none that has no counterpart", { list: [{ x: 8 }, { x: 9 }, { x: 10 }] }, ["list[*].x"], { list: [{ x: 1 }, { x: 2 }, { x: 10 }] }],
        ["everything", { z: 1 }, ["*"], origin],
        ["nothing for a path below a value that is no object", { a: 9 }, ["a.b.c"], { a: 9 }],
    ];
    for (const [what, inputs, paths, expected] of cases) {
        it(`has back ${what}`, () => {
            assert.deepEqual(resetAt(inputs, origin, paths.map(parsePath)), expected);
        });
    }

    it("differs no more where it was put back", () => {
        fc.assert(fc.property(fc.dictionary(key, json), fc.dictionary(key, json), (a, b) => {
            for (const name of Object.keys({ ...a, ...b })) {
                const reset = resetAt(b, a, [[name]]);
                assert.deepEqual(differingPaths(a, reset).filter(([first]) => first === name), []);
            }
        }));
    });
});
