import { madeUpId } from "../emulated";
import { type Kind, type Kinds, type Making, naming, text } from "../kind";
import type { Thing, World } from "../world";
import { networkInterface } from "./interfaces";
import { arn } from "./names";

/** A resource of EC2: its id is made up, its ARN follows. */
function ec2(prefix: string, rules: Kind = {}): Kind {
    return {
        id: making => madeUpId(making, prefix),
        ...rules,
        outputs: making => ({ arn: arn(making, "ec2", `${prefix}/${making.id}`), ...rules.outputs?.(making) }),
    };
}

/** What keeps a VPC, by DependencyViolation (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html). */
const inVpc = ["subnet:Subnet", "internetGateway:InternetGateway", "securityGroup:SecurityGroup", "routeTable:RouteTable", "vpcEndpoint:VpcEndpoint"].map(type => ({ type: `aws:ec2/${type}`, through: "vpcId" }));

/** VPC that a subnet is in. */
function vpcOf(world: World, subnetId: string): string {
    return text(world.ofType("aws:ec2/subnet:Subnet").find(({ id }) => id === subnetId)?.inputs ?? {}, "vpcId");
}

/** Why an internet gateway can't be detached: something in its VPC has a public address that is mapped through it. */
function publicAddresses(gateway: Thing, world: World): string | undefined {
    const vpc = text(gateway.inputs, "vpcId");
    const nat = world.ofType("aws:ec2/natGateway:NatGateway").find(({ inputs }) => vpcOf(world, text(inputs, "subnetId")) === vpc);
    const balancer = world.ofType(networkInterface).find(({ inputs }) => inputs["vpcId"] === vpc && inputs["public"] === true);
    const mapped = nat ?? balancer;
    return mapped && `${mapped.id} has a public address in its network`;
}

/** A subnet's addresses are of its VPC, and of it alone. */
function clash({ world, inputs }: Making): string | undefined {
    const other = world.ofType("aws:ec2/subnet:Subnet").find(subnet => subnet.inputs["vpcId"] === inputs["vpcId"] && subnet.inputs["cidrBlock"] === inputs["cidrBlock"]);
    return other && `${text(inputs, "cidrBlock")} conflicts with ${other.id}`;
}

/** A route needs its table; a table has one route to a block. */
const route: Kind = {
    id: ({ inputs }) => `r-${text(inputs, "routeTableId")}${text(inputs, "destinationCidrBlock")}`,
    importedBy: ({ inputs }) => `${text(inputs, "routeTableId")}_${text(inputs, "destinationCidrBlock")}`,
};

/** AWS's types of networks. */
export const networkKinds: Kinds = {
    "aws:ec2/vpc:Vpc": ec2("vpc", { heldBy: [...inVpc, { type: networkInterface, through: "vpcId" }] }),
    "aws:ec2/subnet:Subnet": ec2("subnet", {
        refuse: clash,
        // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSubnet.html: "You must terminate all running instances in the subnet before you can delete it".
        heldBy: [
            { type: "aws:ec2/natGateway:NatGateway", through: "subnetId" },
            { type: "aws:ec2/vpcEndpoint:VpcEndpoint", through: "subnetIds" },
            { type: networkInterface, through: "subnetId" },
        ],
    }),
    "aws:ec2/internetGateway:InternetGateway": ec2("internet-gateway", { id: making => madeUpId(making, "igw"), holds: publicAddresses }),
    "aws:ec2/eip:Eip": ec2("elastic-ip", {
        id: making => madeUpId(making, "eipalloc"),
        heldBy: [{ type: "aws:ec2/natGateway:NatGateway", through: "allocationId" }],
    }),
    "aws:ec2/natGateway:NatGateway": ec2("natgateway", {
        id: making => madeUpId(making, "nat"),
        // A NAT gateway fails to come up in a network without a way out.
        refuse: ({ world, inputs }) =>
            naming(world, { place: "aws", type: "", id: vpcOf(world, text(inputs, "subnetId")), urn: undefined, inputs: {}, outputs: {} }, { type: "aws:ec2/internetGateway:InternetGateway", through: "vpcId" }).length === 0
                ? "the network has no Internet gateway attached"
                : undefined,
    }),
    "aws:ec2/routeTable:RouteTable": ec2("route-table", {
        id: making => madeUpId(making, "rtb"),
        heldBy: [{ type: "aws:ec2/routeTableAssociation:RouteTableAssociation", through: "routeTableId" }],
    }),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {
        id: making => madeUpId(making, "rtbassoc"),
        importedBy: ({ inputs }) => `${text(inputs, "subnetId")}/${text(inputs, "routeTableId")}`,
        refuse: ({ world, inputs }) =>
            world.ofType("aws:ec2/routeTableAssociation:RouteTableAssociation").some(other => other.inputs["subnetId"] === inputs["subnetId"]) ? `${text(inputs, "subnetId")} is associated already` : undefined,
    },
    "aws:ec2/route:Route": route,
    "aws:ec2/securityGroup:SecurityGroup": ec2("security-group", {
        id: making => madeUpId(making, "sg"),
        heldBy: [
            { type: "aws:ec2/vpcEndpoint:VpcEndpoint", through: "securityGroupIds" },
            { type: networkInterface, through: "securityGroupId" },
        ],
    }),
    // The group that each VPC has; the provider only takes it over.
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": { id: ({ inputs }) => `sg-default-${text(inputs, "vpcId")}`, repeatable: () => true },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2("security-group-rule", { id: making => madeUpId(making, "sgr") }),
    "aws:ec2/flowLog:FlowLog": ec2("vpc-flow-log", { id: making => madeUpId(making, "fl") }),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ec2("vpc-endpoint", { id: making => madeUpId(making, "vpce") }),
    "aws:ec2/launchTemplate:LaunchTemplate": ec2("launch-template", {
        id: making => madeUpId(making, "lt"),
        // Every change makes a version.
        outputs: ({ world, place, type, id }) => ({ latestVersion: Number(world.get(place, type, id)?.outputs["latestVersion"] ?? 0) + 1 }),
        heldBy: [{ type: "aws:eks/nodeGroup:NodeGroup", through: "launchTemplate.id" }],
    }),
};
