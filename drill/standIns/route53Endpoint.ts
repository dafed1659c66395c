/**
 * Checkers of one health check: two in each of the eight regions that Route 53 has them in (HealthCheckRegion in
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html). AWS says "a dozen or so locations"
 * (https://aws.amazon.com/blogs/aws/route-53-health-check-improvements-faster-interval-and-configurable-failover/).
 */
export const checkersOfEach = 16;

/**
 * Share of checkers that must find an endpoint healthy for it to be healthy: more than this
 * (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html).
 */
const healthyShare = 0.18;

/** Checkers that make an endpoint healthy. */
export const leastHealthyCheckers = Math.floor(healthyShare * checkersOfEach) + 1;

/** Longest time to connect, in seconds (same source). */
export const connectSeconds = 4;

/** Longest time from then until a status is there, in seconds (same source). */
export const statusSeconds = 2;

/** An endpoint as its checkers see it. It counts as healthy at first, as a new check does. */
export interface EndpointHealth {
    /** Checkers that find it healthy. */
    readonly count: number;
    readonly healthy: boolean;
    /** Lets the checkers do what is due. Seconds on the caller's clock. */
    advance(now: number): void;
}

/** What one checker holds of an endpoint. Checkers do not go by each other. */
export class Finding {
    #healthy = true;
    /** Answers in a row that speak against it. */
    #against = 0;
    #answers = 0;

    /**
     * @param firstPause seconds until the next request after the first answer: this spreads the checkers out.
     */
    constructor(
        private readonly check: { readonly intervalSeconds: number; readonly failures: number },
        private readonly firstPause: number,
    ) {}

    get healthy(): boolean {
        return this.#healthy;
    }

    /**
     * Takes an answer. "The number of consecutive health checks that an endpoint must pass or fail" changes the status
     * (https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html, FailureThreshold).
     *
     * @returns seconds until the next request, "between the time that Route 53 gets a response from your endpoint and the time that it
     * sends the next health check request" (the same source, RequestInterval).
     */
    take(passed: boolean): number {
        this.#against = passed === this.#healthy ? 0 : this.#against + 1;
        if (this.#against >= this.check.failures) {
            this.#healthy = passed;
            this.#against = 0;
        }
        return ++this.#answers === 1 ? this.firstPause : this.check.intervalSeconds;
    }
}

/** Checkers among these that find their endpoint healthy. */
export function countHealthy(checkers: readonly { readonly finding: Finding }[]): number {
    return checkers.filter(({ finding }) => finding.healthy).length;
}
