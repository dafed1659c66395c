import { type ClusterConfig, kindOf } from "../../cluster";
import type { HoldfastConfig } from "../../config";
import { type BackupConfig, type BucketConfig, backupSettings } from "../../config/platform/backup";
import { settingsOf } from "../../config/platform/toggle";

/** Where the backups of a cluster go: to a region of a cloud, kept there by a cluster of the stack, or to a bucket that others made. */
export type Destination =
    | { readonly at: "cluster"; readonly host: ClusterConfig; readonly region: string }
    | { readonly at: "bucket"; readonly bucket: BucketConfig };

/** The add-on's settings; undefined where it is off. */
export function backupOf({ platform }: HoldfastConfig): BackupConfig | undefined {
    return settingsOf(backupSettings, platform.backup);
}

/**
 * Where the backups of a cluster go: to the cluster that config names, else to the first of another cloud, else to the first of another region,
 * else to another region of its own cloud, else to the bucket in config. The first is so by name: the order of a list moves no backups.
 * Undefined where there is none of these: next to what it is a copy of, a copy is lost with it, and in which other region data may lie is
 * not for a default to say.
 */
export function destinationOf(cluster: ClusterConfig, config: HoldfastConfig): Destination | undefined {
    const { to, region, bucket } = backupOf(config) ?? {};
    const kind = kindOf(cluster);
    if (kind.federates(cluster)) {
        const hosts = hostsFor(cluster, config);
        const host = hosts.find(({ name }) => name === to) ?? hosts.find(other => kindOf(other).cloud !== kind.cloud) ?? hosts[0];
        if (host !== undefined) {
            return { at: "cluster", host, region: host.region };
        }
        if (region !== undefined && kind.keepsBackupsIn !== undefined) {
            return { at: "cluster", host: cluster, region };
        }
    }
    return bucket === undefined ? undefined : { at: "bucket", bucket };
}

/** Clusters that can keep a cluster's backups and are not lost with it, by name. */
export function hostsFor(cluster: ClusterConfig, { clusters }: HoldfastConfig): readonly ClusterConfig[] {
    const kind = kindOf(cluster);
    const apart = (other: ClusterConfig): boolean => kindOf(other).cloud !== kind.cloud || other.region !== cluster.region;
    return kind.federates(cluster)
        ? clusters.filter(other => kindOf(other).keepsBackupsIn !== undefined && apart(other)).sort((a, b) => (a.name < b.name ? -1 : 1))
        : [];
}

/** Name of the place that a cluster keeps for another, or for itself; the clouds' names of buckets begin with it. */
export function storeName(host: string, cluster: string): string {
    return `${host}-backups-${cluster}`;
}

/** The clusters whose backups another keeps. */
export function keptAt(host: ClusterConfig, config: HoldfastConfig): readonly ClusterConfig[] {
    return config.clusters.filter(cluster => {
        const destination = destinationOf(cluster, config);
        return cluster !== host && destination?.at === "cluster" && destination.host === host;
    });
}

/** A destination in words: "Google Cloud in us-central1", "the bucket acme-backups". */
export function placeOf(destination: Destination): string {
    return destination.at === "bucket" ? `the bucket ${destination.bucket.name}` : `${kindOf(destination.host).cloud} in ${destination.region}`;
}
