/**
 * Disruption budgets. A mock cannot prove that a drain goes on or stops: that takes the eviction API
 * of a real API server.
 */
import assert from "node:assert/strict";

import type * as k8s from "@pulumi/kubernetes";

import type { PlannedStack } from "../../plan/run";
import { all, clusterConfigs, find, inputsOf, minimalApp, planConfig, type RawConfig } from "../support/plan";
import { fullApp, type Manifest, planApp, types } from "../support/kubernetes";

type BudgetSpec = k8s.types.output.policy.v1.PodDisruptionBudgetSpec;

const specOf = (plan: PlannedStack, name: string): BudgetSpec =>
    inputsOf<Manifest<BudgetSpec>>(find(plan, types.budget, name)).spec;

describe("disruption budgets", () => {
    let plan: PlannedStack;

    before(async () => {
        plan = await planApp(fullApp);
    });

    it("has one for the replicas and one for the stateful replicas", () => {
        assert.deepEqual(all(plan, types.budget).map(({ name }) => name).sort(), ["local-shop-budget", "local-shop-state-budget"]);
    });

    it("lets a drain take one replica at a time", () => {
        assert.equal(specOf(plan, "local-shop-budget").maxUnavailable, 1);
        assert.equal(specOf(plan, "local-shop-state-budget").maxUnavailable, 1);
    });

    it("always lets pods go that are not ready", () => {
        for (const budget of all(plan, types.budget)) {
            assert.equal(inputsOf<Manifest<BudgetSpec>>(budget).spec.unhealthyPodEvictionPolicy, "AlwaysAllow", budget.name);
        }
    });

    it("never sets minAvailable, which blocks when replicas are few", () => {
        for (const budget of all(plan, types.budget)) {
            assert.equal("minAvailable" in inputsOf<Manifest<BudgetSpec>>(budget).spec, false, budget.name);
        }
    });

    for (const maxUnavailable of [2, "25%"]) {
        it(`takes ${maxUnavailable} from config for the replicas, and keeps 1 for the stateful ones`, async () => {
            const changed = await planApp({ ...fullApp, budget: { maxUnavailable } });
            assert.equal(specOf(changed, "local-shop-budget").maxUnavailable, maxUnavailable);
            assert.equal(specOf(changed, "local-shop-state-budget").maxUnavailable, 1);
        });
    }

    for (const maxUnavailable of [0, "0%", "100%", "99%", 3]) {
        it(`refuses ${maxUnavailable}: it would block every drain, or let one take every replica`, async () => {
            const app: RawConfig = { ...minimalApp, budget: { maxUnavailable } };
            await assert.rejects(planConfig({ clusters: [clusterConfigs.existing], app }), /budget\.maxUnavailable/);
        });
    }
});
