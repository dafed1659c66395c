import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { Watcher } from "../../cluster";
import { durationWords } from "../../model/schedule";

/** What the alerts on a cluster's backups are made from. */
export interface BackupAlertsArgs {
    readonly namespace: pulumi.Input<string>;
    /** Name of the cluster, and of its schedule. */
    readonly cluster: string;
    /** Longest time between two backups, in seconds. */
    readonly longestGap: number;
    readonly watcher: Watcher;
}

/** Time that a backup may take before anybody is told, in seconds: Velero gives up a copy after four hours (`--default-item-operation-timeout`). */
const backupSeconds = 4 * 3600;

/**
 * Tells when the newest whole backup is too old. What has failed may be mended by the next one: that there is none is what counts, and the
 * first one must come too. The metric's name: pkg/metrics/metrics.go in v1.18.1; backups that another cluster made have its name.
 */
export function createBackupAlerts(
    name: string,
    { namespace, cluster, longestGap, watcher }: BackupAlertsArgs,
    opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
    const newest = `velero_backup_last_successful_timestamp{schedule="${cluster}"}`;
    const limit = longestGap + backupSeconds;
    const rule = {
        alert: "HoldfastBackupOverdue",
        labels: { severity: "critical" },
        annotations: {
            summary: `${cluster}: no whole backup of the volumes for ${durationWords(limit)}; what is written since the last one is lost with the cluster`,
            runbook: "docs/runbooks/backup.md#holdfastbackupoverdue",
        },
    };
    return new k8s.apiextensions.CustomResource(
        `${name}-alerts`,
        {
            apiVersion: "monitoring.coreos.com/v1",
            kind: "PrometheusRule",
            metadata: { name: "velero", namespace, labels: watcher.labels },
            spec: {
                groups: [
                    {
                        name: "backup",
                        rules: [
                            { ...rule, expr: `time() - max(${newest}) > ${limit}`, for: "5m" },
                            // None has ever ended, or Velero is not there to say so.
                            { ...rule, expr: `absent(${newest})`, for: `${limit}s` },
                        ],
                    },
                ],
            },
        },
        { ...opts, dependsOn: [...watcher.ready] },
    );
}
