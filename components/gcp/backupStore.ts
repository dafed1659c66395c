import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

import { type BackupStore, type BackupStoreArgs, type StoreGrant, type StoreUse, regretDays } from "../backups";
import { veleroPlugins } from "../charts";

/** What a {@link GcsBackupStore} is made from. */
export interface GcsBackupStoreArgs extends BackupStoreArgs {
    readonly region: string;
    readonly project: string;
    readonly protect: boolean;
}

/** Days after which the parts of an upload that never ended are removed. */
const abandonedDays = 7;

const secondsPerDay = 24 * 3600;

/**
 * A bucket on Cloud Storage for the backups of a cluster. What Velero deletes or overwrites there can be had back for a while, and nobody
 * can cut that short (https://docs.cloud.google.com/storage/docs/soft-delete); versions could be deleted by whoever may write. Encrypted by
 * Google's keys: one of ours would be one more thing whose loss loses the backups. It outlives the stack.
 */
export class GcsBackupStore extends pulumi.ComponentResource implements BackupStore {
    public readonly plugin = veleroPlugins.gcp;
    public readonly bucket: pulumi.Output<string>;
    public readonly prefix: string;
    public readonly config = {};

    private readonly project: string;

    constructor(name: string, { region, prefix, project, protect }: GcsBackupStoreArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:gcp:BackupStore", name, {}, opts);
        this.prefix = prefix;
        this.project = project;
        // On already in most projects; it stays on when the stack goes.
        const api = new gcp.projects.Service(name, { project, service: "storage.googleapis.com", disableOnDestroy: false }, { parent: this });
        const bucket = new gcp.storage.Bucket(
            name,
            {
                project,
                location: region.toUpperCase(),
                storageClass: "STANDARD",
                uniformBucketLevelAccess: true,
                publicAccessPrevention: "enforced",
                forceDestroy: false,
                softDeletePolicy: { retentionDurationSeconds: regretDays * secondsPerDay },
                // Objects themselves have no end: a backup of today rests on data that one of long ago brought.
                lifecycleRules: [{ action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: abandonedDays } }],
            },
            { parent: this, protect, retainOnDelete: true, dependsOn: [api] },
        );
        this.bucket = bucket.name;
        this.registerOutputs({ bucket: this.bucket });
    }

    public grant(use: StoreUse): StoreGrant {
        return {
            through: "gcp",
            project: this.project,
            provider: this.account(),
            bind: (name, member, opts) => (use === "keep" ? [this.member(name, "objectUser", member, opts)] : this.restoring(name, member, opts)),
        };
    }

    /** The provider that the bucket is made by. */
    private account(): pulumi.ProviderResource {
        const provider = this.getProvider("gcp:storage/bucket:Bucket");
        if (provider === undefined) {
            throw new pulumi.ResourceError("a store needs a Google Cloud provider among its options", this, true);
        }
        return provider;
    }

    /** Velero writes how a restore went beside the backups, and nowhere else (pkg/persistence/object_store_layout.go in v1.18.1). */
    private restoring(name: string, member: pulumi.Input<string>, opts: pulumi.CustomResourceOptions): readonly pulumi.Resource[] {
        const results = pulumi.interpolate`projects/_/buckets/${this.bucket}/objects/${this.prefix}/restores/`;
        return [
            this.member(`${name}-reader`, "objectViewer", member, opts),
            this.member(`${name}-results`, "objectUser", member, opts, {
                title: "Results of restores",
                expression: pulumi.interpolate`resource.name.startsWith("${results}")`,
            }),
        ];
    }

    /** Roles: https://docs.cloud.google.com/storage/docs/access-control/iam-roles; the plugin's README names what they must hold (v1.14.2). */
    private member(
        name: string,
        role: "objectUser" | "objectViewer",
        member: pulumi.Input<string>,
        opts: pulumi.CustomResourceOptions,
        condition?: { readonly title: string; readonly expression: pulumi.Input<string> },
    ): pulumi.Resource {
        return new gcp.storage.BucketIAMMember(
            name,
            { bucket: this.bucket, role: `roles/storage.${role}`, member, ...(condition === undefined ? {} : { condition }) },
            { ...opts, provider: this.account() },
        );
    }
}
