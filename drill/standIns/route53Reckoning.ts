import { draw } from "./loads";
import type { EndpointHealth } from "./route53Endpoint";
import { StatusMetric } from "./route53Metric";
import type { AlarmCheck, Check, DnsAnswer, EndpointCheck, FailoverDns, SwitchCheck } from "./route53Records";

export interface ReckoningOptions {
    readonly dns: FailoverDns;
    /** Seconds on the caller's clock. */
    readonly at: number;
    /** Makes the checkers of an endpoint. They begin now. */
    readonly endpoint: (check: EndpointCheck, seed: number) => EndpointHealth;
    /**
     * Whether a cluster's load balancer has a healthy target, for records that go by that too (evaluateTargetHealth).
     *
     * @default every load balancer has
     */
    readonly targetsHealthy?: (cluster: string) => boolean;
    /** The same seed gives the same answers. @default 1 */
    readonly seed?: number;
}

/** Clusters that are answered with from a moment on. */
export interface Rotation {
    readonly at: number;
    readonly clusters: readonly string[];
}

/**
 * What Route 53 makes of its checkers' findings for one name: which of its records it answers with. It has no clock of its own; whoever
 * has it says what time it is.
 */
export class Reckoning {
    readonly #endpoints = new Map<EndpointCheck, { readonly health: EndpointHealth; readonly metric: StatusMetric }>();
    readonly #thrown = new Set<SwitchCheck>();
    readonly #rotations: Rotation[] = [];
    #now: number;
    #answered = 0;

    constructor(private readonly options: ReckoningOptions) {
        const { dns, at, endpoint, seed = 1 } = options;
        this.#now = at;
        [...new Set(dns.answers.flatMap(({ check }) => endpointsOf(check)))].forEach((check, index) => {
            const own = seed * 1000 + index;
            // Minutes of the clock began at some time before.
            const metric = new StatusMetric(at - draw(own, -1) * 60);
            this.#endpoints.set(check, { health: endpoint(check, own), metric });
        });
    }

    /** Lets happen what is due. Time must come in steps that are small against the checks' interval. */
    advance(now: number): void {
        this.#now = now;
        for (const { health, metric } of this.#endpoints.values()) {
            health.advance(now);
            metric.advance(now, health.healthy);
        }
        this.#throwSwitches();
        const clusters = this.rotation();
        if (clusters.join() !== this.#rotations.at(-1)?.clusters.join()) {
            this.#rotations.push({ at: now, clusters });
        }
    }

    /** Clusters that the name leads to now. */
    rotation(): readonly string[] {
        return this.#inForce().map(({ cluster }) => cluster);
    }

    /** Each change of that, the beginning included; it grows. */
    get rotations(): readonly Rotation[] {
        return this.#rotations;
    }

    /** How its checkers find a cluster's endpoint. */
    endpoint(name: string): EndpointHealth {
        const found = [...this.#endpoints].find(([{ cluster }]) => cluster === name)?.[1].health;
        if (found === undefined) {
            throw new Error(`no health check asks ${name}`);
        }
        return found;
    }

    /** The answer to one question: of several records, each as often as its weight says. */
    answer(): DnsAnswer {
        const inForce = this.#inForce();
        const total = inForce.reduce((sum, { weight }) => sum + weight, 0);
        let rest = draw(this.options.seed ?? 1, this.#answered++) * total;
        const chosen = inForce.find(({ weight }) => (rest -= weight) < 0) ?? inForce[0];
        if (chosen === undefined) {
            throw new Error(`${this.options.dns.domain} has no record`);
        }
        return chosen;
    }

    /**
     * The records that are answered with. Of two with roles, the secondary only while it is healthy and the primary is not
     * (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html, Failover); of weighted ones all that are
     * healthy, and where none is, all (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html).
     */
    #inForce(): readonly DnsAnswer[] {
        const { answers } = this.options.dns;
        const healthy = answers.filter(answer => this.#isHealthy(answer));
        const primary = answers.find(({ role }) => role === "PRIMARY");
        if (primary === undefined) {
            return healthy.length > 0 ? healthy : answers;
        }
        const secondary = healthy.find(({ role }) => role === "SECONDARY");
        return [healthy.includes(primary) ? primary : (secondary ?? primary)];
    }

    /**
     * A record with both must have its health check pass and what it is an alias of be healthy
     * (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html#dns-failover-complex-configs-hc-alias).
     * A load balancer without a healthy target is not, nor is one whose target group has no target
     * (https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html, EvaluateTargetHealth).
     */
    #isHealthy({ check, cluster, evaluateTargetHealth = false }: DnsAnswer): boolean {
        const { targetsHealthy = () => true } = this.options;
        return this.#passes(check) && (!evaluateTargetHealth || targetsHealthy(cluster));
    }

    #passes(check: Check): boolean {
        switch (check.kind) {
            case "endpoint":
                return this.#endpoints.get(check)?.health.healthy === true;
            case "calculated":
                return check.children.filter(child => this.#passes(child)).length >= check.threshold;
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
export function endpointsOf(check: Check): readonly EndpointCheck[] {
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
