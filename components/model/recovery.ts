/** How long recovery takes, in seconds, from the settings that are deployed. */

/** The settings of a health-checked DNS failover. */
export interface DnsFailover {
    /** Seconds between two checks of one health checker. */
    readonly intervalSeconds: number;
    /** Checks in a row that must fail. */
    readonly failures: number;
    /** Seconds that resolvers may keep an answer: the longest of the records that take part. */
    readonly ttlSeconds: number;
}

/**
 * Recovery time objective of the loss of a whole cluster: the time to notice plus the time that old
 * answers live on, interval × failures + TTL. Resolvers and clients that ignore the TTL are not in it.
 */
export function recoveryTimeObjective(dns: DnsFailover): number {
    return dns.intervalSeconds * dns.failures + dns.ttlSeconds;
}

/**
 * How long the node controller waits for a silent node before it calls it unreachable.
 * Kubernetes 1.36: `--node-monitor-grace-period`, default 50 s
 * (https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/).
 */
export const nodeGraceSeconds = 50;

/**
 * Seconds between two nodes of a lost zone that the node controller gives up: it taints them one after another, and each
 * pod's toleration counts from its own node's taint. Kubernetes 1.36: `--node-eviction-rate`, default 0.1 nodes a second
 * (https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/). A drill showed it.
 */
export const nodeGiveUpSeconds = 10;

/**
 * Seconds from the loss of a zone until replacements of its stateless pods have been asked for: the
 * node grace, what the pods tolerate, and the time until the last node's turn comes. Starting them (and a
 * node for them, where none has room) comes on top and depends on the image.
 *
 * @param nodesInZone nodes that the zone had.
 */
export function replacementSeconds(tolerationSeconds: number, nodesInZone = 1): number {
    return nodeGraceSeconds + tolerationSeconds + (nodesInZone - 1) * nodeGiveUpSeconds;
}
