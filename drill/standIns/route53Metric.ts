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
