// What this cannot prove: that a default suits an app. It proves which ones there are: to change one
// changes every stack that does not set it.
import assert from "node:assert/strict";

import { parseConfig } from "../../components/config";
import { clusterConfigs, minimalApp, poolNodes } from "../support/plan";

const resources = { cpu: "250m", memory: "256Mi" };

const appDefaults = {
    ...minimalApp,
    port: 8080,
    replicas: { min: 3, max: 12 },
    resources,
    scaling: {
        cpu: 60,
        up: { pods: 4, percent: 100, periodSeconds: 15, windowSeconds: 0 },
        down: { pods: 1, percent: 10, periodSeconds: 60, windowSeconds: 300 },
    },
    health: { live: "/healthz", ready: "/readyz", startupSeconds: 60 },
    shutdown: { drainSeconds: 20 },
    scheduling: { nodeSelector: {}, tolerations: [], priority: 1_000_000, giveUpNodeSeconds: 30 },
    budget: { maxUnavailable: 1 },
    env: {},
    secrets: {},
    jobs: [],
    network: { egress: [] },
};

/** No add-on is on by itself: each costs nodes. */
const nothing = { monitoring: false, logging: false, mesh: false, certificates: false, backup: false, storage: false, autoscaling: false, rebalancing: false };

describe("defaults", () => {
    it("of the app", () => {
        assert.deepEqual(parseConfig({ clusters: [clusterConfigs.existing], app: minimalApp }), {
            clusters: [{ ...clusterConfigs.existing, region: "local", zones: [], metricsServer: true, kubeletCertificates: "signed", networkPolicies: true, volumeSnapshots: false }],
            app: appDefaults,
            platform: nothing,
        });
    });

    it("of a config without an app", () => {
        assert.deepEqual(Object.keys(parseConfig({ clusters: [clusterConfigs.existing] })), ["clusters", "platform"]);
    });

    const { eks, gke } = {
        eks: Object.fromEntries(Object.entries(clusterConfigs.eks).filter(([key]) => key !== "apiAccess")),
        gke: Object.fromEntries(Object.entries(clusterConfigs.gke).filter(([key]) => key !== "apiAccess")),
    };
    const clusters: readonly (readonly [string, unknown, unknown])[] = [
        ["EKS", eks, { ...eks, version: "1.35", nodes: { mode: "auto" }, apiAccess: [], protect: true }],
        ["GKE", gke, { ...gke, version: "1.35", channel: "REGULAR", nodes: { mode: "auto" }, apiAccess: [], protect: true }],
        ["an existing cluster", { name: "local", kind: "existing" }, { name: "local", kind: "existing", region: "local", zones: [], metricsServer: true, kubeletCertificates: "signed", networkPolicies: true, volumeSnapshots: false }],
    ];
    for (const [title, given, expected] of clusters) {
        it(`of ${title}`, () => { assert.deepEqual(parseConfig({ clusters: [given] }).clusters, [expected]); });
    }

    it("of a node pool", () => {
        const [cluster] = parseConfig({ clusters: [{ ...clusterConfigs.gke, nodes: poolNodes.gke }] }).clusters;
        assert.ok(cluster?.kind === "gke");
        assert.deepEqual(cluster.nodes, { mode: "pools", pools: [{ ...poolNodes.gke.pools[0], spot: false, diskGb: 50 }] });
    });

    /** A section of the app with only what it must have, and with its defaults. */
    const sections: readonly (readonly [string, unknown, unknown])[] = [
        ["state", { image: "redis:8.2.1" }, { image: "redis:8.2.1", port: 8080, replicas: 3, size: "1Gi", volume: "my-data", mountPath: "/data", onDelete: "keep", resources }],
        ["ingress", { host: "shop.example.com" }, { host: "shop.example.com", path: "/", tls: true }],
        ["jobs", [{ name: "report", command: ["./report"] }], [{ name: "report", command: ["./report"], deadlineSeconds: 900, retries: 3, concurrency: "Forbid", resources }]],
        ["scheduling", { tolerations: [{ key: "dedicated" }] }, { ...appDefaults.scheduling, tolerations: [{ key: "dedicated", operator: "Equal" }] }],
        ["scaling", { up: { pods: 9 } }, { ...appDefaults.scaling, up: { ...appDefaults.scaling.up, pods: 9 } }],
        ["shutdown", {}, { drainSeconds: 20 }],
        ["health", { live: "/live" }, { ...appDefaults.health, live: "/live" }],
        ["resources", { memory: "1Gi" }, { cpu: "250m", memory: "1Gi" }],
        ["replicas", { max: 20 }, { min: 3, max: 20 }],
    ];
    for (const [section, value, expected] of sections) {
        it(`of app.${section}`, () => {
            const { app } = parseConfig({ clusters: [clusterConfigs.existing], app: { ...minimalApp, [section]: value } });
            assert.deepEqual(app, { ...appDefaults, [section]: expected });
        });
    }

    it("of failover", () => {
        const failover = { domain: "shop.example.com", zone: "example.com", primary: "east" };
        const config = parseConfig({ clusters: [clusterConfigs.eks, clusterConfigs.gke], app: minimalApp, failover });
        assert.deepEqual(config.failover, {
            ...failover,
            mode: "active-passive",
            check: { interval: 10, failures: 2 },
            ttl: 30,
            failback: { holdMinutes: 30 },
            members: [],
        });
    });

    it("of a hold-down without minutes, and none of a manual failback", () => {
        for (const [failback, expected] of [[{}, { holdMinutes: 30 }], ["manual", "manual"]]) {
            const failover = { domain: "shop.example.com", zone: "example.com", primary: "east", failback };
            const config = parseConfig({ clusters: [clusterConfigs.eks, clusterConfigs.gke], app: minimalApp, failover });
            assert.deepEqual(config.failover?.failback, expected);
        }
    });

    it("never replace what is given", () => {
        const app = { ...minimalApp, network: { egress: [{ cidr: "0.0.0.0/0", ports: [443] }] }, budget: { maxUnavailable: "34%" }, scaling: { ...appDefaults.scaling, down: { ...appDefaults.scaling.down, windowSeconds: 0 } }, scheduling: { ...appDefaults.scheduling, giveUpNodeSeconds: 0 }, shutdown: { drainSeconds: 0 } };
        const cluster = { ...clusterConfigs.eks, protect: false };
        const config = parseConfig({ clusters: [cluster], app });
        assert.deepEqual(config.app, { ...appDefaults, ...app });
        assert.deepEqual(config.clusters, [{ ...cluster, version: "1.35", nodes: { mode: "auto" } }]);
    });
});
