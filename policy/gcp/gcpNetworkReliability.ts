import { type StackGraph, type Typed, groupBy } from "../graph";
import { type Fault, type Rule, resourceRule, shown, stackRule } from "../rule";
import { isSaid, isUnknown } from "../values";
import { type GkeCluster, gkeCluster, regionOf } from "./gke";

const network = "gcp:compute/network:Network";
const router = "gcp:compute/router:Router";
const nat = "gcp:compute/routerNat:RouterNat";
const subnet = "gcp:compute/subnetwork:Subnetwork";

/** Ways out of a network that nodes need to start, and the app to work. */
export const gcpNetworkReliability: readonly Rule[] = [
    stackRule(
        {
            name: "gcp-nat-out",
            level: "mandatory",
            why: "Private nodes without a NAT pull no image from outside Google: after the loss of a node its pods don't start again.",
            ids: [],
            fix: "make a RouterNat in the cluster's network and region, for all subnets or for the cluster's",
        },
        graph => {
            const routers = groupBy(
                graph.ofType(router).flatMap(each => graph.sourcesOf(each, "network", network).map(({ urn }) => ({ urn, each }))),
                ({ urn }) => urn,
            );
            const nats = groupBy(
                graph.ofType(nat).flatMap(each => graph.sourcesOf(each, "router", router).map(({ urn }) => ({ urn, each }))),
                ({ urn }) => urn,
            );
            return graph
                .ofType(gkeCluster)
                .filter(({ inputs }) => inputs.privateClusterConfig?.enablePrivateNodes === true)
                .flatMap(cluster =>
                    graph.sourcesOf(cluster, "network", network).flatMap((of): readonly Fault[] => {
                        const serving = (routers.get(of.urn) ?? [])
                            .flatMap(({ each }) => nats.get(each.urn) ?? [])
                            .filter(({ each }) => serves(graph, each, cluster));
                        return serving.length === 0
                            ? [{ resource: cluster, found: `network ${of.name} has no NAT for it in ${regionOf(cluster) ?? "its region"}` }]
                            : [];
                    }),
                );
        },
    ),
    resourceRule(
        {
            name: "gcp-nat-ports",
            level: "advisory",
            why: "A fixed share of ports a node, 64 where nothing is said, runs out on busy ones, and new connections are dropped.",
            ids: [],
            fix: "set enableDynamicPortAllocation to true and enableEndpointIndependentMapping to false",
        },
        nat,
        // https://cloud.google.com/nat/docs/ports-and-addresses
        ({ enableDynamicPortAllocation: dynamic }) => dynamic !== true && `enableDynamicPortAllocation is ${shown(dynamic)}`,
    ),
    resourceRule(
        {
            name: "gcp-private-access",
            level: "advisory",
            why: "Without it private nodes reach Google's own registry and APIs only through the NAT, and share its fate and its price.",
            ids: ["CKV_GCP_74"],
            fix: "set privateIpGoogleAccess to true",
        },
        subnet,
        ({ purpose, privateIpGoogleAccess: access }) =>
            (!isSaid(purpose) || purpose === "PRIVATE") && access !== true && `privateIpGoogleAccess is ${shown(access)}`,
    ),
];

/** Whether a NAT of a cluster's network is in the cluster's region, and for its subnet. */
function serves(graph: StackGraph, each: Typed<typeof nat>, cluster: GkeCluster): boolean {
    const { region, sourceSubnetworkIpRangesToNat: ranges } = each.inputs;
    const isHere = !isSaid(region) || isUnknown(region) || regionOf(cluster) === undefined || region === regionOf(cluster);
    const subnets = graph.sourcesOf(cluster, "subnetwork", subnet);
    return isHere && (ranges !== "LIST_OF_SUBNETWORKS" || graph.sourcesOf(each, "subnetworks", subnet).some(of => subnets.includes(of)));
}
