// What this cannot prove: the bill. Traffic, requests and logs are paid by use; a cloud's own rules of
// rounding, free tiers and discounts are not in it.
import assert from "node:assert/strict";

import { hoursPerMonth } from "../../components/model/cost";
import { prices } from "../../components/model/prices";
import type { PlannedStack } from "../../plan/run";
import { costSummary } from "../../plan/summarise/cost";
import type { CostSummary } from "../../plan/summary";
import { first, fullApp, quantity, types } from "../support/kubernetes";
import { type RawConfig, all, clusterConfigs, inputsOf, minimalApp, planConfig, planProjectStack } from "../support/plan";

function costOf({ config, recording }: PlannedStack): CostSummary {
    return costSummary(config, recording.resources);
}

async function costOfConfig(config: RawConfig): Promise<CostSummary> {
    return costOf(await planConfig(config));
}

function usd(sku: string, region: string): number {
    const found = prices.filter(row => row.sku === sku && row.region === region);
    assert.equal(found.length, 1, `${found.length} prices of ${sku} in ${region}`);
    return first(found).usd;
}

/** Monthly dollars of one part; 0 where the bill has no such part. */
function part({ parts }: CostSummary, name: string): number {
    const found = parts.filter(one => one.name === name);
    assert.ok(found.length <= 1, name);
    return found[0]?.monthlyUsd ?? 0;
}

function near(actual: number, expected: number, what: string): void {
    assert.ok(Math.abs(actual - expected) < 1e-6, `${what}: ${actual} is not ${expected}`);
}

interface Podded {
    readonly spec: { readonly replicas?: number; readonly template: { readonly spec: { readonly containers: readonly { readonly resources: { readonly requests: { readonly cpu: string; readonly memory: string } } }[] } } };
}

/** What a cluster's replicas request at their minimum, by hand. */
function demand(plan: PlannedStack, cluster: string): { cores: number; gib: number } {
    const { app } = plan.config;
    assert.ok(app !== undefined);
    const sum = { cores: 0, gib: 0 };
    for (const type of [types.deployment, types.statefulSet]) {
        for (const resource of all(plan, type).filter(({ provider }) => [`${cluster}-kubernetes`, `${cluster}-kubernetes-keep`].includes(provider?.split("::")[3] ?? ""))) {
            const { spec } = inputsOf<Podded>(resource);
            const count = type === types.deployment ? app.replicas.min : (spec.replicas ?? 0);
            for (const { resources } of spec.template.spec.containers) {
                sum.cores += count * quantity(resources.requests.cpu);
                sum.gib += (count * quantity(resources.requests.memory)) / 2 ** 30;
            }
        }
    }
    return sum;
}

describe("the bill of prod", () => {
    const aws = "us-east-1";
    const gcp = "us-central1";
    let plan: PlannedStack;
    let cost: CostSummary;

    before(async () => {
        plan = await planProjectStack("prod");
        cost = costOf(plan);
    });

    const count = (type: string): number => all(plan, type).length;
    const isOf = (cluster: string) => ({ provider }: { readonly provider: string | null }) => [`${cluster}-kubernetes`, `${cluster}-kubernetes-keep`].includes(provider?.split("::")[3] ?? "");

    it("has a control plane a cluster", () => {
        assert.deepEqual([count("aws:eks/cluster:Cluster"), count("gcp:container/cluster:Cluster")], [1, 1]);
        near(part(cost, "control planes"), hoursPerMonth * (usd("aws.eks.control-plane.standard", aws) + usd("gcp.gke.management-fee", gcp)), "control planes");
    });

    it("has each gateway, its address and each zone's end of an interface endpoint; on Google Cloud NAT for a node a zone", () => {
        const endpoints = all(plan, "aws:ec2/vpcEndpoint:VpcEndpoint")
            .map(endpoint => inputsOf<{ vpcEndpointType?: string; subnetIds?: string[] }>(endpoint))
            .filter(({ vpcEndpointType }) => vpcEndpointType === "Interface")
            .reduce((sum, { subnetIds }) => sum + (subnetIds?.length ?? 0), 0);
        assert.deepEqual([count("aws:ec2/natGateway:NatGateway"), count("aws:ec2/eip:Eip")], [3, 3]);
        const hourly = 3 * usd("aws.nat.hour", aws) + 3 * usd("aws.ipv4.public.hour", aws) + endpoints * usd("aws.vpce.interface.hour", aws) + 3 * usd("gcp.nat.vm-hour", gcp);
        near(part(cost, "NAT and endpoints"), hoursPerMonth * hourly, "NAT and endpoints");
    });

    it("has the machines of Auto Mode for what the replicas request, one a zone at least, and Autopilot's pods", () => {
        const east = demand(plan, "east");
        const central = demand(plan, "central");
        assert.ok(east.cores > 0.75 && east.gib > 0.75);
        assert.deepEqual(east, central);
        // What cert-manager's and the descheduler's charts render, by tests/platform/rendered.
        const platform = { cores: 0.35 + 0.1, gib: 1.1875 + 0.25 };
        const machines = Math.max(3, Math.ceil((east.cores + platform.cores) / 1.8), Math.ceil((east.gib + platform.gib) / 6.5));
        const hourly =
            machines * (usd("aws.ec2.od.linux.m7i.large", aws) + usd("aws.eks.auto-mode.premium.m7i.large", aws)) +
            (central.cores + platform.cores) * usd("gcp.autopilot.general.vcpu", gcp) +
            (central.gib + platform.gib) * usd("gcp.autopilot.general.memory", gcp);
        near(part(cost, "nodes"), hoursPerMonth * hourly, "nodes");
    });

    it("has a load balancer for each Service that asks for one and each Ingress", () => {
        const balanced = (cluster: string): number =>
            all(plan, types.service).filter(isOf(cluster)).filter(service => inputsOf<{ spec: { type?: string } }>(service).spec.type === "LoadBalancer").length;
        const ingresses = (cluster: string): number => all(plan, types.ingress).filter(isOf(cluster)).length;
        assert.deepEqual([ingresses("east"), ingresses("central")], [1, 1]);
        const rule = usd("gcp.lb.forwarding-rule.first5", "global");
        const hourly = balanced("east") * usd("aws.nlb.hour", aws) + ingresses("east") * usd("aws.alb.hour", aws) + (balanced("central") + 2 * ingresses("central")) * rule;
        near(part(cost, "load balancers"), hoursPerMonth * hourly, "load balancers");
    });

    it("has each volume by its size", () => {
        const gib = (cluster: string): number =>
            all(plan, types.claim).filter(isOf(cluster)).reduce((sum, claim) => sum + quantity(inputsOf<{ spec: { resources: { requests: { storage: string } } } }>(claim).spec.resources.requests.storage) / 2 ** 30, 0);
        assert.deepEqual([gib("east"), gib("central")], [30, 30]);
        near(part(cost, "volumes"), 30 * usd("aws.ebs.gp3.storage", aws) + 30 * usd("gcp.pd.balanced", gcp), "volumes");
    });

    it("has each key, each alarm, and each check of an endpoint with its options", () => {
        const keys = count("aws:kms/key:Key") * usd("aws.kms.key", aws) + count("gcp:kms/cryptoKey:CryptoKey") * usd("gcp.kms.key-version", "global");
        near(part(cost, "keys and alarms"), keys + count("aws:cloudwatch/metricAlarm:MetricAlarm") * usd("aws.cloudwatch.alarm.standard", aws), "keys and alarms");
        const checks = all(plan, "aws:route53/healthCheck:HealthCheck").map(check => inputsOf<{ type: string; requestInterval?: number }>(check));
        const asking = checks.filter(({ type }) => type === "HTTP" || type === "HTTPS");
        assert.equal(asking.length, 2);
        const options = asking.reduce((sum, { type, requestInterval }) => sum + (type === "HTTPS" ? 1 : 0) + (requestInterval === 10 ? 1 : 0), 0);
        const dns = asking.length * usd("aws.route53.healthcheck.non-aws-endpoint", "global") + options * usd("aws.route53.healthcheck.option.non-aws-endpoint", "global");
        near(part(cost, "DNS and health checks"), dns, "checks");
    });

    it("has no other part, adds up, and is dearest first", () => {
        assert.deepEqual(cost.parts.map(({ name }) => name).sort(), ["DNS and health checks", "NAT and endpoints", "control planes", "keys and alarms", "load balancers", "nodes", "volumes"]);
        const amounts = cost.parts.map(({ monthlyUsd }) => monthlyUsd);
        assert.deepEqual(amounts, [...amounts].sort((a, b) => b - a));
        near(cost.totalMonthlyUsd, amounts.reduce((sum, amount) => sum + amount, 0), "total");
        assert.equal(Math.round(cost.totalMonthlyUsd), 727);
    });

    it("names what it leaves out, each once, and the oldest date of its prices", () => {
        assert.deepEqual(cost.unpriced, [
            "aws.route53.healthcheck.calculated in global",
            "aws.route53.healthcheck.cloudwatch_metric in global",
            "what is paid by use: AWS traffic and logs, Google Cloud traffic and logs",
        ]);
        assert.match(cost.basis, /730 hours a month; the oldest is of 2024-07-01$/);
    });
});

describe("the bill", () => {
    it("of existing clusters is nothing: others pay for them", async () => {
        const cost = await costOfConfig({ clusters: [clusterConfigs.existing, { ...clusterConfigs.existing, name: "other" }], app: fullApp });
        assert.deepEqual(cost, { parts: [], totalMonthlyUsd: 0, unpriced: [], basis: "nothing here has a price in the table" });
    });

    it("of a cluster is the same beside an existing one", async () => {
        const alone = await costOfConfig({ clusters: [clusterConfigs.eks], app: minimalApp });
        assert.deepEqual(await costOfConfig({ clusters: [clusterConfigs.existing, clusterConfigs.eks], app: minimalApp }), alone);
    });

    it("of a region without prices names each thing once and guesses nothing", async () => {
        const region = "ap-southeast-2";
        const cost = await costOfConfig({ clusters: [{ ...clusterConfigs.eks, region, zones: ["a", "b", "c"].map(zone => `${region}${zone}`) }], app: { ...minimalApp, state: { image: "docker.io/library/redis:8.2.1", port: 6379 } } });
        assert.deepEqual([cost.parts, cost.totalMonthlyUsd], [[], 0]);
        for (const sku of ["aws.eks.control-plane.standard", "aws.nat.hour", "aws.ec2.od.linux.m7i.large", "aws.nlb.hour", "aws.ebs.gp3.storage", "aws.kms.key"]) {
            assert.equal(cost.unpriced.filter(line => line === `${sku} in ${region}`).length, 1, sku);
        }
        assert.deepEqual(cost.unpriced.filter(line => !line.endsWith(` in ${region}`) && !line.startsWith("what is paid by use: ")), []);
        assert.equal(new Set(cost.unpriced).size, cost.unpriced.length);
    });

    it("has a node pool by its minimum and its machine", async () => {
        const pool = (name: string, machine: string, minNodes: number): RawConfig => ({ name, machine, minNodes, maxNodes: 20 });
        const eks = { ...clusterConfigs.eks, nodes: { mode: "pools", pools: [pool("general", "m7i.large", 4), pool("arm", "m7g.xlarge", 7)] } };
        const gke = { ...clusterConfigs.gke, nodes: { mode: "pools", pools: [pool("general", "n2-standard-2", 3), pool("big", "e2-standard-4", 5)] } };
        const ofEks = await costOfConfig({ clusters: [eks], app: minimalApp });
        near(part(ofEks, "nodes"), hoursPerMonth * (4 * usd("aws.ec2.od.linux.m7i.large", "us-east-1") + 7 * usd("aws.ec2.od.linux.m7g.xlarge", "us-east-1")), "EKS");
        const ofGke = await costOfConfig({ clusters: [gke], app: minimalApp });
        near(part(ofGke, "nodes"), hoursPerMonth * (3 * usd("gcp.gce.od.n2-standard-2", "us-central1") + 5 * usd("gcp.gce.od.e2-standard-4", "us-central1")), "GKE");
        near(part(ofGke, "NAT and endpoints"), hoursPerMonth * 8 * usd("gcp.nat.vm-hour", "us-central1"), "NAT for each node");
    });

    it("names a machine that the table lacks", async () => {
        const cost = await costOfConfig({ clusters: [{ ...clusterConfigs.eks, nodes: { mode: "pools", pools: [{ name: "odd", machine: "x9z.huge", minNodes: 3, maxNodes: 3 }] } }], app: minimalApp });
        assert.equal(part(cost, "nodes"), 0);
        assert.equal(cost.unpriced.filter(line => line === "aws.ec2.od.linux.x9z.huge in us-east-1").length, 1);
    });

    it("grows with what is asked for: replicas, volumes, clusters", async () => {
        const base = { clusters: [clusterConfigs.gke], app: { ...minimalApp, state: { image: "docker.io/library/redis:8.2.1", port: 6379, size: "10Gi" } } };
        const cost = await costOfConfig(base);
        const bigger = await costOfConfig({ ...base, app: { ...base.app, replicas: { min: 6, max: 12 }, state: { ...base.app.state, size: "1Ti" } } });
        near(part(bigger, "volumes"), part(cost, "volumes") * 102.4, "volumes");
        assert.ok(part(bigger, "nodes") > part(cost, "nodes"));
        const twice = await costOfConfig({ ...base, clusters: [clusterConfigs.gke, { ...clusterConfigs.gke, name: "second", cidr: "10.48.0.0/16" }] });
        near(twice.totalMonthlyUsd, 2 * cost.totalMonthlyUsd, "two clusters");
        assert.deepEqual(twice.unpriced, cost.unpriced);
    });
});
