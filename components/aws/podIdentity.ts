import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsAccess, Workload } from "../identity";
import { type Statement, inlinePolicy } from "./iam";

/** What a {@link PodIdentity} is made from. */
export interface PodIdentityArgs extends Workload {
    readonly statements: readonly Statement[];
    readonly cluster: aws.eks.Cluster;
}

/**
 * A role for the pods of one service account, by EKS Pod Identity. The role trusts EKS only for that service account of that cluster, by the
 * tags that EKS puts on every session (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html, pod-id-abac.html). Pods that
 * started before the association don't have it.
 */
export class PodIdentity extends pulumi.ComponentResource implements AwsAccess {
    public readonly roleArn: pulumi.Output<string>;
    public readonly by = "pod";
    public readonly ready: readonly pulumi.Resource[];

    constructor(name: string, args: PodIdentityArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:aws:PodIdentity", name, {}, opts);
        const { cluster, namespace, serviceAccount } = args;
        const role = new aws.iam.Role(name, { assumeRolePolicy: trust(args) }, { parent: this });
        const rights = inlinePolicy(name, role, args.statements, { parent: this });
        const association = new aws.eks.PodIdentityAssociation(
            name,
            { clusterName: cluster.name, namespace, serviceAccount, roleArn: role.arn },
            { parent: this },
        );
        this.roleArn = role.arn;
        this.ready = [rights, association];
        this.registerOutputs({ roleArn: this.roleArn });
    }
}

function trust({ cluster, namespace, serviceAccount }: PodIdentityArgs): pulumi.Output<string> {
    return pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Principal: { Service: "pods.eks.amazonaws.com" },
                Action: ["sts:AssumeRole", "sts:TagSession"],
                Condition: {
                    StringEquals: {
                        "aws:RequestTag/eks-cluster-arn": cluster.arn,
                        "aws:RequestTag/kubernetes-namespace": namespace,
                        "aws:RequestTag/kubernetes-service-account": serviceAccount,
                    },
                },
            },
        ],
    });
}
