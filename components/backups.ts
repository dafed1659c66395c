import type * as pulumi from "@pulumi/pulumi";

import type { Statement } from "./aws/iam";

/** What a cluster has for backups, its own and those of others. */
export interface ClusterBackups {
    /** How its volumes are copied at a point in time; undefined where they can't be. */
    readonly snapshots: SnapshotTraits | undefined;
    /** Makes a place in its cloud for the backups of a cluster, below its own component; undefined where the cloud has none. */
    createStore?(name: string, args: BackupStoreArgs): BackupStore;
}

/** How copies of volumes at a point in time are made. */
export interface SnapshotTraits {
    /** The class to define; undefined where the cluster has one for the driver of its volumes. */
    readonly define: { readonly driver: string; readonly parameters: Readonly<Record<string, string>> } | undefined;
    /** Makes the controller and the types that snapshots need, below the cluster; undefined where they are there. */
    createController?(name: string, dependsOn: readonly pulumi.Resource[]): readonly pulumi.Resource[];
}

/** What a place for the backups of one cluster is made from. */
export interface BackupStoreArgs {
    /** Region of the cloud; by default that of the cluster that makes it. */
    readonly region?: string;
    /** Path in it below which everything is kept. */
    readonly prefix: string;
}

/** A place for backups: a bucket of a cloud, and what Velero must know of it. */
export interface BackupStore {
    /** The plugin of Velero that writes there. */
    readonly plugin: VeleroPlugin;
    readonly bucket: pulumi.Output<string>;
    readonly prefix: string;
    /** `config` of its BackupStorageLocation, by the plugin's own documentation. */
    readonly config: Readonly<Record<string, pulumi.Input<string>>>;
    /** What it takes to write backups there, or to restore from there and write down how that went. */
    grant(use: StoreUse): StoreGrant;
}

/** What is done with a store. */
export type StoreUse = "keep" | "restore";

/** A plugin of Velero. */
export interface VeleroPlugin {
    /** Its name in a BackupStorageLocation. */
    readonly provider: string;
    readonly image: string;
}

/** A way into a store: rights of a role in AWS, or of a service account in Google Cloud. */
export type StoreGrant =
    | { readonly through: "aws"; readonly region: string; readonly statements: readonly Statement[] }
    | {
          readonly through: "gcp";
          readonly project: string;
          /** Google Cloud provider of the project. */
          readonly provider: pulumi.ProviderResource;
          /** Lets an account in, as IAM policies name it. */
          bind(name: string, member: pulumi.Input<string>, opts: pulumi.CustomResourceOptions): readonly pulumi.Resource[];
      };

/**
 * Days in which what was deleted or overwritten in a store can be had back. Whoever writes backups may delete them, and a program gone
 * wrong, or a stranger, would delete them first: this is the time to notice.
 */
export const regretDays = 14;
