import type { StackGraph } from "../graph";
import { type Fault, type Rule, shown, stackRule } from "../rule";
import { at, differs, isSaid, isUnknown } from "../values";
import { type EksCluster, type Subnet, clusterVpcs, eksClusters, nodeSubnetsOf, vpcsOf, zonesWithout } from "./eks";
import { type DefaultRoute, isPublic, tablesOf, waysOut } from "./routes";

/** By which load balancer controllers find subnets (https://docs.aws.amazon.com/eks/latest/userguide/tag-subnets-auto.html). */
const publicTag = "kubernetes.io/role/elb";
const internalTag = "kubernetes.io/role/internal-elb";

export const networkReliability: readonly Rule[] = [
    stackRule(
        {
            name: "nat-in-own-zone",
            level: "mandatory",
            why: "A private subnet that leaves through another zone's NAT gateway goes down with that zone.",
            ids: [],
            fix: "give each private subnet a route table whose default route goes to a NAT gateway in the subnet's own zone",
        },
        graph => graph.ofType("aws:ec2/subnet:Subnet").flatMap(subnet => waysOut(graph, subnet).flatMap(way => strayNats(graph, subnet, way))),
    ),
    stackRule(
        {
            name: "node-subnet-has-way-out",
            level: "mandatory",
            why: "A node that can't reach its registry runs nothing, so its zone is lost before anything fails.",
            ids: [],
            fix: "associate the subnet with a route table whose default route goes to a NAT gateway",
        },
        graph =>
            eksClusters(graph).flatMap(cluster =>
                nodeSubnetsOf(graph, cluster)
                    // A network with no way out at all has its registry within.
                    .filter(subnet => hasInternet(graph, subnet) && !waysOut(graph, subnet).some(leadsOut))
                    .map(resource => ({
                        resource,
                        found: `${cluster.name} has nodes there, and it has ${tablesOf(graph, resource).length === 0 ? "no route table of its own" : "no default route to the internet"}`,
                    })),
            ),
    ),
    stackRule(
        {
            name: "public-subnet-reaches-internet",
            level: "mandatory",
            why: "A NAT gateway or a public load balancer in a subnet without a route to an internet gateway passes nothing on.",
            ids: [],
            fix: "associate the subnet with a route table whose default route goes to an internet gateway",
        },
        graph => {
            const nats = graph.ofType("aws:ec2/natGateway:NatGateway").filter(({ inputs }) => inputs.connectivityType !== "private");
            const uses = [
                ...nats.flatMap(nat => graph.sourcesOf(nat, "subnetId", "aws:ec2/subnet:Subnet").map(subnet => ({ subnet, by: `NAT gateway ${nat.name}` }))),
                ...graph.ofType("aws:ec2/subnet:Subnet").filter(hasTag(publicTag)).map(subnet => ({ subnet, by: `tag ${publicTag}` })),
            ];
            return uses
                .filter(({ subnet }) => !isPublic(graph, subnet))
                .map(({ subnet, by }) => ({ resource: subnet, found: `it is public by ${by}, and has no default route to an internet gateway` }));
        },
    ),
    stackRule(
        {
            name: "eks-load-balancer-every-zone",
            level: "mandatory",
            why: "A load balancer has an address only in zones where it finds a subnet; with too few of them it goes down with one.",
            ids: [],
            fix: `tag a public subnet of each zone with ${publicTag}: "1", and a private one with ${internalTag}: "1"`,
        },
        graph => eksClusters(graph).flatMap(cluster => entryFaults(graph, cluster)),
    ),
    stackRule(
        {
            name: "eks-vpc-resolves-names",
            level: "mandatory",
            why: "Nodes find the private API server, and endpoints of AWS's services, only by names that the VPC resolves.",
            ids: [],
            fix: "set enableDnsSupport and enableDnsHostnames to true",
        },
        graph =>
            // https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html; by default the one is true, the other false.
            clusterVpcs(graph).flatMap(vpc => {
                const { enableDnsSupport, enableDnsHostnames } = vpc.inputs;
                return [
                    ...(enableDnsSupport === false ? [{ resource: vpc, found: "enableDnsSupport is false" }] : []),
                    ...(differs(enableDnsHostnames, true) ? [{ resource: vpc, found: `enableDnsHostnames is ${shown(enableDnsHostnames)}` }] : []),
                ];
            }),
    ),
];

/** NAT gateways of other zones that a subnet leaves through. */
function strayNats(graph: StackGraph, subnet: Subnet, { holder, nats }: DefaultRoute): readonly Fault[] {
    return nats
        // One for a whole region is in every zone.
        .filter(({ inputs }) => inputs.availabilityMode !== "regional")
        .map(nat => ({ nat, zone: graph.sourcesOf(nat, "subnetId", "aws:ec2/subnet:Subnet")[0]?.inputs.availabilityZone }))
        .filter(({ zone }) => !isUnknown(zone) && differs(subnet.inputs.availabilityZone, zone))
        .map(({ nat, zone }) => ({
            resource: holder,
            found: `${subnet.name} is in ${subnet.inputs.availabilityZone ?? "no zone"}, its NAT gateway ${nat.name} in ${zone ?? "no zone"}`,
        }));
}

/** A private NAT gateway leads to other networks, and no further. */
function leadsOut({ nats }: DefaultRoute): boolean {
    return nats.length === 0 || nats.some(({ inputs }) => inputs.connectivityType !== "private");
}

function hasInternet(graph: StackGraph, subnet: Subnet): boolean {
    return vpcsOf(graph, [subnet]).some(vpc => graph.usersOf(vpc, "vpcId", "aws:ec2/internetGateway:InternetGateway").length > 0);
}

function hasTag(tag: string): (subnet: Subnet) => boolean {
    return ({ inputs }) => isSaid(at(inputs.tags, tag)) && !isUnknown(inputs.tags);
}

/** Zones of a cluster without a subnet for load balancers of a kind. A network with none at all has no such load balancers. */
function entryFaults(graph: StackGraph, cluster: EksCluster): readonly Fault[] {
    const subnets = nodeSubnetsOf(graph, cluster);
    const network = vpcsOf(graph, subnets).flatMap(vpc => graph.usersOf(vpc, "vpcId", "aws:ec2/subnet:Subnet"));
    if (network.some(({ inputs }) => isUnknown(inputs.tags))) {
        return [];
    }
    return [publicTag, internalTag].flatMap(tag => {
        const entries = network.filter(hasTag(tag));
        const lacking = entries.length === 0 ? [] : zonesWithout(subnets, entries);
        return lacking.length === 0 ? [] : [{ resource: cluster, found: `no subnet with tag ${tag} in ${lacking.join(", ")}` }];
    });
}
