/**
 * Service account and priorities. A mock cannot prove that no token is mounted, or who is pre-empted.
 */
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { find, inputsOf, minimalApp } from "../support/plan";
import { fullApp, only, ownerOf, planApp, podOwners, types } from "../support/kubernetes";

interface Priority {
    readonly metadata: Readonly<Record<string, unknown>>;
    readonly value: number;
    readonly globalDefault: boolean;
    readonly preemptionPolicy?: string;
}

describe("the app's identity", () => {
    let plan: PlannedStack;

    before(async () => {
        plan = await planApp({ ...fullApp, scheduling: { priority: 5_000 } });
    });

    const priority = (): Priority => inputsOf<Priority>(find(plan, types.priority, "local-shop-priority"));

    it("is a service account of its own, without a token, for every pod", () => {
        const account = inputsOf<{ readonly metadata: { readonly name: string }; readonly automountServiceAccountToken: boolean }>(
            only(plan, types.account),
        );
        assert.equal(account.automountServiceAccountToken, false);
        assert.deepEqual(new Set(podOwners(plan).map(({ template }) => template.spec.serviceAccountName)), new Set([account.metadata.name]));
    });

    it("gives the replicas the priority of config, and nobody else's pods", () => {
        assert.equal(priority().value, 5_000);
        assert.equal(priority().globalDefault, false);
        for (const part of ["app", "state"]) {
            assert.match(ownerOf(plan, part).template.spec.priorityClassName, /^local-shop-priority-[0-9a-f]{8}$/, part);
        }
    });

    it("leaves the names of the priorities to Pulumi, and replaces them when they change: the API server lets none change", () => {
        for (const name of ["local-shop-priority", "local-shop-job-priority"]) {
            const made = find(plan, types.priority, name);
            assert.equal("name" in inputsOf<Priority>(made).metadata, false);
            assert.deepEqual(made.replaceOnChanges, ["value", "preemptionPolicy"]);
        }
    });

    it("puts the app above its jobs", () => {
        const jobs = inputsOf<Priority>(find(plan, types.priority, "local-shop-job-priority"));
        assert.ok(jobs.value < priority().value);
        assert.equal(jobs.globalDefault, false);
    });

    it("stays under the priorities of the system, at the most that config allows", async () => {
        const most = await planApp({ ...minimalApp, scheduling: { priority: 1_000_000_000 } });
        assert.equal(inputsOf<Priority>(only(most, types.priority)).value, 1_000_000_000);
        await assert.rejects(planApp({ ...minimalApp, scheduling: { priority: 1_000_000_001 } }), /scheduling\.priority/);
    });
});
