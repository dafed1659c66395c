import { type Mutant, add, both, drop, rewire, set, setKey, unwire, wire } from "../plant";

const subnet = "aws:ec2/subnet:Subnet";
const vpc = "aws:ec2/vpc:Vpc";
const route = "aws:ec2/route:Route";
const routeTable = "aws:ec2/routeTable:RouteTable";
const association = "aws:ec2/routeTableAssociation:RouteTableAssociation";
const nat = "aws:ec2/natGateway:NatGateway";
const endpoint = "aws:ec2/vpcEndpoint:VpcEndpoint";
const group = "aws:ec2/securityGroup:SecurityGroup";
const defaultGroup = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const flowLog = "aws:ec2/flowLog:FlowLog";

const everything = { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] };

export const awsNetwork: readonly Mutant[] = [
    {
        defect: "a private subnet leaves through another zone's NAT gateway",
        rule: "nat-in-own-zone",
        plant: rewire(route, "east-network-private-us-east-1b-default", "natGatewayId", [nat, "east-network-nat-us-east-1b"], "east-network-nat-us-east-1a"),
    },
    {
        defect: "a private subnet uses another zone's route table",
        rule: "nat-in-own-zone",
        plant: rewire(
            association,
            "east-network-private-us-east-1b",
            "routeTableId",
            [routeTable, "east-network-private-us-east-1b"],
            "east-network-private-us-east-1a",
        ),
    },
    { defect: "a private subnet without a default route", rule: "node-subnet-has-way-out", plant: drop(route, "east-network-private-us-east-1b-default") },
    { defect: "a private subnet without a route table", rule: "node-subnet-has-way-out", plant: drop(association, "east-network-private-us-east-1b") },
    { defect: "public subnets without a way to the internet", rule: "public-subnet-reaches-internet", plant: drop(route, "east-network-public-default") },
    {
        defect: "a NAT gateway in a private subnet",
        rule: "public-subnet-reaches-internet",
        plant: rewire(nat, "east-network-nat-us-east-1a", "subnetId", [subnet, "east-network-public-us-east-1a"], "east-network-private-us-east-1a"),
    },
    {
        defect: "a zone where load balancers find no subnet",
        rule: "eks-load-balancer-every-zone",
        plant: setKey(subnet, "east-network-public-us-east-1b", "tags", "kubernetes.io/role/elb", undefined),
    },
    {
        defect: "a zone where internal load balancers find no subnet",
        rule: "eks-load-balancer-every-zone",
        plant: setKey(subnet, "east-network-private-us-east-1b", "tags", "kubernetes.io/role/internal-elb", undefined),
    },
    { defect: "a NAT gateway that doesn't lead to the internet", rule: "node-subnet-has-way-out", plant: set(nat, "east-network-nat-us-east-1a", "connectivityType", "private") },
    { defect: "a network that resolves no names", rule: "eks-vpc-resolves-names", plant: set(vpc, "east-network", "enableDnsSupport", false) },
    { defect: "a network without host names", rule: "eks-vpc-resolves-names", plant: set(vpc, "east-network", "enableDnsHostnames", undefined) },

    { defect: "a subnet that hands out public addresses", rule: "subnet-no-public-addresses", plant: set(subnet, "east-network-public-us-east-1a", "mapPublicIpOnLaunch", true) },
    { defect: "no flow log", rule: "vpc-flow-log", plant: drop(flowLog, "east-network-flow") },
    { defect: "a flow log of what was refused alone", rule: "vpc-flow-log", plant: set(flowLog, "east-network-flow", "trafficType", "REJECT") },
    { defect: "AWS's default security group as it comes", rule: "vpc-default-group-closed", plant: drop(defaultGroup, "east-network-default") },
    { defect: "a way into the default security group", rule: "vpc-default-group-closed", plant: set(defaultGroup, "east-network-default", "ingress", [everything]) },
    { defect: "a way out of the default security group", rule: "vpc-default-group-closed", plant: set(defaultGroup, "east-network-default", "egress", [everything]) },
    {
        defect: "SSH open to the world",
        rule: "security-group-not-open",
        plant: add([ingressRule, "east-network-endpoints-https"], ingressRule, "ssh", { ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/0" }),
    },
    {
        defect: "all ports open to the world by IPv6",
        rule: "security-group-not-open",
        plant: add([ingressRule, "east-network-endpoints-https"], ingressRule, "all", { ipProtocol: "-1", cidrIpv6: "::/0" }),
    },
    { defect: "a security group open to the world by itself", rule: "security-group-not-open", plant: set(group, "east-network-endpoints", "ingress", [everything]) },

    { defect: "no endpoint for the registry", rule: "vpc-reaches-registry", plant: drop(endpoint, "east-network-ecr.dkr") },
    { defect: "an endpoint that nobody asks", rule: "vpc-reaches-registry", plant: set(endpoint, "east-network-ecr.api", "privateDnsEnabled", false) },
    {
        defect: "an endpoint in two of three zones",
        rule: "vpc-endpoint-every-zone",
        plant: unwire(endpoint, "east-network-ecr.api", "subnetIds", [subnet, "east-network-private-us-east-1a"]),
    },
    { defect: "endpoints that let nobody in", rule: "vpc-endpoint-answers", plant: drop(ingressRule, "east-network-endpoints-https") },
    { defect: "endpoints that let in on the wrong port", rule: "vpc-endpoint-answers", plant: set(ingressRule, "east-network-endpoints-https", "toPort", 442) },
    {
        defect: "an endpoint with the default security group",
        rule: "vpc-endpoint-answers",
        plant: both(
            set(endpoint, "east-network-ecr.api", "securityGroupIds", undefined),
            unwire(endpoint, "east-network-ecr.api", "securityGroupIds", [group, "east-network-endpoints"]),
        ),
    },

    { defect: "S3 through NAT gateways", rule: "vpc-s3-endpoint", plant: drop(endpoint, "east-network-s3") },
    {
        defect: "S3 through one zone's NAT gateway",
        rule: "vpc-s3-endpoint",
        plant: unwire(endpoint, "east-network-s3", "routeTableIds", [routeTable, "east-network-private-us-east-1c"]),
    },
    {
        defect: "a second NAT gateway in a zone",
        rule: "nat-one-a-zone",
        plant: both(
            add([nat, "east-network-nat-us-east-1a"], nat, "spare", {}),
            wire(nat, "spare", "subnetId", [subnet, "east-network-public-us-east-1a"]),
        ),
    },
    {
        defect: "an address that nothing has",
        rule: "elastic-ip-used",
        plant: add(["aws:ec2/eip:Eip", "east-network-nat-us-east-1a"], "aws:ec2/eip:Eip", "spare", { domain: "vpc" }),
    },
];
