import { PlayedEndpoint, type Reply } from "./route53Checks";
import type { EndpointHealth } from "./route53Endpoint";
import { Reckoning, type Rotation } from "./route53Reckoning";
import type { FailoverDns } from "./route53Records";

export { type Reply } from "./route53Checks";
export { checkersOfEach, leastHealthyCheckers } from "./route53Endpoint";
export { type Rotation, endpointsOf } from "./route53Reckoning";
export { type DnsAnswer, type FailoverDns, failoverDns } from "./route53Records";

/** What a drill with it can't prove. */
export const unprovedOfRoute53: readonly string[] = [
    "Route 53 is played by its documentation: how long it takes to gather its checkers' findings and to tell all its name servers is published nowhere and counts as nothing; so do answers on their way",
    "health checkers ask whether the cluster's Service has a ready endpoint in a zone that lives; no request is sent, so TLS, host names and firewalls are not seen, nor is a load balancer's own view of its targets (evaluateTargetHealth)",
    "how exactly CloudWatch's window and Route 53's copy of it move can only be seen on AWS: the metric is played with a point a minute, told when the minute is over",
    "resolvers ask anew as soon as an answer has lapsed; those, and clients, that keep answers longer are not seen",
];

export interface Route53Options {
    readonly dns: FailoverDns;
    /** What a request to a cluster meets now. */
    readonly ask: (cluster: string) => Reply;
    /** Seconds on the caller's clock. */
    readonly at: number;
    /** The same seed gives the same checkers and resolvers. @default 1 */
    readonly seed?: number;
}

/** Resolvers that are watched. Their answers lapse one after another, so that one has asked shortly before whatever happens. */
export const resolverCount = 100;

interface Resolver {
    cluster: string;
    /** When its answer lapses. */
    askAt: number;
}

/**
 * Route 53 for one name, and those who ask it: its health checkers ask, its checks are reckoned, its records answer, and resolvers keep
 * the answers for their TTL. It has no clock of its own; whoever has it says what time it is.
 */
export class Route53 {
    readonly #reckoning: Reckoning;
    readonly #resolvers: readonly Resolver[];

    constructor({ dns, ask, at, seed = 1 }: Route53Options) {
        this.#reckoning = new Reckoning({ dns, at, seed, endpoint: (check, own) => new PlayedEndpoint(check, { at, seed: own, ask: () => ask(check.cluster) }) });
        this.#resolvers = Array.from({ length: resolverCount }, (_, index) => {
            const { cluster, ttlSeconds } = this.#reckoning.answer();
            return { cluster, askAt: at + ((index + 1) / resolverCount) * ttlSeconds };
        });
        this.advance(at);
    }

    /** Lets happen what is due. Time must come in steps that are small against the checks' interval. */
    advance(now: number): void {
        this.#reckoning.advance(now);
        for (const resolver of this.#resolvers) {
            while (now >= resolver.askAt) {
                const { cluster, ttlSeconds } = this.#reckoning.answer();
                resolver.cluster = cluster;
                resolver.askAt += ttlSeconds;
            }
        }
    }

    /** Clusters that the name leads to now. */
    rotation(): readonly string[] {
        return this.#reckoning.rotation();
    }

    /** Each change of that, the beginning included. */
    get rotations(): readonly Rotation[] {
        return this.#reckoning.rotations;
    }

    /** Resolvers that answer with a cluster now. */
    resolversWith(cluster: string): number {
        return this.#resolvers.filter(resolver => resolver.cluster === cluster).length;
    }

    /** How its checkers find a cluster's endpoint. */
    endpoint(name: string): EndpointHealth {
        return this.#reckoning.endpoint(name);
    }
}
