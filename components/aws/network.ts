import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { zoneSubnets } from "./addressPlan";
import { inlinePolicy, serviceRole } from "./iam";

/** What an {@link EksNetwork} is made from. */
export interface EksNetworkArgs {
    readonly region: string;
    readonly zones: readonly string[];
    /** Block of the VPC, /16 to /20. */
    readonly cidr: string;
    /** Refuse to delete the network. */
    readonly protect: boolean;
}

/** Days that flow logs are kept; a year is what CIS and checkov (CKV_AWS_338) ask for. */
export const logRetentionDays = 365;

/**
 * A VPC that loses nothing but the zone when a zone is lost: in each zone a public and a private
 * subnet, a NAT gateway, and a route table that uses that zone's own gateway. S3 and ECR are reached
 * without it, so that images still come while it is down.
 */
export class EksNetwork extends pulumi.ComponentResource {
    public readonly vpcId: pulumi.Output<string>;
    /** The private subnets, one a zone. */
    public readonly privateSubnets: readonly ZoneSubnet[];
    /** What must exist before a node can reach its registry: routes and endpoints. */
    public readonly routes: readonly pulumi.Resource[];

    private readonly vpc: aws.ec2.Vpc;

    constructor(name: string, args: EksNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("holdfast:aws:EksNetwork", name, {}, opts);
        this.vpc = this.createVpc(name, args);
        this.vpcId = this.vpc.id;
        this.createFlowLog(name);

        const gateway = new aws.ec2.InternetGateway(
            `${name}-internet`,
            { vpcId: this.vpcId, tags: { Name: `${name}-internet` } },
            { parent: this },
        );
        const publicTable = this.createRouteTable(`${name}-public`, { gatewayId: gateway.id });
        const zones = args.zones.map(zone => this.createZone(name, zone, args.cidr, { gateway, publicTable: publicTable.table }));
        this.privateSubnets = zones.map(({ zone, privateSubnet }) => ({ zone, id: privateSubnet.id }));
        const endpoints = this.createEndpoints(name, args, zones);
        this.routes = [publicTable.route, ...zones.flatMap(zone => zone.routes), ...endpoints];
        this.registerOutputs({ vpcId: this.vpcId, privateSubnets: this.privateSubnets, routes: this.routes });
    }

    private createVpc(name: string, { cidr, protect }: EksNetworkArgs): aws.ec2.Vpc {
        const vpc = new aws.ec2.Vpc(
            name,
            { cidrBlock: cidr, enableDnsHostnames: true, enableDnsSupport: true, tags: { Name: name } },
            { parent: this, protect },
        );
        // The group that everything without a group of its own gets: it allows nothing (CKV2_AWS_12).
        new aws.ec2.DefaultSecurityGroup(
            `${name}-default`,
            { vpcId: vpc.id, ingress: [], egress: [], tags: { Name: `${name}-default-closed` } },
            { parent: this },
        );
        return vpc;
    }

    /** Every connection, accepted or refused, in a log (CKV2_AWS_11). */
    private createFlowLog(name: string): void {
        const logs = new aws.cloudwatch.LogGroup(`${name}-flow`, { retentionInDays: logRetentionDays }, { parent: this });
        const role = serviceRole(`${name}-flow`, { service: "vpc-flow-logs.amazonaws.com" }, { parent: this });
        const right = inlinePolicy(
            `${name}-flow`,
            role,
            [
                {
                    Effect: "Allow",
                    Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"],
                    Resource: pulumi.interpolate`${logs.arn}:*`,
                },
            ],
            { parent: this },
        );
        new aws.ec2.FlowLog(
            `${name}-flow`,
            { vpcId: this.vpcId, trafficType: "ALL", logDestination: logs.arn, iamRoleArn: role.arn },
            { parent: this, dependsOn: right },
        );
    }

    private createRouteTable(
        name: string,
        target: { gatewayId: pulumi.Input<string> } | { natGatewayId: pulumi.Input<string> },
    ): { table: aws.ec2.RouteTable; route: aws.ec2.Route } {
        const table = new aws.ec2.RouteTable(name, { vpcId: this.vpcId, tags: { Name: name } }, { parent: this });
        const route = new aws.ec2.Route(
            `${name}-default`,
            { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", ...target },
            { parent: this },
        );
        return { table, route };
    }

    private createZone(name: string, zone: string, cidr: string, { gateway, publicTable }: Internet): Zone {
        const { privateCidr, publicCidr } = zoneSubnets(cidr, zone);
        const publicSubnet = this.createSubnet(`${name}-public-${zone}`, zone, publicCidr, "kubernetes.io/role/elb");
        const privateSubnet = this.createSubnet(`${name}-private-${zone}`, zone, privateCidr, "kubernetes.io/role/internal-elb");
        const address = new aws.ec2.Eip(
            `${name}-nat-${zone}`,
            { domain: "vpc", tags: { Name: `${name}-nat-${zone}` } },
            { parent: this },
        );
        const nat = new aws.ec2.NatGateway(
            `${name}-nat-${zone}`,
            { allocationId: address.id, subnetId: publicSubnet.id, tags: { Name: `${name}-nat-${zone}` } },
            // AWS refuses the one before the other is attached, and the detaching before the one is gone.
            { parent: this, dependsOn: gateway },
        );
        const { table, route } = this.createRouteTable(`${name}-private-${zone}`, { natGatewayId: nat.id });
        return {
            zone,
            privateSubnet,
            table,
            routes: [
                route,
                this.associate(`${name}-public-${zone}`, publicSubnet, publicTable),
                this.associate(`${name}-private-${zone}`, privateSubnet, table),
            ],
        };
    }

    /** A subnet with the tag by which load balancer controllers find it. */
    private createSubnet(name: string, zone: string, cidrBlock: string, roleTag: string): aws.ec2.Subnet {
        return new aws.ec2.Subnet(
            name,
            {
                vpcId: this.vpcId,
                availabilityZone: zone,
                cidrBlock,
                mapPublicIpOnLaunch: false,
                tags: { Name: name, [roleTag]: "1" },
            },
            { parent: this },
        );
    }

    private associate(name: string, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable): pulumi.Resource {
        return new aws.ec2.RouteTableAssociation(name, { subnetId: subnet.id, routeTableId: table.id }, { parent: this });
    }

    /** S3 by a gateway (free) and ECR by an interface in each zone: image layers come from S3. */
    private createEndpoints(name: string, args: EksNetworkArgs, zones: readonly Zone[]): pulumi.Resource[] {
        const s3 = new aws.ec2.VpcEndpoint(
            `${name}-s3`,
            {
                vpcId: this.vpcId,
                serviceName: `com.amazonaws.${args.region}.s3`,
                vpcEndpointType: "Gateway",
                routeTableIds: zones.map(({ table }) => table.id),
                tags: { Name: `${name}-s3` },
            },
            { parent: this },
        );
        const group = new aws.ec2.SecurityGroup(
            `${name}-endpoints`,
            { vpcId: this.vpcId, description: "HTTPS from the VPC to its endpoints", tags: { Name: `${name}-endpoints` } },
            { parent: this },
        );
        const rule = new aws.vpc.SecurityGroupIngressRule(
            `${name}-endpoints-https`,
            {
                securityGroupId: group.id,
                description: "HTTPS from the VPC",
                cidrIpv4: args.cidr,
                ipProtocol: "tcp",
                fromPort: 443,
                toPort: 443,
            },
            { parent: this },
        );
        const ecr = ["ecr.api", "ecr.dkr"].map(
            service =>
                new aws.ec2.VpcEndpoint(
                    `${name}-${service}`,
                    {
                        vpcId: this.vpcId,
                        serviceName: `com.amazonaws.${args.region}.${service}`,
                        vpcEndpointType: "Interface",
                        privateDnsEnabled: true,
                        subnetIds: zones.map(({ privateSubnet }) => privateSubnet.id),
                        securityGroupIds: [group.id],
                        tags: { Name: `${name}-${service}` },
                    },
                    { parent: this },
                ),
        );
        return [s3, rule, ...ecr];
    }
}

/** A subnet and the zone it lies in. */
export interface ZoneSubnet {
    readonly zone: string;
    readonly id: pulumi.Output<string>;
}

/** The VPC's way to the internet. */
interface Internet {
    readonly gateway: aws.ec2.InternetGateway;
    readonly publicTable: aws.ec2.RouteTable;
}

interface Zone {
    readonly zone: string;
    readonly privateSubnet: aws.ec2.Subnet;
    readonly table: aws.ec2.RouteTable;
    readonly routes: readonly pulumi.Resource[];
}
