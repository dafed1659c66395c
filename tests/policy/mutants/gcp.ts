import { type Mutant, add, both, drop, set, unprotect, wire } from "../plant";

const cluster = "gcp:container/cluster:Cluster";
const network = "gcp:compute/network:Network";
const firewall = "gcp:compute/firewall:Firewall";
const subnet = "gcp:compute/subnetwork:Subnetwork";
const nat = "gcp:compute/routerNat:RouterNat";
const policy = "gcp:compute/sSLPolicy:SSLPolicy";
const key = "gcp:kms/cryptoKey:CryptoKey";
const window = "maintenancePolicy.recurringWindow";

/** What a cluster on GKE rests on: zones, keys, the network; and what it costs. */
export const gcp: readonly Mutant[] = [
    { defect: "a GKE cluster in one zone", rule: "gke-regional", plant: set(cluster, "central", "location", "us-central1-a") },
    { defect: "GKE nodes in one zone", rule: "gke-regional", plant: set(cluster, "central", "nodeLocations", ["us-central1-a"]) },
    { defect: "pods behind routes", rule: "gke-vpc-native", stack: "pools", plant: set(cluster, "central", "networkingMode", "ROUTES") },
    { defect: "no release channel", rule: "gke-release-channel", plant: set(cluster, "central", "releaseChannel", undefined) },
    { defect: "a cluster taken out of its channel", rule: "gke-release-channel", plant: set(cluster, "central", "releaseChannel.channel", "UNSPECIFIED") },
    { defect: "GKE's channel for early testers", rule: "gke-channel-proven", plant: set(cluster, "central", "releaseChannel.channel", "RAPID") },
    { defect: "GKE maintenance at any hour", rule: "gke-maintenance-window", plant: set(cluster, "central", "maintenancePolicy", undefined) },
    {
        defect: "a maintenance window of two hours",
        rule: "gke-maintenance-window",
        plant: set(cluster, "central", `${window}.endTime`, "2026-01-03T04:00:00Z"),
    },
    {
        defect: "a maintenance window that comes too seldom",
        rule: "gke-maintenance-window",
        plant: set(cluster, "central", `${window}.recurrence`, "FREQ=WEEKLY;BYDAY=SU"),
    },
    {
        defect: "a GKE cluster that Google protects unless told otherwise, and Pulumi doesn't",
        rule: "gke-deletion-protection",
        plant: both(set(cluster, "central", "deletionProtection", undefined), unprotect(cluster, "central")),
    },
    { defect: "a GKE cluster that only Pulumi protects", rule: "gke-deletion-protection", plant: set(cluster, "central", "deletionProtection", false) },
    { defect: "a GKE cluster that only Google protects", rule: "gke-deletion-protection", plant: unprotect(cluster, "central") },
    { defect: "the key of a protected GKE cluster unprotected", rule: "gke-foundation-protected", plant: unprotect(key, "central-secrets") },
    { defect: "the network of a protected GKE cluster unprotected", rule: "gke-foundation-protected", plant: unprotect(network, "central-network") },
    {
        defect: "a key in another region than its cluster",
        rule: "gke-key-region",
        plant: set("gcp:kms/keyRing:KeyRing", "central-secrets", "location", "europe-west1"),
    },
    {
        defect: "GKE without the right to its key",
        rule: "gke-key-grant",
        plant: drop("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "central-secrets"),
    },
    {
        defect: "logs of workloads on GKE thrown away",
        rule: "gke-logs",
        plant: set(cluster, "central", "loggingConfig.enableComponents", ["SYSTEM_COMPONENTS"]),
    },
    { defect: "no metrics of GKE itself", rule: "gke-logs", plant: set(cluster, "central", "monitoringConfig.enableComponents", []) },
    { defect: "logging turned off by the old setting", rule: "gke-logs", plant: set(cluster, "central", "loggingService", "none") },
    { defect: "a Google key that is never turned over", rule: "gcp-key-rotation", plant: set(key, "central-secrets", "rotationPeriod", undefined) },
    { defect: "a Google key turned over once a year", rule: "gcp-key-rotation", plant: set(key, "central-secrets", "rotationPeriod", "31536000s") },
    { defect: "a network with automatic subnets", rule: "gcp-network-subnets", plant: set(network, "central-network", "autoCreateSubnetworks", undefined) },
    { defect: "a network that writes down nobody it refuses", rule: "gcp-network-deny", plant: drop(firewall, "central-network-deny") },
    { defect: "a rule that refuses only TCP", rule: "gcp-network-deny", plant: set(firewall, "central-network-deny", "denies[0].protocol", "tcp") },
    {
        defect: "SSH from anywhere",
        rule: "gcp-firewall-world",
        plant: add([firewall, "central-network-deny"], firewall, "ssh", {
            direction: "INGRESS",
            sourceRanges: ["0.0.0.0/0"],
            allows: [{ protocol: "tcp", ports: ["20-25"] }],
        }),
    },
    ...[
        { defect: "the kubelet open to the world", ports: ["10250"] },
        { defect: "Services on every node open to the world", ports: ["30000-32767"] },
        { defect: "one Service's port on every node open to the world", ports: ["443", "31080"] },
    ].map(({ defect, ports }): Mutant => ({
        defect,
        rule: "gcp-firewall-world",
        plant: add([firewall, "central-network-deny"], firewall, "ports", { direction: "INGRESS", sourceRanges: ["0.0.0.0/0"], allows: [{ protocol: "tcp", ports }] }),
    })),
    { defect: "a firewall that refuses all ahead of what GKE allows", rule: "gcp-deny-last", plant: set(firewall, "central-network-deny", "priority", 100) },
    { defect: "a firewall that refuses all at the default priority", rule: "gcp-deny-last", plant: set(firewall, "central-network-deny", "priority", undefined) },
    {
        defect: "a way in that comes after the firewall that refuses all",
        rule: "gcp-deny-last",
        plant: both(
            add([firewall, "central-network-deny"], firewall, "clients", { direction: "INGRESS", priority: 65535, sourceRanges: ["192.0.2.0/24"], allows: [{ protocol: "tcp", ports: ["443"] }] }),
            wire(firewall, "clients", "network", [network, "central-network"]),
        ),
    },
    {
        defect: "everything from anywhere",
        rule: "gcp-firewall-world",
        plant: add([firewall, "central-network-deny"], firewall, "all", { allows: [{ protocol: "all" }] }),
    },
    { defect: "no flow logs on Google Cloud", rule: "gcp-flow-logs", plant: set(subnet, "central-network", "logConfig", undefined) },
    { defect: "flow logs of no flow", rule: "gcp-flow-logs", plant: set(subnet, "central-network", "logConfig.flowSampling", 0) },
    { defect: "TLS 1.0 on Google's load balancer", rule: "gcp-tls-policy", plant: set(policy, "central-shop-entry", "minTlsVersion", undefined) },
    { defect: "weak ciphers on Google's load balancer", rule: "gcp-tls-policy", plant: set(policy, "central-shop-entry", "profile", "COMPATIBLE") },
    { defect: "private nodes without a NAT", rule: "gcp-nat-out", plant: drop(nat, "central-network") },
    { defect: "a NAT in another region", rule: "gcp-nat-out", plant: set(nat, "central-network", "region", "europe-west1") },
    {
        defect: "a NAT for other subnets",
        rule: "gcp-nat-out",
        stack: "pools",
        plant: set(nat, "central-network", "sourceSubnetworkIpRangesToNat", "LIST_OF_SUBNETWORKS"),
    },
    { defect: "a fixed share of NAT ports", rule: "gcp-nat-ports", plant: set(nat, "central-network", "enableDynamicPortAllocation", false) },
    { defect: "Google's registry by way of the NAT", rule: "gcp-private-access", plant: set(subnet, "central-network", "privateIpGoogleAccess", false) },
    { defect: "no cost by namespace", rule: "gke-cost-allocation", plant: set(cluster, "central", "costManagementConfig", undefined) },
    { defect: "a GKE cluster without labels", rule: "gke-labels", plant: set(cluster, "central", "resourceLabels", {}) },
    { defect: "logs of every flow", rule: "gcp-flow-log-volume", plant: set(subnet, "central-network", "logConfig.flowSampling", 1) },
    { defect: "logs of every connection through the NAT", rule: "gcp-nat-log-volume", plant: set(nat, "central-network", "logConfig.filter", "ALL") },
];
