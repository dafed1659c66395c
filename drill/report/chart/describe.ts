import type { DrillResult } from "../../result";
import type { Pair } from "../compare";
import { moment, value } from "../words";
import { panelsOf, type Line, type Panel } from "./panels";
import { factsOf } from "./steps";

/** A chart in words, for those who do not see it: every line's course, every floor, every mark. */
export function describe(pair: Pair): string {
    const panels = panelsOf(pair).flatMap(describePanel);
    return [...panels, ...describeMarks(pair.ours), ...describeMarks(pair.naive)].join(" ");
}

/** A subject's name in a sentence. */
export function subjectName(subject: DrillResult["subject"]): string {
    return subject === "stack" ? "stack" : "naive stack";
}

function describePanel({ lines, unit }: Panel): string[] {
    return lines.map(line => describeLine(line, unit));
}

/** "ready replicas, stack: 3 at first, lowest 2 from 6.2 s, 3 at the end since 83.1 s; never under the promised 2." */
function describeLine({ subject, series, steps, end }: Line, unit: string): string {
    const facts = factsOf(steps, end);
    if (facts === undefined) {
        return "";
    }
    const { first, lowest, highest, last, secondsUnder } = facts;
    const name = `${series.panel === undefined ? "" : `${series.panel}: `}${series.name}${unit === "" || series.name.includes(unit) ? "" : ` (${unit})`}, ${subjectName(subject)}:`;
    const course =
        lowest[1] === highest[1]
            ? `${value(first[1])} throughout`
            : [
                  `${value(first[1])} at first`,
                  ...(lowest[1] === first[1] ? [] : [`lowest ${value(lowest[1])} from ${moment(lowest[0])}`]),
                  ...(highest[1] === first[1] ? [] : [`highest ${value(highest[1])} from ${moment(highest[0])}`]),
                  `${value(last[1])} at the end since ${moment(last[0])}`,
              ].join(", ");
    return `${name} ${course}${series.floor === undefined ? "" : `; ${underFloor(series.floor, secondsUnder(series.floor))}`}.`;
}

function underFloor(floor: number, seconds: number): string {
    return seconds === 0 ? `never under the promised ${value(floor)}` : `under the promised ${value(floor)} for ${moment(seconds)}`;
}

function describeMarks(result: DrillResult | undefined): string[] {
    return result === undefined || result.marks.length === 0
        ? []
        : [`Marks of the ${subjectName(result.subject)}: ${result.marks.map(({ at, text }) => `${moment(at)} ${text}`).join("; ")}.`];
}
