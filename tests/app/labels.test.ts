/**
 * Selectors: each must select pods that exist, of the right part, and no others. A mock cannot prove
 * that the API server's selectors work; it can that they name the labels the templates carry.
 */
import assert from "node:assert/strict";

import type * as k8s from "@pulumi/kubernetes";

import type { PlannedStack } from "../../plan/run";
import { all, inputsOf } from "../support/plan";
import { everyKind, fullApp, type Manifest, planApp, podOwners, selectedParts, types } from "../support/kubernetes";

type Labels = Readonly<Record<string, string>>;
interface PolicySpec {
    readonly podSelector: { readonly matchLabels?: Labels };
}

const matchLabels = (spec: unknown): Labels => (spec as { readonly selector: { readonly matchLabels: Labels } }).selector.matchLabels;

const everyPart = ["app", "job-migrate", "job-report", "state"];

/** Which pods an object's selector is to select, by the role in its name. */
const expected: Readonly<Record<string, readonly string[]>> = {
    service: ["app"],
    "ingress-service": ["app"],
    "state-service": ["state"],
    deployment: ["app"],
    state: ["state"],
    budget: ["app"],
    "state-budget": ["state"],
    "deny-all": everyPart,
    "allow-dns": everyPart,
    "allow-clients": ["app"],
    "allow-state": ["state"],
    "allow-to-state": everyPart,
    "allow-egress": everyPart,
};

for (const { label, cluster } of everyKind) {
    describe(`selectors on ${label}`, () => {
        let plan: PlannedStack;

        before(async () => {
            plan = await planApp(fullApp, cluster);
        });

        /** Compares what the selectors of a type's objects select with the table. */
        function check(type: string, count: number, labelsOf: (spec: unknown) => Labels): void {
            const objects = all(plan, type);
            assert.equal(objects.length, count);
            for (const object of objects) {
                const role = object.name.replace(/^[a-z]+-shop-/, "");
                const labels = labelsOf(inputsOf<Manifest<unknown>>(object).spec);
                assert.deepEqual(selectedParts(plan, labels), expected[role], object.name);
            }
        }

        it("of every Service select the right pods", () => {
            check(types.service, 3, spec => (spec as k8s.types.output.core.v1.ServiceSpec).selector);
        });

        it("of every budget select the right pods", () => {
            check(types.budget, 2, matchLabels);
        });

        it("of every network policy select the right pods", () => {
            // An empty selector, without labels, is every pod.
            check(types.networkPolicy, 6, spec => (spec as PolicySpec).podSelector.matchLabels ?? {});
        });

        it("of the Deployment and the StatefulSet select their own pods", () => {
            check(types.deployment, 1, matchLabels);
            check(types.statefulSet, 1, matchLabels);
        });

        it("of every spread count the pods that are spread, and no others", () => {
            const spread = podOwners(plan).filter(({ template }) => "topologySpreadConstraints" in template.spec);
            assert.deepEqual(spread.map(({ part }) => part).sort(), ["app", "state"]);
            for (const { template, part } of spread) {
                for (const { labelSelector, topologyKey } of template.spec.topologySpreadConstraints) {
                    assert.deepEqual(selectedParts(plan, labelSelector.matchLabels), [part], `${part} ${topologyKey}`);
                }
            }
        });

        it("never go by expressions, which these tests would not see", () => {
            assert.doesNotMatch(JSON.stringify(plan.recording.resources.map(({ inputs }) => inputs)), /"matchExpressions".{0,200}app\.kubernetes/);
        });
    });
}

describe("labels of objects", () => {
    it("name the app and what manages it, on every object of the app", async () => {
        const plan = await planApp(fullApp);
        const objects = plan.recording.resources.filter(({ type }) => type.startsWith("kubernetes:"));
        assert.ok(objects.length > 20);
        for (const object of objects) {
            const { labels } = inputsOf<Manifest<unknown>>(object).metadata as { labels?: Labels };
            assert.equal(labels?.["app.kubernetes.io/name"], "shop", object.name);
            assert.equal(labels["app.kubernetes.io/managed-by"], "holdfast", object.name);
        }
    });
});
