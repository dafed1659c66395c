// What this cannot prove: that the limits checked against are still the clouds' (see the sources at each).
import assert from "node:assert/strict";

import { parseConfig } from "../../components/config";
import { clusterConfigs, minimalApp } from "../support/plan";
import { assertLines, changeAll, errorOf, full, local, pathsOf } from "./support";

interface Row {
    readonly title: string;
    /** Where the changes are made; by default {@link full}. */
    readonly base?: unknown;
    readonly changes: Readonly<Record<string, unknown>>;
    readonly paths: readonly string[];
}

const pool = { name: "general", machine: "m7i.large", minNodes: 3, maxNodes: 9 };
const pools = "clusters[0].nodes.pools";
const job = { name: "report", command: ["./report"] };
const stateless = { clusters: [clusterConfigs.eks, clusterConfigs.gke], app: minimalApp };
const ready = {
    ...stateless,
    failover: { domain: "shop.example.com", zone: "example.com", primary: "east" },
};

const clusterRows: readonly Row[] = [
    { title: "nothing to make", base: {}, changes: {}, paths: ["clusters"] },
    { title: "nothing to make, with an app", base: { clusters: [], app: minimalApp }, changes: {}, paths: ["clusters"] },
    { title: "a name twice", changes: { "clusters[1].name": "east" }, paths: ["clusters[1].name"] },
    { title: "a member named like a cluster", changes: { "failover.mode": "active-active", "failover.primary": undefined, "failover.members": [{ name: "east", stack: "acme/holdfast/prod" }] }, paths: ["failover.members[0].name"] },
    { title: "networks that are one", changes: { "clusters[1].cidr": "10.16.0.0/16" }, paths: ["clusters[1].cidr"] },
    { title: "a network inside another", changes: { "clusters[1].cidr": "10.16.64.0/18" }, paths: ["clusters[1].cidr"] },
    { title: "a network around another", changes: { "clusters[1].cidr": "10.0.0.0/8" }, paths: ["clusters[1].cidr"] },
    { title: "a zone twice", changes: { "clusters[0].zones[2]": "us-east-1a" }, paths: ["clusters[0].zones[2]"] },
    { title: "an existing cluster's zone twice", base: local, changes: { "clusters[0].zones": ["rack-a", "rack-a", "rack-b"] }, paths: ["clusters[0].zones[1]"] },
    { title: "a zone of another region", changes: { "clusters[1].zones[0]": "us-east1-b" }, paths: ["clusters[1].zones[0]"] },
    { title: "a VPC that AWS refuses", changes: { "clusters[0].cidr": "172.16.0.0/12" }, paths: ["clusters[0].cidr"] },
    { title: "a version that EKS does not offer", changes: { "clusters[0].version": "1.33" }, paths: ["clusters[0].version"] },
    { title: "a region without alias zones", changes: { "clusters[0].region": "cn-north-1", "clusters[0].zones": ["cn-north-1a", "cn-north-1b"], [`${pools}[0].minNodes`]: 2, "app.scaling.cpu": 33 }, paths: ["clusters[0].region"] },
    { title: "an API server that everyone may reach", changes: { "clusters[0].apiAccess": ["203.0.113.0/24", "0.0.0.0/0"] }, paths: ["clusters[0].apiAccess[1]"] },
    { title: "a pool name twice", changes: { [pools]: [pool, pool] }, paths: [`${pools}[1].name`] },
    { title: "fewest nodes over most", changes: { [`${pools}[0].minNodes`]: 10 }, paths: [`${pools}[0].minNodes`] },
    { title: "fewer nodes than zones", changes: { [`${pools}[0].minNodes`]: 2 }, paths: [`${pools}[0].minNodes`] },
    { title: "most nodes under the zones", changes: { [`${pools}[0].minNodes`]: 2, [`${pools}[0].maxNodes`]: 2 }, paths: [`${pools}[0].maxNodes`, `${pools}[0].minNodes`] },
    { title: "spot pools alone", changes: { [`${pools}[0].spot`]: true }, paths: [pools] },
];

const appRows: readonly Row[] = [
    { title: "fewest replicas over most", changes: { "app.replicas.min": 13 }, paths: ["app.replicas.min"] },
    { title: "fewer replicas than zones, on each cluster", changes: { "app.replicas.min": 2 }, paths: ["app.replicas.min", "app.replicas.min"] },
    { title: "no room for a zone's load, on each cluster", changes: { "app.scaling.cpu": 67 }, paths: ["app.scaling.cpu", "app.scaling.cpu"] },
    { title: "a budget that lets a drain take all", changes: { "app.budget.maxUnavailable": 3 }, paths: ["app.budget.maxUnavailable"] },
    // Kubernetes rounds the percentage of a budget up: 70 % of 3 is 3.
    { title: "a budget that lets a drain take all, as a percentage", changes: { "app.budget.maxUnavailable": "70%" }, paths: ["app.budget.maxUnavailable"] },
    { title: "a CPU limit under the request", changes: { "app.resources.cpuLimit": "200m" }, paths: ["app.resources.cpuLimit"] },
    { title: "a plain variable that sounds secret", changes: { "app.env.DB_PASSWORD": "x" }, paths: ["app.env.DB_PASSWORD"] },
    { title: "a variable both plain and secret", changes: { "app.secrets.CURRENCY": "x" }, paths: ["app.env.CURRENCY"] },
    { title: "a job name twice", changes: { "app.jobs": [job, job] }, paths: ["app.jobs[1].name"] },
    { title: "preStop within the deregistration time", changes: { "app.shutdown.preStopSeconds": 20 }, paths: ["app.shutdown.preStopSeconds", "app.shutdown.preStopSeconds"] },
    { title: "a grace too short to drain in", changes: { "app.shutdown.graceSeconds": 44 }, paths: ["app.shutdown.graceSeconds", "app.shutdown.graceSeconds"] },
    { title: "a grace over what GKE gives", changes: { "app.shutdown.drainSeconds": 300, "app.shutdown.preStopSeconds": 300, "app.shutdown.graceSeconds": undefined }, paths: ["app.shutdown.graceSeconds"] },
    { title: "an Ingress host that failover does not serve", changes: { "app.ingress.host": "www.example.com" }, paths: ["app.ingress.host"] },
    { title: "TLS on EKS without a zone to prove it in", changes: { failover: undefined }, paths: ["app.ingress.tls"] },
];

const failoverRows: readonly Row[] = [
    { title: "a domain outside the zone", base: ready, changes: { "failover.domain": "shop.example.org" }, paths: ["failover.domain"] },
    { title: "a domain that only ends like the zone", base: ready, changes: { "failover.domain": "myexample.com" }, paths: ["failover.domain"] },
    { title: "no app to point at", base: ready, changes: { app: undefined }, paths: ["app"] },
    { title: "active-passive with three", base: ready, changes: { "clusters[2]": clusterConfigs.existing }, paths: ["failover.mode"] },
    { title: "active-passive with one", base: ready, changes: { clusters: [clusterConfigs.eks] }, paths: ["failover.mode"] },
    { title: "no primary", base: ready, changes: { "failover.primary": undefined }, paths: ["failover.primary"] },
    { title: "an unknown primary", base: ready, changes: { "failover.primary": "west" }, paths: ["failover.primary"] },
    { title: "a primary in active-active", base: ready, changes: { "failover.mode": "active-active" }, paths: ["failover.primary"] },
    { title: "active-active with one", base: ready, changes: { "failover.mode": "active-active", "failover.primary": undefined, clusters: [clusterConfigs.gke] }, paths: ["failover.mode"] },
];

describe("keys that contradict each other", () => {
    it("the configs that they are put into are sound", () => {
        for (const base of [full, local, stateless, ready]) {
            assert.ok(parseConfig(base).clusters.length > 0);
        }
    });

    for (const { title, base = full, changes, paths } of [...clusterRows, ...appRows, ...failoverRows]) {
        it(title, () => {
            const error = errorOf(changeAll(base, changes));
            assert.deepEqual(pathsOf(error), [...paths].sort());
            assertLines(error);
        });
    }
});

describe("what only looks like a contradiction", () => {
    const sound: readonly Omit<Row, "paths">[] = [
        { title: "names that merely hold a secret's word", changes: { "app.env": { KEYBOARD: "de", TOKENIZER: "bpe", SECRETARY: "ada" } } },
        { title: "a variable named like something every object has", changes: { "app.env": { constructor: "x", toString: "x" } } },
        { title: "spot pools of no node, beside another", changes: { [pools]: [pool, { ...pool, name: "cheap", minNodes: 0, spot: true }] } },
        { title: "one replica that a drain may take", base: local, changes: { "app.replicas": { min: 1, max: 1 } } },
        { title: "fewer replicas than zones that nobody names", base: local, changes: { "app.replicas": { min: 2 } } },
        { title: "the highest safe target", changes: { "app.scaling.cpu": 66 } },
        { title: "a percentage that leaves a replica", changes: { "app.budget.maxUnavailable": "66%" } },
        { title: "neighbouring networks", changes: { "clusters[1].cidr": "10.17.0.0/16" } },
        { title: "TLS on EKS with a zone of its own", changes: { failover: undefined, "app.ingress.tls.zone": "example.com" } },
        { title: "plain HTTP on EKS without a zone", changes: { failover: undefined, "app.ingress.tls": false } },
        { title: "the top of the zone as domain", base: ready, changes: { "failover.domain": "example.com" } },
        { title: "members alone", base: {}, changes: { failover: { domain: "shop.example.com", zone: "example.com", primary: "east", members: [{ name: "east", stack: "a/b/c" }, { name: "west", stack: "a/b/d" }] } } },
        { title: "active-active with three", base: ready, changes: { "failover.mode": "active-active", "failover.primary": undefined, "clusters[2]": clusterConfigs.existing } },
    ];
    for (const { title, base = full, changes } of sound) {
        it(title, () => { assert.ok(parseConfig(changeAll(base, changes))); });
    }
});
