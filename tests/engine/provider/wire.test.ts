// What this can't prove: how the engine reads what it is sent; the suites run it. It proves what a message holds.
import assert from "node:assert/strict";

import { specialSecretSig, specialSigKey, unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { type Properties, hasUnknown, isUnknown, properties, struct } from "./wire";

const secret = (value: unknown): object => ({ [specialSigKey]: specialSecretSig, value });
const message = (values: Properties): Struct => Struct.fromJavaScript(values as Parameters<typeof Struct.fromJavaScript>[0]);
const sent = (values: Properties, ...like: readonly Properties[]): unknown => struct(values, ...like.map(message)).toJavaScript();

describe("what a provider reads", () => {
    it("has secrets in the clear, however deep", () => {
        assert.deepEqual(properties(message({ a: secret("x"), b: { c: [secret({ d: secret("y") })] } })), { a: "x", b: { c: [{ d: "y" }] } });
        assert.deepEqual(properties(undefined), {});
    });

    it("tells what is not known yet, by the SDK's own mark", () => {
        assert.equal(isUnknown(unknownValue), true);
        assert.equal(isUnknown("known"), false);
        assert.equal(hasUnknown({ a: [{ b: unknownValue }] }), true);
        assert.equal(hasUnknown({ a: [{ b: "known" }], c: null }), false);
    });
});

describe("what a provider answers", () => {
    it("leaves out what is undefined, and keeps null", () => {
        assert.deepEqual(sent({ a: undefined, b: null, c: { d: undefined } }), { b: null, c: {} });
    });

    const cases: readonly (readonly [title: string, answered: Properties, asked: Properties, sealed: Properties])[] = [
        ["a secret", { a: "x", b: "y" }, { a: secret("x") }, { a: secret("x"), b: "y" }],
        ["another value at its place", { a: "new" }, { a: secret("old") }, { a: secret("new") }],
        ["one that is deep", { spec: { env: [{ value: "p" }, { value: "x" }] } }, { spec: { env: [{ value: "p" }, { value: secret("x") }] } }, { spec: { env: [{ value: "p" }, { value: secret("x") }] } }],
        ["all of what is secret as a whole", { data: { a: "x", b: "new" } }, { data: secret({ a: "x" }) }, { data: secret({ a: "x", b: "new" }) }],
        ["nothing twice", { a: secret("x") }, { a: secret("x") }, { a: secret("x") }],
        ["nothing that was none", { a: "x", list: [1, 2] }, { a: "x", list: [1] }, { a: "x", list: [1, 2] }],
        ["nothing of another form", { a: [1], b: { c: 1 } }, { a: { 0: secret(1) }, b: secret(1) }, { a: [1], b: secret({ c: 1 }) }],
        ["nothing where there is no longer anything", { b: "y" }, { a: secret("x") }, { b: "y" }],
    ];
    for (const [title, answered, asked, sealed] of cases) {
        it(`seals what was secret in the request: ${title}`, () => {
            assert.deepEqual(sent(answered, asked), sealed);
        });
    }

    it("seals by each of several requests", () => {
        assert.deepEqual(sent({ a: "x", b: "y" }, { a: secret("x") }, { b: secret("y") }), { a: secret("x"), b: secret("y") });
        assert.deepEqual(struct({ a: "x" }, undefined).toJavaScript(), { a: "x" });
    });
});
