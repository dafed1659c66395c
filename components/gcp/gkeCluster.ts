import * as gcp from "@pulumi/gcp";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Cluster, Entry, EntryArgs, ServiceTraits } from "../cluster";
import type { ClusterBackups } from "../backups";
import type { WorkloadIdentity } from "../identity";
import { execKubeconfig } from "../kubeconfig";
import { kubernetesProviders } from "../kubernetesProviders";
import { maxPodsPerNode } from "./addressPlan";
import { gkeBackups } from "./backups";
import type { GkeConfig } from "./config";
import { SecretsKey } from "./encryption";
import { GkeEntry } from "./entry";
import { GkeNetwork, rangeNames } from "./network";
import { NodeIdentity } from "./nodeIdentity";
import { NodePools } from "./nodePools";
import { deregistrationSeconds, serviceTraits, storage } from "./traits";
import { ownerTags } from "../tags";
import { GkeIdentity } from "./workloadIdentity";

type ClusterArgs = gcp.container.ClusterArgs;

/** APIs that a cluster needs; they stay on when the stack goes, since others may use them. */
const apis = ["binaryauthorization", "cloudkms", "cloudresourcemanager", "compute", "container", "iam"];

/**
 * Saturdays and Sundays, 02:00–10:00 UTC: well over the 48 hours in 32 days that GKE has asked for.
 * Times must be in UTC, or each preview shows a change.
 */
const maintenanceWindow = {
    startTime: "2026-01-03T02:00:00Z",
    endTime: "2026-01-03T10:00:00Z",
    recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
};

/**
 * A regional GKE cluster with a network of its own: private nodes over the configured zones, by
 * Autopilot or in node pools.
 *
 * @example
 * new GkeCluster("central", config, { providers: [new gcp.Provider("central-gcp", { project: "acme-prod" })] });
 */
export class GkeCluster extends pulumi.ComponentResource implements Cluster {
    public readonly name: string;
    public readonly kind = "gke";
    public readonly region: string;
    public readonly zones: readonly string[];
    public readonly version: pulumi.Output<string>;
    public readonly provider: k8s.Provider;
    public readonly keeper: k8s.Provider;
    public readonly kubeconfig: pulumi.Output<string>;
    public readonly identity: WorkloadIdentity;
    public readonly ready: readonly pulumi.Resource[];
    public readonly storage = storage;
    public readonly backups: ClusterBackups;
    /** None: GKE adds readiness gates by itself where an Ingress sends straight to pods. */
    public readonly namespaceLabels = {};
    public readonly deregistrationSeconds = deregistrationSeconds;
    public readonly addressKind = "ip";
    public readonly aliasZones = undefined;

    private readonly providers: pulumi.ProviderResource[];
    /** The APIs that are on. */
    private readonly enabled: readonly pulumi.Resource[];

    constructor(name: string, args: GkeConfig, opts: pulumi.ComponentResourceOptions & { providers: pulumi.ProviderResource[] }) {
        super("holdfast:gcp:GkeCluster", name, {}, opts);
        this.name = name;
        this.region = args.region;
        this.zones = args.zones;

        this.enabled = this.enableApis(args);
        const common = { ...args, dependsOn: this.enabled };
        const network = new GkeNetwork(`${name}-network`, common, { parent: this });
        const key = new SecretsKey(`${name}-secrets`, common, { parent: this });
        const identity = new NodeIdentity(`${name}-identity`, { project: args.project, cluster: name, dependsOn: this.enabled }, { parent: this });
        const cluster = this.createControlPlane(args, network, key, identity);
        this.version = cluster.masterVersion;
        this.kubeconfig = this.createKubeconfig(cluster);
        ({ provider: this.provider, keeper: this.keeper } = kubernetesProviders(
            name,
            { kubeconfig: this.kubeconfig, clusterIdentifier: cluster.id },
            { parent: this },
        ));
        this.providers = [...opts.providers, this.provider];
        this.identity = new GkeIdentity({ name, project: args.project, region: args.region, cluster }, this);
        this.backups = gkeBackups(args, this);
        this.ready = [...network.routes, ...this.createPools(args, cluster, identity)];
        this.registerOutputs({ version: this.version, kubeconfig: this.kubeconfig });
    }

    public serviceTraits(): ServiceTraits {
        return serviceTraits;
    }

    public createEntry(name: string, args: EntryArgs, opts: pulumi.ComponentResourceOptions): Entry {
        return new GkeEntry(`${name}-entry`, { ...args, enabled: this.enabled }, { ...opts, providers: this.providers });
    }

    private enableApis({ project }: GkeConfig): pulumi.Resource[] {
        return apis.map(
            api =>
                new gcp.projects.Service(
                    `${this.name}-${api}`,
                    { project, service: `${api}.googleapis.com`, disableOnDestroy: false },
                    { parent: this },
                ),
        );
    }

    private createControlPlane(
        args: GkeConfig,
        network: GkeNetwork,
        key: SecretsKey,
        identity: NodeIdentity,
    ): gcp.container.Cluster {
        return new gcp.container.Cluster(
            this.name,
            {
                location: args.region,
                nodeLocations: [...args.zones],
                network: network.networkId,
                subnetwork: network.subnetworkId,
                networkingMode: "VPC_NATIVE",
                ipAllocationPolicy: {
                    clusterSecondaryRangeName: rangeNames.pods,
                    servicesSecondaryRangeName: rangeNames.services,
                },
                datapathProvider: "ADVANCED_DATAPATH",
                ...access(args),
                databaseEncryption: { state: "ENCRYPTED", keyName: key.keyId },
                workloadIdentityConfig: { workloadPool: `${args.project}.svc.id.goog` },
                masterAuth: { clientCertificateConfig: { issueClientCertificate: false } },
                enableLegacyAbac: false,
                releaseChannel: { channel: args.channel },
                minMasterVersion: args.version,
                maintenancePolicy: { recurringWindow: maintenanceWindow },
                deletionProtection: args.protect,
                binaryAuthorization: { evaluationMode: "PROJECT_SINGLETON_POLICY_ENFORCE" },
                securityPostureConfig: { mode: "BASIC" },
                loggingConfig: { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS"] },
                monitoringConfig: { enableComponents: ["SYSTEM_COMPONENTS"], managedPrometheus: { enabled: true } },
                costManagementConfig: { enabled: true },
                resourceLabels: ownerTags(),
                ...(args.nodes.mode === "auto" ? autopilot(identity) : standard(identity)),
            },
            {
                parent: this,
                protect: args.protect,
                dependsOn: [key.right, ...identity.rights],
                // The default pool's; it is gone right after the start.
                ignoreChanges: ["nodeConfig"],
            },
        );
    }

    /** Credentials are asked of gcloud's plugin at each use; none are stored. */
    private createKubeconfig(cluster: gcp.container.Cluster): pulumi.Output<string> {
        return execKubeconfig({
            name: cluster.name,
            server: pulumi.interpolate`https://${cluster.endpoint}`,
            certificateAuthority: cluster.masterAuth.apply(({ clusterCaCertificate }) => clusterCaCertificate),
            exec: {
                command: "gke-gcloud-auth-plugin",
                args: [],
                installHint: "gcloud components install gke-gcloud-auth-plugin",
                provideClusterInfo: true,
            },
        });
    }

    private createPools(
        { nodes, region, zones }: GkeConfig,
        cluster: gcp.container.Cluster,
        identity: NodeIdentity,
    ): readonly pulumi.Resource[] {
        if (nodes.mode === "auto") {
            return [];
        }
        return new NodePools(
            `${this.name}-pools`,
            { cluster, region, zones, pools: nodes.pools, serviceAccount: identity.email, dependsOn: identity.rights },
            { parent: this },
        ).pools;
    }
}

/** Nodes are private always; the control plane answers named blocks of addresses, or only the network itself. */
function access({ apiAccess }: GkeConfig): Pick<ClusterArgs, "privateClusterConfig" | "masterAuthorizedNetworksConfig"> {
    return {
        privateClusterConfig: { enablePrivateNodes: true, enablePrivateEndpoint: apiAccess.length === 0 },
        masterAuthorizedNetworksConfig: {
            cidrBlocks: apiAccess.map(cidrBlock => ({ cidrBlock })),
            gcpPublicCidrsAccessEnabled: false,
        },
    };
}

/** Google runs the nodes. Only what Autopilot lets one say: the provider refuses even a false elsewhere. */
function autopilot(identity: NodeIdentity): Partial<ClusterArgs> {
    return {
        enableAutopilot: true,
        clusterAutoscaling: {
            autoProvisioningDefaults: {
                serviceAccount: identity.email,
                oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
            },
        },
    };
}

/** What Autopilot brings and a cluster with node pools must be told. */
function standard(identity: NodeIdentity): Partial<ClusterArgs> {
    return {
        removeDefaultNodePool: true,
        initialNodeCount: 1,
        // The first pool lives for minutes only, but must not be an editor of the project even then.
        nodeConfig: { serviceAccount: identity.email, shieldedInstanceConfig: { enableSecureBoot: true } },
        enableShieldedNodes: true,
        enableIntranodeVisibility: true,
        defaultMaxPodsPerNode: maxPodsPerNode,
        verticalPodAutoscaling: { enabled: true },
        // Cluster DNS by the cloud, with a cache on each node: no pod of ours can take it down.
        dnsConfig: { clusterDns: "CLOUD_DNS", clusterDnsScope: "CLUSTER_SCOPE" },
        addonsConfig: {
            httpLoadBalancing: { disabled: false },
            horizontalPodAutoscaling: { disabled: false },
            gcePersistentDiskCsiDriverConfig: { enabled: true },
            dnsCacheConfig: { enabled: true },
        },
    };
}
