import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { charts } from "../charts";
import type { NodeAutoscalerArgs } from "../cluster";
import type { PoolConfig } from "../config/values";
import { type ChartArgs, installChart } from "../platform/chart";
import { overZones } from "../platform/spread";
import { physicalPoolName } from "../poolName";
import type { Statement } from "./iam";
import { PodIdentity } from "./podIdentity";

/** What a {@link NodeAutoscaler} is made from. */
export interface EksNodeAutoscalerArgs extends NodeAutoscalerArgs {
    readonly cluster: aws.eks.Cluster;
    /** The cluster's name at EKS, which tags its groups. */
    readonly clusterName: string;
    /** Kubernetes minor version of the cluster. */
    readonly version: string;
    readonly region: string;
    readonly zones: readonly string[];
    readonly pools: readonly PoolConfig[];
    /** Where its pods will run. */
    readonly nodes: readonly pulumi.Resource[];
}

/** In the system's own namespace: it may have the system's priority, and reads its settings there. */
const namespace = "kube-system";
const serviceAccount = "cluster-autoscaler";

/** Two, of which one leads: without it no node comes. */
const replicas = 2;

/**
 * The newest release for each Kubernetes version: it simulates that version's scheduler, and no other is tested
 * (https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/README.md#releases). As of 2026-08.
 */
export const autoscalerVersions: Readonly<Record<string, string>> = {
    "1.34": "v1.34.5",
    "1.35": "v1.35.2",
    "1.36": "v1.36.1",
};

/** What a replica requests: AWS's example has as much (cloudprovider/aws/examples/cluster-autoscaler-autodiscover.yaml). */
const requests = { cores: 0.1, gib: 600 / 1024 };

/** What the autoscaler requests in all. */
export const autoscalerDemand = { cores: replicas * requests.cores, gib: replicas * requests.gib };

/** More nodes than this share that are not ready stop the autoscaler, in per cent: its default, `--max-total-unready-percentage`. */
const unreadyPercent = 45;

/** Room for broken nodes beside those of a lost zone, in per cent. */
const unreadyMargin = 10;

/** Priorities of the expander; the highest that has a pool for the pods wins. */
const priorities = { first: 20, others: 10 };

/**
 * The Kubernetes cluster autoscaler for managed node groups. EKS tags their scaling groups for it
 * (https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html), and tells it of labels and taints while a group has no node,
 * so that pools grow from zero.
 */
export class NodeAutoscaler extends pulumi.ComponentResource {
    /** What must exist before nodes come by themselves. */
    public readonly ready: readonly pulumi.Resource[];

    constructor(name: string, args: EksNodeAutoscalerArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:aws:NodeAutoscaler", name, {}, opts);
        const { cluster, clusterName } = args;
        const access = new PodIdentity(name, { cluster, namespace, serviceAccount, statements: statementsFor(clusterName) }, { parent: this });
        this.ready = [
            installChart(
                name,
                { chart: charts.clusterAutoscaler, namespace, values: valuesOf(name, args) },
                { parent: this, dependsOn: [...args.nodes, ...access.ready] },
            ),
        ];
        this.registerOutputs({ ready: this.ready });
    }
}

/**
 * It reads all groups, and changes those of its own cluster
 * (https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md#iam-policy).
 */
function statementsFor(clusterName: string): readonly Statement[] {
    return [
        {
            Effect: "Allow",
            Action: [
                "autoscaling:DescribeAutoScalingGroups",
                "autoscaling:DescribeAutoScalingInstances",
                "autoscaling:DescribeLaunchConfigurations",
                "autoscaling:DescribeScalingActivities",
                "ec2:DescribeImages",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeLaunchTemplateVersions",
                "ec2:GetInstanceTypesFromInstanceRequirements",
                "eks:DescribeNodegroup",
            ],
            Resource: "*",
        },
        {
            Effect: "Allow",
            Action: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
            Resource: "*",
            Condition: { StringEquals: { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${clusterName}`]: "owned" } },
        },
    ];
}

function valuesOf(name: string, { clusterName, region, version, zones, pools, prefer }: EksNodeAutoscalerArgs): ChartArgs["values"] {
    const image = autoscalerVersions[version];
    return {
        fullnameOverride: serviceAccount,
        ...(image === undefined ? {} : { image: { tag: image } }),
        replicaCount: replicas,
        awsRegion: region,
        autoDiscovery: { clusterName },
        rbac: { serviceAccount: { name: serviceAccount } },
        extraArgs: {
            // Pools of one priority: the one that the pods fill best.
            expander: "priority,least-waste",
            "balance-similar-node-groups": true,
            // Every pod of the app has scratch space, which holds nothing worth a node.
            "skip-nodes-with-local-storage": false,
            "max-total-unready-percentage": Math.max(unreadyPercent, Math.ceil(100 / zones.length) + unreadyMargin),
        },
        expanderPriorities: {
            [priorities.others]: [".*"],
            [priorities.first]: preferred(pools, prefer),
        },
        podDisruptionBudget: { maxUnavailable: 1 },
        resources: { requests: { cpu: "100m", memory: "600Mi" }, limits: { memory: "600Mi" } },
        securityContext: { runAsNonRoot: true, runAsUser: 65_534, runAsGroup: 65_534, seccompProfile: { type: "RuntimeDefault" } },
        containerSecurityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
        topologySpreadConstraints: overZones({ zones }, { "app.kubernetes.io/name": "aws-cluster-autoscaler", "app.kubernetes.io/instance": name }),
    };
}

/** Patterns of the scaling groups that grow first: EKS names them after the node group. */
function preferred(pools: readonly PoolConfig[], prefer: NodeAutoscalerArgs["prefer"]): readonly string[] {
    return pools.filter(({ spot }) => spot === (prefer === "spot")).map(physicalPoolName);
}
