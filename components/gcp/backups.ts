import type * as pulumi from "@pulumi/pulumi";

import type { ClusterBackups } from "../backups";
import { GcsBackupStore } from "./backupStore";
import type { GkeConfig } from "./config";
import { storage } from "./traits";

/**
 * What a cluster on GKE has for backups.
 *
 * @param parent the cluster's component.
 */
export function gkeBackups({ project, region, protect }: GkeConfig, parent: pulumi.Resource): ClusterBackups {
    return {
        // GKE has the controller and the types; a snapshot lives for minutes, and stays in the cluster's region meanwhile
        // (https://docs.cloud.google.com/kubernetes-engine/docs/how-to/persistent-volumes/backup-pd-volume-snapshots).
        snapshots: { define: storage.define ? { driver: storage.provisioner, parameters: { "storage-locations": region } } : undefined },
        createStore: (name, args) => new GcsBackupStore(name, { region, ...args, project, protect }, { parent }),
    };
}
