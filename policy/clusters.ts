import type { InputsByType, RuledType } from "./inputs";
import { type Resource, type StackGraph, type Typed, groupBy, isOfType } from "./graph";
import { isSaid, isUnknown, items } from "./values";

/** A Kubernetes cluster of a stack: its objects, and what is known of its zones. */
export interface KubernetesCluster {
    /** Name of the component that made or reached it. */
    readonly name: string;
    /** Zones that its nodes are in; empty where the stack doesn't say. */
    readonly zones: readonly string[];
    /** URNs of the providers that its objects are put on it by. */
    readonly providers: readonly string[];
    /** Its objects of a type. */
    objects<Type extends RuledType>(type: Type): readonly Typed<Type>[];
}

/** Every cluster that objects are put on. A cluster that is reached by two providers of one component counts once. */
export function clustersOf(graph: StackGraph): readonly KubernetesCluster[] {
    const known = cache.get(graph);
    if (known !== undefined) {
        return known;
    }
    const objects = graph.resources.filter(({ type, provider }) => type.startsWith("kubernetes:") && provider !== undefined);
    const byCluster = groupBy(objects, ({ provider }) => ownerOf(graph, provider ?? ""));
    const clusters = [...byCluster].map(([urn, members]) => clusterOf(graph, urn, members));
    cache.set(graph, clusters);
    return clusters;
}

/** Rules ask for the clusters one after another; a graph never changes. */
const cache = new WeakMap<StackGraph, readonly KubernetesCluster[]>();

const stackType = "pulumi:pulumi:Stack";

/** The component that a provider belongs to, or the provider itself where it stands alone. */
function ownerOf(graph: StackGraph, provider: string): string {
    const parent = graph.get(graph.get(provider)?.parent);
    return parent === undefined || parent.type === stackType ? provider : parent.urn;
}

function clusterOf(graph: StackGraph, urn: string, objects: readonly Resource[]): KubernetesCluster {
    const byType = groupBy(objects, ({ type }) => type);
    const providers = [...new Set(objects.flatMap(({ provider }) => provider ?? []))];
    const below = zonesOf(graph.below(urn));
    return {
        name: graph.get(urn)?.name ?? urn,
        zones: below.length > 0 ? below : zonesReached(graph, providers),
        providers,
        objects: <Type extends RuledType>(type: Type) => (byType.get(type) ?? []) as readonly Typed<Type>[],
    };
}

/** The zones that resources are in, as far as they are known: those of subnets, and those that a cluster names for its nodes. */
function zonesOf(resources: readonly Resource[]): readonly string[] {
    const zones = resources.flatMap((resource): string | readonly string[] => {
        if (isOfType(resource, "aws:ec2/subnet:Subnet")) {
            return resource.inputs.availabilityZone ?? [];
        }
        return isOfType(resource, "gcp:container/cluster:Cluster") ? items(resource.inputs.nodeLocations) : [];
    });
    return [...new Set(zones.filter(zone => isSaid(zone) && !isUnknown(zone)))];
}

/** The zones of the clusters that providers take their kubeconfig from, wherever in the stack these and their subnets were made. */
function zonesReached(graph: StackGraph, providers: readonly string[]): readonly string[] {
    const clusters = reached(graph, providers.flatMap(provider => Object.values(graph.get(provider)?.sources ?? {}).flat()));
    const subnets = clusters.flatMap(cluster => (isOfType(cluster, "aws:eks/cluster:Cluster") ? subnetsOfNodes(graph, cluster) : []));
    return zonesOf([...clusters, ...subnets]);
}

/** The subnets that a cluster's nodes come up in: those of its node groups, and its own where EKS makes nodes or no group says. */
function subnetsOfNodes(graph: StackGraph, cluster: Typed<"aws:eks/cluster:Cluster">): readonly Resource[] {
    const groups = graph.usersOf(cluster, "clusterName", "aws:eks/nodeGroup:NodeGroup");
    const ofGroups = reached(graph, groups.flatMap(({ sources }) => sources["subnetIds"] ?? []));
    const auto = cluster.inputs.computeConfig?.enabled === true;
    return auto || zonesOf(ofGroups).length === 0 ? [...ofGroups, ...reached(graph, cluster.sources["vpcConfig"] ?? [])] : ofGroups;
}

/** The resources of some URNs, with what is below those that are components: a component's output may stand for any of it. */
function reached(graph: StackGraph, urns: readonly string[]): readonly Resource[] {
    return [...new Set(urns)].flatMap(urn => [graph.get(urn) ?? [], ...graph.below(urn)].flat());
}

/** Objects of one namespace by their type, or all that share a namespace with an object. */
export function inNamespaceOf<Type extends RuledType>(
    cluster: KubernetesCluster,
    neighbour: Resource,
    type: Type,
): readonly Typed<Type>[] {
    return cluster.objects(type).filter(object => namespaceOf(object) === namespaceOf(neighbour));
}

/** The namespace that an object says it is in; Kubernetes takes `default` where it says none. */
export function namespaceOf({ inputs }: Resource): string {
    return (inputs as InputsByType["kubernetes:core/v1:Service"]).metadata?.namespace ?? "default";
}

/** An object's name in the cluster; undefined where the provider makes one up. */
export function nameOf({ inputs }: Resource): string | undefined {
    return (inputs as InputsByType["kubernetes:core/v1:Service"]).metadata?.name;
}
