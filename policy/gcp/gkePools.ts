import type { StackGraph, Typed } from "../graph";
import { type Fault, type Rule, resourceRule, shown, stackRule } from "../rule";
import { isSaid, isSet, items } from "../values";
import { type GkeCluster, type GkePool, gkeCluster, gkePool, poolsOf, zoneCount } from "./gke";

const subnet = "gcp:compute/subnetwork:Subnetwork";

/** Pods on a node, where nothing is said (https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr). */
const defaultMaxPods = 110;
const addressBits = 32;

/** Node pools that keep their nodes through the loss of a zone, an upgrade, a peak. */
export const gkePools: readonly Rule[] = [
    resourceRule(
        {
            name: "gke-pools-apart",
            level: "mandatory",
            why: "A pool that is part of the cluster's own settings can't be changed without replacing the cluster.",
            ids: ["CKV_GCP_123"],
            fix: "set removeDefaultNodePool to true and initialNodeCount to 1, and make each pool a NodePool of its own",
        },
        gkeCluster,
        ({ enableAutopilot, removeDefaultNodePool, nodePools }) => {
            if (enableAutopilot === true || (removeDefaultNodePool === true && items(nodePools).length === 0)) {
                return false;
            }
            const pools = items(nodePools).length;
            return pools > 0 ? `nodePools has ${pools}` : `removeDefaultNodePool is ${shown(removeDefaultNodePool)}`;
        },
    ),
    stackRule(
        {
            name: "gke-pool-zones",
            level: "mandatory",
            why: "Volumes stay in their zone: pods whose volume is in a zone without nodes never start again.",
            ids: [],
            fix: "name in nodeLocations the zones that the cluster names, or leave it out",
        },
        graph =>
            ofPools(graph, (pool, cluster) => {
                const zones = items(pool.inputs.nodeLocations);
                const absent = items(cluster.inputs.nodeLocations).filter(zone => !zones.includes(zone));
                const isFault = zones.length > 0 && absent.length > 0;
                return isFault ? `nodeLocations has no ${absent.join(", ")}, which cluster ${cluster.name} has` : undefined;
            }),
    ),
    stackRule(
        {
            name: "gke-pool-minimum",
            level: "mandatory",
            why: "With fewer nodes than zones, the zone that is lost may have been the only one with nodes.",
            ids: [],
            fix: "have pools that are not spot, with an autoscaling.totalMinNodeCount of at least one node a zone",
        },
        graph =>
            graph.ofType(gkeCluster).flatMap((cluster): readonly Fault[] => {
                const pools = poolsOf(graph, cluster);
                const [first] = pools;
                const nodes = pools.filter(isLasting).reduce((sum, pool) => sum + leastNodes(pool, cluster), 0);
                return first !== undefined && nodes < zoneCount(cluster)
                    ? [{ resource: first, found: `the pools of ${cluster.name} keep ${nodes} nodes that last, for ${zoneCount(cluster)} zones` }]
                    : [];
            }),
    ),
    resourceRule(
        {
            name: "gke-pool-autoscaling",
            level: "advisory",
            why: "A pool of a fixed size can't make up for the nodes of a lost zone, nor take a peak.",
            ids: [],
            fix: "set autoscaling with totalMinNodeCount and totalMaxNodeCount, and no nodeCount",
        },
        gkePool,
        ({ autoscaling }) => !isSet(autoscaling) && "autoscaling is not set",
    ),
    resourceRule(
        {
            name: "gke-pool-balanced",
            level: "mandatory",
            why: "With ANY the autoscaler may put all nodes into the zone that has most to spare, and that zone may be lost.",
            ids: [],
            fix: "set autoscaling.locationPolicy to \"BALANCED\"; only spot nodes do better with \"ANY\"",
        },
        gkePool,
        ({ autoscaling }, pool) => autoscaling?.locationPolicy === "ANY" && isLasting(pool) && "autoscaling.locationPolicy is \"ANY\"",
    ),
    resourceRule(
        {
            name: "gke-pool-repair",
            level: "mandatory",
            why: "A broken node that nobody replaces is capacity lost; one that nobody upgrades falls out of support.",
            ids: ["CKV_GCP_9", "CKV_GCP_10", "CIS GKE 5.5.2", "CIS GKE 5.5.3"],
            fix: "set management.autoRepair and management.autoUpgrade to true",
        },
        gkePool,
        // Both are on where nothing is said.
        ({ management }) => [
            ...(management?.autoRepair === false ? ["management.autoRepair is false"] : []),
            ...(management?.autoUpgrade === false ? ["management.autoUpgrade is false"] : []),
        ],
    ),
    resourceRule(
        {
            name: "gke-pool-upgrade",
            level: "mandatory",
            why: "An upgrade that takes nodes away before it brings new ones takes capacity away at the same time.",
            ids: [],
            fix: "set upgradeSettings.maxSurge to 1 and upgradeSettings.maxUnavailable to 0, or strategy to \"BLUE_GREEN\"",
        },
        gkePool,
        // Where nothing is said: one more, none fewer (https://cloud.google.com/kubernetes-engine/docs/concepts/node-pool-upgrade-strategies).
        ({ upgradeSettings }) => {
            const { strategy, maxSurge, maxUnavailable } = upgradeSettings ?? {};
            return (
                strategy !== "BLUE_GREEN" && [
                    ...(maxSurge === 0 ? ["upgradeSettings.maxSurge is 0"] : []),
                    ...(isSet(maxUnavailable) && maxUnavailable > 0 ? [`upgradeSettings.maxUnavailable is ${maxUnavailable}`] : []),
                ]
            );
        },
    ),
    stackRule(
        {
            name: "gke-pod-addresses",
            level: "mandatory",
            why: "Each node takes a block of the pods' range for itself; when none is left, no node comes, whatever the pools allow.",
            ids: [],
            fix: "widen the subnet's range for pods, or lower defaultMaxPodsPerNode or the pools' totals",
        },
        graph =>
            graph.ofType(gkeCluster).flatMap(cluster => {
                const pools = poolsOf(graph, cluster).filter(pool => sharesRange(pool, cluster));
                const wanted = pools.reduce((sum, pool) => sum + podAddresses(pool, cluster), 0);
                return graph.sourcesOf(cluster, "subnetwork", subnet).flatMap((source): readonly Fault[] => {
                    const range = rangeOf(source, cluster.inputs.ipAllocationPolicy?.clusterSecondaryRangeName);
                    const found = `the range for pods is ${range ?? ""}, of ${sizeOf(range)} addresses; the pools' nodes at their most take ${wanted}`;
                    return wanted > sizeOf(range) ? [{ resource: source, found }] : [];
                });
            }),
    ),
];

/** Faults of node pools, each seen with its cluster. */
function ofPools(graph: StackGraph, fault: (pool: GkePool, cluster: GkeCluster) => string | undefined): readonly Fault[] {
    return graph.ofType(gkePool).flatMap(pool =>
        graph.sourcesOf(pool, "cluster", gkeCluster).flatMap(cluster => {
            const found = fault(pool, cluster);
            return found === undefined ? [] : [{ resource: pool, found }];
        }),
    );
}

/** Whether nodes of a pool stay until somebody takes them away. */
function isLasting({ inputs: { nodeConfig } }: GkePool): boolean {
    return nodeConfig?.spot !== true && nodeConfig?.preemptible !== true;
}

/** The fewest nodes that a pool has over all zones. Of bounds in total and for each zone, the engine shows those that weren't said as 0. */
function leastNodes(pool: GkePool, cluster: GkeCluster): number {
    const { autoscaling } = pool.inputs;
    return isSet(autoscaling) ? Math.max(autoscaling.totalMinNodeCount ?? 0, (autoscaling.minNodeCount ?? 0) * zoneCount(cluster)) : fixedNodes(pool, cluster);
}

/** The most nodes that a pool has over all zones. */
function mostNodes(pool: GkePool, cluster: GkeCluster): number {
    const { autoscaling } = pool.inputs;
    return isSet(autoscaling) ? Math.max(autoscaling.totalMaxNodeCount ?? 0, (autoscaling.maxNodeCount ?? 0) * zoneCount(cluster)) : fixedNodes(pool, cluster);
}

function fixedNodes({ inputs: { nodeCount, initialNodeCount } }: GkePool, cluster: GkeCluster): number {
    return (nodeCount ?? initialNodeCount ?? 0) * zoneCount(cluster);
}

/** Whether the pods of a pool have addresses of the cluster's range, and none of their own. */
function sharesRange({ inputs: { networkConfig } }: GkePool, cluster: GkeCluster): boolean {
    const range = networkConfig?.podRange;
    return networkConfig?.createPodRange !== true && (!isSaid(range) || range === cluster.inputs.ipAllocationPolicy?.clusterSecondaryRangeName);
}

/** Addresses that a pool's nodes take for pods: for each at least twice as many as its pods, as a power of two. */
function podAddresses(pool: GkePool, cluster: GkeCluster): number {
    const pods = pool.inputs.maxPodsPerNode ?? cluster.inputs.defaultMaxPodsPerNode ?? defaultMaxPods;
    return mostNodes(pool, cluster) * 2 ** Math.ceil(Math.log2(2 * pods));
}

/** A range of a subnet by its name. */
function rangeOf({ inputs }: Typed<typeof subnet>, name: string | undefined): string | undefined {
    return items(inputs.secondaryIpRanges).find(({ rangeName }) => rangeName === name)?.ipCidrRange;
}

/** Addresses of a block; NaN where only an update knows it. */
function sizeOf(block: string | undefined): number {
    const prefix = /\/(\d+)$/.exec(block ?? "")?.[1];
    return prefix === undefined ? NaN : 2 ** (addressBits - Number(prefix));
}
