import { type Mutant, add, both, drop, rewire, set, wire } from "../plant";

const cluster = "aws:eks/cluster:Cluster";
const nodeGroup = "aws:eks/nodeGroup:NodeGroup";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const subnet = "aws:ec2/subnet:Subnet";
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

const groups = ["a", "b", "c"].map(zone => `east-nodes-general-us-east-1${zone}`);
const [first = ""] = groups;

/** Planted in the nodes of a cluster that has node pools, but for the first. */
export const eksNodes: readonly Mutant[] = [
    {
        defect: "Auto Mode's nodes in a public subnet",
        rule: "eks-nodes-private",
        plant: rewire(cluster, "east", "vpcConfig", [subnet, "east-network-private-us-east-1a"], "east-network-public-us-east-1a"),
    },
    ...[
        {
            defect: "a node group in a public subnet",
            rule: "eks-nodes-private",
            plant: rewire(nodeGroup, first, "subnetIds", [subnet, "east-network-private-us-east-1a"], "east-network-public-us-east-1a"),
        },
        { defect: "SSH to nodes from anywhere", rule: "eks-nodes-no-ssh", plant: set(nodeGroup, first, "remoteAccess", { ec2SshKey: "ops" }) },
        { defect: "a node group without a launch template", rule: "eks-nodes-from-template", plant: set(nodeGroup, first, "launchTemplate", undefined) },
        { defect: "instance metadata without a token", rule: "launch-template-imdsv2", plant: set(template, "east-nodes-general", "metadataOptions.httpTokens", "optional") },
        {
            defect: "instance metadata for pods",
            rule: "launch-template-hop-limit",
            plant: set(template, "east-nodes-general", "metadataOptions.httpPutResponseHopLimit", 2),
        },
        {
            defect: "metadata's hop limit left to the image",
            rule: "launch-template-hop-limit",
            plant: set(template, "east-nodes-general", "metadataOptions.httpPutResponseHopLimit", undefined),
        },
        {
            defect: "nodes with public addresses",
            rule: "launch-template-no-public-address",
            plant: set(template, "east-nodes-general", "networkInterfaces", [{ associatePublicIpAddress: "true" }]),
        },
        {
            defect: "nodes' disks unencrypted",
            rule: "launch-template-encrypted",
            plant: set(template, "east-nodes-general", "blockDeviceMappings[0].ebs.encrypted", "false"),
        },
        { defect: "nodes' disks left to the account", rule: "launch-template-encrypted", plant: set(template, "east-nodes-general", "blockDeviceMappings", undefined) },
        {
            defect: "nodes with rights that only an app needs",
            rule: "eks-node-role-minimal",
            plant: both(
                add([attachment, "east-nodes-AmazonEKSWorkerNodePolicy"], attachment, "extra", { policyArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }),
                wire(attachment, "extra", "role", ["aws:iam/role:Role", "east-node"]),
            ),
        },
        {
            defect: "a node group over two zones",
            rule: "eks-node-group-one-zone",
            plant: wire(nodeGroup, first, "subnetIds", [subnet, "east-network-private-us-east-1b"]),
        },
        { defect: "a zone without nodes", rule: "eks-node-groups-every-zone", plant: drop(nodeGroup, "east-nodes-general-us-east-1c") },
        {
            defect: "a zone that may have no nodes",
            rule: "eks-node-groups-every-zone",
            plant: set(nodeGroup, first, "scalingConfig.minSize", 0),
        },
        {
            defect: "node groups that can't take over a zone",
            rule: "eks-node-groups-outlive-zone",
            plant: both(...groups.map(group => set(nodeGroup, group, "scalingConfig.maxSize", 1))),
        },
        {
            defect: "node groups of which only one can grow",
            rule: "eks-node-groups-outlive-zone",
            plant: both(set(nodeGroup, first, "scalingConfig.maxSize", 1), set(nodeGroup, groups[1] ?? "", "scalingConfig.maxSize", 1)),
        },
        {
            defect: "all nodes on spot machines",
            rule: "eks-nodes-not-all-spot",
            plant: both(...groups.map(group => set(nodeGroup, group, "capacityType", "SPOT"))),
        },
        { defect: "three nodes updated at once", rule: "eks-node-update-one-by-one", plant: set(nodeGroup, first, "updateConfig.maxUnavailable", 3) },
        { defect: "as many nodes updated at once as EKS likes", rule: "eks-node-update-one-by-one", plant: set(nodeGroup, first, "updateConfig", undefined) },
        {
            defect: "half of a node group updated at once",
            rule: "eks-node-update-one-by-one",
            plant: set(nodeGroup, first, "updateConfig", { maxUnavailablePercentage: 50 }),
        },
        { defect: "no node repair", rule: "eks-node-repair", plant: set(nodeGroup, first, "nodeRepairConfig", undefined) },
        { defect: "no node monitoring agent", rule: "eks-node-monitoring", plant: drop("aws:eks/addon:Addon", "east-nodes-monitoring") },
        { defect: "nodes a version behind", rule: "eks-node-version", plant: set(nodeGroup, first, "version", "1.33") },
        { defect: "gp2 disks", rule: "ebs-gp3", plant: set(template, "east-nodes-general", "blockDeviceMappings[0].ebs.volumeType", "gp2") },
        {
            defect: "disks that outlive their nodes",
            rule: "launch-template-frees-disks",
            plant: set(template, "east-nodes-general", "blockDeviceMappings[0].ebs.deleteOnTermination", "false"),
        },
    ].map((mutant): Mutant => ({ ...mutant, stack: "pools" })),
];
