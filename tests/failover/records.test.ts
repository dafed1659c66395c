/**
 * What the records hold. A mock cannot prove that Route 53 takes an alias, or that the provider's own
 * checks pass: asserted is that each record has exactly one of the forms that they allow.
 */
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { clusterConfigs, planConfig } from "../support/plan";
import { answersOf, type DnsRecord, dnsRecords, twoClouds } from "../support/kubernetes";

describe("a record of a load balancer that has a host name", () => {
    let answer: DnsRecord | undefined;

    before(async () => {
        answer = answersOf(await planConfig(twoClouds)).get("east");
    });

    it("is an alias, judged by the load balancer's own targets too", () => {
        assert.equal(answer?.type, "A");
        assert.deepEqual(answer.aliases, [{ name: "${east-shop-ingress.hostname}", zoneId: "Z35SXDOTRQ7X7K", evaluateTargetHealth: true }]);
    });

    it("has no TTL: Route 53 fixes it", () => {
        assert.equal(answer === undefined || "ttl" in answer, false);
    });

    it("leaves out records: the provider refuses a record with both, even where one is empty", () => {
        assert.equal(answer === undefined || "records" in answer, false);
    });

    it("goes by the other zone where the Service is the door", async () => {
        const { image, name } = twoClouds.app;
        const service = answersOf(await planConfig({ ...twoClouds, app: { image, name } })).get("east");
        assert.deepEqual(service?.aliases, [{ name: "${east-shop-service.hostname}", zoneId: "Z26RNL4JYFTOTI", evaluateTargetHealth: true }]);
    });
});

describe("a record of a load balancer that has an address", () => {
    let answer: DnsRecord | undefined;

    before(async () => {
        answer = answersOf(await planConfig(twoClouds)).get("central");
    });

    it("is a plain A record", () => {
        assert.equal(answer?.type, "A");
        assert.deepEqual(answer.records, ["${central-shop-ingress.ip}"]);
    });

    it("leaves out aliases: the provider refuses a record with both, even where one is empty", () => {
        assert.equal(answer === undefined || "aliases" in answer, false);
    });
});

describe("the TTL", () => {
    const gke = (name: string, region: string, cidr: string) => ({
        ...clusterConfigs.gke,
        name,
        region,
        zones: ["a", "b", "c"].map(zone => `${region}-${zone}`),
        cidr,
    });
    const addresses = {
        ...twoClouds,
        clusters: [gke("central", "us-central1", "10.32.0.0/16"), gke("west", "us-west1", "10.48.0.0/16")],
        failover: { ...twoClouds.failover, primary: "central", ttl: 17 },
    };

    const ttls = (plan: PlannedStack): unknown[] => dnsRecords(plan).map(({ ttl }) => ttl);

    it("is config's where every load balancer has an address", async () => {
        assert.deepEqual(ttls(await planConfig(addresses)), [17, 17, 17, 17]);
    });

    it("is the alias's 60 s for all answers where one is an alias, so that they are alike", async () => {
        const plan = await planConfig({ ...twoClouds, failover: { ...twoClouds.failover, ttl: 17 } });
        assert.equal(answersOf(plan).get("central")?.ttl, 60);
    });

    it("is never over 60 s", async () => {
        await assert.rejects(planConfig({ ...twoClouds, failover: { ...twoClouds.failover, ttl: 61 } }), /failover\.ttl/);
    });
});
