import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { SnapshotTraits } from "../../backups";
import { charts } from "../../charts";
import type { Cluster } from "../../cluster";
import type { RookConfig, StorageConfig } from "../../config/platform/storage";
import type { Footprint } from "../addOn";
import { createAddOnBudget } from "../budget";
import { installChart } from "../chart";
import { createAddOnNamespace } from "../namespace";
import { blockPoolSpec, cephClusterSpec, daemonDemand, nodeDemand } from "./cephCluster";
import { driverDemand, driverName, driverNodeDemand, driverValues, operatorValues } from "./charts";
import { createDefaultClass } from "./defaultClass";

/** What a {@link RookCeph} is made from. */
export interface RookCephArgs {
    readonly rook: RookConfig;
    readonly onDelete: StorageConfig["onDelete"];
    readonly cluster: Cluster;
}

/** Namespace of the operator and of the Ceph cluster, and by Rook's custom the latter's name. */
export const rookNamespace = "rook-ceph";

/** Name of the pool, and of the class of its volumes. */
const blockPool = "ceph-block";

/** Longest time until Ceph has come up on empty disks, or has taken an update zone by zone. */
const timeout = "45m";

const api = "ceph.rook.io/v1";

/** What Rook, its drivers and Ceph request. Nodes are reckoned with one disk each. */
export const rookFootprint: Footprint = {
    pods: { cores: driverDemand.cores + daemonDemand.cores, gib: driverDemand.gib + daemonDemand.gib },
    eachNode: { cores: driverNodeDemand.cores + nodeDemand.cores, gib: driverNodeDemand.gib + nodeDemand.gib },
    volumesGib: [],
};

/**
 * Ceph on the nodes' own disks, run by Rook: volumes that any zone can mount, and that no lost zone takes along.
 *
 * Its namespace is privileged: its daemons write to raw disks and host paths, and its drivers mount volumes for the kubelet. The objects
 * that hold data are protected. If they are deleted all the same, Rook waits for every volume to be gone, and leaves the disks as they are.
 */
export class RookCeph extends pulumi.ComponentResource {
    /** What volumes wait for: a Ceph cluster that is up, its pool and its class. */
    public readonly ready: readonly pulumi.Resource[];
    public readonly className = blockPool;
    /** How its volumes are copied at a point in time, where the cluster has the API for it. */
    public readonly snapshots: SnapshotTraits | undefined;

    constructor(name: string, { rook, onDelete, cluster }: RookCephArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:platform:RookCeph", name, {}, opts);
        const kept = { parent: this, protect: rook.protect };
        const { snapshots } = cluster.backups;
        this.snapshots = snapshots === undefined ? undefined : { ...snapshots, define: { driver: driverName(rookNamespace), parameters: snapshotParameters } };
        const made = createAddOnNamespace(name, { namespace: rookNamespace, podSecurity: { level: "privileged", because: "Ceph works on the nodes' raw disks" } }, kept);
        const namespace = made.metadata.name;
        const operator = installChart(
            `${name}-operator`,
            { chart: charts.rookCeph, namespace, values: operatorValues(`${name}-operator`, cluster) },
            { parent: this, dependsOn: [...cluster.ready] },
        );
        const drivers = installChart(
            `${name}-csi`,
            { chart: charts.cephCsiDrivers, namespace, values: driverValues({ namespace: rookNamespace, snapshots: snapshots !== undefined }) },
            { parent: this, dependsOn: [operator] },
        );
        this.createBudgets(name, namespace);
        const ceph = this.createObject(`${name}-ceph`, { kind: "CephCluster", name: rookNamespace, namespace, spec: cephClusterSpec(rook, cluster) }, { ...kept, dependsOn: [operator, drivers] });
        const pool = this.createObject(`${name}-pool`, { kind: "CephBlockPool", name: blockPool, namespace, spec: blockPoolSpec(rook) }, { ...kept, dependsOn: [ceph] });
        const traits = { provisioner: driverName(rookNamespace), parameters: classParameters };
        this.ready = [createDefaultClass(name, { traits, onDelete, name: blockPool }, { parent: this, dependsOn: [pool] })];
        this.registerOutputs({ ready: this.ready, className: this.className });
    }

    /** Neither chart has one for the drivers. */
    private createBudgets(name: string, namespace: pulumi.Output<string>): void {
        const controllers = { app: `${driverName(rookNamespace)}-ctrlplugin` };
        const operators = { "control-plane": "ceph-csi-op-controller-manager", "app.kubernetes.io/instance": `${name}-operator` };
        createAddOnBudget(name, { namespace, name: "csi-controllers", matchLabels: controllers }, { parent: this });
        createAddOnBudget(name, { namespace, name: "csi-operators", matchLabels: operators }, { parent: this });
    }

    /** An object of Rook's, done when Rook says so. */
    private createObject(
        resourceName: string,
        { kind, name, namespace, spec }: { readonly kind: string; readonly name: string; readonly namespace: pulumi.Output<string>; readonly spec: object },
        opts: pulumi.CustomResourceOptions,
    ): k8s.apiextensions.CustomResource {
        return new k8s.apiextensions.CustomResource(
            resourceName,
            // https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/, annotation pulumi.com/waitFor.
            { apiVersion: api, kind, metadata: { name, namespace, annotations: { "pulumi.com/waitFor": "jsonpath={.status.phase}=Ready" } }, spec },
            { ...opts, customTimeouts: { create: timeout, update: timeout } },
        );
    }
}

/** https://github.com/rook/rook/blob/v1.20.6/deploy/examples/csi/rbd/snapshotclass.yaml. */
const snapshotParameters: Readonly<Record<string, string>> = {
    clusterID: rookNamespace,
    "csi.storage.k8s.io/snapshotter-secret-name": "rook-csi-rbd-provisioner",
    "csi.storage.k8s.io/snapshotter-secret-namespace": rookNamespace,
};

/** https://github.com/rook/rook/blob/v1.20.6/deploy/examples/csi/rbd/storageclass.yaml; Rook makes the Secrets. */
const classParameters: Readonly<Record<string, string>> = {
    clusterID: rookNamespace,
    pool: blockPool,
    imageFormat: "2",
    imageFeatures: "layering",
    "csi.storage.k8s.io/fstype": "ext4",
    ...Object.fromEntries(
        Object.entries({
            provisioner: "rook-csi-rbd-provisioner",
            "controller-expand": "rook-csi-rbd-provisioner",
            "controller-publish": "rook-csi-rbd-provisioner",
            "node-stage": "rook-csi-rbd-node",
        }).flatMap(([use, secret]) => [
            [`csi.storage.k8s.io/${use}-secret-name`, secret],
            [`csi.storage.k8s.io/${use}-secret-namespace`, rookNamespace],
        ]),
    ),
};
