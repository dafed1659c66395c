import { curveStepAfter, line as stepLine } from "d3-shape";

import { el, type Markup } from "../../../plan/page/markup";
import { label, type Face } from "../../../plan/page/svg";
import { tenth, value } from "../words";
import { isWhole, ticksOf, type Scale } from "./axes";
import { spread } from "./labels";
import { isFilled, type Floor, type Line, type Panel } from "./panels";
import type { Step } from "./steps";

/** Looks of lines that one subject has in one panel; a fourth looks like the first again. */
const looks = 3;

/** Pixels, high and wide, that the shortest bar has. */
const least = 2;

export const face: Face = { size: 11.5 };
const headingFace: Face = { size: 12.5, bold: true };

/** The ground a panel is drawn on, in the picture's own pixels. */
export interface Ground {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
    /** The picture's whole width: floors are named to the right of the plot. */
    readonly width: number;
}

/** The class of a line: solid for the stack, dashed for the naive one, and different for each further line; or of what is filled. */
export function look(line: Pick<Line, "subject" | "rank" | "series">): string {
    return isFilled(line) ? "fall" : `line ${line.subject} look${line.rank % looks}`;
}

/** A panel's name and unit, to be put over its marks' labels. */
export function heading({ title, unit, subject }: Panel, { left, width }: Ground, y: number): Markup {
    const whose = subject === undefined ? "" : subject === "stack" ? "the stack: " : "naive stack: ";
    return label({ x: left, y }, `${whose}${unit === "" || title.includes(unit) ? title : `${title}, ${unit}`}`, headingFace, width - left, { tone: "halo" });
}

/** The value axis with its grid. */
export function valueAxis(panel: Panel, ground: Ground, scale: Scale, count: number): Markup[] {
    return ticksOf(scale, count, isWhole(panel)).flatMap(({ value: at, text }) => [
        el("path", { class: at === 0 ? "axis" : "rule", d: `M${ground.left} ${edge(scale(at))}H${ground.right}` }),
        label({ x: ground.left - 8, y: scale(at) + 4 }, text, face, ground.left - 8, { tone: "muted", anchor: "end" }),
    ]);
}

/** The ground under what was promised, so that a line on its edge is seen to be on the right side of it. */
export function shade({ floors: all }: Panel, { left, right, bottom }: Ground, scale: Scale): Markup[] {
    const own = all.find(floor => isOurs(floor, all));
    const top = own === undefined ? bottom : scale(own.value);
    return top < bottom ? [el("rect", { class: "under", x: left, y: top, width: right - left, height: bottom - top })] : [];
}

/** What was promised, as a line through the plot with its value beside it. */
export function floors(panel: Panel, ground: Ground, scale: Scale): Markup[] {
    const heights = spread(panel.floors.map(floor => scale(floor.value)), face.size + 3, ground.top, ground.bottom);
    return panel.floors.flatMap((floor, index) => [
        el("path", { class: "floor", d: `M${ground.left} ${edge(scale(floor.value))}H${ground.right}` }),
        label({ x: ground.right + 6, y: (heights[index] ?? 0) + 4 }, floorText(floor, panel), face, ground.width - ground.right - 6, { tone: "promise" }),
    ]);
}

/** "promised 2"; where the naive stack was promised something else, that is said. */
function floorText(floor: Floor, { floors: all }: Panel): string {
    return isOurs(floor, all) ? `promised ${value(floor.value)}` : `naive: ${value(floor.value)}`;
}

function isOurs({ subjects }: Floor, all: readonly Floor[]): boolean {
    return subjects.includes("stack") || all.every(other => !other.subjects.includes("stack"));
}

/** What is filled, from zero up to each value. However short it was and however little, it is seen. */
export function fills({ lines: all }: Panel, x: Scale, y: Scale): Markup[] {
    const ground = tenth(y(0));
    const top = (amount: number): number => tenth(Math.min(y(amount), y(0) - least));
    return all.filter(isFilled).flatMap(own => {
        const bars = barsOf(own);
        const outline = bars.map(({ from, to, amount }, index) => {
            const opens = bars[index - 1]?.to !== from;
            const closes = bars[index + 1]?.from !== to;
            const right = tenth(closes ? Math.max(x(to), x(from) + least) : x(to));
            return `${opens ? `M${tenth(x(from))} ${ground}` : ""}V${top(amount)}H${right}${closes ? `V${ground}Z` : ""}`;
        });
        return bars.length === 0 ? [] : [el("path", { class: look(own), d: outline.join("") })];
    });
}

/** The spans of time in which a line was over zero. */
function barsOf({ steps, end }: Line): { readonly from: number; readonly to: number; readonly amount: number }[] {
    return steps
        .map(([from, amount], index) => ({ from, to: steps[index + 1]?.[0] ?? Math.max(end, from), amount }))
        .filter(({ amount }) => amount > 0);
}

/** The naive stack's lines come last: dashed, they leave ours to be seen through them. */
export function lines(panel: Panel, x: Scale, y: Scale): Markup[] {
    const path = stepLine<Step>()
        .x(([seconds]) => tenth(x(seconds)))
        .y(([, amount]) => tenth(y(amount)))
        .curve(curveStepAfter);
    return panel.lines
        .filter(own => !isFilled(own))
        .sort((a, b) => Number(a.subject === "naive") - Number(b.subject === "naive"))
        .map(own => el("path", { class: look(own), d: path(untilEnd(own)) ?? "" }));
}

/** The last value holds until the drill's end. */
function untilEnd({ steps, end }: Line): readonly Step[] {
    const last = steps.at(-1);
    return last === undefined || last[0] >= end ? steps : [...steps, [end, last[1]]];
}

/** A hairline's coordinate: on half a pixel it is drawn one pixel wide. */
export function edge(position: number): number {
    return Math.round(position - 0.5) + 0.5;
}
