import { type KubernetesCluster, clustersOf } from "../clusters";
import type { StackGraph, Typed } from "../graph";
import { isSaid, isUnknown } from "../values";

export type EksCluster = Typed<"aws:eks/cluster:Cluster">;
export type NodeGroup = Typed<"aws:eks/nodeGroup:NodeGroup">;
export type Subnet = Typed<"aws:ec2/subnet:Subnet">;
export type Vpc = Typed<"aws:ec2/vpc:Vpc">;

/** Types that name the cluster they belong to. */
type MemberType =
    | "aws:eks/accessEntry:AccessEntry"
    | "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
    | "aws:eks/addon:Addon"
    | "aws:eks/nodeGroup:NodeGroup"
    | "aws:eks/podIdentityAssociation:PodIdentityAssociation";

export function eksClusters(graph: StackGraph): readonly EksCluster[] {
    return graph.ofType("aws:eks/cluster:Cluster");
}

/** Whether EKS makes the nodes, and brings what they need. */
export function isAutoMode({ inputs }: EksCluster): boolean {
    return inputs.computeConfig?.enabled === true;
}

/** What belongs to a cluster: by reference, or by a name that is spelt out. */
export function membersOf<Type extends MemberType>(graph: StackGraph, cluster: EksCluster, type: Type): readonly Typed<Type>[] {
    const { name } = cluster.inputs;
    return graph.ofType(type).filter(({ inputs, sources }) => {
        const references = sources["clusterName"] ?? [];
        return references.length > 0 ? references.includes(cluster.urn) : isSaid(name) && inputs.clusterName === name;
    });
}

/** What the stack puts on a cluster; undefined where it puts nothing there. */
export function kubernetesOf(graph: StackGraph, cluster: EksCluster): KubernetesCluster | undefined {
    return clustersOf(graph).find(({ providers }) =>
        providers.some(provider => Object.values(graph.get(provider)?.sources ?? {}).some(sources => sources.includes(cluster.urn))),
    );
}

/** Subnets that a cluster is told of: those of its control plane, and in Auto Mode of its nodes. */
export function subnetsOf(graph: StackGraph, cluster: EksCluster): readonly Subnet[] {
    return graph.sourcesOf(cluster, "vpcConfig", "aws:ec2/subnet:Subnet");
}

/** Subnets that nodes come up in, each once. */
export function nodeSubnetsOf(graph: StackGraph, cluster: EksCluster): readonly Subnet[] {
    const groups = membersOf(graph, cluster, "aws:eks/nodeGroup:NodeGroup");
    const subnets = groups.flatMap(group => graph.sourcesOf(group, "subnetIds", "aws:ec2/subnet:Subnet"));
    return [...new Set([...subnetsOf(graph, cluster), ...subnets])];
}

/** Networks of subnets, each once. */
export function vpcsOf(graph: StackGraph, subnets: readonly Subnet[]): readonly Vpc[] {
    return [...new Set(subnets.flatMap(subnet => graph.sourcesOf(subnet, "vpcId", "aws:ec2/vpc:Vpc")))];
}

/** Networks that clusters' nodes are in, each once. */
export function clusterVpcs(graph: StackGraph): readonly Vpc[] {
    return vpcsOf(graph, eksClusters(graph).flatMap(cluster => nodeSubnetsOf(graph, cluster)));
}

/** Zones of subnets, each once, as far as they are known. */
export function zonesOf(subnets: readonly Subnet[]): readonly string[] {
    const zones = subnets.flatMap(({ inputs }) => inputs.availabilityZone ?? []);
    return [...new Set(zones.filter(zone => isSaid(zone) && !isUnknown(zone)))].sort();
}

/** Zones of some subnets that others are not in; none where one may be anywhere. */
export function zonesWithout(subnets: readonly Subnet[], others: readonly Subnet[]): readonly string[] {
    return others.some(({ inputs }) => isUnknown(inputs.availabilityZone)) ? [] : missing(zonesOf(subnets), zonesOf(others));
}

/** Those of some names that are not among others. */
export function missing(names: readonly string[], from: readonly (string | undefined)[]): readonly string[] {
    return names.filter(name => !from.includes(name));
}

/** Names of charts that bring what an add-on of another name would. */
const addonOfChart: Readonly<Record<string, string>> = { "aws-vpc-cni": "vpc-cni" };

/** Names of the add-ons that a cluster has, from EKS or from a Helm chart. */
export function addonsOf(graph: StackGraph, cluster: EksCluster): ReadonlySet<string> {
    const addons = membersOf(graph, cluster, "aws:eks/addon:Addon").flatMap(({ inputs }) => inputs.addonName ?? []);
    const releases = kubernetesOf(graph, cluster)?.objects("kubernetes:helm.sh/v3:Release") ?? [];
    const charts = releases.map(({ inputs }) => inputs.chart?.split("/").at(-1) ?? "");
    return new Set([...addons, ...charts.map(chart => addonOfChart[chart] ?? chart)]);
}
