// What mocks can't prove: that a disk is encrypted, that Ceph comes up, keeps a quorum and heals, and that Rook waits for volumes before it
// deletes. How Helm renders these values is in the rendered facts.
import assert from "node:assert/strict";

import { parseConfig } from "../../components/config";
import { configWarnings } from "../../components/config/warnings";
import { Platform } from "../../components/platform";
import { storage } from "../../components/platform/storage";
import { policySummary } from "../../plan/policy";
import type { PlannedStack } from "../../plan/run";
import { withCluster } from "../support/clusters";
import { everyKind, types, zonedCluster } from "../support/kubernetes";
import { all, clusterConfigs, find, inputsOf, minimalApp, planConfig, poolNodes, type RawConfig } from "../support/plan";
import { chartNamed, planPlatform, platformResources } from "./support";

interface StorageClass {
    readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
    readonly provisioner: string;
    readonly parameters: Readonly<Record<string, string>>;
    readonly volumeBindingMode: string;
    readonly allowVolumeExpansion: boolean;
    readonly reclaimPolicy: string;
    readonly allowedTopologies?: unknown;
}

interface CephSpec {
    readonly mon: unknown;
    readonly mgr: { readonly count: number };
    readonly placement: { readonly mgr: { readonly topologySpreadConstraints: readonly { readonly topologyKey: string }[] } };
    readonly dashboard: unknown;
    readonly network: { readonly connections: Readonly<Record<string, unknown>> };
    readonly resources: Readonly<Record<string, { readonly requests: Readonly<Record<string, string>>; readonly limits?: Readonly<Record<string, string>> }>>;
    readonly storage: unknown;
    readonly cleanupPolicy: unknown;
}

const isDefault = "storageclass.kubernetes.io/is-default-class";
const rook = { devices: "^sd[b-z]$" };
const stateful = { ...minimalApp, state: { image: "docker.io/library/redis:8.2.1", port: 6379 } };

/** The classes that claims without one may get. */
function defaultClasses(plan: PlannedStack): readonly StorageClass[] {
    return all(plan, types.storageClass).map(one => inputsOf<StorageClass>(one)).filter(({ metadata }) => metadata.annotations?.[isDefault] === "true");
}

function planRook(settings: RawConfig = rook, others: RawConfig = {}): Promise<PlannedStack> {
    return planPlatform(zonedCluster, { storage: { rook: settings, ...others } });
}

function cephOf(plan: PlannedStack): CephSpec {
    return inputsOf<{ readonly spec: CephSpec }>(find(plan, "kubernetes:ceph.rook.io/v1:CephCluster", "local-storage-ceph")).spec;
}

function warningsOf(config: RawConfig): readonly string[] {
    return configWarnings(parseConfig(config), { stack: "test", today: new Date("2026-01-01") }).filter(text => !text.includes("two zones"));
}

describe("storage", () => {
    for (const { label, cluster } of everyKind) {
        const name = String(cluster["name"]);
        const ofCloud = name !== "local";

        it(`is off by default on ${label}`, async () => {
            assert.deepEqual(platformResources(await planPlatform(cluster, {})), []);
        });

        it(`is ${ofCloud ? "a default class of the cloud's disks" : "nothing, and a word about it,"} on ${label}`, async () => {
            const plan = await planPlatform(cluster, { storage: true });
            assert.deepEqual(platformResources(plan), ofCloud ? [`StorageClass ${name}-storage-class`] : []);
            assert.deepEqual(policySummary(plan.recording).violations, []);
            assert.ok(all(plan, types.storageClass).every(({ provider }) => provider?.endsWith(`${name}-kubernetes`)));
            const words = ["local: platform.storage leaves volumes to the cluster's own class, of which nothing is known here; storage.rook keeps them encrypted, in three copies"];
            assert.deepEqual(warningsOf({ clusters: [cluster], platform: { storage: true } }).filter(text => text.includes("storage.")), ofCloud ? [] : words);
        });
    }

    describe("makes a default class", () => {
        const drivers = [
            ["ebs.csi.eks.amazonaws.com", clusterConfigs.eks],
            ["ebs.csi.aws.com", { ...clusterConfigs.eks, nodes: poolNodes.eks }],
            ["pd.csi.storage.gke.io", clusterConfigs.gke],
        ] as const;
        for (const [provisioner, cluster] of drivers) {
            it(`of ${provisioner}, which keeps data, waits for pods and grows`, async () => {
                const [only, ...others] = defaultClasses(await planPlatform(cluster, { storage: true }));
                assert.deepEqual(others, []);
                assert.equal(only?.provisioner, provisioner);
                assert.equal(only.metadata.name, "encrypted");
                assert.deepEqual([only.volumeBindingMode, only.allowVolumeExpansion, only.reclaimPolicy], ["WaitForFirstConsumer", true, "Retain"]);
            });
        }

        it("encrypted where the class decides, on the nodes that its driver serves", async () => {
            const [only] = defaultClasses(await planPlatform(clusterConfigs.eks, { storage: true }));
            assert.equal(only?.parameters["encrypted"], "true");
            assert.deepEqual(only.allowedTopologies, [{ matchLabelExpressions: [{ key: "eks.amazonaws.com/compute-type", values: ["auto"] }] }]);
        });

        it("whose disks go with their claims where config says so", async () => {
            const [only] = defaultClasses(await planPlatform(clusterConfigs.gke, { storage: { onDelete: "delete" } }));
            assert.equal(only?.reclaimPolicy, "Delete");
        });

        it("and leaves the app's own class to the app", async () => {
            const plan = await planPlatform(clusterConfigs.gke, { storage: true }, stateful);
            assert.deepEqual(all(plan, types.storageClass).map(one => inputsOf<StorageClass>(one).metadata.name).sort(), ["encrypted", "shop-state"]);
            assert.ok(all(plan, types.claim).every(claim => inputsOf<{ readonly spec: { readonly storageClassName: string } }>(claim).spec.storageClassName === "shop-state"));
        });
    });

    describe("by Rook", () => {
        it("is an operator, drivers, a cluster, a pool and a class", async () => {
            const plan = await planRook();
            assert.deepEqual([...platformResources(plan)].sort(), [
                "CephBlockPool local-storage-pool",
                "CephCluster local-storage-ceph",
                "Chart local-storage-csi",
                "Chart local-storage-operator",
                "Namespace local-storage-namespace",
                "PodDisruptionBudget local-storage-csi-controllers-budget",
                "PodDisruptionBudget local-storage-csi-operators-budget",
                "StorageClass local-storage-class",
            ]);
            const inNamespaces = ["rook-ceph", "ceph-csi-drivers"].map(chart => chartNamed(plan, chart).inputs.namespace);
            assert.deepEqual(inNamespaces, ["rook-ceph", "rook-ceph"]);
        });

        it("has a monitor in each zone, and two managers over zones", async () => {
            const { mon, mgr, placement } = cephOf(await planRook());
            assert.deepEqual(mon, {
                count: 3,
                allowMultiplePerNode: false,
                failureDomainLabel: "topology.kubernetes.io/zone",
                zones: [{ name: "rack-a" }, { name: "rack-b" }, { name: "rack-c" }],
            });
            assert.equal(mgr.count, 2);
            assert.deepEqual(placement.mgr.topologySpreadConstraints.map(({ topologyKey }) => topologyKey), ["topology.kubernetes.io/zone"]);
        });

        it("keeps a copy of all data in each of three zones", async () => {
            const pool = inputsOf<{ readonly spec: unknown }>(find(await planRook(), "kubernetes:ceph.rook.io/v1:CephBlockPool", "local-storage-pool"));
            assert.deepEqual(pool.spec, { failureDomain: "zone", replicated: { size: 3, requireSafeReplicaSize: true } });
        });

        it("takes the disks that config names, encrypted, and talks in secret", async () => {
            const { storage: disks, network } = cephOf(await planRook());
            assert.deepEqual(disks, { useAllNodes: true, useAllDevices: false, deviceFilter: "^sd[b-z]$", config: { encryptedDevice: "true" } });
            assert.deepEqual([network.connections["encryption"], network.connections["requireMsgr2"]], [{ enabled: true }, true]);
        });

        it("takes every empty disk where config says so, with a word about it", async () => {
            const { storage: disks } = cephOf(await planRook({ devices: "all" }));
            assert.deepEqual(disks, { useAllNodes: true, useAllDevices: true, config: { encryptedDevice: "true" } });
            assert.deepEqual(warningsOf({ clusters: [zonedCluster], platform: { storage: { rook: { devices: "all" } } } }), [
                "local: Rook-Ceph takes every empty disk of every node, also of nodes that come later",
            ]);
        });

        it("shows no dashboard, and bounds the memory of all that lasts", async () => {
            const { dashboard, resources } = cephOf(await planRook());
            assert.deepEqual(dashboard, { enabled: false });
            const unbounded = Object.entries(resources).filter(([, { requests, limits }]) => requests["memory"] === undefined || limits?.["memory"] === undefined);
            // A job of a minute; Rook advises against a limit.
            assert.deepEqual(unbounded.map(([daemon]) => daemon), ["prepareosd"]);
        });

        it("never wipes a disk, and is protected unless config says otherwise", async () => {
            assert.deepEqual(cephOf(await planRook()).cleanupPolicy, { confirmation: "", allowUninstallWithVolumes: false });
            const kept = async (settings: RawConfig) =>
                (await planRook(settings)).recording.resources.filter(({ protect, urn }) => protect && urn.includes("holdfast:platform:Platform$")).map(({ name }) => name);
            assert.deepEqual([...(await kept(rook))].sort(), ["local-storage-ceph", "local-storage-namespace", "local-storage-pool"]);
            assert.deepEqual(await kept({ ...rook, protect: false }), []);
            assert.ok(warningsOf({ clusters: [zonedCluster], platform: { storage: { rook: { ...rook, protect: false } } } }).some(text => text.includes("protect is false")));
        });

        it("waits for Ceph before the class of its volumes is there, and the app for that", async () => {
            for (const [type, name] of [["CephCluster", "ceph"], ["CephBlockPool", "pool"]] as const) {
                const { metadata } = inputsOf<{ readonly metadata: { readonly annotations: unknown } }>(find(await planRook(), `kubernetes:ceph.rook.io/v1:${type}`, `local-storage-${name}`));
                assert.deepEqual(metadata.annotations, { "pulumi.com/waitFor": "jsonpath={.status.phase}=Ready" });
            }
        });

        it("is the default class, and where the app's state lies", async () => {
            const plan = await planPlatform(zonedCluster, { storage: { rook } }, stateful);
            const [only, ...others] = defaultClasses(plan);
            assert.deepEqual(others, []);
            assert.deepEqual([only?.metadata.name, only?.provisioner, only?.reclaimPolicy], ["ceph-block", "rook-ceph.rbd.csi.ceph.com", "Retain"]);
            assert.equal(only?.parameters["pool"], "ceph-block");
            const claims = all(plan, types.claim).map(claim => inputsOf<{ readonly spec: { readonly storageClassName: string } }>(claim).spec.storageClassName);
            assert.deepEqual(claims, ["ceph-block", "ceph-block", "ceph-block"]);
            assert.equal(all(plan, types.storageClass).length, 1);
        });

        it("has drivers for block volumes alone, twice, by the name that the class has", async () => {
            const { drivers } = chartNamed(await planRook(), "ceph-csi-drivers").inputs.values as {
                readonly drivers: { readonly rbd: { readonly name: string; readonly snapshotPolicy: string; readonly controllerPlugin: { readonly replicas: number } } };
            };
            const { rbd, ...others } = drivers;
            assert.deepEqual(others, { cephfs: { enabled: false }, nfs: { enabled: false }, nvmeof: { enabled: false } });
            assert.deepEqual([rbd.name, rbd.snapshotPolicy, rbd.controllerPlugin.replicas], ["rook-ceph.rbd.csi.ceph.com", "none", 2]);
        });

        it("takes snapshots where the cluster has the API for them, for backups by a class of its own driver", async () => {
            const able = { ...zonedCluster, volumeSnapshots: true };
            const { drivers } = chartNamed(await planPlatform(able, { storage: { rook } }), "ceph-csi-drivers").inputs.values as {
                readonly drivers: { readonly rbd: { readonly snapshotPolicy: string } };
            };
            assert.equal(drivers.rbd.snapshotPolicy, "volumeSnapshot");
            const config = parseConfig({ clusters: [able], platform: { storage: { rook } } });
            const noDns = (): never => assert.fail("storage needs no DNS");
            const classes: unknown[] = [];
            await withCluster(able, (cluster, clusterConfig) => {
                const { host } = new Platform("local-platform", { cluster, clusterConfig, config, fleet: [cluster], dns: noDns }, { provider: cluster.provider });
                classes.push(host.backups.snapshots?.define);
                return Promise.resolve();
            });
            const secret = { "snapshotter-secret-name": "rook-csi-rbd-provisioner", "snapshotter-secret-namespace": "rook-ceph" };
            const parameters = Object.fromEntries(Object.entries(secret).map(([key, value]) => [`csi.storage.k8s.io/${key}`, value]));
            assert.deepEqual(classes, [{ driver: "rook-ceph.rbd.csi.ceph.com", parameters: { clusterID: "rook-ceph", ...parameters } }]);
        });

        it("over hosts has no zones to name, and says what that means", async () => {
            const plan = await planPlatform(clusterConfigs.existing, { storage: { rook: { ...rook, spread: "hosts" } } });
            assert.deepEqual(cephOf(plan).mon, { count: 3, allowMultiplePerNode: false });
            assert.deepEqual(inputsOf<{ readonly spec: unknown }>(find(plan, "kubernetes:ceph.rook.io/v1:CephBlockPool", "local-storage-pool")).spec, {
                failureDomain: "host",
                replicated: { size: 3, requireSafeReplicaSize: true },
            });
            assert.deepEqual(warningsOf({ clusters: [clusterConfigs.existing], platform: { storage: { rook: { ...rook, spread: "hosts" } } } }), [
                "local: Rook-Ceph keeps copies and monitors apart by hosts: the loss of a zone may take a majority of them",
            ]);
        });

        it("is for clusters without a cloud's disks alone, beside any others", async () => {
            const plan = await planConfig({ clusters: [clusterConfigs.gke, zonedCluster], app: minimalApp, platform: { storage: { rook } } });
            assert.deepEqual(defaultClasses(plan).map(({ provisioner }) => provisioner).sort(), ["pd.csi.storage.gke.io", "rook-ceph.rbd.csi.ceph.com"]);
            const config = parseConfig({ clusters: [clusterConfigs.gke, zonedCluster], platform: { storage: { rook } } });
            const [onGke, onRacks] = config.clusters.map(cluster => storage.footprint(config, cluster));
            assert.deepEqual(onGke, { pods: { cores: 0, gib: 0 }, eachNode: { cores: 0, gib: 0 }, volumesGib: [] });
            // A disk's daemon on each node, by what its spec requests.
            assert.ok((onRacks?.eachNode.gib ?? 0) > 4 && (onRacks?.pods.cores ?? 0) > 3);
        });
    });
});
