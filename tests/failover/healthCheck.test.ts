/**
 * Health checks of the clusters. A mock cannot prove that Route 53's checkers reach a cluster, nor that
 * they and the readiness probe agree in an outage; it can that both ask the same path.
 */
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { revealSecrets } from "../../plan/wire";
import { planConfig, type RawConfig } from "../support/plan";
import { answersOf, dnsRecords, endpointChecks, first, type HealthCheck, ownerOf, planApp, twoClouds } from "../support/kubernetes";

function checksOf(plan: PlannedStack): Map<string, HealthCheck> {
    return new Map([...answersOf(plan)].map(([cluster, { healthCheckId }]) => {
        const checks = endpointChecks(plan, healthCheckId);
        assert.equal(checks.length, 1, cluster);
        return [cluster, first(checks)];
    }));
}

/** The readiness path of the app's pods; the plan of one cluster has one Deployment to read. */
async function readyPath(app: RawConfig): Promise<string> {
    const [cluster] = twoClouds.clusters;
    const plan = await planApp({ ...app, ingress: { host: "shop.example.com", tls: false } }, cluster);
    return ownerOf(plan, "app").container.readinessProbe.httpGet.path;
}

for (const [scheme, app, port] of [
    ["https", twoClouds.app, 443],
    ["http", { ...twoClouds.app, ingress: { host: "shop.example.com", tls: false } }, 80],
] as const) {
    describe(`health checks by ${scheme}`, () => {
        let plan: PlannedStack;

        before(async () => {
            plan = await planConfig({ ...twoClouds, app: { ...app, health: { ready: "/ready" } } });
        });

        it("ask what users ask: the scheme and port of the exported endpoints", () => {
            const { endpoints } = revealSecrets(plan.recording.outputs) as { endpoints: Readonly<Record<string, { scheme: string }>> };
            for (const [cluster, check] of checksOf(plan)) {
                assert.equal(endpoints[cluster]?.scheme, scheme, cluster);
                assert.equal(check.type, scheme.toUpperCase(), cluster);
                assert.equal(check.port, port, cluster);
                assert.equal(check.enableSni, scheme === "https", cluster);
            }
        });

        it("ask by the cluster's own name, which a record leads to the same load balancer as the answer", () => {
            for (const [cluster, check] of checksOf(plan)) {
                assert.equal(check.fqdn, `${cluster}.shop.example.com`);
                const own = dnsRecords(plan).find(({ name }) => name === check.fqdn);
                const answer = answersOf(plan).get(cluster);
                assert.ok(own !== undefined && answer !== undefined);
                assert.deepEqual([own.aliases, own.records], [answer.aliases, answer.records]);
            }
        });

        it("ask the readiness path of the pods", async () => {
            const path = await readyPath({ ...app, health: { ready: "/ready" } });
            assert.equal(path, "/ready");
            for (const [cluster, check] of checksOf(plan)) {
                assert.equal(check.resourcePath, path, cluster);
            }
        });
    });
}

describe("health checks from config", () => {
    it("ask by default every 10 s, and take 2 failures for an outage", async () => {
        for (const check of checksOf(await planConfig(twoClouds)).values()) {
            assert.deepEqual([check.requestInterval, check.failureThreshold], [10, 2]);
        }
    });

    it("take path, interval and failures from config, for every cluster alike", async () => {
        const failover = { ...twoClouds.failover, check: { path: "/deep", interval: 30, failures: 5 } };
        const checks = checksOf(await planConfig({ ...twoClouds, failover }));
        assert.deepEqual([...checks.keys()].sort(), ["central", "east"]);
        for (const check of checks.values()) {
            assert.deepEqual([check.resourcePath, check.requestInterval, check.failureThreshold], ["/deep", 30, 5]);
        }
    });

    it("without an Ingress ask the LoadBalancer Service on port 80", async () => {
        const { image, name } = twoClouds.app;
        for (const check of checksOf(await planConfig({ ...twoClouds, app: { image, name } })).values()) {
            assert.deepEqual([check.type, check.port], ["HTTP", 80]);
        }
    });
});
