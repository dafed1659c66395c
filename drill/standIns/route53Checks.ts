import { draw } from "./loads";
import type { EndpointCheck } from "./route53Records";

/** What a request to a cluster meets: an answer, a load balancer that says at once that nobody is there, or nothing at all. */
export type Reply = "answers" | "refuses" | "silent";

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

/** Longest time to connect, in seconds; a status must come within two more (same source). */
const connectSeconds = 4;

/** One of those who ask. They do not go by each other. */
interface Checker {
    /** When it asks next. */
    askAt: number;
    /** The request in the air. */
    asked: { readonly endsAt: number; readonly passed: boolean } | undefined;
    /** Until its next request after the first answer, in seconds: this spreads the checkers out. */
    readonly firstPause: number;
    answers: number;
    /** Answers in a row that speak against what it holds. */
    against: number;
    healthy: boolean;
}

/** An endpoint as its checkers see it. It counts as healthy at first, as a new check does. */
export class EndpointHealth {
    readonly #checkers: readonly Checker[];

    constructor(
        private readonly check: EndpointCheck,
        { at, seed }: { readonly at: number; readonly seed: number },
    ) {
        this.#checkers = Array.from({ length: checkersOfEach }, (_, index) => ({
            askAt: at,
            asked: undefined,
            firstPause: draw(seed, index) * check.intervalSeconds,
            answers: 0,
            against: 0,
            healthy: true,
        }));
    }

    /** Checkers that find it healthy. */
    get count(): number {
        return this.#checkers.filter(({ healthy }) => healthy).length;
    }

    get healthy(): boolean {
        return this.count >= leastHealthyCheckers;
    }

    /** Lets the checkers do what is due. */
    advance(now: number, ask: () => Reply): void {
        for (const checker of this.#checkers) {
            this.#advance(checker, now, ask);
        }
    }

    #advance(checker: Checker, now: number, ask: () => Reply): void {
        for (;;) {
            if (checker.asked === undefined && now >= checker.askAt) {
                const reply = ask();
                checker.asked = { endsAt: checker.askAt + (reply === "silent" ? connectSeconds : 0), passed: reply === "answers" };
            }
            if (checker.asked === undefined || now < checker.asked.endsAt) {
                return;
            }
            const { endsAt, passed } = checker.asked;
            this.#take(checker, passed);
            checker.asked = undefined;
            // "between the time that Route 53 gets a response from your endpoint and the time that it sends the next health check request":
            // https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html, RequestInterval.
            checker.askAt = endsAt + (checker.answers === 1 ? checker.firstPause : this.check.intervalSeconds);
        }
    }

    /** "the number of consecutive health checks that an endpoint must pass or fail" to change the status: the same source, FailureThreshold. */
    #take(checker: Checker, passed: boolean): void {
        checker.answers++;
        checker.against = passed === checker.healthy ? 0 : checker.against + 1;
        if (checker.against >= this.check.failures) {
            checker.healthy = passed;
            checker.against = 0;
        }
    }
}

/** Health check metrics have one-minute points (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html). */
const pointSeconds = 60;

/** The metric of an endpoint's check: for each minute whether it was healthy throughout, told when the minute is over. */
export class StatusMetric {
    readonly #points: { readonly start: number; readonly healthy: boolean }[] = [];
    #start: number;
    #healthy = true;

    /** @param at a minute's beginning. */
    constructor(at: number) {
        this.#start = at;
    }

    advance(now: number, healthy: boolean): void {
        while (now >= this.#start + pointSeconds) {
            this.#points.push({ start: this.#start, healthy: this.#healthy });
            this.#start += pointSeconds;
            this.#healthy = true;
        }
        this.#healthy &&= healthy;
    }

    /**
     * Whether no point of a window was unhealthy; missing ones are none. The window slides along with every look, as CloudWatch's do
     * by default (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html), and alarms are looked
     * at once a minute: so a point counts for as long as the window is, from when it is told.
     */
    wasHealthy(now: number, windowSeconds: number): boolean {
        return this.#points.every(({ start, healthy }) => healthy || start + pointSeconds <= now - windowSeconds);
    }
}
