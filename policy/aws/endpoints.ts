import type { StackGraph, Typed } from "../graph";
import { type Fault, type Rule, shown, stackRule } from "../rule";
import { differs, isUnknown, items } from "../values";
import { type Vpc, clusterVpcs, zonesWithout } from "./eks";
import { defaultRoutesOf } from "./routes";

type Endpoint = Typed<"aws:ec2/vpcEndpoint:VpcEndpoint">;

/** What a node asks to pull an image from ECR (https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html). */
const registries = ["ecr.api", "ecr.dkr"];

const httpsPort = 443;

export const endpointReliability: readonly Rule[] = [
    stackRule(
        {
            name: "vpc-reaches-registry",
            level: "advisory",
            why: "Nodes that pull EKS's own images through a NAT gateway can't be replaced while that gateway is down.",
            ids: [],
            fix: "add VPC endpoints for ecr.api and ecr.dkr of type Interface, with privateDnsEnabled",
        },
        graph =>
            clusterVpcs(graph).flatMap(vpc => {
                const endpoints = interfacesOf(graph, vpc);
                return registries.flatMap((service): readonly Fault[] => {
                    const endpoint = endpoints.find(({ inputs }) => inputs.serviceName?.endsWith(`.${service}`));
                    if (endpoint === undefined) {
                        return [{ resource: vpc, found: `no VPC endpoint for ${service}` }];
                    }
                    const { privateDnsEnabled } = endpoint.inputs;
                    return differs(privateDnsEnabled, true)
                        ? [{ resource: endpoint, found: `privateDnsEnabled is ${shown(privateDnsEnabled)}, so nobody asks it` }]
                        : [];
                });
            }),
    ),
    stackRule(
        {
            name: "vpc-endpoint-every-zone",
            level: "mandatory",
            why: "An endpoint is in the zones of its subnets alone: the service is lost for all zones with the last of them.",
            ids: [],
            fix: "put a subnet of each zone into the endpoint's subnetIds",
        },
        graph =>
            clusterVpcs(graph).flatMap(vpc => {
                const subnets = graph.usersOf(vpc, "vpcId", "aws:ec2/subnet:Subnet");
                return interfacesOf(graph, vpc)
                    .map(resource => ({ resource, lacking: zonesWithout(subnets, graph.sourcesOf(resource, "subnetIds", "aws:ec2/subnet:Subnet")) }))
                    .filter(({ lacking }) => lacking.length > 0)
                    .map(({ resource, lacking }) => ({ resource, found: `subnetIds has none in ${lacking.join(", ")}` }));
            }),
    ),
    stackRule(
        {
            name: "vpc-endpoint-answers",
            level: "mandatory",
            why: "An endpoint with private DNS takes all requests to its service, and one whose security group lets none in swallows them.",
            ids: [],
            fix: `give the endpoint a security group that lets the VPC in on port ${httpsPort}`,
        },
        graph =>
            graph
                .ofType("aws:ec2/vpcEndpoint:VpcEndpoint")
                .filter(isInterface)
                .flatMap(endpoint => {
                    const groups = graph.sourcesOf(endpoint, "securityGroupIds", "aws:ec2/securityGroup:SecurityGroup");
                    if (items(endpoint.inputs.securityGroupIds).length === 0 && groups.length === 0) {
                        return [{ resource: endpoint, found: "securityGroupIds is nothing, which is the VPC's default group" }];
                    }
                    return groups.length === 0 || groups.some(group => letsIn(graph, group))
                        ? []
                        : [{ resource: endpoint, found: `${groups.map(({ name }) => name).join(", ")} lets nobody in on port ${httpsPort}` }];
                }),
    ),
];

export const endpointCost: readonly Rule[] = [
    stackRule(
        {
            name: "vpc-s3-endpoint",
            level: "advisory",
            why: "Image layers come from S3: through a NAT gateway each gigabyte is paid for, through a gateway endpoint none is.",
            ids: [],
            // https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
            fix: "add a VPC endpoint for s3 of type Gateway, with the route tables of all private subnets",
        },
        graph =>
            graph.ofType("aws:ec2/vpc:Vpc").flatMap(vpc => {
                const paying = graph
                    .usersOf(vpc, "vpcId", "aws:ec2/routeTable:RouteTable")
                    .filter(table => defaultRoutesOf(graph, table).some(({ nats }) => nats.length > 0));
                const gateways = graph.usersOf(vpc, "vpcId", "aws:ec2/vpcEndpoint:VpcEndpoint").filter(isS3Gateway);
                const served = gateways.flatMap(({ sources }) => sources["routeTableIds"] ?? []);
                return paying
                    .filter(({ urn }) => !served.includes(urn))
                    .map(table => ({ resource: table, found: "it leads to a NAT gateway, and is in no gateway endpoint for s3" }));
            }),
    ),
];

function isInterface({ inputs }: Endpoint): boolean {
    return inputs.vpcEndpointType === "Interface";
}

/** Where no type is said, it is Gateway (the SDK's docs). */
function isS3Gateway({ inputs }: Endpoint): boolean {
    return (inputs.vpcEndpointType ?? "Gateway") === "Gateway" && inputs.serviceName?.endsWith(".s3") === true;
}

function interfacesOf(graph: StackGraph, vpc: Vpc): readonly Endpoint[] {
    return graph.usersOf(vpc, "vpcId", "aws:ec2/vpcEndpoint:VpcEndpoint").filter(isInterface);
}

/** Whether a security group has a way in for HTTPS, in any of the forms that there are for it. */
function letsIn(graph: StackGraph, group: Typed<"aws:ec2/securityGroup:SecurityGroup">): boolean {
    const rules = [
        ...items(group.inputs.ingress),
        ...graph.usersOf(group, "securityGroupId", "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map(({ inputs }) => inputs),
        ...graph
            .usersOf(group, "securityGroupId", "aws:ec2/securityGroupRule:SecurityGroupRule")
            .filter(({ inputs }) => inputs.type === "ingress")
            .map(({ inputs }) => inputs),
    ];
    return rules.some(rule => {
        const protocol = "ipProtocol" in rule ? rule.ipProtocol : "protocol" in rule ? rule.protocol : undefined;
        return (
            [protocol, rule.fromPort, rule.toPort].some(isUnknown) ||
            protocol === "-1" ||
            (protocol === "tcp" && (rule.fromPort ?? 0) <= httpsPort && httpsPort <= (rule.toPort ?? 65535))
        );
    });
}
