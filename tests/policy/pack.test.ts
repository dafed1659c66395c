// What this cannot prove: that the Pulumi CLI finds and starts its policy runner. It runs that very runner
// on policy/, and asks it over gRPC what the engine asks.
import assert from "node:assert/strict";

import { evaluate } from "../../policy/evaluate";
import { type Resource, StackGraph } from "../../policy/graph";
import { rules } from "../../policy/rules";
import { type PolicyEngine, startPolicyEngine } from "../support/policyEngine";
import { mutants } from "./mutants";
import { capture } from "./stacks";

/** What the engine sends in place of text that only an update knows (@pulumi/policy's own `unknownStringValue`). */
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A stack as a preview of it looks: what is `${…}` in the plan is unknown. */
function asPreviewed(resources: readonly Resource[]): readonly Resource[] {
    return resources.map(resource => ({ ...resource, inputs: forgetUnknown(resource.inputs) }));
}

function forgetUnknown(value: unknown): unknown {
    if (typeof value === "string") {
        return value.includes("${") ? unknownText : value;
    }
    if (Array.isArray(value)) {
        return value.map(forgetUnknown);
    }
    return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, forgetUnknown(item)])) : value;
}

describe("the policy pack under Pulumi's own policy runner", function () {
    this.timeout(60_000);
    let engine: PolicyEngine;
    before(async () => {
        engine = await startPolicyEngine();
    });
    after(() => engine.close());

    /**
     * What the engine is told of some resources and of their stack, as "rule level resource: message". Before the
     * message Pulumi puts the rule's description.
     */
    async function violations(asked: readonly Resource[], resources: readonly Resource[]): Promise<readonly string[]> {
        const ofEach = await Promise.all(asked.map(async resource => (await engine.analyze(resource)).map(found => ({ ...found, urn: resource.urn }))));
        return [...ofEach.flat(), ...(await engine.analyzeStack(resources))]
            .map(({ policy, urn, message, mandatory }) => `${policy} ${mandatory ? "mandatory" : "advisory"} ${urn.split("::").at(-1) ?? ""}: ${message.split("\n").at(-1) ?? ""}`)
            .sort();
    }

    it("has every rule, each with its level", async () => {
        assert.deepEqual(
            await engine.policies(),
            rules.map(({ name, level }) => ({ name, mandatory: level === "mandatory" })),
        );
    });

    it("is content with prod, also before anything is known that only an update knows", async () => {
        const prod = await capture("prod");
        const previewed = asPreviewed(prod);
        assert.ok(JSON.stringify(previewed).includes(unknownText));
        assert.deepEqual(await violations(previewed, previewed), []);
    });

    it("finds in planted defects what the plan finds", async () => {
        // One of each scope: a preview for every defect would take minutes.
        for (const scope of ["resource", "stack"] as const) {
            const names = rules.filter(rule => rule.scope === scope).map(({ name }) => name);
            const mutant = mutants.find(({ rule, stack }) => stack === undefined && names.includes(rule));
            assert.ok(mutant !== undefined);
            const prod = await capture("prod");
            const broken = mutant.plant(prod);
            const planned = evaluate(rules, new StackGraph(broken)).map(({ rule, level, resource, message }) => `${rule} ${level} ${resource}: ${message}`);
            assert.ok(planned.length > 0);
            assert.deepEqual(await violations(broken.filter(resource => !prod.includes(resource)), broken), [...planned].sort());
        }
    });
});
