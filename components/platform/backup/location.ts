import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { VeleroPlugin } from "../../backups";
import { veleroPlugins } from "../../charts";
import type { BucketConfig } from "../../config/platform/backup";
import type { StoreAccess } from "./access";

/** What Velero must know of a place for backups. */
export interface Place {
    readonly plugin: VeleroPlugin;
    readonly bucket: pulumi.Input<string>;
    readonly prefix: string;
    readonly config: Readonly<Record<string, pulumi.Input<string>>>;
    /** Secret with a key to it; undefined where pods get in without one. */
    readonly credential?: { readonly name: pulumi.Input<string>; readonly key: string };
}

/** What a location in a cluster is made from. */
export interface LocationArgs {
    readonly namespace: pulumi.Input<string>;
    readonly place: Place;
    /** Whose backups are there. */
    readonly cluster: string;
    readonly access: StoreAccess;
    /** Whether it is where the cluster's own backups go; others are for restoring alone. */
    readonly own: boolean;
}

/** A BackupStorageLocation by the name of the cluster whose backups are there (https://velero.io/docs/v1.18/api-types/backupstoragelocation/). */
export function createLocation(name: string, { namespace, place, cluster, access, own }: LocationArgs, opts: pulumi.CustomResourceOptions): k8s.apiextensions.CustomResource {
    const { plugin, bucket, prefix, config, credential } = place;
    return new k8s.apiextensions.CustomResource(
        `${name}-location-${cluster}`,
        {
            apiVersion: "velero.io/v1",
            kind: "BackupStorageLocation",
            metadata: { name: cluster, namespace },
            spec: {
                provider: plugin.provider,
                default: own,
                // Velero neither adds to the others' backups, nor removes those whose time is over.
                accessMode: own ? "ReadWrite" : "ReadOnly",
                objectStorage: { bucket, prefix },
                config: { ...config, ...access.config[plugin.provider] },
                ...(credential === undefined ? {} : { credential }),
            },
        },
        opts,
    );
}

const keyFile = "cloud";

/** A bucket that others made, with its key in a Secret. Keys of its location: velero-plugin-for-aws, backupstoragelocation.md (v1.14.2). */
export function placeInBucket(
    name: string,
    { name: bucket, region, url, keyId, key }: BucketConfig,
    { namespace, prefix }: { readonly namespace: pulumi.Input<string>; readonly prefix: string },
    opts: pulumi.CustomResourceOptions,
): Place {
    const secret = new k8s.core.v1.Secret(
        `${name}-key`,
        {
            metadata: { namespace },
            stringData: pulumi.secret({ [keyFile]: `[default]\naws_access_key_id=${keyId}\naws_secret_access_key=${key}\n` }),
        },
        opts,
    );
    return {
        plugin: veleroPlugins.aws,
        bucket,
        prefix,
        // Servers other than AWS's name buckets in the path, and many refuse its newer checksums (the plugin's README, v1.14.2).
        config: { region, ...(url === undefined ? {} : { s3Url: url, s3ForcePathStyle: "true", checksumAlgorithm: "" }) },
        credential: { name: secret.metadata.name, key: keyFile },
    };
}
