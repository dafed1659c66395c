import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { ClusterBackups } from "../backups";
import { S3BackupStore } from "./backupStore";
import type { EksConfig } from "./config";
import { controllersOf } from "./traits";

/**
 * What a cluster on EKS has for backups.
 *
 * @param parent the cluster's component.
 */
export function eksBackups({ region, nodes, protect }: EksConfig, cluster: aws.eks.Cluster, parent: pulumi.Resource): ClusterBackups {
    const { storage } = controllersOf(nodes.mode);
    return {
        snapshots: {
            // Names of the drivers: https://docs.aws.amazon.com/eks/latest/userguide/sample-storage-workload.html for Auto Mode, and
            // https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/snapshot.md. A snapshot is encrypted as its volume is.
            define: storage.define ? { driver: storage.provisioner, parameters: {} } : undefined,
            // It and its types come with neither way of nodes: https://docs.aws.amazon.com/eks/latest/userguide/csi-snapshot-controller.html.
            createController: (name, dependsOn) => [
                new aws.eks.Addon(
                    name,
                    { clusterName: cluster.name, addonName: "snapshot-controller", resolveConflictsOnCreate: "OVERWRITE", resolveConflictsOnUpdate: "PRESERVE" },
                    { parent, dependsOn: [...dependsOn] },
                ),
            ],
        },
        createStore: (name, args) => new S3BackupStore(name, { region, ...args, protect }, { parent }),
    };
}
