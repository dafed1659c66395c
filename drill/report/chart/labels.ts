import { fit, textWidth, type Face } from "../../../plan/page/svg";

/** A text at a moment's line, and the box that it fills. */
export interface PlacedLabel {
    /** Of the moment's vertical line. */
    readonly x: number;
    /** What is shown: the whole text, unless the chart is too narrow for it. */
    readonly text: string;
    /** The text's left and right end. */
    readonly left: number;
    readonly right: number;
    /** Which way the text runs from its line. */
    readonly anchor: "start" | "end";
    /** Zero is next to the plot; each further one lies over it. */
    readonly lane: number;
}

export interface LabelArgs {
    /** Where the lines are, and what each is called. */
    readonly marks: readonly { readonly x: number; readonly text: string }[];
    readonly face: Face;
    /** The labels stay between these. */
    readonly left: number;
    readonly right: number;
}

/** Between a line and its label. */
const lead = 4;
/** Between two labels in one lane, and from a label to another's line. */
const clearance = 5;
/** More lanes than this would push the plot off the screen. */
const mostLanes = 6;

/**
 * Places labels in lanes over a plot, so that no two lie on each other, and so that no line runs through another's label
 * where any order of lanes avoids it. Where that takes too many lanes, each label is its number in the list of marks, and
 * hides whatever line runs behind it.
 */
export function placeLabels(args: LabelArgs): { readonly labels: readonly PlacedLabel[]; readonly numbered: boolean } {
    const whole = place(args, true);
    if (lanesOf(whole) <= mostLanes) {
        return { labels: whole, numbered: false };
    }
    return { labels: place({ ...args, marks: args.marks.map(({ x }, index) => ({ x, text: String(index + 1) })) }, false), numbered: true };
}

/** What a label takes up to the right of its line when it is not cut. */
export function labelRoom(text: string, face: Face): number {
    return lead + textWidth(text, face);
}

/** How many lanes the labels take. */
export function lanesOf(labels: readonly PlacedLabel[]): number {
    return Math.max(0, ...labels.map(({ lane }) => lane + 1));
}

type Box = Omit<PlacedLabel, "lane">;

function place({ marks, face, left, right }: LabelArgs, uncrossed: boolean): PlacedLabel[] {
    const boxes = marks.map(({ x, text }) => boxOf(x, text, face, left, right));
    const lanes = assignLanes(boxes, uncrossed);
    return boxes.map((box, index) => ({ ...box, lane: lanes[index] ?? 0 }));
}

/** To the right of its line where there is room, else to the left; cut on the roomier side where there is none. */
function boxOf(x: number, text: string, face: Face, left: number, right: number): Box {
    const rightRoom = right - x - lead;
    const leftRoom = x - left - lead;
    const width = textWidth(text, face);
    const anchor = width <= rightRoom || (width > leftRoom && rightRoom >= leftRoom) ? "start" : "end";
    const shown = fit(text, face, anchor === "start" ? rightRoom : leftRoom);
    const shownWidth = textWidth(shown, face);
    return anchor === "start"
        ? { x, text: shown, anchor, left: x + lead, right: x + lead + shownWidth }
        : { x, text: shown, anchor, left: x - lead - shownWidth, right: x - lead };
}

/**
 * From the lowest lane up. A line that would run through a label has to end below it, so its own label is placed before;
 * where two want that of each other, the later one goes first, and a label hides the line behind it.
 */
function assignLanes(boxes: readonly Box[], uncrossed: boolean): number[] {
    const lanes = new Map<number, number>();
    const below = boxes.map((box, index) => boxes.flatMap((other, at) => (uncrossed && at !== index && crosses(other.x, box) ? [at] : [])));
    for (const waiting = new Set(boxes.keys()); waiting.size > 0; ) {
        const inOrder = [...waiting].reverse();
        const next = inOrder.find(index => (below[index] ?? []).every(at => lanes.has(at))) ?? inOrder[0];
        const box = next === undefined ? undefined : boxes[next];
        if (next === undefined || box === undefined) {
            break;
        }
        const floor = Math.max(-1, ...(below[next] ?? []).map(at => lanes.get(at) ?? -1)) + 1;
        const taken = new Set([...lanes].filter(([at]) => meets(boxes[at], box)).map(([, lane]) => lane));
        let lane = floor;
        while (taken.has(lane)) {
            lane++;
        }
        lanes.set(next, lane);
        waiting.delete(next);
    }
    return boxes.map((_, index) => lanes.get(index) ?? 0);
}

function crosses(x: number, { left, right }: Box): boolean {
    return x > left - lead / 2 && x < right + lead / 2;
}

function meets(a: Box | undefined, b: Box): boolean {
    return a !== undefined && a.left < b.right + clearance && b.left < a.right + clearance;
}

/** Moves positions apart to at least `gap`, as little as keeps them in order and between `least` and `most` (which come first). */
export function spread(positions: readonly number[], gap: number, least: number, most: number): number[] {
    const order = positions.map((position, index) => ({ position, index })).sort((a, b) => a.position - b.position);
    const placed: number[] = [];
    for (const { position } of order) {
        placed.push(Math.max(least, position, (placed.at(-1) ?? -Infinity) + gap));
    }
    for (let at = placed.length - 1, limit = most; at >= 0; at--) {
        placed[at] = Math.min(placed[at] ?? limit, limit);
        limit = (placed[at] ?? limit) - gap;
    }
    return positions.map((_, index) => placed[order.findIndex(item => item.index === index)] ?? 0);
}
