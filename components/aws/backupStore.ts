import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type BackupStore, type BackupStoreArgs, type StoreGrant, type StoreUse, regretDays } from "../backups";
import { veleroPlugins } from "../charts";
import type { Statement } from "./iam";

/** What an {@link S3BackupStore} is made from. */
export interface S3BackupStoreArgs extends BackupStoreArgs {
    readonly region: string;
    readonly protect: boolean;
}

/** Days after which the parts of an upload that never ended are removed. */
const abandonedDays = 7;

/**
 * A bucket on S3 for the backups of a cluster. What Velero deletes or overwrites there stays as an old version for a while, and no role of
 * a cluster may delete versions. Encrypted by S3's own key: one of ours would be one more thing whose loss loses the backups. It
 * outlives the stack, with all that guards it. Keys of the location: velero-plugin-for-aws, backupstoragelocation.md (v1.14.2).
 */
export class S3BackupStore extends pulumi.ComponentResource implements BackupStore {
    public readonly plugin = veleroPlugins.aws;
    public readonly bucket: pulumi.Output<string>;
    public readonly prefix: string;
    public readonly config: Readonly<Record<string, pulumi.Input<string>>>;

    private readonly arn: pulumi.Output<string>;
    private readonly region: string;

    constructor(name: string, { region, prefix, protect }: S3BackupStoreArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:aws:BackupStore", name, {}, opts);
        this.region = region;
        this.prefix = prefix;
        this.config = { region };
        const bucket = new aws.s3.Bucket(name, { region }, { parent: this, protect, retainOnDelete: true });
        this.bucket = bucket.id;
        this.arn = bucket.arn;
        this.guard(name, bucket);
        this.registerOutputs({ bucket: this.bucket });
    }

    public grant(use: StoreUse): StoreGrant {
        return { through: "aws", region: this.region, statements: use === "keep" ? this.keeping() : this.restoring() };
    }

    /** What stays with the bucket: it must never be there without. */
    private guard(name: string, bucket: aws.s3.Bucket): void {
        const { region } = this;
        const of = { bucket: bucket.id, region };
        const opts = { parent: this, retainOnDelete: true };
        const versions = new aws.s3.BucketVersioning(name, { ...of, versioningConfiguration: { status: "Enabled" } }, opts);
        new aws.s3.BucketServerSideEncryptionConfiguration(
            name,
            { ...of, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
            opts,
        );
        const closed = new aws.s3.BucketPublicAccessBlock(
            name,
            { ...of, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
            opts,
        );
        // Current objects have no end: a backup of today rests on data that one of long ago brought.
        new aws.s3.BucketLifecycleConfiguration(
            name,
            {
                ...of,
                rules: [
                    {
                        id: "regret",
                        status: "Enabled",
                        filter: {},
                        noncurrentVersionExpiration: { noncurrentDays: regretDays },
                        expiration: { expiredObjectDeleteMarker: true },
                        abortIncompleteMultipartUpload: { daysAfterInitiation: abandonedDays },
                    },
                ],
            },
            // S3 takes rules on old versions only where there are any.
            { ...opts, dependsOn: [versions] },
        );
        // Both change who may do what, and S3 refuses the two at once.
        new aws.s3.BucketPolicy(name, { ...of, policy: this.policy() }, { ...opts, dependsOn: [closed] });
    }

    /** TLS, and none of its broken versions (https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html). */
    private policy(): pulumi.Output<string> {
        const denied = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [this.arn, pulumi.interpolate`${this.arn}/*`] };
        return pulumi.jsonStringify({
            Version: "2012-10-17",
            Statement: [
                { ...denied, Condition: { Bool: { "aws:SecureTransport": "false" } } },
                { ...denied, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
            ],
        });
    }

    /** What the plugin's README asks for (v1.14.2), without the rights on disks: the cluster's own driver takes snapshots. */
    private keeping(): readonly Statement[] {
        return [
            this.listing(),
            {
                Effect: "Allow",
                Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
                Resource: this.objects("*"),
            },
        ];
    }

    /** Velero writes how a restore went beside the backups, and nowhere else (pkg/persistence/object_store_layout.go in v1.18.1). */
    private restoring(): readonly Statement[] {
        return [
            this.listing(),
            { Effect: "Allow", Action: ["s3:GetObject"], Resource: this.objects("*") },
            { Effect: "Allow", Action: ["s3:PutObject", "s3:DeleteObject"], Resource: this.objects(`${this.prefix}/restores/*`) },
        ];
    }

    private listing(): Statement {
        return { Effect: "Allow", Action: ["s3:ListBucket"], Resource: this.arn };
    }

    private objects(path: string): pulumi.Output<string> {
        return pulumi.interpolate`${this.arn}/${path}`;
    }
}
