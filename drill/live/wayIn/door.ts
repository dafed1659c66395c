/** How a load balancer asks a target whether it is well. */
export interface TargetCheck {
    readonly protocol: "http" | "tcp";
    /** Of an HTTP check; "/" where there is none. */
    readonly path?: string;
    /** Statuses that are well, as ranges such as 200-399,401. @default 200-399 */
    readonly statuses?: string;
    /** A port of its own, the port that takes the traffic, or the one that kube-proxy answers on for a Service of policy Local. */
    readonly port: number | "traffic" | "healthCheckNodePort";
    /** Seconds from the start of a check to the start of the next. */
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    /** Checks in a row that must fail until a target is unhealthy. */
    readonly unhealthy: number;
    /** Checks in a row that must pass until an unhealthy target is healthy. */
    readonly healthy: number;
    /** Checks in a row that a target must pass when it is new. */
    readonly initial: number;
}

/** A port that a load balancer listens on. */
export interface Listen {
    readonly port: number;
    readonly tls: boolean;
    /** Sends everybody on to HTTPS. */
    readonly redirect?: boolean;
    /** Port of the Service behind it, by its number or its name; undefined where it only redirects. */
    readonly servicePort?: number | string;
}

/** One load balancer, as its controller would make it. */
export interface Door {
    readonly object: "Service" | "Ingress";
    readonly namespace: string;
    readonly name: string;
    /** Layer 4 passes connections on; layer 7 takes TLS off and routes by host. */
    readonly mode: "tcp" | "http";
    readonly listens: readonly Listen[];
    /** Layer 7: hosts that lead to the Service; others get 404. None: all lead there. */
    readonly hosts: readonly string[];
    /** The Service behind it, in the same namespace; a Service's own name for layer 4. */
    readonly service: string;
    /** Whom it sends to: ready endpoints, or the port of the Service on each node. */
    readonly targets: "pods" | "nodes";
    /** Nodes only: those without an endpoint of the Service are no targets. */
    readonly localNodes: boolean;
    /** Nodes only: each gets as much as it has ready endpoints, which the balancer learns with a check. */
    readonly weighted: boolean;
    readonly check: TargetCheck;
    /**
     * Seconds from the moment that a cluster has no use for a target any more (its endpoint is terminating or not ready, its node is gone) until it gets nothing new: the controller has to notice, to
     * tell its cloud, and the cloud to tell its balancers. Meanwhile it gets what any target gets, as far as it is healthy. 0: at once.
     */
    readonly withdrawSeconds: number;
    /** Seconds that connections of a target may go on after it was taken out. */
    readonly deregistrationSeconds: number;
    /** Whether it ends the connections of a target that became unhealthy. */
    readonly endsUnhealthy: boolean;
    /** Whether all targets get traffic when none is healthy. */
    readonly failsOpen: boolean;
    /** Other targets that a request is tried on when a connection does not come up. */
    readonly retries: number;
    /** Longest wait for a connection to a target, in seconds. */
    readonly connectSeconds: number;
    /** Time after which a silent connection is closed, in seconds. */
    readonly idleSeconds: number;
    /** A name with an address in each zone, or one address for all. */
    readonly spread: "one a zone" | "one";
    /** Whether the address of a zone leads to targets of all zones. */
    readonly crossZone: boolean;
    /** Longest time until a target that fell silent gets nothing new, in seconds: interval × unhealthy + timeout. */
    readonly detectionSeconds: number;
    /** What is different from the cloud's, a sentence each. */
    readonly unproved: readonly string[];
}

/** Longest time until a silent target counts as unhealthy, in seconds: interval × unhealthy + timeout. */
export function detectionSecondsOf({ intervalSeconds, unhealthy, timeoutSeconds }: Pick<TargetCheck, "intervalSeconds" | "unhealthy" | "timeoutSeconds">): number {
    return intervalSeconds * unhealthy + timeoutSeconds;
}

/** A door in words: `Service shop/shop`. */
export function nameOf({ object, namespace, name }: Pick<Door, "object" | "namespace" | "name">): string {
    return `${object} ${namespace}/${name}`;
}
