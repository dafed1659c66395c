import { isMapping, parsed } from "../../../policy/values";
import { type Mutant, type Plant, both, drop, set, unprotect, unwire } from "../plant";

const cluster = "aws:eks/cluster:Cluster";
const key = "aws:kms/key:Key";
const subnet = "aws:ec2/subnet:Subnet";
const addon = "aws:eks/addon:Addon";
const role = "aws:iam/role:Role";
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const association = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";
const storageClass = "kubernetes:storage.k8s.io/v1:StorageClass";

export const eksReliability: readonly Mutant[] = [
    { defect: "no Kubernetes version", rule: "eks-version-pinned", plant: set(cluster, "east", "version", undefined) },
    { defect: "no zonal shift", rule: "eks-zonal-shift", plant: set(cluster, "east", "zonalShiftConfig.enabled", false) },
    { defect: "a protected cluster that EKS would delete", rule: "eks-protections-agree", plant: set(cluster, "east", "deletionProtection", false) },
    { defect: "a cluster that EKS protects and Pulumi doesn't", rule: "eks-protections-agree", plant: unprotect(cluster, "east") },
    {
        defect: "a cluster that nothing protects",
        rule: "eks-deletion-protected",
        plant: both(set(cluster, "east", "deletionProtection", false), unprotect(cluster, "east")),
    },
    { defect: "a protected cluster with a key that isn't", rule: "eks-key-protected", plant: unprotect(key, "east-secrets") },
    { defect: "a cluster's key that is turned off", rule: "eks-key-enabled", plant: set(key, "east-secrets", "isEnabled", false) },
    { defect: "a key that is gone after a week", rule: "kms-key-deletion-window", plant: set(key, "east-secrets", "deletionWindowInDays", 7) },
    {
        defect: "a control plane in two of three zones",
        rule: "eks-every-zone",
        plant: unwire(cluster, "east", "vpcConfig", [subnet, "east-network-private-us-east-1c"]),
    },
    { defect: "no access entry", rule: "eks-has-admin", plant: drop("aws:eks/accessEntry:AccessEntry", "east-admin-123456789012-role/platform") },
    {
        defect: "an access entry without rights",
        rule: "eks-has-admin",
        plant: drop(association, "east-admin-123456789012-role/platform"),
    },
    {
        defect: "an access entry with rights to look",
        rule: "eks-has-admin",
        plant: set(association, "east-admin-123456789012-role/platform", "policyArn", "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"),
    },
    {
        defect: "an administrator of one namespace",
        rule: "eks-has-admin",
        plant: set(association, "east-admin-123456789012-role/platform", "accessScope", { type: "namespace", namespaces: ["shop"] }),
    },
    { defect: "Auto Mode without volumes", rule: "eks-auto-mode-whole", plant: set(cluster, "east", "storageConfig", undefined) },
    { defect: "Auto Mode without load balancers", rule: "eks-auto-mode-whole", plant: set(cluster, "east", "kubernetesNetworkConfig.elasticLoadBalancing.enabled", false) },
    { defect: "Auto Mode beside EKS's own add-ons", rule: "eks-auto-mode-whole", plant: set(cluster, "east", "bootstrapSelfManagedAddons", undefined) },
    { defect: "a cluster without rights to make load balancers", rule: "eks-roles-have-rights", plant: drop(attachment, "east-cluster-AmazonEKSLoadBalancingPolicy") },
    {
        defect: "nodes without rights to pull images",
        rule: "eks-roles-have-rights",
        plant: drop(attachment, "east-nodes-AmazonEC2ContainerRegistryPullOnly"),
    },
    {
        defect: "Auto Mode without the tagging of sessions",
        rule: "service-roles-trusted",
        plant: set(role, "east-cluster", "assumeRolePolicy", trust("eks.amazonaws.com", ["sts:AssumeRole"])),
    },
    {
        defect: "nodes that can't act as their role",
        rule: "service-roles-trusted",
        plant: set(role, "east-node", "assumeRolePolicy", trust("eks.amazonaws.com", ["sts:AssumeRole"])),
    },
    {
        defect: "a pod identity without the tagging of sessions",
        rule: "service-roles-trusted",
        stack: "pools",
        plant: set(role, "east-nodes-load-balancers", "assumeRolePolicy", trust("pods.eks.amazonaws.com", ["sts:AssumeRole"])),
    },
    {
        defect: "a network plug-in whose role has no rights",
        rule: "eks-roles-have-rights",
        stack: "pools",
        plant: drop(attachment, "east-nodes-network-AmazonEKS_CNI_Policy"),
    },
    {
        defect: "a network plug-in without a role",
        rule: "eks-addon-has-rights",
        stack: "pools",
        plant: set(addon, "east-nodes-vpc-cni", "podIdentityAssociations", undefined),
    },
    {
        defect: "a driver for volumes without a role",
        rule: "eks-addon-has-rights",
        stack: "pools",
        plant: set(addon, "east-nodes-ebs-csi", "podIdentityAssociations", undefined),
    },
    { defect: "no network plug-in", rule: "eks-vital-addons", stack: "pools", plant: drop(addon, "east-nodes-vpc-cni") },
    { defect: "no CoreDNS", rule: "eks-vital-addons", stack: "pools", plant: drop(addon, "east-nodes-coredns") },
    { defect: "an autoscaler without metrics", rule: "eks-metrics-server", plant: drop(addon, "east-nodes-metrics-server") },
    { defect: "an autoscaler without metrics", rule: "eks-metrics-server", stack: "pools", plant: drop(addon, "east-nodes-metrics-server") },
    {
        defect: "volumes of a driver that Auto Mode doesn't have",
        rule: "eks-storage-class-served",
        plant: set(storageClass, "east-shop-storage", "provisioner", "ebs.csi.aws.com"),
    },
    { defect: "no driver for volumes", rule: "eks-storage-class-served", stack: "pools", plant: drop(addon, "east-nodes-ebs-csi") },
    ...[
        { defect: "one replica of CoreDNS", plant: configureDns({ autoScaling: undefined, replicaCount: 1 }) },
        { defect: "CoreDNS that may scale down to one", plant: configureDns({ autoScaling: { enabled: true, minReplicas: 1, maxReplicas: 12 } }) },
        { defect: "CoreDNS in one zone", plant: configureDns({ topologySpreadConstraints: undefined }) },
        { defect: "CoreDNS without a budget", plant: configureDns({ podDisruptionBudget: { enabled: false } }) },
    ].map(({ defect, plant }): Mutant => ({ defect, rule: "eks-dns-survives-zone", stack: "pools", plant })),
];

function trust(service: string, actions: readonly string[]): string {
    return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: actions }] });
}

/** Changes keys of the coredns add-on's configuration; undefined removes one. */
function configureDns(changes: Readonly<Record<string, unknown>>): Plant {
    return set(addon, "east-nodes-coredns", "configurationValues", (text: unknown) => {
        const values = parsed(text);
        return JSON.stringify({ ...(isMapping(values) ? values : {}), ...changes });
    });
}
