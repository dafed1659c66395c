import { bases } from "../support/bases";
import type { EverydayChange } from "./change";

const [east] = bases.pools["holdfast:clusters"] as readonly Readonly<Record<string, unknown>>[];

const west = {
    name: "west",
    kind: "eks",
    region: "us-west-2",
    zones: ["us-west-2a", "us-west-2b", "us-west-2c"],
    cidr: "10.64.0.0/16",
    version: "1.35",
    nodes: { mode: "auto" },
    admins: ["arn:aws:iam::123456789012:role/platform"],
    apiAccess: ["203.0.113.0/24"],
};

const nodeGroups = (pool: string): readonly string[] => ["a", "b", "c"].map(zone => `NodeGroup east-nodes-${pool}-us-east-1${zone}`);

/** What must be among all that a cluster is. */
const heart = (cluster: string): readonly string[] => [`Cluster ${cluster}`, ...["Deployment", "Ingress"].map(type => `${type} ${cluster}-shop-${type.toLowerCase()}`), `Namespace ${cluster}-shop-namespace`, `StatefulSet ${cluster}-shop-state`];

/** Changes of clusters and their nodes. */
export const clusterChanges: readonly EverydayChange[] = [
    { does: "the next Kubernetes on EKS", from: "prod", edits: { "clusters.0.version": "1.36" }, updated: ["Cluster east"] },
    { does: "the next Kubernetes on GKE", from: "prod", edits: { "clusters.1.version": "1.36" }, updated: ["Cluster central"] },
    {
        does: "an admin more",
        from: "prod",
        edits: { "clusters.0.admins": ["arn:aws:iam::123456789012:role/platform", "arn:aws:iam::123456789012:role/oncall"] },
        created: ["AccessEntry east-admin-123456789012-role/oncall", "AccessPolicyAssociation east-admin-123456789012-role/oncall"],
    },
    {
        does: "an address more that may reach the APIs",
        from: "prod",
        edits: { "clusters.0.apiAccess": ["203.0.113.0/24", "198.51.100.0/24"], "clusters.1.apiAccess": ["203.0.113.0/24", "198.51.100.0/24"] },
        updated: ["Cluster central", "Cluster east"],
    },
    {
        does: "the clusters in another order",
        from: "prod",
        edits: { clusters: [...(bases.prod["holdfast:clusters"] as readonly unknown[])].reverse() },
    },
    { does: "no protection any more", from: "prod", edits: { "clusters.0.protect": false }, updated: ["Cluster east"] },
    {
        does: "a zone more on EKS",
        from: "prod",
        edits: { "clusters.0.zones": ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"], "app.replicas.min": 4, "app.scaling.cpu": 50 },
        created: [
            "Eip east-network-nat-us-east-1d",
            "NatGateway east-network-nat-us-east-1d",
            "Route east-network-private-us-east-1d-default",
            "RouteTable east-network-private-us-east-1d",
            "RouteTableAssociation east-network-private-us-east-1d",
            "RouteTableAssociation east-network-public-us-east-1d",
            "Subnet east-network-private-us-east-1d",
            "Subnet east-network-public-us-east-1d",
        ],
        updated: ["Cluster east", "HorizontalPodAutoscaler *", "ResourceQuota east-shop-quota", "VpcEndpoint east-network-*"],
    },
    {
        does: "a zone more on GKE",
        from: "prod",
        edits: { "clusters.1.zones": ["us-central1-a", "us-central1-b", "us-central1-c", "us-central1-f"], "app.replicas.min": 4, "app.scaling.cpu": 50 },
        updated: ["Cluster central", "HorizontalPodAutoscaler *", "ResourceQuota central-shop-quota"],
    },
    {
        does: "other addresses for a protected network",
        from: "prod",
        edits: { "clusters.0.cidr": "10.48.0.0/16" },
        refused: /unable to replace resource ".*::east-network"\s+as it is currently marked for protection/,
        because: "a network can't change its addresses: it, and all in it, would be made anew",
    },
    {
        does: "a cluster less that is protected",
        from: "prod",
        edits: { clusters: [(bases.prod["holdfast:clusters"] as readonly unknown[])[0]], failover: undefined, "app.ingress.tls": { zone: "example.com" }, "platform.certificates": false },
        refused: /GkeCluster.*central" cannot be deleted\s+because it is protected/s,
        because: "it was taken out of the config",
    },
    { does: "larger nodes", from: "pools", edits: { "clusters.0.nodes.pools.0.machine": "m7i.xlarge", "clusters.1.nodes.pools.0.machine": "n2-standard-8" }, replaced: [...nodeGroups("general"), "NodePool central-pools-general"] },
    { does: "more nodes at most", from: "pools", edits: { "clusters.0.nodes.pools.0.maxNodes": 12, "clusters.1.nodes.pools.0.maxNodes": 12 }, updated: [...nodeGroups("general"), "NodePool central-pools-general"] },
    {
        does: "a pool more",
        from: "pools",
        edits: {
            "clusters.0.nodes.pools.1": { name: "batch", machine: "m7i.large", minNodes: 3, maxNodes: 6, spot: true },
            "clusters.1.nodes.pools.1": { name: "batch", machine: "n2-standard-4", minNodes: 3, maxNodes: 6, spot: true },
        },
        created: ["LaunchTemplate east-nodes-batch", ...nodeGroups("batch"), "NodePool central-pools-batch"],
    },
    {
        does: "another name for a pool",
        from: "pools",
        edits: { "clusters.0.nodes.pools.0.name": "main", "clusters.1.nodes.pools.0.name": "main" },
        created: ["LaunchTemplate east-nodes-main", ...nodeGroups("main"), "NodePool central-pools-main"],
        deleted: ["LaunchTemplate east-nodes-general", ...nodeGroups("general"), "NodePool central-pools-general"],
    },
    {
        does: "EKS's own nodes in place of pools",
        from: "pools",
        edits: { "clusters.0.nodes": { mode: "auto" } },
        created: [
            "ConfigMap east-nodes-network-policies",
            "IngressClassParams east-shop-entry-params",
            ...["BlockStorage", "Compute", "LoadBalancing", "Networking"].map(right => `RolePolicyAttachment east-cluster-AmazonEKS${right}Policy`),
            "RolePolicyAttachment east-nodes-AmazonEKSWorkerNodeMinimalPolicy",
        ],
        updated: ["Cluster east", "IngressClass east-shop-entry-class", "Namespace east-shop-namespace", "Role east-cluster", "Service east-shop-service"],
        replaced: ["StorageClass east-shop-storage"],
        deleted: [
            "Addon east-nodes-*",
            "IngressClassParams east-shop-entry-params",
            "LaunchTemplate east-nodes-general",
            ...nodeGroups("general"),
            "PodIdentityAssociation east-nodes-load-balancers",
            "Release east-nodes-load-balancers",
            "Role east-nodes-*",
            "RolePolicy east-nodes-load-balancers",
            "RolePolicyAttachment east-nodes-*",
        ],
        because: "Auto Mode has a driver of volumes of its own, and AWS does not move volumes from one to the other",
    },
    {
        does: "Autopilot in place of pools",
        from: "pools",
        edits: { "clusters.1.nodes": { mode: "auto" } },
        replaced: [...heart("central"), "* central-*"],
        updated: ["Role central-certificates-zones"],
        deleted: ["NodePool central-pools-general"],
        // That the new Ingress has the address that was reserved for the old one, no plan knows.
        plan: {
            replaced: [...heart("central"), "* central-*"],
            updated: ["Record failover-answer-central", "Record failover-central-own", "Role central-certificates-zones"],
            deleted: ["NodePool central-pools-general"],
        },
        because: "Google makes a cluster for one or the other, and none can change: enableAutopilot",
    },
    { does: "a cluster more", from: "pools", edits: { "clusters.2": west }, created: [...heart("west"), "Vpc west-network", "Record failover-answer-west", "* west*", "* failover-*west*"] },
    { does: "a cluster less", from: "pools", edits: { clusters: [east], "app.ingress.tls": { zone: "example.com" }, failover: undefined }, kept: ["CryptoKey central-secrets", "KeyRing central-secrets"], deleted: [...heart("central"), "Network central-network", "* central*", "HealthCheck failover-*", "Record failover-*"], because: "it was taken out of the config" },
];
