/** Invalid settings of the add-on `storage`. */
import { zonedCluster } from "../../../support/kubernetes";
import { clusterConfigs, minimalApp } from "../../../support/plan";
import type { BadInput } from "../row";

const platform = { storage: { rook: { devices: "^sd[b-z]$" } } };

/** A cluster of its own disks. */
const racks = { clusters: [zonedCluster], app: minimalApp, platform };
const oneRoom = { clusters: [clusterConfigs.existing], app: minimalApp, platform: { storage: { rook: { devices: "^sd[b-z]$", spread: "hosts" } } } };

export const badStorage: readonly BadInput[] = [
    ["storage as a class", { "platform.storage": "gp3" }, "storage: true"],
    ["a setting of storage that there is not", { "platform.storage.class": "gp3" }, "remove class"],
    ["data that is archived", { "platform.storage.onDelete": "archive" }, 'onDelete: "keep"'],
    ["Rook where every cluster has a cloud's disks", { "platform.storage.rook": platform.storage.rook }, "remove rook"],
    ["Rook without a word about disks", { "platform.storage.rook.devices": undefined }, 'devices: "^sd[b-z]$"', { base: racks }],
    ["disks by a broken pattern", { "platform.storage.rook.devices": "sd[b-" }, 'devices: "^sd[b-z]$"', { base: racks }],
    ["copies over rows of racks", { "platform.storage.rook.spread": "rows" }, 'spread: "zones"', { base: racks }],
    ["Ceph that is protected now and then", { "platform.storage.rook.protect": "often" }, "protect: true", { base: racks }],
    ["a setting of Rook that there is not", { "platform.storage.rook.dashboard": true }, "remove dashboard", { base: racks }],
    ["three copies over two zones", { "clusters[0].zones": ["rack-a", "rack-b"], "app.scaling": { cpu: 30 } }, "name the zones of local's nodes", { base: racks, paths: ["platform.storage.rook.spread"] }],
    ["three copies over zones that nobody names", { "platform.storage.rook.spread": "zones" }, "set spread: hosts", { base: oneRoom }],
];
