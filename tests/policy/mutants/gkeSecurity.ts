import { type Mutant, set } from "../plant";

const cluster = "gcp:container/cluster:Cluster";

/** Who reaches a cluster on GKE, and what it keeps from them. */
export const gkeSecurity: readonly Mutant[] = [
    {
        defect: "GKE nodes with public addresses",
        rule: "gke-nodes-private",
        plant: set(cluster, "central", "privateClusterConfig.enablePrivateNodes", false),
    },
    {
        defect: "a GKE cluster that says nothing of private nodes",
        rule: "gke-nodes-private",
        plant: set(cluster, "central", "privateClusterConfig", undefined),
    },
    {
        defect: "a GKE node pool with public addresses in a private cluster",
        rule: "gke-nodes-private",
        stack: "pools",
        plant: set("gcp:container/nodePool:NodePool", "central-pools-general", "networkConfig.enablePrivateNodes", false),
    },
    {
        defect: "a GKE control plane without a list of networks",
        rule: "gke-api-networks",
        plant: set(cluster, "central", "masterAuthorizedNetworksConfig", undefined),
    },
    {
        defect: "the world among the networks of a GKE control plane",
        rule: "gke-api-networks",
        plant: set(cluster, "central", "masterAuthorizedNetworksConfig.cidrBlocks", [{ cidrBlock: "203.0.113.0/24" }, { cidrBlock: "0.0.0.0/0" }]),
    },
    {
        defect: "a GKE control plane open to all of Google's customers",
        rule: "gke-api-networks",
        plant: set(cluster, "central", "masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled", true),
    },
    {
        defect: "Secrets of a GKE cluster in the clear",
        rule: "gke-secrets-encrypted",
        plant: set(cluster, "central", "databaseEncryption", undefined),
    },
    {
        defect: "Secrets of a GKE cluster decrypted again",
        rule: "gke-secrets-encrypted",
        plant: set(cluster, "central", "databaseEncryption.state", "DECRYPTED"),
    },
    {
        defect: "encryption on GKE without a key",
        rule: "gke-secrets-encrypted",
        plant: set(cluster, "central", "databaseEncryption.keyName", undefined),
    },
    {
        defect: "no workload identity",
        rule: "gke-workload-identity",
        stack: "pools",
        plant: set(cluster, "central", "workloadIdentityConfig", undefined),
    },
    {
        defect: "a client certificate for a GKE cluster",
        rule: "gke-legacy-access",
        plant: set(cluster, "central", "masterAuth.clientCertificateConfig.issueClientCertificate", true),
    },
    { defect: "legacy ABAC", rule: "gke-legacy-access", stack: "pools", plant: set(cluster, "central", "enableLegacyAbac", true) },
    {
        defect: "a data path that enforces no NetworkPolicy",
        rule: "gke-network-policy",
        stack: "pools",
        plant: set(cluster, "central", "datapathProvider", "LEGACY_DATAPATH"),
    },
    {
        defect: "no binary authorization",
        rule: "gke-binary-authorization",
        plant: set(cluster, "central", "binaryAuthorization.evaluationMode", "DISABLED"),
    },
    { defect: "no security posture", rule: "gke-security-posture", plant: set(cluster, "central", "securityPostureConfig", undefined) },
    {
        defect: "security posture turned off",
        rule: "gke-security-posture",
        plant: set(cluster, "central", "securityPostureConfig.mode", "DISABLED"),
    },
    {
        defect: "traffic within a node that nobody sees",
        rule: "gke-intranode-visibility",
        stack: "pools",
        plant: set(cluster, "central", "enableIntranodeVisibility", undefined),
    },
];
