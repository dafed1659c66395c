import { el, round, type Markup } from "./markup";

export interface Box {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
}

export interface Point {
    readonly x: number;
    readonly y: number;
}

export interface Face {
    /** Pixels in the picture's own coordinates. */
    readonly size: number;
    readonly mono?: boolean;
    readonly bold?: boolean;
}

export interface LabelOptions {
    /** CSS class of the colour: "ink" unless said otherwise. */
    readonly tone?: string;
    readonly anchor?: "start" | "middle" | "end";
    /** Which end survives when the text is too long: of a zone's name it is the last. */
    readonly keep?: "start" | "end";
}

const ELLIPSIS = "\u2026";

/** Rounded rectangle that contains text; `box` marks it as the frame its group's text must stay in. */
export function frame(box: Box, tone: string, radius: number): Markup {
    return el("rect", { class: `box ${tone}`, ...box, rx: radius });
}

/** One line of text, cut to `width`. A cut text keeps its whole self as a tooltip. */
export function label(at: Point, text: string, face: Face, width: number, options: LabelOptions = {}): Markup {
    const shown = fit(text, face, width, options.keep ?? "start");
    const tones = [options.tone ?? "ink", ...(face.mono === true ? ["mono"] : []), ...(face.bold === true ? ["bold"] : [])];
    return el(
        "text",
        { class: tones.join(" "), ...at, "font-size": face.size, "text-anchor": options.anchor },
        shown === text ? "" : el("title", {}, text),
        shown,
    );
}

/** The text, or as much of it as fits in `width` together with an ellipsis. */
export function fit(text: string, face: Face, width: number, keep: "start" | "end" = "start"): string {
    if (textWidth(text, face) <= width) {
        return text;
    }
    const characters = keep === "start" ? Array.from(text) : Array.from(text).reverse();
    let room = width - textWidth(ELLIPSIS, face);
    const kept: string[] = [];
    for (const character of characters) {
        room -= textWidth(character, face);
        if (room < 0) {
            break;
        }
        kept.push(character);
    }
    return keep === "start" ? `${kept.join("").trimEnd()}${ELLIPSIS}` : `${ELLIPSIS}${kept.reverse().join("")}`;
}

/**
 * An upper estimate in pixels. The reader's fonts are unknown, so the widths are those of DejaVu Sans,
 * the widest of the usual system fonts; every monospaced one is at most 0.61 em wide.
 */
export function textWidth(text: string, face: Face): number {
    let ems = 0;
    for (const character of text) {
        ems += face.mono === true ? monoEms(character) : sansEms(character);
    }
    return ems * face.size * (face.bold === true && face.mono !== true ? 1.1 : 1);
}

function monoEms(character: string): number {
    return isPlain(character) ? 0.61 : 1.25;
}

function sansEms(character: string): number {
    if (!isPlain(character)) {
        return 1.05;
    }
    if (/[ijlI.,:;'|! \u00b7]/.test(character)) {
        return 0.34;
    }
    if (/[frt()[\]/-]/.test(character)) {
        return 0.41;
    }
    if (/[mwMW@%\u2026\u2013\u2014]/.test(character)) {
        return 1;
    }
    return /[A-Z+=<>~\u00d7]/.test(character) ? 0.78 : 0.64;
}

/** Latin and the punctuation the plan itself writes; anything else may be drawn a full em wide. */
function isPlain(character: string): boolean {
    return /[ -~\u00a0-\u017f\u2013\u2014\u2018-\u201d\u2026\u2212]/.test(character);
}

/** A path along the corners, each rounded as far as its legs allow. */
export function rounded(points: readonly Point[], radius = 10): string {
    return points
        .map((point, i) => {
            const before = points[i - 1];
            const after = points[i + 1];
            if (before === undefined) {
                return `M${at(point)}`;
            }
            if (after === undefined) {
                return `L${at(point)}`;
            }
            const r = Math.min(radius, distance(before, point) / 2, distance(point, after) / 2);
            return `L${at(toward(point, before, r))}Q${at(point)} ${at(toward(point, after, r))}`;
        })
        .join("");
}

/** An arrowhead that points down and ends at `tip`. */
export function arrowhead(tip: Point, tone: string): Markup {
    return el("path", {
        class: `head ${tone}`,
        d: `M${at(tip)}L${at({ x: tip.x - 5, y: tip.y - 9 })}L${at({ x: tip.x + 5, y: tip.y - 9 })}Z`,
    });
}

function at(point: Point): string {
    return `${round(point.x)} ${round(point.y)}`;
}

function distance(a: Point, b: Point): number {
    return Math.hypot(a.x - b.x, a.y - b.y);
}

function toward(from: Point, to: Point, length: number): Point {
    const whole = distance(from, to);
    const share = whole === 0 ? 0 : length / whole;
    return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}
