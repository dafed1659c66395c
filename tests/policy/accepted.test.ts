// What this cannot prove: that the rules are right. It proves that config and rules agree: what config
// accepts breaks no mandatory rule, so that nobody is told to write a config and then refused its result.
import assert from "node:assert/strict";

import { policySummary } from "../../plan/policy";
import { clusterConfigs, minimalApp, planConfig, planProjectStack, poolNodes, type RawConfig } from "../support/plan";

const { eks, gke, existing } = clusterConfigs;
const failover = { domain: "shop.example.com", zone: "example.com" };
const state = { image: "docker.io/library/redis:8.2.1" };

/** Configs at the edges of what is accepted. */
const accepted: Readonly<Record<string, RawConfig>> = {
    "the least there is": { clusters: [existing], app: minimalApp },
    "clusters without an app": { clusters: [eks, gke] },
    "clusters that may be deleted": { clusters: [{ ...eks, protect: false }, { ...gke, protect: false }], app: minimalApp },
    "two zones": { clusters: [{ ...eks, zones: eks.zones.slice(0, 2) }], app: { ...minimalApp, replicas: { min: 2, max: 2 }, scaling: { cpu: 50 } } },
    "spot pools beside lasting ones": {
        clusters: [
            { ...eks, nodes: { mode: "pools", pools: [...poolNodes.eks.pools, { name: "spot", machine: "m7i.large", minNodes: 0, maxNodes: 30, spot: true }] } },
            { ...gke, nodes: { mode: "pools", pools: [...poolNodes.gke.pools, { name: "spot", machine: "n2-standard-2", minNodes: 0, maxNodes: 30, spot: true }] } },
        ],
        app: minimalApp,
    },
    "the fewest replicas": { clusters: [existing], app: { ...minimalApp, replicas: { min: 1, max: 1 }, state: { ...state, replicas: 1 } } },
    "state that goes with the stack": { clusters: [eks], app: { ...minimalApp, state: { ...state, onDelete: "delete", replicas: 2 } } },
    "two thirds may be drained at once": { clusters: [eks, gke], app: { ...minimalApp, budget: { maxUnavailable: "66%" } } },
    "a slow and patient app": {
        clusters: [eks],
        app: { ...minimalApp, health: { live: "/live", ready: "/ready", startupSeconds: 3600 }, shutdown: { drainSeconds: 300, preStopSeconds: 200, graceSeconds: 600 } },
    },
    "an autoscaler without calm": {
        clusters: [eks],
        app: { ...minimalApp, scaling: { cpu: 60, up: { windowSeconds: 3600 }, down: { windowSeconds: 0, percent: 1000, pods: 100 } } },
    },
    "one path for life and readiness": { clusters: [gke], app: { ...minimalApp, health: { live: "/", ready: "/", startupSeconds: 5 } } },
    "an app that stays on a silent node": { clusters: [gke], app: { ...minimalApp, scheduling: { giveUpNodeSeconds: 600 } } },
    "an Ingress without TLS": { clusters: [eks, gke, existing], app: { ...minimalApp, ingress: { host: "shop.example.com", tls: false } } },
    "jobs of every kind": {
        clusters: [eks],
        app: {
            ...minimalApp,
            jobs: [
                { name: "migrate", command: ["./migrate"], retries: 0, deadlineSeconds: 86400 },
                { name: "report", command: ["./report"], schedule: "@hourly", concurrency: "Allow", resources: { cpu: "2", memory: "8Gi" } },
            ],
        },
    },
    "egress to everywhere": { clusters: [existing], app: { ...minimalApp, network: { egress: [{ cidr: "0.0.0.0/0", ports: [443] }] } } },
    "active-active, checked slowly": { clusters: [eks, gke], app: minimalApp, failover: { ...failover, mode: "active-active", check: { interval: 30, failures: 10 }, ttl: 60 } },
    "failback by hand": { clusters: [eks, gke], app: minimalApp, failover: { ...failover, mode: "active-passive", primary: "east", failback: "manual" } },
    "failback at once": { clusters: [eks, gke], app: minimalApp, failover: { ...failover, mode: "active-passive", primary: "central", failback: { holdMinutes: 0 } } },
};

describe("what config accepts breaks no mandatory rule:", () => {
    for (const [title, config] of Object.entries(accepted)) {
        it(title, async () => {
            const { violations } = policySummary((await planConfig(config)).recording);
            assert.deepEqual(violations.filter(({ level }) => level === "mandatory"), []);
        });
    }

    for (const stack of ["prod-east", "prod-central", "prod-global"]) {
        it(`stack ${stack}, nor an advisory one`, async () => {
            assert.deepEqual(policySummary((await planProjectStack(stack)).recording).violations, []);
        });
    }
});
