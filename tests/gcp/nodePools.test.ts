// Node pools as they are asked for. A mock cannot prove that a machine type exists in a zone, or that the
// autoscaler keeps zones balanced.
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { labels, setting, waitsFor } from "../support/clusters";
import { all, clusterConfigs, find, inputsOf, planConfig, poolNodes } from "../support/plan";

const poolType = "gcp:container/nodePool:NodePool";

function planPools(pools: readonly object[], name = "central"): Promise<PlannedStack> {
    return planConfig({ clusters: [{ ...clusterConfigs.gke, name, nodes: { mode: "pools", pools } }] });
}

describe("NodePools", () => {
    let plan: PlannedStack;
    before(async () => {
        plan = await planPools([{ ...poolNodes.gke.pools[0], diskGb: 80 }]);
    });
    const pool = (path: string): unknown => setting(find(plan, poolType, "central-pools-general"), path);

    it("is one regional pool for each in config, over the cluster's zones", async () => {
        assert.deepEqual([pool("location"), pool("nodeLocations")], ["us-central1", clusterConfigs.gke.zones]);
        const two = await planPools([...poolNodes.gke.pools, { ...poolNodes.gke.pools[0], name: "big" }]);
        assert.deepEqual(labels(all(two, poolType)), [`${poolType} central-pools-big`, `${poolType} central-pools-general`]);
    });

    it("scales between totals over all zones, and keeps zones balanced", () => {
        assert.deepEqual(pool("autoscaling"), { totalMinNodeCount: 3, totalMaxNodeCount: 9, locationPolicy: "BALANCED" });
    });

    it("starts with its minimum, a zone's share of it in each, and never fights the autoscaler over it later", () => {
        assert.deepEqual([pool("nodeCount"), pool("initialNodeCount")], [undefined, 1]);
        assert.deepEqual(all(plan, poolType).map(({ ignoreChanges }) => ignoreChanges), [["initialNodeCount"]]);
    });

    it("repairs and upgrades its nodes (CKV_GCP_9/10)", () => {
        assert.deepEqual(pool("management"), { autoRepair: true, autoUpgrade: true });
    });

    it("upgrades with a node more, never with one less", () => {
        assert.deepEqual(pool("upgradeSettings"), { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 });
    });

    it("has private nodes (CKV_GCP_64)", () => {
        assert.deepEqual(pool("networkConfig"), { enablePrivateNodes: true });
    });

    it("runs Container-Optimized OS with containerd (CKV_GCP_22)", () => {
        assert.equal(pool("nodeConfig.imageType"), "COS_CONTAINERD");
    });

    it("boots securely and checks it (CKV_GCP_68/72)", () => {
        assert.deepEqual(pool("nodeConfig.shieldedInstanceConfig"), { enableSecureBoot: true, enableIntegrityMonitoring: true });
    });

    it("gives pods their own identity, never the node's (CKV_GCP_69)", () => {
        assert.deepEqual(pool("nodeConfig.workloadMetadataConfig"), { mode: "GKE_METADATA" });
    });

    it("has no legacy metadata endpoints and no open kubelet port", () => {
        assert.deepEqual(pool("nodeConfig.metadata"), { "disable-legacy-endpoints": "true" });
        assert.deepEqual(pool("nodeConfig.kubeletConfig"), { insecureKubeletReadonlyPortEnabled: "FALSE" });
    });

    it("acts as the nodes' own account, once that has its rights (G5.2.1)", () => {
        assert.equal(pool("nodeConfig.serviceAccount"), "${central-identity.email}");
        assert.deepEqual(pool("nodeConfig.oauthScopes"), ["https://www.googleapis.com/auth/cloud-platform"]);
        const awaited = waitsFor(plan, find(plan, poolType, "central-pools-general"));
        assert.deepEqual(labels(all(plan, "gcp:projects/iAMMember:IAMMember")).filter(one => !awaited.has(one)), []);
    });

    it("has the machines and disks that config names", () => {
        assert.deepEqual(
            ["machineType", "diskType", "diskSizeGb", "spot"].map(key => pool(`nodeConfig.${key}`)),
            ["n2-standard-2", "pd-balanced", 80, false],
        );
    });

    it("labels nodes with their pool, and taints none that may carry anything", () => {
        assert.deepEqual(pool("nodeConfig.labels"), { "holdfast.dev/pool": "general" });
        assert.equal(pool("nodeConfig.taints"), undefined);
    });

    it("keeps spot nodes for pods that can lose them", async () => {
        const spot = { name: "cheap", machine: "n2-standard-2", minNodes: 0, maxNodes: 3, spot: true };
        const cheap = find(await planPools([...poolNodes.gke.pools, spot]), poolType, "central-pools-cheap");
        assert.equal(setting(cheap, "nodeConfig.spot"), true);
        assert.deepEqual(setting(cheap, "nodeConfig.taints"), [{ key: "holdfast.dev/spot", value: "true", effect: "NO_SCHEDULE" }]);
        assert.deepEqual(inputsOf<{ autoscaling: unknown }>(cheap).autoscaling, {
            totalMinNodeCount: 0,
            totalMaxNodeCount: 3,
            locationPolicy: "BALANCED",
        });
    });

    it("labels spot nodes as EKS does, so that one nodeSelector works on both", async () => {
        const spot = { name: "cheap", machine: "n2-standard-2", minNodes: 0, maxNodes: 3, spot: true };
        const cheap = find(await planPools([...poolNodes.gke.pools, spot]), poolType, "central-pools-cheap");
        assert.deepEqual(setting(cheap, "nodeConfig.labels"), { "holdfast.dev/pool": "cheap", "holdfast.dev/spot": "true" });
    });

    it("is named by its own name and what can't change in place, so that a replacement comes before the old one goes", async () => {
        const nameWith = async (change: object): Promise<unknown> => {
            const pools = [{ ...poolNodes.gke.pools[0], ...change }, { ...poolNodes.gke.pools[0], name: "other" }];
            return setting(find(await planPools(pools), poolType, "central-pools-general"), "name");
        };
        const before = await nameWith({});
        assert.match(String(before), /^general-[0-9a-f]{6}$/);
        assert.equal(await nameWith({ minNodes: 6, maxNodes: 12 }), before);
        for (const change of [{ machine: "n2-standard-4" }, { spot: true }, { diskGb: 100 }]) {
            assert.notEqual(await nameWith(change), before, JSON.stringify(change));
        }
    });

    it("keeps its name within GKE's 40 characters, for the longest names allowed", async () => {
        const long = "a".repeat(20);
        const [made] = all(await planPools([{ ...poolNodes.gke.pools[0], name: long }], long), poolType);
        assert.ok(made);
        assert.ok(String(setting(made, "name")).length <= 40);
    });

    it("is what the app waits for", async () => {
        const app = await planConfig({ clusters: [{ ...clusterConfigs.gke, nodes: poolNodes.gke }], app: { name: "shop", image: "ghcr.io/stefanprodan/podinfo:6.9.2" } });
        const awaited = waitsFor(app, find(app, "kubernetes:core/v1:Namespace", "central-shop-namespace"));
        assert.ok(awaited.has(`${poolType} central-pools-general`));
    });
});
