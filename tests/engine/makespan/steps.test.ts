// What this can't prove: that a state says all that the engine waits for. It proves what is read of one.
import assert from "node:assert/strict";

import { latencyOf } from "../cloud/latencies";
import type { StateResource } from "../support/audit";
import { stepsOf } from "./steps";

const vpc = "aws:ec2/vpc:Vpc";
const resource = (urn: string, type: string, more: Partial<StateResource> = {}): StateResource => ({ urn, type, id: urn, custom: true, ...more });

describe("the steps of an update", () => {
    it("are none of an empty state", () => {
        assert.deepEqual(stepsOf({}), []);
    });

    it("take as long as their type; components and providers take none", () => {
        const state = { resources: [resource("c", "holdfast:aws:Network", { custom: false }), resource("p", "pulumi:providers:aws"), resource("v", vpc)] };
        assert.deepEqual(stepsOf(state).map(({ seconds }) => seconds), [0, 0, latencyOf(vpc, {}).createSeconds]);
        assert.throws(() => stepsOf({ resources: [resource("x", "aws:rds/instance:Instance")] }), /no latency is known/);
    });

    it("take as long as their variant of the type", () => {
        const balanced = resource("s", "kubernetes:core/v1:Service", { inputs: { spec: { type: "LoadBalancer" } } });
        const [one, other] = stepsOf({ resources: [balanced, { ...balanced, inputs: { spec: { type: "ClusterIP" } } }] });
        assert.ok((one?.seconds ?? 0) > (other?.seconds ?? Infinity));
    });

    it("wait for dependencies, of which those by data are told apart, and for their provider", () => {
        const provider = "urn:pulumi:s::p::pulumi:providers:aws::east";
        const [step] = stepsOf({ resources: [resource("v", vpc, { provider: `${provider}::0f3c`, dependencies: ["a", "b"], propertyDependencies: { cidrBlock: ["a"], tags: null } })] });
        assert.deepEqual(step?.after, ["a", "b", provider]);
        assert.deepEqual(step.byData, ["a", provider]);
    });

    it("that wait for a chart wait for its parts", () => {
        const chart = resource("chart", "kubernetes:helm.sh/v4:Chart", { custom: false });
        const part = resource("part", "kubernetes:apps/v1:Deployment", { parent: "chart" });
        const [step] = stepsOf({ resources: [chart, part, resource("other", vpc)] });
        assert.deepEqual([step?.after, step?.byData], [["part"], ["part"]]);
    });
});
