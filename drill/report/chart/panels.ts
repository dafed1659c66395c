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
    /** Names of the series. */
    readonly title: string;
    readonly unit: string;
    readonly lines: readonly Line[];
    readonly floors: readonly Floor[];
}

/** Names that a drill's main panel is about. */
const readiness = /^ready\b/i;

/**
 * A pair's series on as few axes as are clear: ours and the naive one's together, and with them others of the same unit
 * that were promised the same. The first panel is that of what is ready, or else of the first series; it is drawn large.
 */
export function panelsOf({ ours, naive }: Pair): Panel[] {
    const lines = [...linesOf(ours), ...linesOf(naive)];
    const main = lines.some(({ series }) => readiness.test(series.name)) ? readiness : undefined;
    const promised = (name: string): number | undefined => lines.find(({ series }) => series.name === name)?.series.floor;
    const keyOf = ({ name, unit }: Series): string => JSON.stringify([main?.test(name) === true, unit, promised(name)]);
    const keys = [...new Set(lines.map(({ series }) => keyOf(series)))];
    return keys
        .map(key => panel(lines.filter(({ series }) => keyOf(series) === key)))
        .sort((a, b) => Number(isMain(b, main)) - Number(isMain(a, main)));
}

/** The last second that anything of the pair is about: where its time axis ends. */
export function endOf({ ours, naive }: Pair): number {
    const ends = [ours, naive].flatMap(result => (result === undefined ? [] : [lastSecond(result), ...result.marks.map(({ at }) => at)]));
    return Math.max(1, ...ends.filter(Number.isFinite));
}

function isMain({ lines }: Panel, main: RegExp | undefined): boolean {
    return lines.some(({ series }) => main?.test(series.name) === true);
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

function panel(lines: readonly Omit<Line, "rank">[]): Panel {
    const names = [...new Set(lines.map(({ series }) => series.name))];
    return {
        title: dotted(...names),
        unit: lines[0]?.series.unit ?? "",
        // By name, so that the same series has the same rank on both sides.
        lines: lines.map(line => ({ ...line, rank: names.indexOf(line.series.name) })),
        floors: floorsOf(lines),
    };
}

function floorsOf(lines: readonly Omit<Line, "rank">[]): Floor[] {
    const values = [...new Set(lines.map(({ series }) => series.floor).filter(floor => floor !== undefined))];
    return values.map(value => ({ value, subjects: [...new Set(lines.filter(({ series }) => series.floor === value).map(({ subject }) => subject))] }));
}
