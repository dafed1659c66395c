import type { Series } from "../../result";
import { longestGap } from "../../stage/timeline";
import type { Outcome } from "./outcome";

/** What became of the requests of a while. */
export interface Figures {
    readonly sent: number;
    readonly failed: number;
    /** Longest time, in seconds, in which no request was answered though some were sent. */
    readonly longestGapSeconds: number;
    /** Time within which 99 of 100 of the answered ones were answered, in seconds; undefined where none was. Failed ones are not in it. */
    readonly p99Seconds: number | undefined;
    /** How often each fault was met, the most frequent first. */
    readonly errors: ReadonlyMap<string, number>;
}

/**
 * Reckons those requests that began from one moment on and before another. Only ended ones are known: stop the client first, or let
 * its timeout pass.
 *
 * @param from seconds on the clock of the outcomes.
 */
export function figuresOf(outcomes: readonly Outcome[], from: number, to: number): Figures {
    const within = outcomes.filter(({ at }) => at >= from && at < to);
    const answered = within.filter(({ ok }) => ok);
    return {
        sent: within.length,
        failed: within.length - answered.length,
        longestGapSeconds: gapOf(within),
        p99Seconds: percentile(answered.map(({ took }) => took), 99),
        errors: errorsOf(within),
    };
}

/** The longest time between two answers, the first request's start and the last one's end included. */
function gapOf(outcomes: readonly Outcome[]): number {
    const [first] = outcomes;
    const answers = outcomes.filter(({ ok }) => ok).map(endOf).sort((one, other) => one - other);
    const last = outcomes.map(endOf).reduce((latest, end) => Math.max(latest, end), 0);
    return first === undefined ? 0 : longestGap([first.at, ...answers, last]);
}

function endOf({ at, took }: Outcome): number {
    return at + took;
}

/** By the nearest rank: the least value that so many of a hundred are not above. */
function percentile(values: readonly number[], percent: number): number | undefined {
    return [...values].sort((one, other) => one - other)[Math.ceil((percent / 100) * values.length) - 1];
}

function errorsOf(outcomes: readonly Outcome[]): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { error } of outcomes) {
        if (error !== undefined) {
            counts.set(error, (counts.get(error) ?? 0) + 1);
        }
    }
    return new Map([...counts].sort(([, one], [, other]) => other - one));
}

/**
 * A client's requests a second over time, answered and failed, each where it began: so the failures of an outage begin with it, and not when
 * the first client has given up.
 *
 * @param client whose they are: both are drawn on axes of that name.
 * @param bucketSeconds time that one value is for.
 */
export function seriesOf(outcomes: readonly Outcome[], client: string, bucketSeconds = 1): readonly Series[] {
    const bucketOf = ({ at }: Outcome): number => Math.floor(at / bucketSeconds);
    const buckets = outcomes.map(bucketOf);
    const first = buckets[0] ?? 0;
    const length = outcomes.length === 0 ? 0 : (buckets.at(-1) ?? first) - first + 1;
    const counts = { answered: new Array<number>(length).fill(0), failed: new Array<number>(length).fill(0) };
    for (const outcome of outcomes) {
        const kind = outcome.ok ? counts.answered : counts.failed;
        const place = bucketOf(outcome) - first;
        kind[place] = (kind[place] ?? 0) + 1;
    }
    // The last one is cut short by the end: that fewer were answered in it says nothing.
    const whole = Math.max(1, length - 1);
    const samples = (of: readonly number[]): Series["samples"] => of.map((count, index) => [(first + index) * bucketSeconds, count / bucketSeconds]);
    const common = { unit: "requests a second", panel: client };
    return [
        { name: "answered", ...common, samples: samples(counts.answered.slice(0, whole)) },
        { name: "failed", ...common, samples: samples(counts.failed), tone: "broken" },
    ];
}
