import { count } from "../../plan/page/words";
import type { DrillReport, DrillResult, PromiseResult } from "../result";
import { type Verdict, clusterTitle } from "./compare";

/** How long something took: "5.3 s", "83 s", "11 min 32 s". */
export function duration(seconds: number): string {
    const whole = Math.round(seconds);
    if (whole >= 120) {
        const rest = whole % 60;
        return `${Math.floor(whole / 60)} min${rest === 0 ? "" : ` ${rest} s`}`;
    }
    return `${seconds < 9.95 ? tenth(seconds) : whole} s`;
}

/** When something happened, in seconds since the drill began: "53.2 s". */
export function moment(seconds: number): string {
    return `${seconds.toFixed(1)} s`;
}

/** A whole number with its thousands apart: "19,320". Written out so that no locale changes a report. */
export function grouped(number: number): string {
    return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A counted value, to a tenth where it is no whole number. */
export function value(number: number): string {
    return String(tenth(number));
}

/** One line of text that no character in it moves, colours or ends. Names and messages come from outside. */
export function line(text: string): string {
    return text
        .replace(/\s+/g, " ")
        .replace(/\p{Cc}/gu, "\ufffd")
        .trim();
}

/** "promised 2 of 3, measured 1 of 3". */
export function promisedAndMeasured({ promised, measured }: PromiseResult): string {
    return `promised ${promised}, measured ${measured}`;
}

/** How a run went: "3 of 3 promises kept". */
export function keptOf({ promises }: DrillResult): string {
    return promises.length === 0
        ? "nothing was promised"
        : `${promises.filter(({ kept }) => kept).length} of ${count(promises.length, "promise")} kept`;
}

/** The last word: how many promises were kept, and what the naive stack broke. */
export function lastWord({ promises, kept, naiveBroke, naiveKept }: Verdict): string {
    const ours = `${kept} of ${count(promises, "promise")} kept`;
    const tried = naiveBroke.length + naiveKept.length;
    if (tried === 0) {
        return `${ours}. The naive stack was not drilled, so nothing here shows that a drill can fail.`;
    }
    const named = naiveBroke.length === 0 ? "" : `: ${naiveBroke.join(", ")}`;
    return `${ours}. The naive stack broke ${naiveBroke.length} of ${count(tried, "drill")}${named}.`;
}

/** What weakens the verdict, a sentence each; empty where all that was asked for was done, and every drill was seen to fail. */
export function doubts({ naiveBroke, naiveKept, blind, notOnNaive, lacking }: Verdict): string[] {
    const whole = naiveKept.filter(drill => !blind.includes(drill));
    return [
        ...(blind.length === 0 ? [] : [`The naive stack must break ${blind.join(", ")}, and kept all of it: what these drills say is worth nothing.`]),
        ...(whole.length === 0
            ? []
            : [`The naive stack kept every promise of ${whole.join(", ")}: nothing here shows that ${whole.length === 1 ? "this drill" : "these drills"} can fail.`]),
        ...(lacking.length === 0 ? [] : [`Not all that was asked for could be done: this machine lacks what ${lacking.join(", ")} ${lacking.length === 1 ? "wants" : "want"}.`]),
        ...(notOnNaive.length === 0 || naiveBroke.length + naiveKept.length === 0 ? [] : [`Not run on the naive stack: ${notOnNaive.join(", ")}.`]),
    ];
}

/** A mark for a promise that was kept or broken; where it stands alone, a word goes with it. */
export function tick(kept: boolean): "\u2713" | "\u2717" {
    return kept ? "\u2713" : "\u2717";
}

/** Rounded to a tenth. */
export function tenth(number: number): number {
    return Math.round(number * 10) / 10;
}

/** Drills that were not done, a line each: "cluster loss, all clusters: the stack has no failover"; "lossy link, east: can't be done here: wirefilter is missing: apt-get install vde2". */
export function leftOutLines({ leftOut }: DrillReport): string[] {
    return leftOut.map(({ drill, cluster, why, lacking }) => `${drill}, ${clusterTitle(cluster)}: ${lacking === true ? "can't be done here: " : ""}${why}`);
}
