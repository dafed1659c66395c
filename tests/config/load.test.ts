// What this cannot prove: how the engine hands config over. The engine tests do.
import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { ConfigError, loadConfig, parseConfig } from "../../components/config";
import { programConfig } from "../../components/config/load";
import { errorOf, full, local } from "./support";

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
        const raw = programConfig({ ...asJson(local), "holdfast:colour": "blue", "holdfast:constructor": "x" });
        assert.deepEqual(Object.keys(raw).sort(), ["app", "clusters", "colour", "constructor"]);
        assert.deepEqual(errorOf(raw).problems.map(problem => problem.path).sort(), ["holdfast:colour", "holdfast:constructor"]);
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
