import { z } from "zod";

import { cronAllowed } from "../cron";
import { field } from "../fields";
import { toggle } from "./toggle";

/** A bucket that somebody else made, with a key to it. */
const bucket = z.strictObject({
    // Names: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; others than AWS allow no more.
    name: field(z.string().regex(/^[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]$/), {
        about: "Name of the bucket, which must exist.",
        allowed: "3 to 63 lower-case letters, digits, hyphens and dots",
        example: "acme-backups",
    }),
    region: field(z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/), {
        about: "Region of the bucket, as its server calls it.",
        allowed: "a region such as us-east-1",
        example: "us-east-1",
    }),
    url: field(z.string().regex(/^https?:\/\/[a-z0-9]([-.a-z0-9]*[a-z0-9])?(:[0-9]{1,5})?$/).optional(), {
        about: "Address of a server that speaks S3; by default AWS's own.",
        allowed: "an https or http URL without a path",
        example: "https://minio.example.com:9000",
    }),
    keyId: field(z.string().regex(/^[!-~]{3,128}$/), {
        about: "Id of the key.",
        allowed: "3 to 128 characters without spaces",
        example: "backups",
    }),
    key: field(z.string().regex(/^[!-~]{8,256}$/), {
        about: "The key; it ends up in a Secret of the cluster alone.",
        allowed: "8 to 256 characters without spaces, set with `pulumi config set --secret --path`",
        example: "a-key-of-backups",
        fix: "set it with `pulumi config set --secret --path 'holdfast:platform.backup.bucket.key'`",
        secret: true,
    }),
});

/** Settings of the add-on `backup`. */
export const backupSettings = z.strictObject({
    // What is wrong with a schedule is told field by field, by the add-on's checks.
    schedule: field(z.string().max(200).default("0 */6 * * *"), {
        about: "When to back up, in UTC. What is written between two backups may be lost with a cluster.",
        allowed: cronAllowed,
        example: "0 */6 * * *",
    }),
    retentionDays: field(z.int().min(1).max(3650).default(30), {
        about: "Days that a backup is kept.",
        allowed: "a whole number from 1 to 3650, longer than the time between two backups",
        example: 30,
    }),
    to: field(z.string().min(1).optional(), {
        about: "Cluster whose cloud and region take the others' backups; by default the first by name of another cloud, else of another region.",
        allowed: "a cluster of the stack on EKS or GKE",
        example: "central",
    }),
    region: field(z.string().min(1).optional(), {
        about: "Region of the cluster's own cloud that its backups go to where the stack has neither another cloud nor another region.",
        allowed: "a region of the cloud, other than the cluster's",
        example: "us-west-2",
    }),
    bucket: field(bucket.optional(), {
        about: "Bucket of your own for the backups of clusters that no cloud of the stack can take: it speaks S3.",
        allowed: "{ name, region, url?, keyId, key }",
        example: { name: "acme-backups", region: "us-east-1", keyId: "backups", key: "a-key-of-backups" },
    }),
});

/** The schema of `holdfast:platform.backup`. */
export const backup = toggle(backupSettings, {
    about: "Snapshots of the app's volumes on a schedule, copied to another cloud by Velero.",
    example: true,
});

/** The add-on, as config says. */
export type BackupConfig = z.output<typeof backupSettings>;
/** A bucket of the user's, as config says. */
export type BucketConfig = z.output<typeof bucket>;
