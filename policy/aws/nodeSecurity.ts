import { type Rule, resourceRule, shown, stackRule } from "../rule";
import { at, differs, isSaid, isUnknown, items } from "../values";
import { eksClusters, nodeSubnetsOf } from "./eks";
import { extraRightsOf } from "./roles";
import { isPublic } from "./routes";

const nodeGroup = "aws:eks/nodeGroup:NodeGroup";
const launchTemplate = "aws:ec2/launchTemplate:LaunchTemplate";

export const nodeSecurity: readonly Rule[] = [
    stackRule(
        {
            name: "eks-nodes-private",
            level: "mandatory",
            why: "A node in a subnet with a route to an internet gateway needs only a public address to be asked by anyone.",
            ids: ["CIS EKS 5.4.3"],
            fix: "give nodes subnets whose default route goes to a NAT gateway",
        },
        graph =>
            eksClusters(graph).flatMap(cluster =>
                nodeSubnetsOf(graph, cluster)
                    .filter(subnet => isPublic(graph, subnet))
                    .map(subnet => ({ resource: cluster, found: `its nodes may be in ${subnet.name}, which has a route to an internet gateway` })),
            ),
    ),
    resourceRule(
        {
            name: "eks-nodes-no-ssh",
            level: "mandatory",
            why: "With an SSH key and no source groups, EKS opens port 22 of the nodes to the whole internet.",
            ids: ["CKV_AWS_100"],
            fix: "take remoteAccess out; for a shell on a node use SSM Session Manager or kubectl debug",
        },
        nodeGroup,
        ({ remoteAccess }) => {
            const key = at(remoteAccess, "ec2SshKey");
            return isSaid(key) && `remoteAccess.ec2SshKey is ${shown(key)}`;
        },
    ),
    resourceRule(
        {
            name: "eks-nodes-from-template",
            level: "mandatory",
            why: "Without a launch template of your own, pods reach the node's credentials and its disk is as the account's defaults have it.",
            ids: [],
            fix: "set launchTemplate to one with metadataOptions and encrypted blockDeviceMappings",
        },
        nodeGroup,
        ({ launchTemplate: template }) => !isSaid(template) && "launchTemplate is nothing",
    ),
    resourceRule(
        {
            name: "launch-template-imdsv2",
            level: "mandatory",
            why: "Instance metadata that answers without a session token gives the node's credentials to any request that a pod can be talked into.",
            ids: ["CKV_AWS_79"],
            fix: "set metadataOptions.httpTokens to required",
        },
        launchTemplate,
        ({ metadataOptions }) => {
            const tokens = at(metadataOptions, "httpTokens");
            return metadataOptions?.httpEndpoint !== "disabled" && differs(tokens, "required") && `metadataOptions.httpTokens is ${shown(tokens)}`;
        },
    ),
    resourceRule(
        {
            name: "launch-template-hop-limit",
            level: "mandatory",
            why: "An answer that lives for two hops reaches pods, which then have the node's rights.",
            ids: ["CKV_AWS_341"],
            fix: "set metadataOptions.httpPutResponseHopLimit to 1, and give pods rights by Pod Identity",
        },
        launchTemplate,
        ({ metadataOptions }) => {
            // Nothing said is no 1: an AMI made for IMDSv2, as Amazon Linux 2023 is, makes it 2
            // (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html).
            const limit = at(metadataOptions, "httpPutResponseHopLimit");
            return metadataOptions?.httpEndpoint !== "disabled" && differs(limit, 1) && `metadataOptions.httpPutResponseHopLimit is ${shown(limit)}`;
        },
    ),
    resourceRule(
        {
            name: "launch-template-no-public-address",
            level: "mandatory",
            why: "A node with a public address is one wrong security group rule away from the internet.",
            ids: ["CKV_AWS_88"],
            fix: "take associatePublicIpAddress out, or set it to false",
        },
        launchTemplate,
        ({ networkInterfaces }) =>
            items(networkInterfaces)
                .map(each => at(each, "associatePublicIpAddress"))
                .filter(isYes)
                .map(found => `networkInterfaces.associatePublicIpAddress is ${shown(found)}`),
    ),
    resourceRule(
        {
            name: "launch-template-encrypted",
            level: "mandatory",
            why: "A node's disk holds images, logs and whatever pods write; unencrypted, its snapshot is readable to whoever gets hold of it.",
            ids: [],
            fix: "set blockDeviceMappings[].ebs.encrypted to true, for the root device too (/dev/xvda in Amazon Linux)",
        },
        launchTemplate,
        ({ blockDeviceMappings }) => {
            if (!isSaid(blockDeviceMappings)) {
                return "blockDeviceMappings is nothing, so the account's default decides";
            }
            return items(blockDeviceMappings)
                // A volume from a snapshot is encrypted if the snapshot is; to say so besides is refused (the SDK's docs).
                .filter(({ ebs }) => isSaid(ebs) && !isSaid(at(ebs, "snapshotId")))
                .filter(({ ebs }) => !isUnknown(at(ebs, "encrypted")) && !isYes(at(ebs, "encrypted")))
                .map(({ deviceName, ebs }) => `ebs.encrypted of ${deviceName ?? "a device"} is ${shown(ebs?.encrypted)}`);
        },
    ),
    stackRule(
        {
            name: "eks-node-role-minimal",
            level: "advisory",
            why: "What the node's role may do, each pod on the host's network may do.",
            ids: ["CIS EKS 5.2.1"],
            fix: "give these rights to a role of the service account that needs them, by EKS Pod Identity",
        },
        graph =>
            extraRightsOf(graph).map(({ resource, role, policies }) => ({
                resource,
                found: `nodes act as ${role.name}, which also has ${policies.join(", ")}`,
            })),
    ),
];

/** The SDK has booleans of a launch template as texts. */
function isYes(value: unknown): boolean {
    return value === true || value === "true";
}
