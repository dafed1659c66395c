/**
 * Spreading, tolerations and priority. A mock cannot prove what the scheduler makes of them when a zone
 * is lost; the forms asserted here are those that recovered when it was tried on a real scheduler.
 */
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { minimalApp } from "../support/plan";
import { everyKind, fullApp, ownerOf, planApp, zonedCluster } from "../support/kubernetes";

const zone = "topology.kubernetes.io/zone";
const host = "kubernetes.io/hostname";

const selector = (component: string) => ({
    matchLabels: { "app.kubernetes.io/name": "shop", "app.kubernetes.io/component": component },
});

const silent = (tolerationSeconds: number) =>
    ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"].map(key => ({
        key,
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds,
    }));

const overHosts = (component: string, more: Readonly<Record<string, unknown>> = {}) => ({
    maxSkew: 1,
    topologyKey: host,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: selector(component),
    nodeTaintsPolicy: "Honor",
    ...more,
});

const perRollout = { matchLabelKeys: ["pod-template-hash"] };

for (const { label, cluster, zones } of everyKind) {
    describe(`the spread on ${label}`, () => {
        let plan: PlannedStack;

        before(async () => {
            plan = await planApp(fullApp, cluster);
        });

        const overZones = zones > 1;

        it(`of the replicas is ${overZones ? "required over zones that live, and " : ""}preferred over hosts`, () => {
            const required = {
                maxSkew: 1,
                topologyKey: zone,
                whenUnsatisfiable: "DoNotSchedule",
                labelSelector: selector("app"),
                nodeTaintsPolicy: "Honor",
                ...perRollout,
            };
            assert.deepEqual(ownerOf(plan, "app").template.spec.topologySpreadConstraints, [
                ...(overZones ? [required] : []),
                overHosts("app", perRollout),
            ]);
        });

        it(`of the stateful replicas ${overZones ? "takes each zone its share from the first" : "is preferred over hosts"}`, () => {
            const required = {
                maxSkew: 1,
                minDomains: 3,
                topologyKey: zone,
                whenUnsatisfiable: "DoNotSchedule",
                labelSelector: selector("state"),
                nodeTaintsPolicy: "Honor",
            };
            assert.deepEqual(ownerOf(plan, "state").template.spec.topologySpreadConstraints, [
                ...(overZones ? [required] : []),
                overHosts("state"),
            ]);
        });

        it("of the jobs is left to the scheduler", () => {
            for (const part of ["job-migrate", "job-report"]) {
                assert.equal("topologySpreadConstraints" in ownerOf(plan, part).template.spec, false, part);
            }
        });
    });
}

describe("the spread of stateful replicas over three zones", () => {
    for (const { replicas, maxSkew, minDomains } of [
        { replicas: 1, maxSkew: 1, minDomains: 1 },
        { replicas: 2, maxSkew: 1, minDomains: 2 },
        { replicas: 3, maxSkew: 1, minDomains: 3 },
        { replicas: 5, maxSkew: 2, minDomains: 3 },
        { replicas: 7, maxSkew: 3, minDomains: 3 },
    ]) {
        it(`of ${replicas} allows ${maxSkew} more in one zone, and needs ${minDomains} zones`, async () => {
            const plan = await planApp({ ...minimalApp, state: { ...fullApp.state, replicas } }, zonedCluster);
            const [overZones] = ownerOf(plan, "state").template.spec.topologySpreadConstraints;
            assert.deepEqual([overZones?.topologyKey, overZones?.maxSkew, overZones?.minDomains], [zone, maxSkew, minDomains]);
        });
    }
});

describe("tolerations", () => {
    const dedicated = { key: "dedicated", operator: "Equal", value: "shop", effect: "NoSchedule" };
    let plan: PlannedStack;

    before(async () => {
        plan = await planApp({
            ...fullApp,
            scheduling: {
                tolerations: [dedicated, { key: "spot", operator: "Exists" }],
                nodeSelector: { "kubernetes.io/arch": "amd64" },
                giveUpNodeSeconds: 12,
            },
        });
    });

    const configured = [dedicated, { key: "spot", operator: "Exists" }];

    it("give up a silent node after 30 s by default", async () => {
        assert.deepEqual(ownerOf(await planApp(minimalApp), "app").template.spec.tolerations, silent(30));
    });

    it("of the replicas are config's, and those of a silent node for as long as config says", () => {
        assert.deepEqual(ownerOf(plan, "app").template.spec.tolerations, [...configured, ...silent(12)]);
    });

    it("of all others are config's alone: a volume cannot follow faster", () => {
        for (const part of ["state", "job-migrate", "job-report"]) {
            assert.deepEqual(ownerOf(plan, part).template.spec.tolerations, configured, part);
        }
    });

    it("come with config's node selector, for every pod", () => {
        for (const part of ["app", "state", "job-migrate", "job-report"]) {
            assert.deepEqual(ownerOf(plan, part).template.spec.nodeSelector, { "kubernetes.io/arch": "amd64" }, part);
        }
    });

    it("need no node selector where config has none", async () => {
        assert.equal("nodeSelector" in ownerOf(await planApp(minimalApp), "app").template.spec, false);
    });
});
