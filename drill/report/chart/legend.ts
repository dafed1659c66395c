import { el, type Markup } from "../../../plan/page/markup";
import type { Pair } from "../compare";
import { isFilled, panelsOf, type Line } from "./panels";
import { look } from "./plot";

/** Explains the chart's lines, and only those that occur in it. */
export function legend(pair: Pair): Markup {
    const panels = panelsOf(pair);
    const lines = panels.flatMap(panel => panel.lines);
    const distinct = [...new Map(lines.filter(line => !isFilled(line)).map(line => [look(line), line])).values()];
    const filled = [...new Set(lines.filter(isFilled).map(({ series }) => series.name))];
    const several = panels.some(panel => new Set(panel.lines.filter(line => !isFilled(line)).map(({ rank }) => rank)).size > 1);
    const naive = pair.naive === undefined || pair.naive.cluster === pair.cluster ? "naive stack" : `naive stack (${pair.naive.cluster})`;
    const name = ({ subject, series, rank }: Line): string => {
        const of = subject === "stack" ? "the stack" : naive;
        return several ? `${of}: ${namesOf(lines, rank, series.name)}` : of;
    };
    return el(
        "figcaption",
        {},
        distinct.map(line => entry(40, look(line), name(line))),
        filled.length === 0 ? "" : entry(40, "fall", filled.join(", ")),
        panels.some(({ floors }) => floors.length > 0) ? entry(40, "floor", "promised") : "",
        ((pair.ours ?? pair.naive)?.marks.length ?? 0) > 0 ? entry(8, "mark", "event") : "",
        pair.ours !== undefined && (pair.naive?.marks.length ?? 0) > 0 ? entry(8, "naive-mark", "event, naive stack") : "",
    );
}

/** All names that are drawn alike, in whichever panel. */
function namesOf(lines: readonly Line[], rank: number, own: string): string {
    return [...new Set([own, ...lines.filter(line => line.rank === rank && !isFilled(line)).map(({ series }) => series.name)])].join(", ");
}

/** A stroke of a line's looks, or, where it is narrow, an upright one; of what is filled a bar. */
function entry(width: 40 | 8, tone: string, text: string): Markup {
    const d = tone === "fall" ? "M1 3H39V13H1Z" : width === 40 ? "M1 8H39" : "M4 1V15";
    const sample = el("svg", { class: width === 40 ? "sample" : "sample upright", viewBox: `0 0 ${width} 16`, "aria-hidden": "true" }, el("path", { class: tone, d }));
    return el("span", {}, sample, text);
}
