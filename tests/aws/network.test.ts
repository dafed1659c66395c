// The VPC as it is asked for. A mock cannot prove that packets take these routes, that a NAT gateway comes
// up, or that a zone has capacity.
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { label, labels, setting, waitsFor } from "../support/clusters";
import { all, clusterConfigs, find, inputsOf, planConfig, tagsOf } from "../support/plan";

const zones = clusterConfigs.eks.zones;
const sides = ["public", "private"] as const;

describe("EksNetwork", () => {
    let plan: PlannedStack;
    before(async () => {
        plan = await planConfig({ clusters: [clusterConfigs.eks] });
    });

    it("is one VPC with the cluster's block, and DNS for its endpoints", () => {
        assert.equal(all(plan, "aws:ec2/vpc:Vpc").length, 1);
        assert.deepEqual(inputsOf(find(plan, "aws:ec2/vpc:Vpc", "east-network")), {
            cidrBlock: "10.16.0.0/16",
            enableDnsHostnames: true,
            enableDnsSupport: true,
            tags: tagsOf("east-network", { Name: "east-network" }),
        });
    });

    it("has a public and a private subnet in each zone, and no other", () => {
        const expected = zones.flatMap(zone => sides.map(side => `aws:ec2/subnet:Subnet east-network-${side}-${zone}`));
        assert.deepEqual(labels(all(plan, "aws:ec2/subnet:Subnet")), expected.sort());
        for (const zone of zones) {
            for (const side of sides) {
                assert.equal(setting(find(plan, "aws:ec2/subnet:Subnet", `east-network-${side}-${zone}`), "availabilityZone"), zone);
            }
        }
    });

    it("gives no address to whatever starts in a subnet (CKV_AWS_130, CKV_AWS_88)", () => {
        assert.deepEqual(all(plan, "aws:ec2/subnet:Subnet").map(subnet => setting(subnet, "mapPublicIpOnLaunch")), Array(6).fill(false));
    });

    it("tags subnets for the load balancers that belong there", () => {
        for (const zone of zones) {
            for (const [side, role] of [["public", "elb"], ["private", "internal-elb"]] as const) {
                const name = `east-network-${side}-${zone}`;
                const { tags } = inputsOf<{ tags: unknown }>(find(plan, "aws:ec2/subnet:Subnet", name));
                assert.deepEqual(tags, tagsOf(name, { Name: name, [`kubernetes.io/role/${role}`]: "1" }));
            }
        }
    });

    it("has a NAT gateway in each zone's public subnet, with an address of its own", () => {
        assert.equal(all(plan, "aws:ec2/natGateway:NatGateway").length, 3);
        assert.equal(all(plan, "aws:ec2/eip:Eip").length, 3);
        for (const zone of zones) {
            const nat = find(plan, "aws:ec2/natGateway:NatGateway", `east-network-nat-${zone}`);
            assert.equal(setting(nat, "subnetId"), `\${east-network-public-${zone}.id}`);
            assert.equal(setting(nat, "allocationId"), `\${east-network-nat-${zone}.id}`);
            assert.equal(setting(find(plan, "aws:ec2/eip:Eip", `east-network-nat-${zone}`), "domain"), "vpc");
        }
    });

    for (const zone of zones) {
        it(`sends what leaves ${zone} through the NAT gateway of ${zone}`, () => {
            const association = find(plan, "aws:ec2/routeTableAssociation:RouteTableAssociation", `east-network-private-${zone}`);
            assert.equal(setting(association, "subnetId"), `\${east-network-private-${zone}.id}`);
            const table = setting(association, "routeTableId");
            const routes = all(plan, "aws:ec2/route:Route").filter(route => setting(route, "routeTableId") === table);
            assert.deepEqual(routes.map(route => inputsOf(route)), [
                { routeTableId: table, destinationCidrBlock: "0.0.0.0/0", natGatewayId: `\${east-network-nat-${zone}.id}` },
            ]);
        });
    }

    it("gives no two private subnets one route table", () => {
        const tables = zones.map(zone =>
            setting(find(plan, "aws:ec2/routeTableAssociation:RouteTableAssociation", `east-network-private-${zone}`), "routeTableId"),
        );
        assert.equal(new Set(tables).size, 3);
    });

    it("sends what leaves the public subnets to the internet gateway", () => {
        for (const zone of zones) {
            assert.deepEqual(inputsOf(find(plan, "aws:ec2/routeTableAssociation:RouteTableAssociation", `east-network-public-${zone}`)), {
                subnetId: `\${east-network-public-${zone}.id}`,
                routeTableId: "${east-network-public.id}",
            });
        }
        assert.deepEqual(inputsOf(find(plan, "aws:ec2/route:Route", "east-network-public-default")), {
            routeTableId: "${east-network-public.id}",
            destinationCidrBlock: "0.0.0.0/0",
            gatewayId: "${east-network-internet.id}",
        });
        assert.equal(all(plan, "aws:ec2/internetGateway:InternetGateway").length, 1);
    });

    for (const zone of zones) {
        it(`makes the NAT gateway of ${zone} after the internet gateway: AWS refuses it, or its removal, otherwise`, () => {
            const nat = find(plan, "aws:ec2/natGateway:NatGateway", `east-network-nat-${zone}`);
            const awaited = waitsFor(plan, nat);
            assert.ok(awaited.has("aws:ec2/internetGateway:InternetGateway east-network-internet"), [...awaited].join(", "));
        });
    }

    it("logs every connection, for a year (CKV2_AWS_11, CKV_AWS_338)", () => {
        assert.deepEqual(labels(all(plan, "aws:ec2/flowLog:FlowLog")), ["aws:ec2/flowLog:FlowLog east-network-flow"]);
        assert.deepEqual(inputsOf(find(plan, "aws:ec2/flowLog:FlowLog", "east-network-flow")), {
            vpcId: "${east-network.id}",
            trafficType: "ALL",
            logDestination: "${east-network-flow.arn}",
            iamRoleArn: "${east-network-flow.arn}",
            tags: tagsOf("east-network-flow"),
        });
        assert.equal(setting(find(plan, "aws:cloudwatch/logGroup:LogGroup", "east-network-flow"), "retentionInDays"), 365);
    });

    it("lets the flow log write to its own group alone", () => {
        const policy = JSON.parse(String(setting(find(plan, "aws:iam/rolePolicy:RolePolicy", "east-network-flow"), "policy"))) as {
            Statement: { Resource: string; Action: string[] }[];
        };
        assert.deepEqual(policy.Statement.map(({ Resource }) => Resource), ["${east-network-flow.arn}:*"]);
        assert.ok(policy.Statement.every(({ Action }) => Action.every(action => action.startsWith("logs:"))));
    });

    it("closes the default security group (CKV2_AWS_12)", () => {
        const group = find(plan, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "east-network-default");
        assert.equal(setting(group, "vpcId"), "${east-network.id}");
        assert.deepEqual([setting(group, "ingress"), setting(group, "egress")], [[], []]);
    });

    it("reaches S3 without NAT, from every private subnet", () => {
        const s3 = find(plan, "aws:ec2/vpcEndpoint:VpcEndpoint", "east-network-s3");
        assert.deepEqual([setting(s3, "serviceName"), setting(s3, "vpcEndpointType")], ["com.amazonaws.us-east-1.s3", "Gateway"]);
        assert.deepEqual(setting(s3, "routeTableIds"), zones.map(zone => `\${east-network-private-${zone}.id}`));
    });

    for (const service of ["ecr.api", "ecr.dkr"]) {
        it(`reaches ${service} without NAT, in every zone, under its usual name`, () => {
            const endpoint = find(plan, "aws:ec2/vpcEndpoint:VpcEndpoint", `east-network-${service}`);
            assert.equal(setting(endpoint, "serviceName"), `com.amazonaws.us-east-1.${service}`);
            assert.equal(setting(endpoint, "vpcEndpointType"), "Interface");
            assert.equal(setting(endpoint, "privateDnsEnabled"), true);
            assert.deepEqual(setting(endpoint, "subnetIds"), zones.map(zone => `\${east-network-private-${zone}.id}`));
            assert.deepEqual(setting(endpoint, "securityGroupIds"), ["${east-network-endpoints.id}"]);
        });
    }

    it("lets only the VPC reach its endpoints, by HTTPS", () => {
        assert.equal(all(plan, "aws:ec2/vpcEndpoint:VpcEndpoint").length, 3);
        const [rule, ...others] = all(plan, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
        assert.ok(rule);
        assert.deepEqual(others, []);
        assert.equal(setting(rule, "cidrIpv4"), "10.16.0.0/16");
        assert.deepEqual([setting(rule, "ipProtocol"), setting(rule, "fromPort"), setting(rule, "toPort")], ["tcp", 443, 443]);
        assert.equal(setting(rule, "securityGroupId"), "${east-network-endpoints.id}");
    });

    it("opens nothing to the world: no rule of any group names it", () => {
        const open = plan.recording.resources.filter(
            one => one.type.includes("SecurityGroup") && JSON.stringify(inputsOf(one)).includes("0.0.0.0/0"),
        );
        assert.deepEqual(open.map(label), []);
    });

    it("has two of all where the cluster has two zones", async () => {
        const two = await planConfig({ clusters: [{ ...clusterConfigs.eks, zones: zones.slice(0, 2) }] });
        assert.deepEqual(
            ["aws:ec2/natGateway:NatGateway", "aws:ec2/subnet:Subnet", "aws:ec2/routeTable:RouteTable", "aws:ec2/route:Route"].map(
                type => all(two, type).length,
            ),
            [2, 4, 3, 3],
        );
    });
});
