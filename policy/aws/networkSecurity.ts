import { isWorld } from "../addresses";
import type { StackGraph } from "../graph";
import { type Fault, type Rule, resourceRule, shown, stackRule } from "../rule";
import { isSaid, isUnknown, items } from "../values";
import type { Vpc } from "./eks";

/** Ports that load balancers have for the world. */
const webPorts: readonly unknown[] = [80, 443];

export const networkSecurity: readonly Rule[] = [
    resourceRule(
        {
            name: "subnet-no-public-addresses",
            level: "mandatory",
            why: "A subnet that hands out public addresses gives one to whatever is started in it by mistake.",
            ids: ["CKV_AWS_130"],
            fix: "set mapPublicIpOnLaunch to false",
        },
        "aws:ec2/subnet:Subnet",
        ({ mapPublicIpOnLaunch }) => mapPublicIpOnLaunch === true && "mapPublicIpOnLaunch is true",
    ),
    stackRule(
        {
            name: "vpc-flow-log",
            level: "advisory",
            why: "Which connections there were, and which were refused, can't be found out afterwards.",
            ids: ["CKV2_AWS_11"],
            fix: "add a FlowLog with the VPC's id and trafficType ALL",
        },
        graph =>
            graph.ofType("aws:ec2/vpc:Vpc").flatMap(vpc => {
                const logs = graph.usersOf(vpc, "vpcId", "aws:ec2/flowLog:FlowLog");
                return logs.some(({ inputs }) => inputs.trafficType === "ALL" || isUnknown(inputs.trafficType))
                    ? []
                    : [{ resource: logs[0] ?? vpc, found: logs.length === 0 ? "no FlowLog" : `trafficType is ${shown(logs[0]?.inputs.trafficType)}` }];
            }),
    ),
    stackRule(
        {
            name: "vpc-default-group-closed",
            level: "mandatory",
            why: "What is started without a security group gets the VPC's default one, which lets all its members talk to each other and to the world.",
            ids: ["CKV2_AWS_12"],
            fix: "add a DefaultSecurityGroup with the VPC's id, ingress [] and egress []",
        },
        graph => graph.ofType("aws:ec2/vpc:Vpc").flatMap(vpc => defaultGroupFaults(graph, vpc)),
    ),
    resourceRule(
        {
            name: "security-group-not-open",
            level: "mandatory",
            why: "A port that all the world reaches is tried by all the world, within minutes.",
            ids: ["CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_277"],
            fix: "name the blocks or the security group that may come in; only 80 and 443 of a load balancer are for everyone",
        },
        [
            "aws:ec2/securityGroup:SecurityGroup",
            "aws:ec2/securityGroupRule:SecurityGroupRule",
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        ],
        inputs =>
            openingsOf(inputs)
                .filter(({ cidrs }) => cidrs.some(isWorld))
                .filter(({ from, to }) => from !== to || !webPorts.includes(from))
                .map(({ from, to, cidrs }) => `${portsShown(from, to)} open to ${cidrs.filter(isWorld).join(", ")}`),
    ),
];

function defaultGroupFaults(graph: StackGraph, vpc: Vpc): readonly Fault[] {
    const groups = graph.usersOf(vpc, "vpcId", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
    return groups.length === 0
        ? [{ resource: vpc, found: "no DefaultSecurityGroup, so AWS's own rules hold" }]
        : groups.flatMap(group =>
              (["ingress", "egress"] as const)
                  .filter(direction => items(group.inputs[direction]).length > 0)
                  .map(direction => ({ resource: group, found: `${direction} is ${shown(group.inputs[direction])}` })),
          );
}

/** A way into a security group. */
interface Opening {
    readonly from: unknown;
    readonly to: unknown;
    readonly cidrs: readonly string[];
}

/** Any of the three forms of a rule. */
interface RuleInputs {
    readonly ipProtocol?: string | undefined;
    readonly ingress?: readonly BlockRule[] | undefined;
    /** Of a SecurityGroupRule. */
    readonly type?: string | undefined;
    readonly cidrIpv4?: string | undefined;
    readonly cidrIpv6?: string | undefined;
}

interface BlockRule {
    readonly protocol?: string | undefined;
    readonly fromPort?: number | undefined;
    readonly toPort?: number | undefined;
    readonly cidrBlocks?: readonly (string | undefined)[] | undefined;
    readonly ipv6CidrBlocks?: readonly (string | undefined)[] | undefined;
}

function openingsOf(inputs: RuleInputs & BlockRule): readonly Opening[] {
    const rules: readonly (RuleInputs & BlockRule)[] = "ingress" in inputs ? items(inputs.ingress) : inputs.type === "egress" ? [] : [inputs];
    return rules
        // What stands for ports there is the kind of message.
        .filter(({ protocol, ipProtocol }) => (ipProtocol ?? protocol)?.startsWith("icmp") !== true)
        .map(({ fromPort, toPort, cidrBlocks, ipv6CidrBlocks, cidrIpv4, cidrIpv6 }) => ({
            from: fromPort,
            to: toPort,
            cidrs: [...items(cidrBlocks), ...items(ipv6CidrBlocks), cidrIpv4, cidrIpv6].filter(cidr => isSaid(cidr)),
        }));
}

/** Ports for a message. AWS has nothing or -1 for all, and 0 to 0 in a group's own rules. */
function portsShown(from: unknown, to: unknown): string {
    if (!isSaid(from) || from === -1 || (from === 0 && (to === 0 || to === 65535))) {
        return "all ports are";
    }
    return from === to ? `port ${shown(from)} is` : `ports ${shown(from)} to ${shown(to)} are`;
}
