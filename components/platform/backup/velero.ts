import type * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { BackupStore } from "../../backups";
import { charts } from "../../charts";
import type { Cluster } from "../../cluster";
import type { BackupConfig } from "../../config/platform/backup";
import { plainStackName } from "../../tags";
import { installChart } from "../chart";
import { createAddOnNamespace } from "../namespace";
import { type StoreAccess, createAccess, noAccess } from "./access";
import { createBackupAlerts } from "./alerts";
import { type Place, createLocation, placeInBucket } from "./location";
import { velero, veleroValues } from "./values";

/** What a {@link Velero} is made from. */
export interface VeleroArgs {
    readonly settings: BackupConfig;
    /** Where the cluster's own backups go; undefined for the bucket in the settings. */
    readonly store: BackupStore | undefined;
    /** Stores of other clusters, whose volumes are to be had here when they are lost. */
    readonly others: readonly BackupStore[];
    /** Namespace whose volumes are backed up; undefined where there is no app. */
    readonly app: string | undefined;
    /** Longest time between two backups, in seconds. */
    readonly longestGap: number;
    readonly cluster: Cluster;
    readonly dns: () => aws.Provider;
}

const hoursPerDay = 24;

/**
 * Velero: it takes snapshots of the app's volumes on a schedule, copies what is in them to a place that is not lost with the cluster, and
 * removes the snapshots. It also reads the backups of clusters that this one stands in for.
 */
export class Velero extends pulumi.ComponentResource {
    /** Nothing waits for it. */
    public readonly ready = [];

    private readonly name: string;
    private readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: VeleroArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:platform:Velero", name, {}, opts);
        this.name = name;
        const { cluster, others } = args;
        // Pods that copy run as root, to read whatever a volume holds; the others ask for no more than the level restricted.
        const podSecurity = { level: "baseline", because: "what copies a volume must read files of every user" } as const;
        this.namespace = createAddOnNamespace(name, { namespace: velero, podSecurity }, { parent: this }).metadata.name;
        const access = this.createAccess(args);
        const place = args.store ?? this.ownBucket(args);
        const chart = installChart(
            name,
            {
                chart: charts.velero,
                namespace: this.namespace,
                values: veleroValues({ plugins: pluginsOf([place, ...others]), access, cluster: cluster.name, watcher: cluster.watcher }),
            },
            // Pods that start before their access don't have it.
            { parent: this, dependsOn: [...cluster.ready, ...access.ready, ...(cluster.watcher?.ready ?? [])] },
        );
        const location = this.createLocations(cluster.name, place, others, access, chart);
        this.createSchedule(args, [chart, location, ...this.createSnapshotClass(cluster)]);
        this.registerOutputs({ ready: this.ready });
    }

    /** By the cluster's identity; a bucket of the user's has a key. */
    private createAccess({ cluster: { identity }, store, others, dns }: VeleroArgs): StoreAccess {
        const admissions = [
            ...(store === undefined ? [] : [{ store, use: "keep" } as const]),
            ...others.map(other => ({ store: other, use: "restore" }) as const),
        ];
        return identity === undefined || admissions.length === 0
            ? noAccess
            : createAccess(this.name, { namespace: velero, serviceAccount: velero, identity, admissions, dns, madeNamespace: this.namespace }, { parent: this });
    }

    /** What config without it was refused for. */
    private ownBucket({ settings: { bucket }, cluster }: VeleroArgs): Place {
        if (bucket === undefined) {
            throw new pulumi.ResourceError(`the backups of ${cluster.name} have nowhere to go`, this, true);
        }
        // Other stacks may use the bucket too: each expires what it finds at its own place.
        const prefix = `${pulumi.getProject()}/${plainStackName()}/${cluster.name}`;
        return placeInBucket(this.name, bucket, { namespace: this.namespace, prefix }, { parent: this });
    }

    /** The cluster's own location, and those that are read alone. Returns the former. */
    private createLocations(cluster: string, place: Place, others: readonly BackupStore[], access: StoreAccess, chart: pulumi.Resource): pulumi.Resource {
        const common = { namespace: this.namespace, access };
        const opts = { parent: this, dependsOn: [chart] };
        for (const other of others) {
            // A store that the stack made has one cluster's backups, below its name.
            createLocation(this.name, { ...common, place: other, cluster: other.prefix, own: false }, opts);
        }
        return createLocation(this.name, { ...common, place, cluster, own: true }, opts);
    }

    /** Velero takes the class with its label, or else the only one for the driver (pkg/util/csi/volume_snapshot.go in v1.18.1). */
    private createSnapshotClass({ backups: { snapshots }, ready }: Cluster): pulumi.Resource[] {
        const controller = snapshots?.createController?.(`${this.name}-snapshot-controller`, ready) ?? [];
        if (snapshots?.define === undefined) {
            return [...controller];
        }
        const { driver, parameters } = snapshots.define;
        return [
            new k8s.apiextensions.CustomResource(
                `${this.name}-snapshots`,
                {
                    apiVersion: "snapshot.storage.k8s.io/v1",
                    kind: "VolumeSnapshotClass",
                    metadata: { name: "velero", labels: { "velero.io/csi-volumesnapshot-class": "true" } },
                    driver,
                    // A snapshot is there for its copy, and is gone once that has ended or failed.
                    deletionPolicy: "Delete",
                    parameters,
                },
                { parent: this, dependsOn: [...ready, ...controller] },
            ),
        ];
    }

    /** Volumes alone: everything else in the namespace is Pulumi's, and a Secret must not lie in a bucket. */
    private createSchedule({ app, cluster, settings, longestGap }: VeleroArgs, dependsOn: pulumi.Resource[]): void {
        if (app === undefined) {
            return;
        }
        new k8s.apiextensions.CustomResource(
            `${this.name}-schedule`,
            {
                apiVersion: "velero.io/v1",
                kind: "Schedule",
                metadata: { name: cluster.name, namespace: this.namespace },
                spec: {
                    schedule: settings.schedule,
                    // Backups stay when their schedule goes.
                    useOwnerReferencesInBackup: false,
                    template: {
                        includedNamespaces: [app],
                        includedNamespaceScopedResources: ["persistentvolumeclaims"],
                        snapshotMoveData: true,
                        storageLocation: cluster.name,
                        ttl: `${settings.retentionDays * hoursPerDay}h0m0s`,
                    },
                },
            },
            { parent: this, dependsOn },
        );
        if (cluster.watcher !== undefined) {
            createBackupAlerts(this.name, { namespace: this.namespace, cluster: cluster.name, longestGap, watcher: cluster.watcher }, { parent: this });
        }
    }
}

/** Each plugin once. */
function pluginsOf(places: readonly Place[]) {
    return [...new Map(places.map(({ plugin }) => [plugin.provider, plugin])).values()];
}
