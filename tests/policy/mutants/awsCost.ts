import { type Mutant, drop, set, setKey } from "../plant";

const cluster = "aws:eks/cluster:Cluster";
const logGroup = "aws:cloudwatch/logGroup:LogGroup";

export const awsCost: readonly Mutant[] = [
    { defect: "extended support", rule: "eks-standard-support", plant: set(cluster, "east", "upgradePolicy.supportType", "EXTENDED") },
    { defect: "support left to EKS", rule: "eks-standard-support", plant: set(cluster, "east", "upgradePolicy", undefined) },
    { defect: "no group for the control plane's logs", rule: "eks-log-group-owned", plant: drop(logGroup, "east-control-plane") },
    { defect: "a group for logs of another cluster", rule: "eks-log-group-owned", plant: set(logGroup, "east-control-plane", "name", "/aws/eks/east/cluster") },
    { defect: "logs without an end", rule: "log-group-ends", plant: set(logGroup, "east-network-flow", "retentionInDays", undefined) },
    { defect: "logs kept for ever", rule: "log-group-ends", plant: set(logGroup, "east-control-plane", "retentionInDays", 0) },
    {
        defect: "gp2 volumes",
        rule: "ebs-gp3",
        plant: setKey("kubernetes:storage.k8s.io/v1:StorageClass", "east-shop-storage", "parameters", "type", "gp2"),
    },
];
