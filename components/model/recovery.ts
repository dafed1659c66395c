/** How long recovery takes, in seconds, from the settings that are deployed. */

/** The settings of an endpoint's health check. */
export interface HealthCheck {
    /** Seconds from an answer until the same health checker asks again. */
    readonly intervalSeconds: number;
    /** Checks in a row that must fail. */
    readonly failures: number;
}

/** The settings of a health-checked DNS failover. */
export interface DnsFailover extends HealthCheck {
    /** Seconds that resolvers may keep an answer: the longest of the records that take part. */
    readonly ttlSeconds: number;
}

/**
 * Longest time, in seconds, that a check may take to fail: four to connect and two more for a status
 * (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html). What is lost as a
 * whole does not refuse, it says nothing, so every check takes its time. The next one is sent an interval after that
 * ("between the time that Amazon Route 53 gets a response from your endpoint and the time that it sends the next", RequestInterval in
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html). A drill showed it.
 */
export const checkTimeoutSeconds = 6;

/** Longest time until a check calls a lost endpoint unhealthy, in seconds: failures × (interval + timeout). */
export function noticeSeconds({ intervalSeconds, failures }: HealthCheck): number {
    return failures * (intervalSeconds + checkTimeoutSeconds);
}

/**
 * Recovery time objective of the loss of a whole cluster: the time to notice plus the time that old
 * answers live on, failures × (interval + timeout) + TTL. Resolvers and clients that ignore the TTL are not in it, nor
 * the time that Route 53 takes to tell its name servers, which AWS does not state.
 */
export function recoveryTimeObjective(dns: DnsFailover): number {
    return noticeSeconds(dns) + dns.ttlSeconds;
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
