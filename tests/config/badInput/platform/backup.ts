/** Invalid settings of the add-on `backup`, and configs that it can't work with. */
import { clusterConfigs, minimalApp } from "../../../support/plan";
import type { BadInput } from "../row";

const bucket = { name: "acme-backups", region: "us-east-1", url: "https://minio.example.com:9000", keyId: "backups", key: "a-key-of-backups" };

/** One cluster alone, whose backups go to another region of its cloud. */
const alone = { clusters: [clusterConfigs.eks], app: minimalApp, platform: { backup: { region: "us-west-2" } } };

/** A cluster of nobody's cloud, whose backups go to a bucket. */
const rack = { clusters: [{ ...clusterConfigs.existing, volumeSnapshots: true }], app: minimalApp, platform: { backup: { bucket } } };

const forms: readonly BadInput[] = [
    ["backup as a word", { "platform.backup": "daily" }, "backup: true"],
    ["a setting of backup that there is not", { "platform.backup.retention": 30 }, "did you mean retentionDays?"],
    ["backups that are never kept", { "platform.backup.retentionDays": 0 }, "retentionDays: 30"],
    ["backups that are kept for half a day", { "platform.backup.retentionDays": 0.5 }, "retentionDays: 30"],
    ["a bucket by its URL", { "platform.backup.bucket": "s3://acme-backups" }, 'bucket: {"name":"acme-backups"'],
    ["a bucket with capitals", { "platform.backup.bucket.name": "AcmeBackups" }, 'name: "acme-backups"', { base: rack }],
    ["a bucket without a region", { "platform.backup.bucket.region": undefined }, 'add region, for example region: "us-east-1"', { base: rack }],
    ["a bucket's server with a path", { "platform.backup.bucket.url": "https://minio.example.com/acme" }, 'url: "https://minio.example.com:9000"', { base: rack }],
    ["a bucket's server without a scheme", { "platform.backup.bucket.url": "minio.example.com:9000" }, 'url: "https://minio.example.com:9000"', { base: rack }],
    ["a key's id with a line break", { "platform.backup.bucket.keyId": "back\nups" }, 'keyId: "backups"', { base: rack }],
    ["a key with a line break", { "platform.backup.bucket.key": "a-key\n[other]" }, "pulumi config set --secret --path", { base: rack }],
    ["a bucket without its key", { "platform.backup.bucket.key": undefined }, "add key", { base: rack }],
    ["an existing cluster's snapshots as a word", { "clusters[0].volumeSnapshots": "csi" }, "volumeSnapshots: true", { base: rack }],
];

const schedules: readonly BadInput[] = [
    ["backups at an hour that there is not", { "platform.backup.schedule": "0 25 * * *" }, "write another hour in place of 25"],
    ["backups on a day that never comes", { "platform.backup.schedule": "0 0 31 2 *" }, "lower the day of the month"],
    ["backups in a time zone", { "platform.backup.schedule": "TZ=Europe/Berlin 0 3 * * *" }, "write the time in UTC"],
    ["backups every minute", { "platform.backup.schedule": "* * * * *" }, "back up less often"],
    ["backups fourteen minutes apart", { "platform.backup.schedule": "@every 14m" }, "back up less often"],
    ["backups close together around midnight", { "platform.backup.schedule": "5,55 0,23 * * *" }, "back up less often"],
    ["backups that are gone before the next", { "platform.backup.schedule": "@monthly" }, "raise retentionDays", { paths: ["platform.backup.retentionDays"] }],
    [
        "backups that are kept as long as the time between two",
        { "platform.backup.retentionDays": 1, "platform.backup.schedule": "@daily" },
        "raise retentionDays",
        { paths: ["platform.backup.retentionDays"] },
    ],
];

const places: readonly BadInput[] = [
    ["backups with nowhere to go", { "platform.backup.region": undefined }, "set backup.region to a region other than us-east-1", { base: alone, paths: ["platform.backup.region"] }],
    ["backups in the cluster's own region", { "platform.backup.region": "us-east-1" }, "choose a region that is not lost with the cluster", { base: alone }],
    ["backups in a region of another cloud", { "platform.backup.region": "us-central1" }, "choose a region that is not lost with the cluster", { base: alone }],
    ["backups to a cluster that there is not", { "platform.backup.to": "north" }, 'set to: "central", or remove to'],
    ["backups to a cluster as a list", { "platform.backup.to": ["central"] }, 'to: "central"'],
    ["backups to the only cluster", { "platform.backup.to": "east" }, "remove to", { base: alone }],
    ["backups to a cluster that keeps none", { "platform.backup.to": "local" }, "remove to", { base: rack }],
    ["a region for backups that go to another cloud", { "platform.backup.region": "us-west-2" }, "remove region"],
    ["a bucket for backups that go to another cloud", { "platform.backup.bucket": bucket }, "remove bucket"],
    ["a bucket that no cluster uses beside a region", { "platform.backup.bucket": bucket }, "remove bucket", { base: alone }],
    ["backups of a cluster that no cloud knows", { "platform.backup.bucket": undefined }, "set backup.bucket to", { base: rack }],
    [
        "backups of a cluster that no cloud knows, beside one that has a cloud",
        { "platform.backup": true, "clusters": [...rack.clusters, clusterConfigs.gke] },
        ["set backup.bucket to", "set backup.region to"],
        { base: rack, paths: ["platform.backup.bucket", "platform.backup.region"] },
    ],
    ["backups of volumes that can't be copied", { "clusters[0].volumeSnapshots": undefined }, "set volumeSnapshots to true", { base: rack }],
];

/** Two clusters whose backups cross over. */
const crossing = { clusters: [clusterConfigs.eks, clusterConfigs.gke], app: minimalApp, platform: { backup: true } };

const names: readonly BadInput[] = [
    ["a keeper of backups named after Google", { "clusters[1].name": "my-google" }, "choose another name", { base: crossing }],
    ["a keeper of backups that begins as Google's", { "clusters[1].name": "goog-east" }, "choose another name", { base: crossing }],
    ["a cluster named after Google whose backups Google keeps", { "clusters[0].name": "my-google" }, "choose another name", { base: crossing }],
    ["a cluster of another cloud with a start that Google keeps", { "clusters[0].name": "gcp-east" }, "choose another name", { base: crossing }],
];

export const badBackup: readonly BadInput[] = [...forms, ...schedules, ...places, ...names];
