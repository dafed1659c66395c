import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { PoolConfig } from "../config/values";
import { shareOut } from "../model/capacity";
import { physicalPoolName, poolKey, spotKey } from "../poolName";
import type { NodesArgs } from "./autoNodes";
import { ownerTags } from "../tags";
import { attachPolicies, serviceRole } from "./iam";
import { LoadBalancerController } from "./loadBalancerController";

/** What node pools are made from. */
export interface PoolNodesArgs extends NodesArgs {
    readonly region: string;
    readonly pools: readonly PoolConfig[];
    /** Whether an autoscaler decides how many nodes there are. */
    readonly nodesScale: boolean;
}

/** Fewest and most CoreDNS replicas; one in each of three zones at least. */
const coreDnsReplicas = { min: 3, max: 12 };

/**
 * Managed node groups, one for each pool and zone, so that a volume's zone always has nodes that can
 * grow, with the add-ons that make them a cluster.
 */
export class PoolNodes extends pulumi.ComponentResource {
    /** What workloads wait for. */
    public readonly ready: readonly pulumi.Resource[];

    private readonly cluster: aws.eks.Cluster;

    constructor(name: string, args: PoolNodesArgs, opts: pulumi.ComponentResourceOptions) {
        // The other mode's parts of the same name go on, and are not made and then taken away: a role's rights are the same ones.
        super("holdfast:aws:PoolNodes", name, {}, { ...opts, aliases: [{ type: "holdfast:aws:AutoNodes" }] });
        this.cluster = args.cluster;
        // https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html: the CNI's rights are not
        // the node's, they go to its own service account.
        const rights = attachPolicies(
            name,
            args.nodeRole,
            ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"],
            { parent: this },
        );
        const nodeAddons = this.createNodeAddons(name);
        const groups = args.pools.flatMap(pool => this.createPool(name, pool, args, [...rights, ...nodeAddons, ...args.network.routes]));
        const clusterAddons = this.createClusterAddons(name, groups);
        const controller = new LoadBalancerController(
            `${name}-load-balancers`,
            { clusterName: args.cluster.name, region: args.region, vpcId: args.network.vpcId, nodes: groups },
            { parent: this },
        );
        this.ready = [...clusterAddons, ...controller.ready];
        this.registerOutputs({ ready: this.ready });
    }

    /** Add-ons that a node needs to become ready: they run on each node, so they can exist before any does. */
    private createNodeAddons(name: string): pulumi.Resource[] {
        return [
            this.addon(`${name}-pod-identity`, "eks-pod-identity-agent"),
            this.addon(`${name}-kube-proxy`, "kube-proxy"),
            // Strings, not booleans: the add-on's schema wants them so.
            this.addon(`${name}-vpc-cni`, "vpc-cni", {
                configuration: { enableNetworkPolicy: "true" },
                identity: this.podIdentity(`${name}-network`, "aws-node", ["AmazonEKS_CNI_Policy"]),
            }),
            this.addon(`${name}-monitoring`, "eks-node-monitoring-agent"),
        ];
    }

    /** Add-ons whose pods need nodes. */
    private createClusterAddons(name: string, dependsOn: readonly pulumi.Resource[]): pulumi.Resource[] {
        return [
            this.addon(`${name}-coredns`, "coredns", { configuration: coreDnsConfiguration(), dependsOn }),
            this.addon(`${name}-ebs-csi`, "aws-ebs-csi-driver", {
                identity: this.podIdentity(`${name}-volumes`, "ebs-csi-controller-sa", ["AmazonEBSCSIDriverPolicyV2"]),
                dependsOn,
            }),
            // Comes with two replicas apart from each other and a budget.
            this.addon(`${name}-metrics-server`, "metrics-server", { dependsOn }),
        ];
    }

    private createPool(
        name: string,
        pool: PoolConfig,
        args: PoolNodesArgs,
        dependsOn: pulumi.Resource[],
    ): aws.eks.NodeGroup[] {
        const template = this.createTemplate(`${name}-${pool.name}`, pool);
        // In the order of the zones' names: what each gets must not hang on the order in the config.
        const privateSubnets = [...args.network.privateSubnets].sort((a, b) => a.zone.localeCompare(b.zone));
        const min = shareOut(pool.minNodes, privateSubnets.length);
        const max = shareOut(pool.maxNodes, privateSubnets.length);
        return privateSubnets.map(({ zone, id }, index) => {
            const minSize = min[index] ?? 0;
            return new aws.eks.NodeGroup(
                `${name}-${pool.name}-${zone}`,
                {
                    clusterName: this.cluster.name,
                    nodeGroupName: `${physicalPoolName(pool)}-${zone}`,
                    nodeRoleArn: args.nodeRole.arn,
                    subnetIds: [id],
                    version: this.cluster.version,
                    amiType: amiType(pool.machine),
                    capacityType: pool.spot ? "SPOT" : "ON_DEMAND",
                    instanceTypes: [pool.machine],
                    launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
                    scalingConfig: { minSize, maxSize: Math.max(1, max[index] ?? 1), desiredSize: minSize },
                    updateConfig: { maxUnavailable: 1 },
                    nodeRepairConfig: { enabled: true },
                    labels: { [poolKey]: pool.name, ...(pool.spot ? { [spotKey]: "true" } : {}) },
                    ...(pool.spot ? { taints: [{ key: spotKey, value: "true", effect: "NO_SCHEDULE" }] } : {}),
                },
                {
                    parent: this,
                    dependsOn,
                    // The provider deletes first whatever has a name of ours, even where the name changes too: pods would have no node.
                    deleteBeforeReplace: false,
                    // What the autoscaler made of the number stays. Without one it is ours, or a raised minimum would be over it.
                    ...(args.nodesScale ? { ignoreChanges: ["scalingConfig.desiredSize"] } : {}),
                },
            );
        });
    }

    /** Encrypted disks, and instance metadata that pods can't reach (CKV_AWS_79, CKV_AWS_341). */
    private createTemplate(name: string, pool: PoolConfig): aws.ec2.LaunchTemplate {
        return new aws.ec2.LaunchTemplate(
            name,
            {
                updateDefaultVersion: true,
                metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
                blockDeviceMappings: [
                    {
                        deviceName: "/dev/xvda",
                        ebs: { volumeSize: pool.diskGb, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
                    },
                ],
                tagSpecifications: ["instance", "volume"].map(resourceType => ({ resourceType, tags: { ...ownerTags(), Name: name } })),
            },
            { parent: this },
        );
    }

    /** Rights for the pods of one service account, by EKS Pod Identity. */
    private podIdentity(name: string, serviceAccount: string, policies: readonly string[]): PodIdentity {
        const role = serviceRole(name, { service: "pods.eks.amazonaws.com", tagSession: true }, { parent: this });
        return { serviceAccount, role, rights: attachPolicies(name, role, policies, { parent: this }) };
    }

    private addon(name: string, addonName: string, args: AddonArgs = {}): aws.eks.Addon {
        const { configuration, identity, dependsOn = [] } = args;
        return new aws.eks.Addon(
            name,
            {
                clusterName: this.cluster.name,
                addonName,
                resolveConflictsOnCreate: "OVERWRITE",
                resolveConflictsOnUpdate: "PRESERVE",
                ...(configuration === undefined ? {} : { configurationValues: JSON.stringify(configuration) }),
                ...(identity === undefined
                    ? {}
                    : { podIdentityAssociations: [{ serviceAccount: identity.serviceAccount, roleArn: identity.role.arn }] }),
            },
            { parent: this, dependsOn: [...dependsOn, ...(identity?.rights ?? [])] },
        );
    }
}

interface AddonArgs {
    /** Held against the add-on's own schema by EKS. */
    readonly configuration?: object;
    readonly identity?: PodIdentity;
    readonly dependsOn?: readonly pulumi.Resource[];
}

interface PodIdentity {
    readonly serviceAccount: string;
    readonly role: aws.iam.Role;
    /** What the pods must wait for. */
    readonly rights: readonly pulumi.Resource[];
}

/** Cluster DNS that outlives a zone: scaled with the nodes, spread over zones; its budget comes with it. */
function coreDnsConfiguration(): object {
    return {
        autoScaling: { enabled: true, minReplicas: coreDnsReplicas.min, maxReplicas: coreDnsReplicas.max },
        topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(topologyKey => ({
            maxSkew: 1,
            topologyKey,
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: { "k8s-app": "kube-dns" } },
        })),
    };
}

/** Amazon Linux 2023 for the machine's processor; Graviton families have a g after their generation. */
function amiType(machine: string): string {
    return /^[a-z]+\d+[a-z]*g[a-z]*\./.test(machine) ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD";
}
