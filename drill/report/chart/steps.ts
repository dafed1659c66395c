import type { Series } from "../../result";

/** A value and the second from which on it held. */
export type Step = readonly [seconds: number, value: number];

/**
 * The moments at which a series changed, and no others: a sample that repeats the one before draws nothing. Everything a
 * step line shows is kept, however short a change was.
 */
export function stepsOf({ samples }: Series): Step[] {
    const steps: Step[] = [];
    for (const [seconds, value] of samples) {
        if (Number.isFinite(seconds) && Number.isFinite(value) && steps.at(-1)?.[1] !== value) {
            steps.push([seconds, value]);
        }
    }
    return steps;
}

/** What a step line comes to, for those who do not see it. */
export interface Facts {
    readonly first: Step;
    /** The lowest value, and when it was reached first. */
    readonly lowest: Step;
    readonly highest: Step;
    /** The value at the end, and since when. */
    readonly last: Step;
    /** Seconds below a floor. */
    readonly secondsUnder: (floor: number) => number;
}

/** @param end Seconds until which the last value held. */
export function factsOf(steps: readonly Step[], end: number): Facts | undefined {
    const [first] = steps;
    const last = steps.at(-1);
    if (first === undefined || last === undefined) {
        return undefined;
    }
    return {
        first,
        lowest: steps.reduce((low, step) => (step[1] < low[1] ? step : low)),
        highest: steps.reduce((high, step) => (step[1] > high[1] ? step : high)),
        last,
        secondsUnder: floor =>
            steps.reduce((sum, [from, value], index) => sum + (value < floor ? (steps[index + 1]?.[0] ?? Math.max(end, from)) - from : 0), 0),
    };
}
