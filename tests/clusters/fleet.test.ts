// Every kind of cluster in one stack, with failover. A mock cannot prove that the clouds hold nothing else of
// these names, or that one cloud's outage leaves work on the other alone: that needs a stack for each.
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { below, changes, fullApp, labels, lookupsOf, made, modes, nameOf, providerSuffix } from "../support/clusters";
import { planConfig } from "../support/plan";

describe("contract of clusters: all at once, with failover", () => {
    const failover = { domain: "shop.example.com", zone: "example.com", mode: "active-active" };
    const clusters = modes.map(({ config }, index) => ({
        ...config,
        name: `c${index}`,
        ...("cidr" in config ? { cidr: `10.${16 * (index + 1)}.0.0/16` } : {}),
    }));
    const fleet = { clusters, app: fullApp, failover };
    let plan: PlannedStack;
    before(async () => {
        plan = await planConfig(fleet);
    });

    it("gives each resource to the provider of the cluster that it is named after", () => {
        const strays = made(plan).filter(({ type, name, provider }) => {
            const owner = name.split(/[-.]/)[0] ?? "";
            return nameOf(provider)?.replace(/-keep$/, "") !== `${owner}-${providerSuffix(type)}`;
        });
        assert.deepEqual(labels(strays), []);
    });

    it("makes nothing of one cluster below another", () => {
        for (const { name } of fleet.clusters) {
            const component = plan.recording.resources.find(one => one.name === name && one.type.endsWith("Cluster") && !one.custom);
            assert.ok(component);
            assert.deepEqual(below(plan, component).filter(one => !one.name.startsWith(`${name}-`) && one.name !== name), []);
        }
    });

    it("calls nothing but the look-up of the zone, and reads no resource", async () => {
        const { calls, reads } = await lookupsOf(fleet);
        assert.deepEqual([...new Set(calls)], ["aws:route53/getZone:getZone"]);
        assert.deepEqual(reads, []);
    });

    it("reads other stacks' outputs where failover names them, and nothing else", async () => {
        const members = [{ name: "far", stack: "acme/holdfast/far" }];
        const { reads } = await lookupsOf({ ...fleet, failover: { ...failover, members } });
        assert.deepEqual(reads, ["pulumi:pulumi:StackReference"]);
    });

    it("does not care for the order of the clusters", async () => {
        const turned = await planConfig({ ...fleet, clusters: [...fleet.clusters].reverse() });
        assert.deepEqual(changes(plan, turned), { added: [], removed: [], changed: [] });
    });
});
