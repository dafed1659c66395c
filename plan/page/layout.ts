import { cardHeight, DOOR_HEIGHT } from "./card";
import type { CardContent, FrameContent } from "./content";
import type { Box } from "./svg";

/** The picture's own width; the page scales it to the room there is. */
export const WIDTH = 1180;

/** From a bus down to the middle of the labels on its drops. */
export const LABEL_DROP = 27;

const MAX_COLUMNS = 3;
/** Wider than this, a card's zones drift apart. */
const MAX_CARD = 540;
const MAX_FOREIGN_CARD = 440;
/** Room at both sides; the left one holds the trunk that feeds the lower rows. */
const MARGIN = 26;
const FRAME_GAP = 28;
const FRAME_PADDING = 18;
const FRAME_HEAD = 38;
const CARD_GAP = 18;
/** From the end of what is above a row to its bus, and from there to what is below. */
const BUS_LEAD = 20;
const BUS_TAIL = 52;

export interface PlacedCard {
    readonly content: CardContent;
    readonly box: Box;
}

export interface PlacedFrame {
    readonly name: string;
    readonly box: Box;
    readonly cards: readonly PlacedCard[];
}

/** Cards side by side, and the height at which the lines to them fan out. */
export interface CardRow {
    readonly busY: number;
    readonly cards: readonly PlacedCard[];
}

export interface Layout {
    readonly frames: readonly PlacedFrame[];
    readonly rows: readonly CardRow[];
    readonly bottom: number;
}

/**
 * Small clouds share a row; a cloud with more than three clusters has rows of its own, filled evenly
 * (four become two and two). Cards of one row are equally wide and high.
 */
export function place(contents: readonly FrameContent[], top: number): Layout {
    const frames: PlacedFrame[] = [];
    const rows: CardRow[] = [];
    let bottom = top;
    for (const group of pack(contents)) {
        const placed = placeGroup(group, bottom);
        frames.push(...placed.frames);
        rows.push(...placed.rows);
        bottom = placed.bottom;
    }
    return { frames, rows, bottom };
}

/** The x at which a line enters a card. */
export function doorX(card: PlacedCard): number {
    return card.box.x + card.box.width / 2;
}

/** The y at which a line enters a card: the top of the door, which sits astride the card's edge. */
export function doorY(card: PlacedCard): number {
    return card.box.y - DOOR_HEIGHT / 2;
}

function pack(contents: readonly FrameContent[]): readonly (readonly FrameContent[])[] {
    const groups: FrameContent[][] = [];
    let used = MAX_COLUMNS;
    for (const content of contents) {
        const last = groups.at(-1);
        if (last !== undefined && used + content.cards.length <= MAX_COLUMNS) {
            last.push(content);
            used += content.cards.length;
        } else {
            groups.push([content]);
            used = content.cards.length;
        }
    }
    return groups;
}

function placeGroup(group: readonly FrameContent[], top: number): Layout {
    const width = cardWidth(group);
    const lines = group.map((content) => chunk(content.cards, columns(content)));
    const depth = Math.max(...lines.map((own) => own.length));
    const frameTop = top + BUS_LEAD + BUS_TAIL;
    const rows: { busY: number; cards: PlacedCard[] }[] = [];
    const lefts = leftEdges(group, width);
    const placed = group.map((): PlacedCard[] => []);
    let y = frameTop + FRAME_HEAD;
    for (let depthIndex = 0; depthIndex < depth; depthIndex++) {
        const busY = depthIndex === 0 ? top + BUS_LEAD : y + BUS_LEAD;
        const cardTop = (depthIndex === 0 ? y : busY + BUS_TAIL) + DOOR_HEIGHT / 2;
        const line = lines.map((own) => own[depthIndex] ?? []);
        const height = Math.max(...line.flat().map((content) => cardHeight(content, width)));
        const row: PlacedCard[] = [];
        line.forEach((cards, frameIndex) => {
            cards.forEach((content, column) => {
                const x = (lefts[frameIndex] ?? 0) + FRAME_PADDING + column * (width + CARD_GAP);
                const card = { content, box: { x, y: cardTop, width, height } };
                row.push(card);
                placed[frameIndex]?.push(card);
            });
        });
        rows.push({ busY, cards: row });
        y = cardTop + height;
    }
    const bottom = y + FRAME_PADDING;
    const frames = group.map((content, i) => ({
        name: content.name,
        box: { x: lefts[i] ?? 0, y: frameTop, width: frameWidth(content, width), height: bottom - frameTop },
        cards: placed[i] ?? [],
    }));
    return { frames, rows, bottom };
}

function columns(content: FrameContent): number {
    const lines = Math.ceil(content.cards.length / MAX_COLUMNS);
    return Math.ceil(content.cards.length / lines);
}

function cardWidth(group: readonly FrameContent[]): number {
    const total = group.reduce((sum, content) => sum + columns(content), 0);
    const taken = group.reduce((sum, content) => sum + frameWidth(content, 0), FRAME_GAP * (group.length - 1));
    const foreign = group.every((content) => content.cards.every((card) => card.cluster === undefined));
    return Math.min(foreign ? MAX_FOREIGN_CARD : MAX_CARD, (WIDTH - 2 * MARGIN - taken) / total);
}

function frameWidth(content: FrameContent, card: number): number {
    const across = columns(content);
    return 2 * FRAME_PADDING + across * card + (across - 1) * CARD_GAP;
}

function leftEdges(group: readonly FrameContent[], card: number): readonly number[] {
    const widths = group.map((content) => frameWidth(content, card));
    const whole = widths.reduce((sum, width) => sum + width, FRAME_GAP * (group.length - 1));
    let x = (WIDTH - whole) / 2;
    return widths.map((width) => {
        const left = x;
        x += width + FRAME_GAP;
        return left;
    });
}

function chunk<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
    const lines: T[][] = [];
    for (let start = 0; start < items.length; start += size) {
        lines.push(items.slice(start, start + size));
    }
    return lines;
}
