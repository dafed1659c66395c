import type { StackGraph, Typed } from "../graph";
import { isSaid, isUnknown } from "../values";

/** A cluster on GKE, with what there is below it. */
export const gkeCluster = "gcp:container/cluster:Cluster";
/** Nodes of a cluster without Autopilot. */
export const gkePool = "gcp:container/nodePool:NodePool";

export type GkeCluster = Typed<typeof gkeCluster>;
export type GkePool = Typed<typeof gkePool>;

/** A place on Google Cloud, as `us-central1-a`. */
const zonePattern = /^(.+)-[a-z]$/;

/** Whether a location is one zone of a region. */
export function isZone(location: string): boolean {
    return zonePattern.test(location);
}

/** The region of a cluster, also where it is in one zone of it; undefined where that isn't known. */
export function regionOf({ inputs: { location } }: GkeCluster): string | undefined {
    return isSaid(location) && !isUnknown(location) ? (zonePattern.exec(location)?.[1] ?? location) : undefined;
}

/** The node pools of a cluster that this stack makes. */
export function poolsOf(graph: StackGraph, cluster: GkeCluster): readonly GkePool[] {
    return graph.usersOf(cluster, "cluster", gkePool);
}

/** How many zones nodes are in; GKE takes three of the region where a regional cluster names none. */
export function zoneCount({ inputs: { location, nodeLocations } }: GkeCluster): number {
    const named = nodeLocations?.length ?? 0;
    return named > 0 ? named : isSaid(location) && isZone(location) ? 1 : 3;
}
