/**
 * Which cluster answers for the domain. A mock cannot prove that Route 53 answers so, nor how long
 * resolvers keep an answer.
 */
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { revealSecrets } from "../../plan/wire";
import { all, clusterConfigs, find, minimalApp, planConfig } from "../support/plan";
import { answersOf, dnsRecords, twoClouds } from "../support/kubernetes";

const domain = "shop.example.com";

const urlOf = ({ recording }: PlannedStack): unknown => (revealSecrets(recording.outputs) as { url: unknown }).url;

describe("active-passive", () => {
    let plan: PlannedStack;

    before(async () => {
        plan = await planConfig(twoClouds);
    });

    it("has one answer for each cluster, the primary's and the standby's", () => {
        const roles = [...answersOf(plan)].map(([cluster, { failoverRoutingPolicies }]) => [cluster, failoverRoutingPolicies]);
        assert.deepEqual(new Map(roles as [string, unknown][]), new Map([["east", [{ type: "PRIMARY" }]], ["central", [{ type: "SECONDARY" }]]]));
    });

    it("weighs nothing", () => {
        assert.equal(answersOf(plan).size, 2);
        for (const [cluster, answer] of answersOf(plan)) {
            assert.equal("weightedRoutingPolicies" in answer, false, cluster);
        }
    });

    it("has answers of one type, told apart, each with a health check", () => {
        const answers = [...answersOf(plan).values()];
        assert.deepEqual(answers.map(({ name, type }) => [name, type]), [[domain, "A"], [domain, "A"]]);
        assert.equal(new Set(answers.map(({ setIdentifier }) => setIdentifier)).size, 2);
        assert.equal(new Set(answers.map(({ healthCheckId }) => healthCheckId)).size, 2);
        assert.ok(answers.every(({ healthCheckId }) => healthCheckId !== undefined));
    });

    it("gives each cluster a name of its own, whatever its health", () => {
        const own = dnsRecords(plan).filter(({ name }) => name !== domain);
        assert.deepEqual(own.map(({ name, type }) => [name, type]).sort(), [[`central.${domain}`, "A"], [`east.${domain}`, "A"]]);
        for (const record of own) {
            for (const field of ["healthCheckId", "setIdentifier", "failoverRoutingPolicies", "weightedRoutingPolicies"]) {
                assert.equal(field in record, false, `${record.name} ${field}`);
            }
        }
    });

    it("never has a CNAME", () => {
        assert.equal(dnsRecords(plan).length, 4);
        assert.deepEqual(dnsRecords(plan).filter(({ type }) => type !== "A"), []);
    });

    it("puts every record into the zone of config", () => {
        assert.deepEqual(new Set(dnsRecords(plan).map(({ zoneId }) => zoneId)), new Set(["${zone example.com.id}"]));
    });

    it("exports the name that the world reaches", () => {
        assert.equal(urlOf(plan), `https://${domain}`);
    });

    it("goes by a provider of its own, so that a cluster's cloud may be down", () => {
        const { urn } = find(plan, "pulumi:providers:aws", "failover-aws");
        const parts = plan.recording.resources.filter(({ parent, custom }) => custom && parent?.includes("holdfast:failover:") === true);
        assert.ok(parts.length >= 8);
        assert.deepEqual(parts.filter(({ provider }) => provider !== urn).map(({ name }) => name), []);
    });

    it("makes the other cluster the primary where config says so", async () => {
        const other = await planConfig({ ...twoClouds, failover: { ...twoClouds.failover, primary: "central" } });
        assert.deepEqual(answersOf(other).get("central")?.failoverRoutingPolicies, [{ type: "PRIMARY" }]);
        assert.deepEqual(answersOf(other).get("east")?.failoverRoutingPolicies, [{ type: "SECONDARY" }]);
    });
});

describe("active-active", () => {
    const third = { ...clusterConfigs.eks, name: "west", region: "us-west-2", zones: ["us-west-2a", "us-west-2b"], cidr: "10.48.0.0/16" };
    let plan: PlannedStack;

    before(async () => {
        plan = await planConfig({
            clusters: [...twoClouds.clusters, third],
            app: { ...minimalApp, replicas: { min: 6 }, scaling: { cpu: 50 }, ingress: { host: domain } },
            failover: { domain, zone: "example.com", mode: "active-active" },
        });
    });

    it("answers with every cluster alike", () => {
        const answers = answersOf(plan);
        assert.deepEqual([...answers.keys()].sort(), ["central", "east", "west"]);
        for (const [cluster, { weightedRoutingPolicies }] of answers) {
            assert.deepEqual(weightedRoutingPolicies, [{ weight: 100 }], cluster);
        }
    });

    it("has no primary and no standby", () => {
        for (const [cluster, answer] of answersOf(plan)) {
            assert.equal("failoverRoutingPolicies" in answer, false, cluster);
        }
    });

    it("tells each by its own check, which holds nobody back", () => {
        const checks = all(plan, "aws:route53/healthCheck:HealthCheck").map(({ name }) => name);
        assert.deepEqual(checks.sort(), ["failover-central", "failover-east", "failover-west"]);
        for (const [cluster, { healthCheckId, setIdentifier }] of answersOf(plan)) {
            assert.equal(healthCheckId, `\${failover-${cluster}.id}`);
            assert.equal(setIdentifier, cluster);
        }
        assert.deepEqual(all(plan, "aws:cloudwatch/metricAlarm:MetricAlarm"), []);
    });

    it("keeps the answers of the others when a cluster joins", async () => {
        const two = await planConfig({
            clusters: twoClouds.clusters,
            app: { ...minimalApp, replicas: { min: 6 }, scaling: { cpu: 50 }, ingress: { host: domain } },
            failover: { domain, zone: "example.com", mode: "active-active" },
        });
        for (const cluster of ["east", "central"]) {
            assert.deepEqual(answersOf(plan).get(cluster), answersOf(two).get(cluster), cluster);
        }
    });
});

describe("failover without TLS", () => {
    it("exports an http URL, and checks on port 80", async () => {
        const plan = await planConfig({ ...twoClouds, app: minimalApp });
        assert.equal(urlOf(plan), `http://${domain}`);
    });
});

describe("a stack without failover", () => {
    it("makes no record, no check and no provider for them", async () => {
        const { app, clusters } = twoClouds;
        const plan = await planConfig({ clusters, app: { ...app, ingress: { ...app.ingress, tls: { zone: "example.com" } } } });
        assert.deepEqual(dnsRecords(plan), []);
        assert.deepEqual(all(plan, "aws:route53/healthCheck:HealthCheck"), []);
        assert.deepEqual(all(plan, "pulumi:providers:aws").map(({ name }) => name), ["east-aws"]);
        assert.equal(urlOf(plan), null);
    });
});
