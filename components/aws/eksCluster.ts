import * as aws from "@pulumi/aws";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { AliasZones, Backend, Cluster, ClusterUse, Entry, EntryArgs, ServiceTraits, StorageTraits } from "../cluster";
import type { ClusterBackups } from "../backups";
import type { WorkloadIdentity } from "../identity";
import { Federation } from "../identity/federation";
import { execKubeconfig } from "../kubeconfig";
import { kubernetesProviders } from "../kubernetesProviders";
import { plainStackName } from "../tags";
import { AutoNodes } from "./autoNodes";
import { eksBackups } from "./backups";
import type { EksConfig } from "./config";
import { EksEntry } from "./entry";
import { aliasZonesOf } from "./hostedZones";
import { attachPolicies, serviceRole } from "./iam";
import { EksNetwork, logRetentionDays } from "./network";
import { NodeAutoscaler } from "./nodeAutoscaler";
import { PodIdentity } from "./podIdentity";
import { PoolNodes } from "./poolNodes";
import { type Controllers, controllersOf, deregistrationSeconds, serviceTraits } from "./traits";

/** The control plane's logs: who did what, and why it went wrong (CKV_AWS_37). */
const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** Days in which the deletion of a key can be taken back; the longest that KMS allows. */
const keyDeletionDays = 30;

const autoModePolicies = [
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
];

/** What an {@link EksCluster} is made from: its config, and what add-ons mean for it. */
export type EksClusterArgs = EksConfig & Partial<ClusterUse>;

/**
 * An EKS cluster over several zones, with a network of its own. Nodes come from EKS Auto Mode, or from
 * managed node groups, one a zone.
 *
 * @example
 * new EksCluster("east", config, { providers: [new aws.Provider("east-aws", { region: "us-east-1" })] });
 */
export class EksCluster extends pulumi.ComponentResource implements Cluster {
    public readonly name: string;
    public readonly kind = "eks";
    public readonly region: string;
    public readonly zones: readonly string[];
    public readonly version: pulumi.Output<string>;
    public readonly provider: k8s.Provider;
    public readonly keeper: k8s.Provider;
    public readonly kubeconfig: pulumi.Output<string>;
    public readonly identity: WorkloadIdentity;
    public readonly ready: readonly pulumi.Resource[];
    public readonly storage: StorageTraits;
    public readonly backups: ClusterBackups;
    public readonly namespaceLabels: Readonly<Record<string, string>>;
    public readonly deregistrationSeconds = deregistrationSeconds;
    public readonly addressKind = "hostname";
    public readonly aliasZones: AliasZones | undefined;
    /** Only for node pools: Auto Mode adds nodes by itself. */
    public readonly createNodeAutoscaler?: NonNullable<Cluster["createNodeAutoscaler"]>;

    private readonly controllers: Controllers;
    private readonly providers: pulumi.ProviderResource[];

    constructor(name: string, args: EksClusterArgs, opts: pulumi.ComponentResourceOptions & { providers: pulumi.ProviderResource[] }) {
        super("holdfast:aws:EksCluster", name, {}, opts);
        this.name = name;
        this.region = args.region;
        this.zones = args.zones;
        this.controllers = controllersOf(args.nodes.mode);
        this.storage = this.controllers.storage;
        this.namespaceLabels = this.controllers.readinessGateLabels;
        this.aliasZones = aliasZonesOf(args.region);

        const network = new EksNetwork(`${name}-network`, args, { parent: this });
        const nodeRole = serviceRole(`${name}-node`, { service: "ec2.amazonaws.com" }, { parent: this });
        const cluster = this.createControlPlane(args, network, nodeRole);
        const admins = this.createAdmins(args, cluster);
        this.version = cluster.version;
        this.kubeconfig = this.createKubeconfig(cluster);
        ({ provider: this.provider, keeper: this.keeper } = kubernetesProviders(
            name,
            { kubeconfig: this.kubeconfig, clusterIdentifier: cluster.arn },
            { parent: this, dependsOn: admins },
        ));
        this.providers = [...opts.providers, this.provider];
        this.identity = this.identityOf(cluster);
        this.backups = eksBackups(args, cluster, this);
        this.ready = this.createNodes(args, cluster, network, nodeRole);
        const { nodes } = args;
        if (nodes.mode === "pools") {
            this.createNodeAutoscaler = (scaler, { prefer }, scalerOpts) =>
                new NodeAutoscaler(scaler, { ...args, clusterName: this.clusterName, cluster, pools: nodes.pools, prefer, nodes: this.ready }, { ...scalerOpts, providers: this.providers }).ready;
        }
        this.registerOutputs({ version: this.version, kubeconfig: this.kubeconfig });
    }

    public serviceTraits(backend: Backend): ServiceTraits {
        return serviceTraits(this.controllers, backend);
    }

    public createEntry(name: string, args: EntryArgs, opts: pulumi.ComponentResourceOptions): Entry {
        return new EksEntry(
            `${name}-entry`,
            { ...args, controllers: this.controllers, ready: this.ready, owner: this },
            { ...opts, providers: this.providers },
        );
    }

    /**
     * A name of our own rather than a made-up one: EKS logs under it, and the log must exist first to have an end. What EKS still writes
     * while it is destroyed makes the group anew.
     */
    private get clusterName(): string {
        return `${pulumi.getProject()}-${plainStackName()}-${this.name}`;
    }

    private createControlPlane(args: EksConfig, network: EksNetwork, nodeRole: aws.iam.Role): aws.eks.Cluster {
        const { name } = this;
        const auto = args.nodes.mode === "auto";
        const { clusterName } = this;
        const logs = new aws.cloudwatch.LogGroup(
            `${name}-control-plane`,
            { name: `/aws/eks/${clusterName}/cluster`, retentionInDays: logRetentionDays },
            { parent: this },
        );
        const key = new aws.kms.Key(
            `${name}-secrets`,
            {
                description: `Kubernetes secrets of ${clusterName}`,
                enableKeyRotation: true,
                deletionWindowInDays: keyDeletionDays,
            },
            { parent: this, protect: args.protect },
        );
        const role = serviceRole(`${name}-cluster`, { service: "eks.amazonaws.com", tagSession: auto }, { parent: this });
        const policies = ["AmazonEKSClusterPolicy", ...(auto ? autoModePolicies : [])];
        const rights = attachPolicies(`${name}-cluster`, role, policies, { parent: this });
        return new aws.eks.Cluster(
            name,
            {
                name: clusterName,
                version: args.version,
                roleArn: role.arn,
                vpcConfig: {
                    subnetIds: network.privateSubnets.map(({ id }) => id),
                    endpointPrivateAccess: true,
                    endpointPublicAccess: args.apiAccess.length > 0,
                    ...(args.apiAccess.length > 0 ? { publicAccessCidrs: [...args.apiAccess] } : {}),
                },
                accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
                // Add-ons are chosen below, or come with Auto Mode; changing this replaces the cluster.
                bootstrapSelfManagedAddons: false,
                // The three go together: EKS refuses any other combination.
                computeConfig: {
                    enabled: auto,
                    ...(auto ? { nodePools: ["general-purpose", "system"], nodeRoleArn: nodeRole.arn } : {}),
                },
                kubernetesNetworkConfig: { ipFamily: "ipv4", elasticLoadBalancing: { enabled: auto } },
                storageConfig: { blockStorage: { enabled: auto } },
                encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
                enabledClusterLogTypes: logTypes,
                upgradePolicy: { supportType: "STANDARD" },
                zonalShiftConfig: { enabled: true },
                deletionProtection: args.protect,
            },
            { parent: this, protect: args.protect, dependsOn: [logs, ...rights] },
        );
    }

    /** Access by EKS's own entries, named one by one; whoever created the cluster has none by that. */
    private createAdmins(args: EksConfig, cluster: aws.eks.Cluster): pulumi.Resource[] {
        return args.admins.map(principalArn => {
            // Account and path as they are: with the slashes replaced, two principals could get one name.
            const key = principalArn.split(":").slice(4).join("-");
            const entry = new aws.eks.AccessEntry(
                `${this.name}-admin-${key}`,
                { clusterName: cluster.name, principalArn },
                { parent: this },
            );
            return new aws.eks.AccessPolicyAssociation(
                `${this.name}-admin-${key}`,
                {
                    clusterName: cluster.name,
                    principalArn: entry.principalArn,
                    policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
                    accessScope: { type: "cluster" },
                },
                { parent: this },
            );
        });
    }

    /** Credentials are asked of the AWS CLI at each use; none are stored. */
    private createKubeconfig(cluster: aws.eks.Cluster): pulumi.Output<string> {
        return execKubeconfig({
            name: cluster.name,
            server: cluster.endpoint,
            certificateAuthority: cluster.certificateAuthority.data,
            exec: cluster.name.apply(clusterName => ({
                command: "aws",
                args: ["--region", this.region, "eks", "get-token", "--cluster-name", clusterName, "--output", "json"],
            })),
        });
    }

    /** In AWS by Pod Identity, elsewhere by the tokens of the cluster's issuer. */
    private identityOf(cluster: aws.eks.Cluster): WorkloadIdentity {
        const issuer = cluster.identities.apply(([identity]) => {
            const url = identity?.oidcs[0]?.issuer;
            if (url === undefined) {
                throw new pulumi.ResourceError(`EKS names no issuer of ${this.name}'s service accounts`, this, true);
            }
            return url;
        });
        const elsewhere = new Federation(this.name, issuer, this);
        return {
            issuer,
            awsAccess: (name, args, opts) => new PodIdentity(name, { ...args, cluster }, { ...opts, providers: this.providers }),
            gcpAccess: (name, args, opts) => elsewhere.gcpAccess(name, args, opts),
        };
    }

    private createNodes(
        args: EksClusterArgs,
        cluster: aws.eks.Cluster,
        network: EksNetwork,
        nodeRole: aws.iam.Role,
    ): readonly pulumi.Resource[] {
        const common = { cluster, network, nodeRole };
        const opts = { parent: this, providers: this.providers };
        switch (args.nodes.mode) {
            case "auto":
                return new AutoNodes(`${this.name}-nodes`, common, opts).ready;
            case "pools":
                return new PoolNodes(`${this.name}-nodes`, { ...common, pools: args.nodes.pools, region: args.region, nodesScale: args.nodesScale ?? false }, opts).ready;
            default:
                return args.nodes satisfies never;
        }
    }
}
