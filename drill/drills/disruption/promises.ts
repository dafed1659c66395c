import type { DrillResult, PromiseResult, Series } from "../../result";
import type { Sampler, Stage } from "../../stage";

/**
 * What is allowed beyond the time that the model computes, in seconds: the controllers and the scheduler act, and a
 * replacement starts. A stand-in's pod runs after 1 to 1.25 s and is ready 2 s later; a real image takes its own time.
 */
export const startAllowanceSeconds = 10;

/** A count that must not fall below a floor: "2 of 3". What goes beyond all is not told. */
export function neverUnder(name: string, { floor, of, measured }: { readonly floor: number; readonly of: number; readonly measured: number }): PromiseResult {
    return { name, promised: `${floor} of ${of}`, measured: `${Math.min(measured, of)} of ${of}`, kept: measured >= floor };
}

/**
 * Something that must happen in time.
 *
 * @param took seconds; undefined where it did not happen while it was waited for.
 * @param instead what was there in its place, such as "2 of 3 after 120 s".
 */
export function within(name: string, seconds: number, took: number | undefined, instead: string): PromiseResult {
    return { name, promised: secondsText(seconds), measured: took === undefined ? instead : secondsText(took), kept: took !== undefined && took <= seconds };
}

/** Things that there must be none of, by name. */
export function none(name: string, found: readonly string[]): PromiseResult {
    return { name, promised: "none", measured: found.join(", ") || "none", kept: found.length === 0 };
}

/** A duration to a tenth of a second: "83.4 s". */
export function secondsText(seconds: number): string {
    return `${Math.round(seconds * 10) / 10} s`;
}

/** What a drill says of a stage. */
export interface Findings {
    readonly drill: string;
    readonly what: string;
    readonly promises: readonly PromiseResult[];
    readonly series: readonly Series[];
    readonly notes: readonly string[];
    /** Why nothing could be seen for a while, where that is meant. @default what is known: something was busy */
    readonly unseen?: string;
}

/** Longest time without a look that is not worth a word, in seconds. Two a second is what they should be. */
const unseenSeconds = 2;

/** The result of a drill whose sampler was stopped. It says so where for a while nothing was seen. */
export function resultOf({ subject: { subject }, cluster }: Stage, sampler: Sampler, { drill, what, promises, series, notes, unseen }: Findings): DrillResult {
    return { drill, subject, cluster, what, seconds: sampler.now(), promises, series, marks: sampler.marks, notes: [...notes, ...gapNotes(sampler, unseen)] };
}

/** A note where for a while nothing was seen, and why: what could not be seen could have been worse. */
export function gapNotes({ longestGap }: Pick<Sampler, "longestGap">, why = "the machine or the API server was busy, and what was measured says little of the stack"): readonly string[] {
    const gap = longestGap();
    return gap > unseenSeconds ? [`nothing was seen for ${secondsText(gap)}: ${why}`] : [];
}
