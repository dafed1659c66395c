import type * as k8s from "@pulumi/kubernetes";

import type { Cluster } from "../cluster";

type TopologySpreadConstraint = k8s.types.input.core.v1.TopologySpreadConstraint;

/**
 * Spread of an add-on's replicas over zones, and over hosts where the cluster names none. Preferred, not required: an add-on must come
 * back anywhere rather than wait for a zone.
 */
export function overZones({ zones }: Pick<Cluster, "zones">, matchLabels: Readonly<Record<string, string>>): TopologySpreadConstraint[] {
    const topologyKey = zones.length > 1 ? "topology.kubernetes.io/zone" : "kubernetes.io/hostname";
    return [{ maxSkew: 1, topologyKey, whenUnsatisfiable: "ScheduleAnyway", labelSelector: { matchLabels } }];
}
