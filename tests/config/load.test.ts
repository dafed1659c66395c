// What this cannot prove: how the engine hands config over. The engine tests do.
import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";

import { ConfigError, loadConfig, parseConfig } from "../../components/config";
import { programConfig } from "../../components/config/load";
import { assertLines, errorOf, full, local } from "./support";

const asJson = (raw: Readonly<Record<string, unknown>>): Record<string, string> =>
    Object.fromEntries(Object.entries(raw).map(([key, value]) => [`holdfast:${key}`, JSON.stringify(value)]));

describe("the program's part of the engine's config", () => {
    it("is what the file says", () => { assert.deepEqual(programConfig(asJson(full)), full); });

    it("has nothing of other namespaces", () => {
        assert.deepEqual(programConfig({ ...asJson(local), "aws:region": "us-east-1", "holdfastly:app": "{}", app: "{}" }), local);
    });

    it("leaves out empty mappings, as Pulumi.yaml may have them by default, and keeps empty lists", () => {
        assert.deepEqual(programConfig({ "holdfast:app": "{}", "holdfast:failover": "{ }", "holdfast:clusters": "[]" }), { clusters: [] });
    });

    it("keeps unknown keys, for the schema to report", () => {
        const unknown = ["__proto__", "app:x", "colour", "constructor", "shape"];
        const raw = programConfig({ ...asJson(local), "holdfast:colour": "blue", "holdfast:constructor": "x", "holdfast:shape": "{}", "holdfast:app:x": "{}", "holdfast:__proto__": '{"app":{}}' });
        assert.deepEqual(Object.keys(raw).sort(), ["__proto__", "app", "app:x", "clusters", "colour", "constructor", "shape"]);
        assert.deepEqual(errorOf(raw).problems.map(problem => problem.path).sort(), unknown.map(key => `holdfast:${key}`));
    });

    for (const text of ["", "text", "5", "true", "null", '"app"', "[1", "name: shop"]) {
        it(`refuses ${JSON.stringify(text)} for a structure, for all sections at once`, () => {
            assert.throws(
                () => programConfig({ "holdfast:app": text, "holdfast:failover": text, "holdfast:clusters": "[]" }),
                (error: unknown) => {
                    assert.ok(error instanceof ConfigError);
                    assert.deepEqual(error.problems.map(problem => problem.path), ["holdfast:app", "holdfast:failover"]);
                    assert.ok(error.message.includes("write app: in the stack's file"));
                    return true;
                },
            );
        });
    }
});

describe("any text in the engine's config", () => {
    const keys = fc.oneof(fc.constantFrom("clusters", "app", "failover").map(key => `holdfast:${key}`), fc.constantFrom("holdfast:__proto__", "holdfast:", "holdfast", "aws:region", ":"), fc.string());
    const sound = fc.constantFrom(...Object.values(asJson(full)));
    const cut = fc.tuple(sound, fc.nat(), fc.nat(), fc.string({ maxLength: 4 })).map(([text, at, length, extra]) => text.slice(0, at % text.length) + extra + text.slice((at % text.length) + (length % 40)));
    const texts = fc.oneof(fc.string(), fc.json(), sound, cut);

    it("is a config, or a ConfigError of whole lines", () => {
        let read = 0;
        fc.assert(
            fc.property(fc.dictionary(keys, texts, { maxKeys: 5 }), config => {
                try {
                    const raw = programConfig(config);
                    read++;
                    parseConfig(raw);
                } catch (error) {
                    assert.ok(error instanceof ConfigError, error instanceof Error ? error.stack : String(error));
                    assertLines(error);
                }
            }),
            { numRuns: 200 },
        );
        assert.ok(read > 20, `${read} were read`);
    });

    it("may be nested as deep as it likes", () => {
        for (const text of ["[".repeat(50_000) + "]".repeat(50_000), '{"app":'.repeat(20_000) + "1" + "}".repeat(20_000)]) {
            const error = errorOf(programConfig({ "holdfast:clusters": text, "holdfast:app": text }));
            assertLines(error);
        }
    });
});

describe("loadConfig", () => {
    const before = pulumi.runtime.allConfig();
    afterEach(() => { pulumi.runtime.setAllConfig(before); });

    it("reads what the engine gave", () => {
        pulumi.runtime.setAllConfig(asJson(full));
        assert.deepEqual(loadConfig(), parseConfig(full));
    });

    it("throws every problem as a RunError, which the engine prints without a stack", () => {
        pulumi.runtime.setAllConfig(asJson({ ...local, colour: {}, shape: [] }));
        assert.throws(loadConfig, (error: unknown) => error instanceof ConfigError && pulumi.RunError.isInstance(error));
    });
});
