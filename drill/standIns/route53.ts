import { draw } from "./loads";
import { EndpointHealth, type Reply, StatusMetric } from "./route53Checks";
import type { AlarmCheck, Check, DnsAnswer, EndpointCheck, FailoverDns, SwitchCheck } from "./route53Records";

export { type Reply, checkersOfEach, leastHealthyCheckers } from "./route53Checks";
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

/** Clusters that are answered with from a moment on. */
export interface Rotation {
    readonly at: number;
    readonly clusters: readonly string[];
}

/**
 * Route 53 for one name: its health checkers ask, its checks are reckoned, its records answer, and resolvers keep the answers for
 * their TTL. It has no clock of its own; whoever has it says what time it is.
 */
export class Route53 {
    readonly #endpoints = new Map<EndpointCheck, { readonly health: EndpointHealth; readonly metric: StatusMetric }>();
    readonly #thrown = new Set<SwitchCheck>();
    readonly #resolvers: readonly Resolver[];
    readonly #rotations: Rotation[] = [];
    #now: number;
    #answered = 0;

    constructor(private readonly options: Route53Options) {
        const { dns, at, seed = 1 } = options;
        this.#now = at;
        [...new Set(dns.answers.flatMap(({ check }) => endpointsOf(check)))].forEach((check, index) => {
            const own = seed * 1000 + index;
            // Minutes of the clock began at some time before.
            const metric = new StatusMetric(at - draw(own, -1) * 60);
            this.#endpoints.set(check, { health: new EndpointHealth(check, { at, seed: own }), metric });
        });
        this.#resolvers = Array.from({ length: resolverCount }, (_, index) => {
            const { cluster, ttlSeconds } = this.#answer();
            return { cluster, askAt: at + ((index + 1) / resolverCount) * ttlSeconds };
        });
        this.advance(at);
    }

    /** Lets happen what is due. Time must come in steps that are small against the checks' interval. */
    advance(now: number): void {
        this.#now = now;
        for (const [check, { health, metric }] of this.#endpoints) {
            health.advance(now, () => this.options.ask(check.cluster));
            metric.advance(now, health.healthy);
        }
        this.#throwSwitches();
        const clusters = this.rotation();
        if (clusters.join() !== this.#rotations.at(-1)?.clusters.join()) {
            this.#rotations.push({ at: now, clusters });
        }
        for (const resolver of this.#resolvers) {
            while (now >= resolver.askAt) {
                const { cluster, ttlSeconds } = this.#answer();
                resolver.cluster = cluster;
                resolver.askAt += ttlSeconds;
            }
        }
    }

    /** Clusters that the name leads to now. */
    rotation(): readonly string[] {
        return this.#inForce().map(({ cluster }) => cluster);
    }

    /** Each change of that, the beginning included. */
    get rotations(): readonly Rotation[] {
        return this.#rotations;
    }

    /** Resolvers that answer with a cluster now. */
    resolversWith(cluster: string): number {
        return this.#resolvers.filter(resolver => resolver.cluster === cluster).length;
    }

    /** How its checkers find a cluster's endpoint. */
    endpoint(name: string): EndpointHealth {
        const found = [...this.#endpoints].find(([{ cluster }]) => cluster === name)?.[1].health;
        if (found === undefined) {
            throw new Error(`no health check asks ${name}`);
        }
        return found;
    }

    /**
     * The records that are answered with. Of two with roles, the secondary only while it is healthy and the primary is not
     * (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html, Failover); of weighted ones all that are
     * healthy, and where none is, all (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html).
     */
    #inForce(): readonly DnsAnswer[] {
        const { answers } = this.options.dns;
        const healthy = answers.filter(({ check }) => this.#healthy(check));
        const primary = answers.find(({ role }) => role === "PRIMARY");
        if (primary === undefined) {
            return healthy.length > 0 ? healthy : answers;
        }
        const secondary = healthy.find(({ role }) => role === "SECONDARY");
        return [healthy.includes(primary) ? primary : (secondary ?? primary)];
    }

    /** The answer to one question: of several records, each as often as its weight says. */
    #answer(): DnsAnswer {
        const inForce = this.#inForce();
        const total = inForce.reduce((sum, { weight }) => sum + weight, 0);
        let rest = draw(this.options.seed ?? 1, this.#answered++) * total;
        const chosen = inForce.find(({ weight }) => (rest -= weight) < 0) ?? inForce[0];
        if (chosen === undefined) {
            throw new Error(`${this.options.dns.domain} has no record`);
        }
        return chosen;
    }

    #healthy(check: Check): boolean {
        switch (check.kind) {
            case "endpoint":
                return this.#endpoints.get(check)?.health.healthy === true;
            case "calculated":
                return check.children.filter(child => this.#healthy(child)).length >= check.threshold;
            case "alarm":
                return this.#isQuiet(check);
            case "switch":
                return !check.inverted && !this.#thrown.has(check);
            default:
                return check satisfies never;
        }
    }

    #isQuiet({ of, windowSeconds }: AlarmCheck): boolean {
        return this.#endpoints.get(of)?.metric.wasHealthy(this.#now, windowSeconds) === true;
    }

    /** What an alarm has thrown stays thrown. */
    #throwSwitches(): void {
        for (const check of this.options.dns.answers.flatMap(answer => switchesOf(answer.check))) {
            if (check.thrownBy.some(alarm => !this.#isQuiet(alarm))) {
                this.#thrown.add(check);
            }
        }
    }
}

/** Endpoints that a check goes by. */
function endpointsOf(check: Check): readonly EndpointCheck[] {
    switch (check.kind) {
        case "endpoint":
            return [check];
        case "calculated":
            return check.children.flatMap(endpointsOf);
        case "alarm":
            return [check.of];
        case "switch":
            return check.thrownBy.map(({ of }) => of);
        default:
            return check satisfies never;
    }
}

function switchesOf(check: Check): readonly SwitchCheck[] {
    return check.kind === "switch" ? [check] : check.kind === "calculated" ? check.children.flatMap(switchesOf) : [];
}
