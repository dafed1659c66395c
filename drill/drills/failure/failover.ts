import type { FailoverConfig, HoldfastConfig } from "../../../components/config";
import type { PromiseResult } from "../../result";
import type { Rotation, Route53 } from "../../standIns/route53";
import { secondsText } from "../disruption/promises";

/** Why the loss of a cluster can't be drilled on those that there are, by their names; undefined where it can. */
export function failoverObstacle({ clusters, failover }: Pick<HoldfastConfig, "clusters" | "failover">, there: readonly string[]): string | undefined {
    if (failover === undefined) {
        return "the stack has no failover";
    }
    const elsewhere = [...clusters, ...failover.members].map(({ name }) => name).filter(name => !there.includes(name));
    return elsewhere.length === 0 ? undefined : `failover leads to clusters of other stacks: ${elsewhere.join(", ")}`;
}

/** The promise that the name leads away from a lost cluster once, and does not waver. */
export function movePromise(before: readonly string[], moves: readonly Rotation[], survivors: readonly string[]): PromiseResult {
    return {
        name: "the name leads to",
        promised: path([before, survivors]),
        measured: path([before, ...moves.map(({ clusters }) => clusters)]),
        kept: moves.length === 1 && moves[0]?.clusters.join() === survivors.join(),
    };
}

function path(rotations: readonly (readonly string[])[]): string {
    return rotations.map(clusters => clusters.join(" and ")).join(", then ");
}

/** How long a cluster that is back must stay out: so many minutes, "manual" until people decide, or 0. */
export function holdOf({ mode, failback }: FailoverConfig): number | "manual" {
    return mode === "active-active" ? 0 : failback === "manual" ? failback : failback.holdMinutes;
}

/** How long "by hand alone" is watched, in minutes. */
const manualMinutes = 6 * 60;

/** How much longer than promised a hold-down is watched, and how long after the return whether it lasts, in minutes. */
const patienceMinutes = 10;

/** Time between two steps of a clock that is moved on, in seconds: small against a check's interval. */
const stepSeconds = 1;

/**
 * Moves Route 53's clock on from when a lost cluster was found healthy, until the name has led there again for a while, or should have
 * for long. Nothing happens to the clusters meanwhile: whoever asks gets the answers that `ask` then has.
 *
 * @param healthyAt when its own check passed again.
 * @param from what the time is. In seconds.
 * @returns what the time is then.
 */
export function moveOn(route53: Pick<Route53, "advance" | "rotation">, { lost, hold, healthyAt, from }: { readonly lost: string; readonly hold: number | "manual"; readonly healthyAt: number; readonly from: number }): number {
    const latest = healthyAt + 60 * (hold === "manual" ? manualMinutes : hold + patienceMinutes);
    let at = from;
    let until = latest;
    while (at < until) {
        at += stepSeconds;
        route53.advance(at);
        if (until === latest && hold !== "manual" && route53.rotation().includes(lost)) {
            until = at + patienceMinutes * 60;
        }
    }
    return at;
}

/** A cluster's return, as the name saw it. Times in seconds. */
export interface Return {
    readonly hold: number | "manual";
    readonly lost: string;
    /** Where the name led since. */
    readonly back: readonly Rotation[];
    /** When its own check passed again. */
    readonly healthyAt: number;
    /** Until when it was watched. */
    readonly endedAt: number;
}

/**
 * How much later than after its hold-down a cluster may be led to, in minutes: health is told once a minute, and an alarm looks at it as
 * often (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html;
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html).
 */
const lateMinutes = 2;

/** The promise about a cluster that is back: it stays out for the hold-down and no longer, or until people decide, or is in at once. */
export function failbackPromise({ hold, lost, back, healthyAt, endedAt }: Return): PromiseResult {
    const returned = back.find(({ clusters }) => clusters.includes(lost));
    const name = `the name leads to ${lost} again`;
    // A step is what both moments may be off by.
    const after = returned === undefined ? undefined : Math.max(0, returned.at - healthyAt);
    const wavered = back.length > 1 ? `, then to ${back.slice(1).map(({ clusters }) => clusters.join(" and ")).join(", then ")}` : "";
    const measured = (text: (seconds: number) => string): string => (after === undefined ? `not in ${minutesText(endedAt - healthyAt)}` : `${text(after)} after it is healthy${wavered}`);
    if (hold === "manual") {
        return { name, promised: `by hand alone, so not within ${minutesText(manualMinutes * 60)}`, measured: measured(minutesText), kept: back.length === 0 };
    }
    const once = after !== undefined && back.length === 1;
    if (hold === 0) {
        return { name, promised: "at once", measured: measured(secondsText), kept: once && after <= stepSeconds };
    }
    return {
        name,
        promised: `${hold} to ${hold + lateMinutes} min after it is healthy`,
        measured: measured(minutesText),
        kept: once && after >= hold * 60 - stepSeconds && after <= (hold + lateMinutes) * 60,
    };
}

/** A duration in minutes, to a tenth: "30.4 min"; whole hours as such. */
function minutesText(seconds: number): string {
    const minutes = Math.round(seconds / 6) / 10;
    return minutes > 0 && minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
