import type * as k8s from "@pulumi/kubernetes";

import type { AppConfig } from "../config";
import { type Part, selectorLabels } from "./labels";

type TopologySpreadConstraint = k8s.types.input.core.v1.TopologySpreadConstraint;
type Toleration = k8s.types.input.core.v1.Toleration;

const zoneKey = "topology.kubernetes.io/zone";
const hostKey = "kubernetes.io/hostname";

/** Node taints that the node controller puts on a silent node. */
const silentNodeTaints = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/**
 * Spread of replicas that can run anywhere. Over zones it is required, but only over zones that still
 * have nodes: `nodeTaintsPolicy: Honor` leaves lost nodes out of the count and there is no
 * `minDomains`. Either of the other forms keeps replacements Pending for the whole outage (tried on
 * Kubernetes 1.36: 4 of 6 replicas stay, against 6 of 6 in this form). Over hosts it is preferred.
 *
 * `matchLabelKeys` counts each rollout by itself, so that a new ReplicaSet is spread evenly too.
 */
export function statelessSpread(app: string, part: Part, zones: number): TopologySpreadConstraint[] {
    const common = {
        maxSkew: 1,
        labelSelector: { matchLabels: selectorLabels(app, part) },
        matchLabelKeys: ["pod-template-hash"],
        nodeTaintsPolicy: "Honor",
    };
    const hosts = { ...common, topologyKey: hostKey, whenUnsatisfiable: "ScheduleAnyway" };
    return zones > 1 ? [{ ...common, topologyKey: zoneKey, whenUnsatisfiable: "DoNotSchedule" }, hosts] : [hosts];
}

/**
 * Spread of replicas whose volume ties them to a zone for good. Here `minDomains` is right: without it
 * a cluster that has nodes in one zone only when the app is first deployed puts every volume there.
 * It costs nothing in an outage, since such a replica can't move to another zone anyway. The skew
 * allows each zone its fair share even while others have none.
 */
export function statefulSpread(app: string, replicas: number, zones: number): TopologySpreadConstraint[] {
    const common = { labelSelector: { matchLabels: selectorLabels(app, "state") }, nodeTaintsPolicy: "Honor" };
    const hosts = { ...common, maxSkew: 1, topologyKey: hostKey, whenUnsatisfiable: "ScheduleAnyway" };
    if (zones < 2) {
        return [hosts];
    }
    const overZones = {
        ...common,
        maxSkew: Math.ceil(replicas / zones),
        minDomains: Math.min(replicas, zones),
        topologyKey: zoneKey,
        whenUnsatisfiable: "DoNotSchedule",
    };
    return [overZones, hosts];
}

/**
 * Tolerations of a stateless pod: what config says, and a silent node only for as long as config
 * says, in place of Kubernetes' 300 seconds.
 */
export function statelessTolerations(app: AppConfig): Toleration[] {
    return [
        ...configuredTolerations(app),
        ...silentNodeTaints.map(key => ({
            key,
            operator: "Exists",
            effect: "NoExecute",
            tolerationSeconds: app.scheduling.giveUpNodeSeconds,
        })),
    ];
}

/** Tolerations from config alone. Stateful pods keep Kubernetes' 300 seconds: their volume can't follow faster. */
export function configuredTolerations(app: AppConfig): Toleration[] {
    return app.scheduling.tolerations.map(({ key, operator, value, effect }) => ({
        key,
        operator,
        ...(value === undefined ? {} : { value }),
        ...(effect === undefined ? {} : { effect }),
    }));
}
