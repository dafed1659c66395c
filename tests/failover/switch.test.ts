/**
 * The manual switch: a change of `failover.primary`, and nothing else. A mock cannot prove in which
 * order Route 53 sees the changes, so asserted is that no order can be wrong.
 */
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { planConfig } from "../support/plan";
import { answersOf, difference, dnsRecords, shortUrn, twoClouds } from "../support/kubernetes";

const domain = twoClouds.failover.domain;

const failbacks = [
    ["a hold-down", { holdMinutes: 30 }],
    ["failback at once", { holdMinutes: 0 }],
    ["failback by hand", "manual"],
] as const;

for (const [label, failback] of failbacks) {
    describe(`a change of primary with ${label}`, () => {
        let east: PlannedStack;
        let central: PlannedStack;

        before(async () => {
            const withPrimary = (primary: string): Promise<PlannedStack> =>
                planConfig({ ...twoClouds, failover: { ...twoClouds.failover, failback, primary } });
            east = await withPrimary("east");
            central = await withPrimary("central");
        });

        it("changes the domain's two answers, and no other resource that stays", () => {
            const { changed } = difference(east, central);
            assert.equal(changed.length, 2);
            for (const urn of changed) {
                assert.match(urn, /aws:route53\/record:Record::failover-/);
                assert.doesNotMatch(urn, /-own$/);
            }
        });

        it("swaps what holds the primary back, and makes or removes nothing else", () => {
            const { added, removed } = difference(east, central);
            const holds = (urns: readonly string[], cluster: string): string[] =>
                urns.map(shortUrn).filter(urn => !new RegExp(` failover-${cluster}-(hold|latch)(-|$)`).test(urn));
            assert.deepEqual([holds(added, "central"), holds(removed, "east")], [[], []]);
            assert.equal(added.length, removed.length);
            assert.equal(added.length > 0, failback === "manual" || failback.holdMinutes > 0);
        });

        it("makes the other cluster the primary", () => {
            const roles = (plan: PlannedStack): unknown[] =>
                [...answersOf(plan)].map(([cluster, answer]) => [cluster, answer.failoverRoutingPolicies?.[0]?.type]).sort();
            assert.deepEqual(roles(east), [["central", "SECONDARY"], ["east", "PRIMARY"]]);
            assert.deepEqual(roles(central), [["central", "PRIMARY"], ["east", "SECONDARY"]]);
        });

        it("never asks Route 53 for two primaries or two standbys at once: each record keeps its role", () => {
            const roles = (plan: PlannedStack): Map<string, string> =>
                new Map(
                    dnsRecords(plan)
                        .filter(({ name }) => name === domain)
                        .map(({ setIdentifier, failoverRoutingPolicies }) => [setIdentifier ?? "", failoverRoutingPolicies?.[0]?.type ?? ""]),
                );
            assert.equal(roles(east).size, 2);
            assert.deepEqual(roles(central), roles(east));
        });
    });
}
