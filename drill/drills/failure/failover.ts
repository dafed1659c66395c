import type { FailoverConfig } from "../../../components/config";
import type { PromiseResult } from "../../result";
import type { Rotation } from "../../standIns/route53";
import { secondsText } from "../disruption/promises";

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

/** A cluster's return, as the name saw it. Times in seconds. */
export interface Return {
    readonly failover: FailoverConfig;
    readonly lost: string;
    /** Where the name led since. */
    readonly back: readonly Rotation[];
    /** When its own check passed again. */
    readonly healthyAt: number;
    /** Until when it was watched. */
    readonly endedAt: number;
}

/** The promise about a cluster that is back: it stays out for the hold-down, or until people decide, or is in at once. */
export function failbackPromise({ failover: { mode, failback }, lost, back, healthyAt, endedAt }: Return): PromiseResult {
    const returned = back.find(({ clusters }) => clusters.includes(lost));
    const watched = secondsText(endedAt - healthyAt);
    const measured = returned === undefined ? `not in ${watched} of health that were watched` : `after ${secondsText(Math.max(0, returned.at - healthyAt))} of health`;
    const name = `the name leads to ${lost} again`;
    if (mode === "active-passive" && failback === "manual") {
        return { name, promised: "by hand alone", measured, kept: back.length === 0 };
    }
    if (mode === "active-passive" && failback !== "manual" && failback.holdMinutes > 0) {
        return { name, promised: `not before ${failback.holdMinutes} min of health`, measured, kept: back.length === 0 };
    }
    return { name, promised: "at once, as config says", measured, kept: back.length === 1 && returned !== undefined };
}
