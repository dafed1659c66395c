/**
 * Clusters of other stacks. A mock cannot prove that those stacks export what is asserted here; the
 * shape is that of this program's own `endpoints` output.
 */
import assert from "node:assert/strict";

import main = require("../../index");

import { cloudAnswers } from "../../plan/mocks";
import { record } from "../../plan/recorder";
import type { PlannedStack } from "../../plan/run";
import { revealSecrets } from "../../plan/wire";
import { all, clusterConfigs, planConfig } from "../support/plan";
import { answersOf, endpointChecks, first, twoClouds, twoMembers } from "../support/kubernetes";

const reference = "pulumi:pulumi:StackReference";

describe("clusters of other stacks", () => {
    let plan: PlannedStack;

    before(async () => {
        plan = await planConfig(twoMembers);
    });

    it("are read from those stacks' outputs, each stack once", () => {
        const stacks = all(plan, reference).map(({ name }) => name);
        assert.deepEqual(stacks.sort(), ["acme/holdfast/elsewhere-central", "acme/holdfast/elsewhere-east"]);
    });

    it("answer like clusters of this stack: primary, standby, checks and names of their own", () => {
        const roles = [...answersOf(plan)].map(([cluster, answer]) => [cluster, answer.failoverRoutingPolicies?.[0]?.type]);
        assert.deepEqual(roles.sort(), [["central", "SECONDARY"], ["east", "PRIMARY"]]);
        for (const [cluster, { healthCheckId }] of answersOf(plan)) {
            const check = first(endpointChecks(plan, healthCheckId));
            assert.deepEqual([check.type, check.fqdn, check.port], ["HTTPS", `${cluster}.shop.example.com`, 443]);
        }
    });

    it("need no cluster, no app and no provider but that of the DNS", () => {
        const providers = plan.recording.resources.filter(({ type }) => type.startsWith("pulumi:providers:"));
        assert.deepEqual(providers.map(({ name }) => name), ["failover-aws"]);
        assert.deepEqual(plan.recording.resources.filter(({ type }) => type.startsWith("kubernetes:")), []);
    });

    it("are checked on the default readiness path, or on config's", async () => {
        for (const [check, path] of [[{}, "/readyz"], [{ path: "/deep" }, "/deep"]] as const) {
            const own = await planConfig({ failover: { ...twoMembers.failover, check } });
            for (const [cluster, { healthCheckId }] of answersOf(own)) {
                assert.equal(first(endpointChecks(own, healthCheckId)).resourcePath, path, cluster);
            }
        }
    });

    it("may share a stack, which is then asked once", async () => {
        const members = twoMembers.failover.members.map(({ name }) => ({ name, stack: "acme/holdfast/elsewhere" }));
        const shared = await planConfig({ failover: { ...twoMembers.failover, members } });
        assert.deepEqual(all(shared, reference).map(({ name }) => name), ["acme/holdfast/elsewhere"]);
        assert.equal(answersOf(shared).size, 2);
    });

    it("may stand beside clusters of this stack", async () => {
        const mixed = await planConfig({
            ...twoClouds,
            clusters: [clusterConfigs.eks],
            failover: { ...twoClouds.failover, members: [{ name: "central", stack: "acme/holdfast/elsewhere" }] },
        });
        assert.deepEqual([...answersOf(mixed).keys()].sort(), ["central", "east"]);
        assert.equal(answersOf(mixed).get("east")?.aliases?.length, 1);
        assert.deepEqual(answersOf(mixed).get("central")?.records, ["${acme/holdfast/elsewhere.endpoints.central.address}"]);
    });
});

describe("what other stacks export", () => {
    const config = { "holdfast:failover": JSON.stringify(twoMembers.failover) };
    const stage = { project: "holdfast", stack: "test", config };

    const run = (endpoints: unknown) => record(main, stage, cloudAnswers({ clusters: [], stackOutputs: () => ({ endpoints }) }));

    it("may be a load balancer with a host name: its record is then an alias", async () => {
        const east = { address: "lb.example.net", aliasZoneId: "ZONE", scheme: "https" };
        const central = { address: "203.0.113.7", aliasZoneId: null, scheme: "https" };
        const { resources } = await run({ east, central });
        const record_ = (name: string): unknown => revealSecrets(resources.find(resource => resource.name === name && resource.custom)?.wireInputs);
        assert.deepEqual((record_("failover-east-own") as { aliases: unknown }).aliases, [
            { name: "lb.example.net", zoneId: "ZONE", evaluateTargetHealth: true },
        ]);
        assert.deepEqual((record_("failover-central-own") as { records: unknown }).records, ["203.0.113.7"]);
    });

    it("may lack the cluster: the error names the stack, what it has, and what to do", async () => {
        const other = { address: "203.0.113.7", aliasZoneId: null, scheme: "https" };
        await assert.rejects(run({ other }), /stack acme\/holdfast\/elsewhere-(east|central) exports no endpoint of a cluster (east|central): received other; fix: /);
    });
});
