// What this can't prove: that AWS refuses for these reasons and no others. It proves that the emulated one refuses for those
// that decide about an order, and lets go once the reason is gone.
import assert from "node:assert/strict";

import { type Desk, type Made, type MadeNetwork, autoCluster, awsDesk, makeNetwork } from "../desk";
import { Refused, World } from "../world";

describe("networks of the emulated AWS", () => {
    let desk: Desk;
    let network: MadeNetwork;

    beforeEach(async () => {
        desk = awsDesk(new World());
        network = await makeNetwork(desk);
    });

    /** Something can't go while another is there, and goes after it. */
    async function waitsFor(first: Made, then: Made, because: RegExp): Promise<void> {
        await assert.rejects(desk.remove(then), error => error instanceof Refused && because.test(error.message));
        assert.ok(desk.has(then));
        await desk.remove(first);
        await desk.remove(then);
        assert.ok(!desk.has(then));
    }

    it("keep a subnet while a NAT gateway is in it", async () => {
        const nat = await desk.make("aws:ec2/natGateway:NatGateway", { subnetId: network.subnet.id });
        await waitsFor(nat, network.subnet, /can't be deleted: aws:ec2\/natGateway:NatGateway nat-\w+ uses it/);
    });

    it("keep a subnet while an endpoint is in it, and the endpoint's group", async () => {
        const group = await desk.make("aws:ec2/securityGroup:SecurityGroup", { vpcId: network.vpc.id });
        const endpoint = await desk.make("aws:ec2/vpcEndpoint:VpcEndpoint", { vpcId: network.vpc.id, subnetIds: ["subnet-other", network.subnet.id], securityGroupIds: [group.id] });
        await assert.rejects(desk.remove(network.subnet), /VpcEndpoint vpce-\w+ uses it/);
        await waitsFor(endpoint, group, /VpcEndpoint vpce-\w+ uses it/);
        await desk.remove(network.subnet);
    });

    it("keep a subnet while a node is in it", async () => {
        const cluster = await desk.make("aws:eks/cluster:Cluster", autoCluster(network.subnet));
        await waitsFor(cluster, network.subnet, /aws:networkInterface eni-\w+ uses it/);
    });

    it("keep a subnet while a group of nodes is in it", async () => {
        const elsewhere = await desk.make("aws:ec2/subnet:Subnet", { vpcId: network.vpc.id, cidrBlock: "10.0.1.0/24" }, "elsewhere");
        await desk.make("aws:eks/cluster:Cluster", autoCluster(elsewhere));
        const nodes = await desk.make("aws:eks/nodeGroup:NodeGroup", { clusterName: "east", nodeGroupName: "general", subnetIds: [network.subnet.id] });
        await waitsFor(nodes, network.subnet, /aws:networkInterface eni-\w+ uses it/);
    });

    for (const type of ["subnet:Subnet", "internetGateway:InternetGateway", "securityGroup:SecurityGroup", "routeTable:RouteTable", "vpcEndpoint:VpcEndpoint"]) {
        it(`keep a VPC while it has a ${type.split(":")[1] ?? ""}`, async () => {
            const vpc = await desk.make("aws:ec2/vpc:Vpc", {}, "another");
            const inside = await desk.make(`aws:ec2/${type}`, { vpcId: vpc.id }, "another");
            await waitsFor(inside, vpc, new RegExp(`aws:ec2/${type} .* uses it`));
        });
    }

    it("keep an Internet gateway while a NAT gateway has a public address, and the address too", async () => {
        const address = await desk.make("aws:ec2/eip:Eip", {});
        const nat = await desk.make("aws:ec2/natGateway:NatGateway", { subnetId: network.subnet.id, allocationId: address.id });
        await assert.rejects(desk.remove(address), /NatGateway nat-\w+ uses it/);
        await waitsFor(nat, network.gateway, /nat-\w+ has a public address in its network/);
        await desk.remove(address);
    });

    it("keep an Internet gateway, not one of another network, while a load balancer of the Internet is there", async () => {
        const other = await makeNetwork(desk);
        const inputs = { vpcId: network.vpc.id, subnetId: network.subnet.id, public: true };
        const balancer = desk.world.add({ place: "aws", type: "aws:networkInterface", id: "eni-1", urn: undefined, inputs, outputs: {} });
        await desk.remove(other.gateway);
        await assert.rejects(desk.remove(network.gateway), /eni-1 has a public address/);
        balancer.inputs = { ...inputs, public: false };
        await desk.remove(network.gateway);
    });

    it("have no NAT gateway without a way out", async () => {
        const nat = { subnetId: network.subnet.id };
        await desk.remove(network.gateway);
        await assert.rejects(desk.make("aws:ec2/natGateway:NatGateway", nat), /has no Internet gateway attached/);
        await desk.make("aws:ec2/internetGateway:InternetGateway", { vpcId: network.vpc.id }, "new");
        await desk.make("aws:ec2/natGateway:NatGateway", nat);
    });

    it("give a block to one subnet, a subnet to one route table, and a table one route to a block", async () => {
        await assert.rejects(desk.make("aws:ec2/subnet:Subnet", network.subnet.inputs, "twin"), new RegExp(`10.0.0.0/24 conflicts with ${network.subnet.id}`));
        const table = await desk.make("aws:ec2/routeTable:RouteTable", { vpcId: network.vpc.id });
        const association = { subnetId: network.subnet.id, routeTableId: table.id };
        const associated = await desk.make("aws:ec2/routeTableAssociation:RouteTableAssociation", association);
        await assert.rejects(desk.make("aws:ec2/routeTableAssociation:RouteTableAssociation", association, "twin"), /is associated already/);
        const route = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: network.gateway.id };
        await desk.make("aws:ec2/route:Route", route);
        await assert.rejects(desk.make("aws:ec2/route:Route", route, "twin"), /exists already/);
        await waitsFor(associated, table, /RouteTableAssociation rtbassoc-\w+ uses it/);
    });

    it("keep a launch template while nodes are made from it, and count its versions", async () => {
        const template = await desk.make("aws:ec2/launchTemplate:LaunchTemplate", {});
        assert.equal(template.outputs["latestVersion"], 1);
        assert.equal((await desk.change(template, { tags: { a: "1" } }))["latestVersion"], 2);
        await desk.make("aws:eks/cluster:Cluster", autoCluster(network.subnet));
        const nodes = await desk.make("aws:eks/nodeGroup:NodeGroup", { clusterName: "east", nodeGroupName: "general", subnetIds: [network.subnet.id], launchTemplate: { id: template.id } });
        await waitsFor(nodes, template, /NodeGroup east:general uses it/);
    });
});
