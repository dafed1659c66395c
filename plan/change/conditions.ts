import { isRecord } from "../../components/config/fields";
import { contains, parseCidr } from "../../components/model/cidr";
import { type Inputs, parsePath, valueAt } from "./paths";

/** Whether the change of an input from one state to the other replaces the resource. */
export type Condition = (before: Inputs, after: Inputs) => boolean;

/**
 * The facts' conditions, decided: by type and path, as the facts have them. What can't be decided from the
 * inputs counts as replacing only where the facts say so.
 */
export const conditions: Readonly<Record<string, Readonly<Record<string, Condition>>>> = {
    "aws:ec2/natGateway:NatGateway": {
        secondaryPrivateIpAddressCount: (_, after) => after["connectivityType"] === "private" && isSet(after["secondaryPrivateIpAddressCount"]),
        availabilityZoneAddresses: (before, after) => isEmpty(before["availabilityZoneAddresses"]) !== isEmpty(after["availabilityZoneAddresses"]),
    },
    "aws:ec2/subnet:Subnet": { ipv6CidrBlock: before => before["assignIpv6AddressOnCreation"] === true },
    "aws:ec2/vpc:Vpc": {
        cidrBlock: (_, after) => !isSet(after["ipv4NetmaskLength"]),
        instanceTenancy: (before, after) => !(before["instanceTenancy"] === "dedicated" && (after["instanceTenancy"] ?? "default") === "default"),
    },
    "aws:ec2/vpcEndpoint:VpcEndpoint": { privateDnsEnabled: (_, after) => after["vpcEndpointType"] !== "Interface" },
    "aws:eks/cluster:Cluster": {
        encryptionConfig: (before, after) => isSet(before["encryptionConfig"]) && !isSet(after["encryptionConfig"]),
        "computeConfig.nodeRoleArn": changedNodeRole,
        "vpcConfig.controlPlaneEgressMode": (before, after) => at(before, "vpcConfig.controlPlaneEgressMode") === "CUSTOMER_ROUTED" && at(after, "vpcConfig.controlPlaneEgressMode") !== "CUSTOMER_ROUTED",
        outpostConfig: comesOrGoes("outpostConfig"),
    },
    "aws:eks/nodeGroup:NodeGroup": { launchTemplate: comesOrGoes("launchTemplate") },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": Object.fromEntries(
        ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"].map(source => [source, comesOrGoes(source)]),
    ),
    "gcp:compute/subnetwork:Subnetwork": { ipCidrRange: isNoExpansion },
    "gcp:container/cluster:Cluster": {
        enableL4IlbSubsetting: turnedOff("enableL4IlbSubsetting"),
        enableFqdnNetworkPolicy: turnedOff("enableFqdnNetworkPolicy"),
        "dnsConfig.additiveVpcScopeDnsDomain": (_, after) => after["enableAutopilot"] === true,
    },
    "gcp:storage/bucket:Bucket": { "retentionPolicy.isLocked": turnedOff("retentionPolicy.isLocked") },
    // No provider of a plan lets them be changed; see the facts.
    "kubernetes:core/v1:ConfigMap": { data: () => true },
    "kubernetes:core/v1:Secret": { data: () => true },
    "pulumi:providers:kubernetes": {
        clusterIdentifier: (before, after) => isSet(before["clusterIdentifier"]) && isSet(after["clusterIdentifier"]),
        kubeconfig: mayReachAnotherCluster,
        context: mayReachAnotherCluster,
        cluster: mayReachAnotherCluster,
    },
};

/** The condition for a path of a type's facts: its own, or the one that all regional AWS resources have. */
export function conditionOf(type: string, path: string): Condition | undefined {
    return conditions[type]?.[path] ?? (type.startsWith("aws:") && path === "region" ? isSetInBoth("region") : undefined);
}

function at(inputs: Inputs, path: string): unknown {
    return valueAt(inputs, parsePath(path));
}

function isSet(value: unknown): boolean {
    return value !== undefined && value !== null && value !== "";
}

function isEmpty(value: unknown): boolean {
    return !Array.isArray(value) || value.length === 0;
}

function isSetInBoth(path: string): Condition {
    return (before, after) => isSet(at(before, path)) && isSet(at(after, path));
}

function comesOrGoes(path: string): Condition {
    return (before, after) => isSet(at(before, path)) !== isSet(at(after, path));
}

function turnedOff(path: string): Condition {
    return (before, after) => at(before, path) === true && at(after, path) !== true;
}

/** A role that is taken away together with Auto Mode, or with its node pools, replaces nothing. */
function changedNodeRole(before: Inputs, after: Inputs): boolean {
    const [was, is] = [at(before, "computeConfig.nodeRoleArn"), at(after, "computeConfig.nodeRoleArn")];
    if (!isSet(was) || !isRecord(after["computeConfig"])) {
        return false;
    }
    return isSet(is) || !(at(after, "computeConfig.enabled") === false || isEmpty(at(after, "computeConfig.nodePools")));
}

/** Whether a range does anything but grow. Like the provider, lets one pass that is none. */
function isNoExpansion(before: Inputs, after: Inputs): boolean {
    const [was, is] = [before, after].map(({ ipCidrRange }) => (typeof ipCidrRange === "string" ? parseCidr(ipCidrRange) : undefined));
    return was !== undefined && is !== undefined && !contains(is, was);
}

/** How the API server is found has changed, and no identifier says that the cluster is the same. */
function mayReachAnotherCluster(before: Inputs, after: Inputs): boolean {
    return !(isSet(after["clusterIdentifier"]) && before["clusterIdentifier"] === after["clusterIdentifier"]);
}
