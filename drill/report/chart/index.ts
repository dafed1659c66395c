import { el, type Markup } from "../../../plan/page/markup";
import { label } from "../../../plan/page/svg";
import { dotted } from "../../../plan/page/words";
import type { Mark } from "../../result";
import { clusterTitle, type Pair } from "../compare";
import { ticksOf, timeScale, valueScale, type Scale } from "./axes";
import { describe } from "./describe";
import { labelRoom, lanesOf, placeLabels, type PlacedLabel } from "./labels";
import { endOf, panelsOf, type Panel } from "./panels";
import { edge, face, fills, floors, heading, lines, shade, valueAxis, type Ground } from "./plot";

/** The chart's own width; the page scales it to the room there is. */
const chartWidth = 580;

const left = 40;
/** Room to the right of the plot: to name floors, or for half a tick's number. */
const floorRoom = 84;
const plainRoom = 16;
const headingHeight = 22;
const laneHeight = 16;
/** From the lowest labels' baseline to the plot, whose topmost floor is named beside it. */
const labelGap = 11;
/** Heights of the first plot and of the others, with about how many ticks each has. */
const main = { height: 168, ticks: 5 };
/** Those of plots of which each subject has its own: as high as each other, so that they compare. */
const shared = { height: 104, ticks: 4 };
const small = { height: 72, ticks: 3 };
/** The plot's right end is never further left than this. */
const narrowestPlot = 380;
const panelGap = 14;
const axisHeight = 40;
const timeTicks = 8;

interface PlacedPanel {
    readonly panel: Panel;
    readonly ground: Ground;
    readonly headingY: number;
    readonly scale: Scale;
    readonly ticks: number;
}

export interface Chart {
    readonly svg: Markup;
    /** Whether the marks are too many to be named in it, so that each is its number in the list beside the chart. */
    readonly numbered: boolean;
}

/**
 * A pair's series over time as one SVG: what was ready large, or what clients saw, the rest in small plots below on the same
 * time axis, the stack's marks as named lines through all of them. Undefined where nothing was counted.
 *
 * @param id Of its title and description; different for each chart of a page.
 */
export function drawChart(pair: Pair, id: string): Chart | undefined {
    const panels = panelsOf(pair);
    if (panels.length === 0) {
        return undefined;
    }
    const own = (pair.ours ?? pair.naive)?.marks ?? [];
    const end = endOf(pair);
    const most = chartWidth - (panels.some(panel => panel.floors.length > 0) ? floorRoom : plainRoom);
    const named = across(own, end, rightOf(own, end, most));
    const { x, right, labels, numbered } = named.numbered ? across(own, end, most) : named;
    const placed = placePanels(panels, lanesOf(labels), right);
    const bottom = placed.at(-1)?.ground.bottom ?? 0;
    const top = placed[0]?.ground.top ?? 0;
    const svg = el(
        "svg",
        { class: "chart", viewBox: `0 0 ${chartWidth} ${bottom + axisHeight}`, role: "img", "aria-labelledby": `${id}-title ${id}-desc` },
        el("title", { id: `${id}-title` }, `${pair.drill}, ${clusterTitle(pair.cluster)}: ${dotted(...panels.map(({ title }) => title))} over time`),
        el("desc", { id: `${id}-desc` }, describe(pair)),
        placed.flatMap(({ panel, ground, scale, ticks }) => [...shade(panel, ground, scale), ...valueAxis(panel, ground, scale, ticks), ...fills(panel, x, scale)]),
        timeAxis(x, bottom, right),
        labels.map(placedLabel => markLine(placedLabel, top, bottom)),
        placed.flatMap(({ panel, ground, scale, headingY }) => [
            heading(panel, ground, headingY),
            ...floors(panel, ground, scale),
            ...lines(panel, x, scale),
        ]),
        pair.ours === undefined ? [] : (pair.naive?.marks ?? []).map(({ at }) => naiveMark(x(at), (placed.find(({ panel }) => panel.subject === "naive") ?? placed[0])?.ground.bottom ?? bottom)),
        labels.map(placedLabel => markLabel(placedLabel, top)),
    );
    return { svg, numbered };
}

/** What is laid out along the time axis, which ends at `right`. */
function across(marks: readonly Mark[], end: number, right: number): { readonly x: Scale; readonly right: number } & ReturnType<typeof placeLabels> {
    const x = timeScale(end, left, right);
    return { x, right, ...placeLabels({ marks: marks.map(({ at, text }) => ({ x: x(at), text })), face, left, right: chartWidth }) };
}

/**
 * Where the plot ends: as far right as leaves each mark's label the room to run to the right of its line, since labels
 * that all run one way never cross. A label that would take more than its share of the plot has to run to the left.
 */
function rightOf(marks: readonly Mark[], end: number, most: number): number {
    const ends = marks.map(({ at, text }) => left + ((chartWidth - labelRoom(text, face) - left) * end) / at).filter(right => right >= narrowestPlot);
    return Math.floor(Math.min(most, ...ends));
}

function placePanels(panels: readonly Panel[], lanes: number, right: number): PlacedPanel[] {
    let y = 0;
    return panels.map((panel, index) => {
        const { height, ticks } = panel.subject !== undefined ? shared : index === 0 ? main : small;
        const headingY = y + 14;
        const top = y + headingHeight + (index === 0 ? lanes * laneHeight + labelGap : 4);
        const bottom = top + height;
        y = bottom + panelGap;
        return { panel, ground: { left, right, top, bottom, width: chartWidth }, headingY, scale: valueScale(panel, top, bottom, ticks), ticks };
    });
}

function timeAxis(x: Scale, bottom: number, right: number): Markup[] {
    return [
        ...ticksOf(x, timeTicks, false).flatMap(({ value, text }) => [
            el("path", { class: "axis", d: `M${edge(x(value))} ${bottom}v5` }),
            label({ x: x(value), y: bottom + 18 }, text, face, chartWidth, { tone: "muted", anchor: "middle" }),
        ]),
        label({ x: (left + right) / 2, y: bottom + 34 }, "seconds since the drill began", face, right - left, { tone: "muted", anchor: "middle" }),
    ];
}

function markLine({ x, lane }: PlacedLabel, top: number, bottom: number): Markup {
    return el("path", { class: "mark", d: `M${edge(x)} ${laneBaseline(lane, top) - 9}V${bottom}` });
}

function markLabel({ lane, text, anchor, left: start, right: end }: PlacedLabel, top: number): Markup {
    const at = { x: anchor === "start" ? start : end, y: laneBaseline(lane, top) };
    return label(at, text, face, chartWidth, { tone: "halo", anchor });
}

function laneBaseline(lane: number, top: number): number {
    return top - labelGap - lane * laneHeight;
}

/** What happened to the naive stack, as a notch on the axis: it is named beside the chart. */
function naiveMark(x: number, bottom: number): Markup {
    return el("path", { class: "naive-mark", d: `M${edge(x)} ${bottom}v-9` });
}
