import { type ClusterConfig, clusterKinds, kindOf } from "../../cluster";
import type { HoldfastConfig } from "../../config";
import { type StorageConfig, allDevices, storageSettings } from "../../config/platform/storage";
import { settingsOf } from "../../config/platform/toggle";
import { type Problem, pathOf } from "../../config/problems";
import { type AddOn, noFootprint } from "../addOn";
import { leastZones } from "./cephCluster";
import { createDefaultClass } from "./defaultClass";
import { RookCeph, rookFootprint, rookNamespace } from "./rookCeph";

/** A default class for volumes: of the cloud's disks, or of Ceph on the nodes' own. */
export const storage: AddOn = {
    key: "storage",
    title: "encrypted default storage class, Rook-Ceph where the cloud has no disks",
    namespaces: [rookNamespace],
    check: config => checkRook(config),
    warnings: config => config.clusters.filter(hasOwnDisks).flatMap(cluster => warningsOf(config, cluster)),
    footprint: (config, cluster) => (settingsIn(config).rook !== undefined && hasOwnDisks(cluster) ? rookFootprint : noFootprint),
    create: ({ name, cluster, config, opts }) => {
        const { onDelete, rook } = settingsIn(config);
        if (cluster.storage.define) {
            return { ready: [createDefaultClass(name, { traits: cluster.storage, onDelete }, { ...opts, dependsOn: [...cluster.ready] })] };
        }
        if (rook === undefined) {
            return { ready: [] };
        }
        const { ready, className, snapshots } = new RookCeph(name, { rook, onDelete, cluster }, opts);
        return { ready, storage: { define: false, className }, snapshots };
    },
};

function settingsIn({ platform }: HoldfastConfig): StorageConfig {
    return settingsOf(storageSettings, platform.storage) ?? storageSettings.parse({});
}

function hasOwnDisks(cluster: ClusterConfig): boolean {
    return kindOf(cluster).disks === "cluster";
}

function checkRook(config: HoldfastConfig): readonly Problem[] {
    const { rook } = settingsIn(config);
    if (rook === undefined) {
        return [];
    }
    const path = ["platform", "storage", "rook"];
    const targets = config.clusters.map((cluster, index) => ({ cluster, index })).filter(({ cluster }) => hasOwnDisks(cluster));
    if (targets.length === 0) {
        const kinds = Object.entries(clusterKinds).flatMap(([kind, { disks }]) => (disks === "cluster" ? [kind] : []));
        return [
            {
                path: pathOf(path),
                received: rook,
                allowed: `Rook-Ceph on clusters without disks of a cloud: kind ${kinds.join(", ")}`,
                fix: "remove rook: the clouds' own disks are encrypted, and kept in more than one place",
                reads: [pathOf(["clusters"])],
            },
        ];
    }
    return rook.spread === "hosts"
        ? []
        : targets.flatMap(({ cluster, index }): Problem[] => {
              const zones = kindOf(cluster).describe(cluster).zones.length;
              return zones >= leastZones
                  ? []
                  : [
                        {
                            path: pathOf([...path, "spread"]),
                            received: rook.spread,
                            allowed: `zones where a cluster names ${leastZones} or more; ${cluster.name} names ${zones}`,
                            fix: `name the zones of ${cluster.name}'s nodes, or set spread: hosts to try it out`,
                            reads: [pathOf(["clusters", index, "zones"])],
                        },
                    ];
          });
}

function warningsOf(config: HoldfastConfig, { name }: ClusterConfig): readonly string[] {
    const { rook } = settingsIn(config);
    if (rook === undefined) {
        return [`${name}: platform.storage leaves volumes to the cluster's own class, of which nothing is known here; storage.rook keeps them encrypted, in three copies`];
    }
    return [
        ...(rook.spread === "hosts" ? [`${name}: Rook-Ceph keeps copies and monitors apart by hosts: the loss of a zone may take a majority of them`] : []),
        ...(rook.devices === allDevices ? [`${name}: Rook-Ceph takes every empty disk of every node, also of nodes that come later`] : []),
        ...(rook.protect ? [] : [`${name}: storage.rook.protect is false: without platform.storage the next update deletes the Ceph cluster`]),
    ];
}
