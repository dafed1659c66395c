import { dotted } from "../../../plan/page/words";
import type { DrillResult, Series } from "../../result";
import type { Pair } from "../compare";
import { stepsOf, type Step } from "./steps";

export type Subject = DrillResult["subject"];

/** One step line. */
export interface Line {
    readonly subject: Subject;
    readonly series: Series;
    readonly steps: readonly Step[];
    /** Seconds until which the last value held. */
    readonly end: number;
    /** Counts the lines of this subject in its panel, which look different from each other. */
    readonly rank: number;
}

/** A line that must not be crossed, and whose it is. */
export interface Floor {
    readonly value: number;
    readonly subjects: readonly Subject[];
}

/** Lines on one pair of axes. */
export interface Panel {
    /** Names of the series, or of the axes where these have one of their own. */
    readonly title: string;
    /** Whose it is, where each subject has a panel of its own. */
    readonly subject: Subject | undefined;
    /** The highest value to find room for: of its own lines, and of those of the other subject's panel that it is compared with. */
    readonly peak: number;
    readonly unit: string;
    readonly lines: readonly Line[];
    readonly floors: readonly Floor[];
}

/** Names that a drill's main panel is about. */
const readiness = /^ready\b/i;

/**
 * A pair's series on as few axes as are clear: ours and the naive one's together, and with them others of the same unit
 * that were promised the same. Where something is drawn filled, one's would hide the other's: there each subject has a panel,
 * on a scale that both share, and these come first. Then comes what is ready, or else the first series. The first is drawn large.
 */
export function panelsOf({ ours, naive }: Pair): Panel[] {
    const lines = [...linesOf(ours), ...linesOf(naive)];
    const main = lines.some(({ series }) => readiness.test(series.name)) ? readiness : undefined;
    const promised = (name: string): number | undefined => lines.find(({ series }) => series.name === name)?.series.floor;
    const keyOf = ({ name, unit, panel: axes }: Series): string => JSON.stringify(axes ?? [main?.test(name) === true, unit, promised(name)]);
    const keys = [...new Set(lines.map(({ series }) => keyOf(series)))];
    return keys
        .flatMap(key => panelsOn(lines.filter(({ series }) => keyOf(series) === key)))
        .sort((a, b) => placeOf(a, main) - placeOf(b, main));
}

/** Whether a line is drawn filled. */
export function isFilled({ series }: Pick<Line, "series">): boolean {
    return series.tone === "broken";
}

/** The last second that anything of the pair is about: where its time axis ends. */
export function endOf({ ours, naive }: Pair): number {
    const ends = [ours, naive].flatMap(result => (result === undefined ? [] : [lastSecond(result), ...result.marks.map(({ at }) => at)]));
    return Math.max(1, ...ends.filter(Number.isFinite));
}

function placeOf({ lines }: Panel, main: RegExp | undefined): 0 | 1 | 2 {
    return lines.some(isFilled) ? 0 : lines.some(({ series }) => main?.test(series.name) === true) ? 1 : 2;
}

/** The panels of lines that share axes: one, or one a subject. */
function panelsOn(lines: readonly Omit<Line, "rank">[]): Panel[] {
    const peak = Math.max(...lines.flatMap(({ steps }) => steps.map(([, value]) => value)));
    if (!lines.some(isFilled)) {
        return [panel(lines, peak, undefined)];
    }
    const subjects = [...new Set(lines.map(({ subject }) => subject))];
    return subjects.map(subject => panel(lines.filter(line => line.subject === subject), peak, subject));
}

function linesOf(result: DrillResult | undefined): Omit<Line, "rank">[] {
    return (result?.series ?? []).flatMap(series => {
        const steps = stepsOf(series);
        return result === undefined || steps.length === 0 ? [] : [{ subject: result.subject, series, steps, end: lastSecond(result) }];
    });
}

function lastSecond({ seconds, series }: DrillResult): number {
    return Math.max(seconds, ...series.map(({ samples }) => samples.at(-1)?.[0] ?? 0));
}

function panel(lines: readonly Omit<Line, "rank">[], peak: number, subject: Subject | undefined): Panel {
    const names = [...new Set(lines.map(({ series }) => series.name))];
    // What is filled looks like nothing else, and takes no line's place.
    const ranked = [...new Set(lines.filter(line => !isFilled(line)).map(({ series }) => series.name))];
    return {
        title: lines[0]?.series.panel ?? dotted(...names),
        subject,
        peak,
        unit: lines[0]?.series.unit ?? "",
        // By name, so that the same series has the same rank on both sides.
        lines: lines.map(line => ({ ...line, rank: Math.max(0, ranked.indexOf(line.series.name)) })),
        floors: floorsOf(lines),
    };
}

function floorsOf(lines: readonly Omit<Line, "rank">[]): Floor[] {
    const values = [...new Set(lines.map(({ series }) => series.floor).filter(floor => floor !== undefined))];
    return values.map(value => ({ value, subjects: [...new Set(lines.filter(({ series }) => series.floor === value).map(({ subject }) => subject))] }));
}
