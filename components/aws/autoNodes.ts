import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { attachPolicies } from "./iam";
import type { EksNetwork } from "./network";

/** What the nodes of a cluster are made from. */
export interface NodesArgs {
    readonly cluster: aws.eks.Cluster;
    readonly network: EksNetwork;
    /** Role that the nodes act as; it has no rights yet. */
    readonly nodeRole: aws.iam.Role;
}

/**
 * What EKS Auto Mode leaves to be done: rights for its nodes, metrics for the autoscaler, and the
 * switch that makes NetworkPolicies more than words.
 */
export class AutoNodes extends pulumi.ComponentResource {
    /** What workloads wait for. */
    public readonly ready: readonly pulumi.Resource[];

    constructor(name: string, args: NodesArgs, opts: pulumi.ComponentResourceOptions) {
        // As in PoolNodes: parts of the same name go on when the mode changes.
        super("holdfast:aws:AutoNodes", name, {}, { ...opts, aliases: [{ type: "holdfast:aws:PoolNodes" }] });
        const { cluster, network, nodeRole } = args;
        // https://docs.aws.amazon.com/eks/latest/userguide/auto-create-node-role.html
        const rights = attachPolicies(
            name,
            nodeRole,
            ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"],
            { parent: this },
        );
        const reachable = [...rights, ...network.routes];
        // Not among what Auto Mode brings; without it no autoscaler has numbers to go by.
        new aws.eks.Addon(
            `${name}-metrics-server`,
            { clusterName: cluster.name, addonName: "metrics-server", resolveConflictsOnCreate: "OVERWRITE", resolveConflictsOnUpdate: "PRESERVE" },
            { parent: this, dependsOn: reachable },
        );
        // https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html
        const enforcement = new k8s.core.v1.ConfigMap(
            `${name}-network-policies`,
            {
                metadata: { name: "amazon-vpc-cni", namespace: "kube-system" },
                data: { "enable-network-policy-controller": "true" },
            },
            { parent: this },
        );
        this.ready = [enforcement, ...reachable];
        this.registerOutputs({ ready: this.ready });
    }
}
