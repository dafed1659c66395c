import { type Mutant, add, both, drop, set } from "../plant";

const cluster = "gcp:container/cluster:Cluster";
const nodePool = "gcp:container/nodePool:NodePool";
const pool = "central-pools-general";
const member = "gcp:projects/iAMMember:IAMMember";

/** Nodes on GKE, of pools and of Autopilot: what they may, and what they survive. */
export const gkeNodes: readonly Mutant[] = [
    {
        defect: "Autopilot nodes with the project's default account",
        rule: "gke-node-identity",
        plant: set(cluster, "central", "clusterAutoscaling.autoProvisioningDefaults.serviceAccount", undefined),
    },
    {
        defect: "a node pool with the project's default account",
        rule: "gke-node-identity",
        stack: "pools",
        plant: set(nodePool, pool, "nodeConfig.serviceAccount", "default"),
    },
    {
        defect: "GKE nodes that administer storage",
        rule: "gke-node-roles",
        plant: set(member, "central-identity-artifactregistry.reader", "role", "roles/storage.admin"),
    },
    {
        defect: "GKE nodes that may view the whole project",
        rule: "gke-node-roles",
        stack: "pools",
        plant: set(member, "central-identity-artifactregistry.reader", "role", "roles/viewer"),
    },
    {
        defect: "GKE nodes that are editors of the project",
        rule: "gcp-basic-roles",
        plant: set(member, "central-identity-container.defaultNodeServiceAccount", "role", "roles/editor"),
    },
    {
        defect: "an owner of the project by a binding",
        rule: "gcp-basic-roles",
        plant: add([member, "central-identity-artifactregistry.reader"], "gcp:projects/iAMBinding:IAMBinding", "owners", {
            project: "acme-prod",
            role: "roles/owner",
            members: ["user:someone@example.com"],
        }),
    },
    {
        defect: "GKE nodes that may not log",
        rule: "gke-node-rights",
        plant: drop(member, "central-identity-container.defaultNodeServiceAccount"),
    },
    {
        defect: "pods that reach the node's own token",
        rule: "gke-node-metadata",
        stack: "pools",
        plant: set(nodePool, pool, "nodeConfig.workloadMetadataConfig.mode", "GCE_METADATA"),
    },
    {
        defect: "no secure boot",
        rule: "gke-shielded-nodes",
        stack: "pools",
        plant: set(nodePool, pool, "nodeConfig.shieldedInstanceConfig.enableSecureBoot", undefined),
    },
    {
        defect: "no integrity monitoring",
        rule: "gke-shielded-nodes",
        stack: "pools",
        plant: set(nodePool, pool, "nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring", false),
    },
    { defect: "shielded nodes turned off", rule: "gke-shielded-nodes", stack: "pools", plant: set(cluster, "central", "enableShieldedNodes", false) },
    {
        defect: "GKE nodes of another image",
        rule: "gke-node-image",
        stack: "pools",
        plant: set(nodePool, pool, "nodeConfig.imageType", "UBUNTU_CONTAINERD"),
    },
    {
        defect: "a kubelet that answers without asking who",
        rule: "gke-kubelet-port",
        stack: "pools",
        plant: set(nodePool, pool, "nodeConfig.kubeletConfig.insecureKubeletReadonlyPortEnabled", "TRUE"),
    },
    {
        defect: "Autopilot kubelets that answer without asking who",
        rule: "gke-kubelet-port",
        plant: set(cluster, "central", "nodePoolAutoConfig", { nodeKubeletConfig: { insecureKubeletReadonlyPortEnabled: "TRUE" } }),
    },
    { defect: "a default node pool that stays", rule: "gke-pools-apart", stack: "pools", plant: set(cluster, "central", "removeDefaultNodePool", undefined) },
    {
        defect: "a node pool in the cluster's own settings",
        rule: "gke-pools-apart",
        stack: "pools",
        plant: set(cluster, "central", "nodePools", [{ name: "inside" }]),
    },
    {
        defect: "a GKE node pool without nodes in one zone",
        rule: "gke-pool-zones",
        stack: "pools",
        plant: set(nodePool, pool, "nodeLocations", ["us-central1-a", "us-central1-b"]),
    },
    {
        defect: "a GKE node pool that may shrink below a node a zone",
        rule: "gke-pool-minimum",
        stack: "pools",
        plant: set(nodePool, pool, "autoscaling.totalMinNodeCount", 2),
    },
    { defect: "GKE nodes that are all spot", rule: "gke-pool-minimum", stack: "pools", plant: set(nodePool, pool, "nodeConfig.spot", true) },
    {
        defect: "a GKE node pool of a fixed size",
        rule: "gke-pool-autoscaling",
        stack: "pools",
        plant: both(set(nodePool, pool, "autoscaling", undefined), set(nodePool, pool, "nodeCount", 1)),
    },
    {
        defect: "GKE nodes where there is room, rather than balanced",
        rule: "gke-pool-balanced",
        stack: "pools",
        plant: set(nodePool, pool, "autoscaling.locationPolicy", "ANY"),
    },
    { defect: "GKE nodes that nobody repairs", rule: "gke-pool-repair", stack: "pools", plant: set(nodePool, pool, "management.autoRepair", false) },
    { defect: "GKE nodes that nobody upgrades", rule: "gke-pool-repair", stack: "pools", plant: set(nodePool, pool, "management.autoUpgrade", false) },
    {
        defect: "an upgrade that takes GKE nodes away first",
        rule: "gke-pool-upgrade",
        stack: "pools",
        plant: both(set(nodePool, pool, "upgradeSettings.maxSurge", 0), set(nodePool, pool, "upgradeSettings.maxUnavailable", 1)),
    },
    {
        defect: "an upgrade that takes away two GKE nodes for one that it brings",
        rule: "gke-pool-upgrade",
        stack: "pools",
        plant: set(nodePool, pool, "upgradeSettings.maxUnavailable", 2),
    },
    {
        defect: "a range too narrow for the pods of all nodes",
        rule: "gke-pod-addresses",
        stack: "pools",
        plant: set("gcp:compute/subnetwork:Subnetwork", "central-network", "secondaryIpRanges[0].ipCidrRange", "10.32.128.0/22"),
    },
    {
        defect: "more pods on a node than the range has addresses for",
        rule: "gke-pod-addresses",
        stack: "pools",
        plant: both(
            set(nodePool, pool, "autoscaling.totalMaxNodeCount", 200),
            set(cluster, "central", "defaultMaxPodsPerNode", 110),
        ),
    },
    {
        defect: "a GKE node pool that grows without end",
        rule: "gke-pool-maximum",
        stack: "pools",
        plant: set(nodePool, pool, "autoscaling.totalMaxNodeCount", undefined),
    },
];
