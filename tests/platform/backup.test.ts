// What mocks can't prove: that Helm renders these values as they are meant (the rendered facts say so), that Velero's agents can do without
// their nodes, or that a cloud's driver takes a snapshot. Where backups go is held in backup.stores.test.ts.
import assert from "node:assert/strict";

import { parseConfig } from "../../components/config";
import { configWarnings } from "../../components/config/warnings";
import type { RecordedResource } from "../../plan/recorder";
import type { PlannedStack } from "../../plan/run";
import { nameOf, waitsFor } from "../support/clusters";
import { all, find, inputsOf, minimalApp, planConfig, type RawConfig } from "../support/plan";
import { app, bucket } from "./backupPlans";
import { chartNamed, everyKind, planPlatform, platformResources } from "./support";


/** Regions to back up to, by kind; others go to a bucket. */
const regions: Readonly<Record<string, string>> = { eks: "us-west-2", gke: "us-east1" };

/** What each kind's volumes are copied by, and what it must be given for that. */
const drivers: Readonly<Record<string, { readonly driver: string; readonly parameters: unknown; readonly addOn: boolean }>> = {
    "EKS Auto Mode": { driver: "ebs.csi.eks.amazonaws.com", parameters: {}, addOn: true },
    "EKS node pools": { driver: "ebs.csi.aws.com", parameters: {}, addOn: true },
    "GKE Autopilot": { driver: "pd.csi.storage.gke.io", parameters: { "storage-locations": "us-central1" }, addOn: false },
    "GKE node pools": { driver: "pd.csi.storage.gke.io", parameters: { "storage-locations": "us-central1" }, addOn: false },
};

const kinds = everyKind.map(({ label, cluster, zones }) => {
    const region = regions[String(cluster["kind"])];
    return { label, zones, cluster: region === undefined ? { ...cluster, volumeSnapshots: true } : cluster, settings: region === undefined ? { bucket } : { region } };
});

interface Values {
    readonly fullnameOverride: string;
    readonly upgradeCRDs: boolean;
    readonly cleanUpCRDs: boolean;
    readonly backupsEnabled: boolean;
    readonly snapshotsEnabled: boolean;
    readonly credentials: unknown;
    readonly initContainers: readonly { readonly image: string; readonly securityContext: unknown; readonly volumeMounts: unknown }[];
    readonly podSecurityContext: unknown;
    readonly containerSecurityContext: unknown;
    readonly resources: unknown;
    readonly extraVolumes: readonly { readonly hostPath?: unknown }[];
    readonly serviceAccount: unknown;
    readonly configuration: {
        readonly features: string;
        readonly defaultSnapshotMoveData: boolean;
        readonly defaultBackupStorageLocation: string;
        readonly extraArgs: readonly string[];
        readonly extraEnvVars: readonly { readonly name: string; readonly value: string }[];
    };
    readonly terminationGracePeriodSeconds: number;
    readonly deployNodeAgent: boolean;
    readonly nodeAgent: {
        readonly disableHostPath: boolean;
        readonly podSecurityContext: unknown;
        readonly containerSecurityContext: unknown;
        readonly resources: unknown;
        readonly extraVolumes: readonly { readonly hostPath?: unknown }[];
        readonly extraArgs: readonly string[];
    };
    readonly configMaps: Readonly<Record<string, { readonly data: Readonly<Record<string, string>> }>>;
}

const types = {
    addOn: "aws:eks/addon:Addon",
    snapshots: "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass",
    schedule: "kubernetes:velero.io/v1:Schedule",
    location: "kubernetes:velero.io/v1:BackupStorageLocation",
};

function plan(cluster: RawConfig, settings: RawConfig): Promise<PlannedStack> {
    return planPlatform(cluster, { backup: settings }, app);
}

function valuesOf(planned: PlannedStack): Values {
    return chartNamed(planned, "velero").inputs.values as unknown as Values;
}

function only(planned: PlannedStack, type: string): RecordedResource {
    const found = all(planned, type);
    const [first] = found;
    assert.ok(first !== undefined && found.length === 1, `${found.length} of ${type}`);
    return first;
}

const snapshotAddOns = (planned: PlannedStack): RecordedResource[] => all(planned, types.addOn).filter(addOn => inputsOf(addOn)["addonName"] === "snapshot-controller");

describe("backup", () => {
    for (const { label, cluster, settings } of kinds) {
        describe(`on ${label}`, () => {
            const prefix = String(cluster["name"]);
            const inCloud = "region" in settings;

            it("is off by default, and nothing is made for it", async () => {
                const planned = await planPlatform(cluster, {}, app);
                assert.deepEqual(platformResources(planned), []);
                assert.deepEqual(planned.recording.resources.filter(({ type }) => type.includes("Bucket") || type.endsWith(":BackupStore")), []);
                assert.deepEqual(snapshotAddOns(planned), []);
            });

            it("is Velero with a location, a schedule, and what snapshots need", async () => {
                const planned = await plan(cluster, settings);
                const own = platformResources(planned).filter(name => !/^(Role|RolePolicy|PodIdentityAssociation|Account|IAMMember|BucketIAMMember) /.test(name));
                assert.deepEqual(
                    [...own].sort(),
                    [
                        `Namespace ${prefix}-backup-namespace`,
                        `Chart ${prefix}-backup`,
                        `BackupStorageLocation ${prefix}-backup-location-${prefix}`,
                        `Schedule ${prefix}-backup-schedule`,
                        ...(inCloud ? [`VolumeSnapshotClass ${prefix}-backup-snapshots`] : [`Secret ${prefix}-backup-key`]),
                    ].sort(),
                );
                assert.equal(chartNamed(planned, "velero").inputs.namespace, "velero");
                for (const type of [types.location, types.schedule]) {
                    assert.equal(nameOf(only(planned, type).provider), `${prefix}-kubernetes`);
                }
            });

            it("copies the app's volumes, and nothing else of it, every six hours for 30 days", async () => {
                const schedule = only(await plan(cluster, settings), types.schedule);
                assert.deepEqual(inputsOf(schedule), {
                    apiVersion: "velero.io/v1",
                    kind: "Schedule",
                    metadata: { name: prefix, namespace: "velero" },
                    spec: {
                        schedule: "0 */6 * * *",
                        useOwnerReferencesInBackup: false,
                        template: {
                            includedNamespaces: ["shop"],
                            includedNamespaceScopedResources: ["persistentvolumeclaims"],
                            snapshotMoveData: true,
                            storageLocation: prefix,
                            ttl: "720h0m0s",
                        },
                    },
                });
            });

            it("takes snapshots by the cluster's own driver, and keeps none", async () => {
                const planned = await plan(cluster, settings);
                const expected = drivers[label];
                assert.equal(snapshotAddOns(planned).length, expected?.addOn === true ? 1 : 0);
                if (expected === undefined) {
                    assert.deepEqual(all(planned, types.snapshots), []);
                    return;
                }
                const { driver, parameters } = expected;
                const made = only(planned, types.snapshots);
                assert.deepEqual(inputsOf(made), {
                    apiVersion: "snapshot.storage.k8s.io/v1",
                    kind: "VolumeSnapshotClass",
                    metadata: { name: "velero", labels: { "velero.io/csi-volumesnapshot-class": "true" } },
                    driver,
                    deletionPolicy: "Delete",
                    parameters,
                });
                for (const addOn of snapshotAddOns(planned)) {
                    assert.ok(waitsFor(planned, made).has(`${addOn.type} ${addOn.name}`));
                }
            });

            it("needs nothing of its nodes, no root but for copies, and no hook", async () => {
                const planned = await plan(cluster, settings);
                const values = valuesOf(planned);
                const namespace = inputsOf<{ metadata: unknown }>(find(planned, "kubernetes:core/v1:Namespace", `${prefix}-backup-namespace`));
                assert.deepEqual(namespace.metadata, {
                    name: "velero",
                    labels: { "app.kubernetes.io/managed-by": "holdfast", "pod-security.kubernetes.io/enforce": "baseline" },
                    annotations: { "holdfast.dev/pod-security-because": "what copies a volume must read files of every user" },
                });
                assert.deepEqual([values.upgradeCRDs, values.cleanUpCRDs, values.backupsEnabled, values.snapshotsEnabled], [false, false, false, false]);
                assert.deepEqual([values.deployNodeAgent, values.nodeAgent.disableHostPath], [true, true]);
                assert.deepEqual([...values.extraVolumes, ...values.nodeAgent.extraVolumes].filter(({ hostPath }) => hostPath !== undefined), []);
                const pod = { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532, seccompProfile: { type: "RuntimeDefault" } };
                const container = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true };
                assert.deepEqual([values.podSecurityContext, values.nodeAgent.podSecurityContext], [pod, pod]);
                assert.deepEqual([values.containerSecurityContext, values.nodeAgent.containerSecurityContext], [container, container]);
                for (const { securityContext, image } of values.initContainers) {
                    assert.deepEqual(securityContext, container);
                    assert.match(image, /^docker\.io\/velero\/velero-plugin-for-(aws|gcp):v1\.14\.2$/);
                }
                assert.deepEqual(values.resources, { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } });
                assert.deepEqual(values.nodeAgent.resources, { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } });
                assert.equal(values.terminationGracePeriodSeconds, 60);
            });

            it("tells Velero to copy what is in snapshots, in pods that say what they take", async () => {
                const { configuration, nodeAgent, configMaps, fullnameOverride } = valuesOf(await plan(cluster, settings));
                assert.deepEqual([configuration.features, configuration.defaultSnapshotMoveData, configuration.defaultBackupStorageLocation], ["EnableCSI", true, prefix]);
                assert.deepEqual(configuration.extraEnvVars[0], { name: "HOME", value: "/scratch" });
                // The chart puts its name before those of its ConfigMaps.
                assert.deepEqual(nodeAgent.extraArgs, [`--node-agent-configmap=${fullnameOverride}-agent`]);
                assert.deepEqual(configuration.extraArgs, [`--backup-repository-configmap=${fullnameOverride}-stores`]);
                assert.deepEqual(JSON.parse(configMaps["agent"]?.data["agent.json"] ?? ""), {
                    podResources: { cpuRequest: "250m", cpuLimit: "0", memoryRequest: "512Mi", memoryLimit: "2048Mi", ephemeralStorageRequest: "2048Mi" },
                });
                assert.deepEqual(JSON.parse(configMaps["stores"]?.data["kopia"] ?? ""), { cacheLimitMB: 1024 });
            });

            it("is made before it is used: pods after their access, location and schedule after Velero", async () => {
                const planned = await plan(cluster, settings);
                const chart = chartNamed(planned, "velero").resource;
                const [ofChart, ofSchedule] = [waitsFor(planned, chart), waitsFor(planned, only(planned, types.schedule))];
                const access = all(planned, "aws:eks/podIdentityAssociation:PodIdentityAssociation").filter(({ name }) => name.startsWith(`${prefix}-backup-`));
                for (const { type, name } of [...access, ...all(planned, "gcp:storage/bucketIAMMember:BucketIAMMember")]) {
                    assert.ok(ofChart.has(`${type} ${name}`), name);
                }
                for (const { type, name } of [chart, only(planned, types.location), ...all(planned, types.snapshots)]) {
                    assert.ok(ofSchedule.has(`${type} ${name}`), name);
                }
            });
        });
    }

    const [{ cluster, settings }] = kinds as [(typeof kinds)[number]];

    it("does as its settings say", async () => {
        const { spec } = inputsOf<{ spec: { schedule: string; template: { ttl: string } } }>(
            only(await plan(cluster, { ...settings, schedule: "@daily", retentionDays: 400 }), types.schedule),
        );
        assert.deepEqual([spec.schedule, spec.template.ttl], ["@daily", "9600h0m0s"]);
    });

    it("makes no schedule without an app: one without a namespace would be of all", async () => {
        const planned = await planConfig({ clusters: [cluster], platform: { backup: settings } });
        assert.deepEqual(all(planned, types.schedule), []);
        assert.equal(all(planned, types.location).length, 1);
    });

    it("says so where there is nothing to back up", () => {
        const empty = (one: RawConfig): number => {
            const config = parseConfig({ clusters: [cluster], app: one, platform: { backup: settings } });
            return configWarnings(config, { stack: "test", today: new Date("2026-01-01") }).filter(text => text.includes("the backups are empty")).length;
        };
        assert.deepEqual([empty(minimalApp), empty(app)], [1, 0]);
    });
});
