import { type Mutant, drop, set, setKey } from "../plant";

const cluster = "aws:eks/cluster:Cluster";
const logGroup = "aws:cloudwatch/logGroup:LogGroup";
const configMap = "kubernetes:core/v1:ConfigMap";

export const eksSecurity: readonly Mutant[] = [
    { defect: "no private endpoint", rule: "eks-api-private", plant: set(cluster, "east", "vpcConfig.endpointPrivateAccess", false) },
    { defect: "private endpoint not said", rule: "eks-api-private", plant: set(cluster, "east", "vpcConfig.endpointPrivateAccess", undefined) },
    { defect: "public endpoint open to the world", rule: "eks-api-sources", plant: set(cluster, "east", "vpcConfig.publicAccessCidrs[0]", "0.0.0.0/0") },
    {
        defect: "public endpoint open to the world in two halves",
        rule: "eks-api-sources",
        plant: set(cluster, "east", "vpcConfig.publicAccessCidrs", ["0.0.0.0/1", "128.0.0.0/1"]),
    },
    { defect: "public endpoint with no sources said", rule: "eks-api-sources", plant: set(cluster, "east", "vpcConfig.publicAccessCidrs", undefined) },
    {
        defect: "no audit log",
        rule: "eks-control-plane-logs",
        plant: set(cluster, "east", "enabledClusterLogTypes", ["api", "authenticator", "controllerManager", "scheduler"]),
    },
    { defect: "Kubernetes secrets without a key", rule: "eks-secrets-encrypted", plant: set(cluster, "east", "encryptionConfig", undefined) },
    { defect: "a key for other things than secrets", rule: "eks-secrets-encrypted", plant: set(cluster, "east", "encryptionConfig.resources", []) },
    {
        defect: "access by the aws-auth ConfigMap as well",
        rule: "eks-access-by-entries",
        plant: set(cluster, "east", "accessConfig.authenticationMode", "API_AND_CONFIG_MAP"),
    },
    {
        defect: "the cluster's creator is its administrator",
        rule: "eks-creator-not-admin",
        plant: set(cluster, "east", "accessConfig.bootstrapClusterCreatorAdminPermissions", true),
    },
    { defect: "Auto Mode without the network policy ConfigMap", rule: "eks-network-policies-enforced", plant: drop(configMap, "east-nodes-network-policies") },
    {
        defect: "Auto Mode's network policy controller off",
        rule: "eks-network-policies-enforced",
        plant: setKey(configMap, "east-nodes-network-policies", "data", "enable-network-policy-controller", "false"),
    },
    {
        defect: "the network plug-in enforces no policies",
        rule: "eks-network-policies-enforced",
        stack: "pools",
        plant: set("aws:eks/addon:Addon", "east-nodes-vpc-cni", "configurationValues", undefined),
    },
    {
        defect: "no pod identity agent",
        rule: "eks-pod-identity-agent",
        stack: "pools",
        plant: drop("aws:eks/addon:Addon", "east-nodes-pod-identity"),
    },
    { defect: "audit logs kept for a month", rule: "audit-log-kept-a-year", plant: set(logGroup, "east-control-plane", "retentionInDays", 30) },
    { defect: "flow logs kept for a month", rule: "audit-log-kept-a-year", plant: set(logGroup, "east-network-flow", "retentionInDays", 30) },
];
