import type { FailoverSummary, PlanSummary } from "../summary";
import { doorOf, isStandby } from "./content";
import { doorX, doorY, LABEL_DROP, WIDTH, type CardRow, type PlacedCard } from "./layout";
import { el, type Markup } from "./markup";
import { arrowhead, frame, label, rounded, textWidth, type Box, type Face } from "./svg";
import { dotted } from "./words";

const PANEL_WIDTH = 640;
const USERS_WIDTH = 400;
const PANEL_TOP = 4;
const TRUNK_X = 12;
const PORT_PITCH = 44;
const PILL: Face = { size: 11, bold: true };
const PILL_HEIGHT = 22;

/** One line from the panel to a card. */
interface Way {
    readonly card: PlacedCard;
    readonly tone: "active" | "standby";
    readonly caption: string;
}

interface WayRow {
    readonly busY: number;
    readonly ways: readonly Way[];
}

/** Where users start: the DNS name, or, without one, every cluster's own address. */
export function entryBox(summary: PlanSummary): Box {
    const [width, height] = summary.failover === undefined ? [USERS_WIDTH, 60] : [PANEL_WIDTH, 104];
    return { x: (WIDTH - width) / 2, y: PANEL_TOP, width, height };
}

export function drawEntry(summary: PlanSummary): Markup {
    const box = entryBox(summary);
    const lines = summary.failover === undefined ? withoutName() : withName(summary.failover);
    const middle = WIDTH / 2;
    return el(
        "g",
        { class: "entry" },
        frame(box, summary.failover === undefined ? "panel dashed" : "panel", 12),
        lines.map(({ y, text, face, tone }) =>
            label({ x: middle, y: box.y + y }, text, face, box.width - 40, { anchor: "middle", tone }),
        ),
    );
}

interface PanelLine {
    readonly y: number;
    readonly text: string;
    readonly face: Face;
    readonly tone: string;
}

function withName(failover: FailoverSummary): readonly PanelLine[] {
    const mode = dotted(failover.mode, `TTL ${failover.ttlSeconds} s`, `failback ${failover.failback}`);
    return [
        { y: 22, text: "Failover DNS", face: { size: 11.5 }, tone: "muted" },
        { y: 47, text: failover.domain, face: { size: 19, mono: true, bold: true }, tone: "ink" },
        { y: 70, text: mode, face: { size: 12.5 }, tone: "ink" },
        { y: 89, text: `check: ${failover.check}`, face: { size: 12.5 }, tone: "muted" },
    ];
}

function withoutName(): readonly PanelLine[] {
    return [
        { y: 25, text: "Users", face: { size: 15, bold: true }, tone: "ink" },
        { y: 45, text: "no failover DNS: each cluster has its own address", face: { size: 12.5 }, tone: "muted" },
    ];
}

/**
 * The lines from the panel to the doors. In a single row every line runs on its own, so that solid and
 * dashed stay apart all the way; several rows share a neutral trunk and buses, and the drops differ.
 */
export function drawWays(summary: PlanSummary, rows: readonly CardRow[]): readonly Markup[] {
    const led = rows
        .map((row): WayRow => ({ busY: row.busY, ways: row.cards.flatMap((card) => wayTo(summary, card)) }))
        .filter((row) => row.ways.length > 0);
    const [first] = rows;
    const [only] = led;
    if (first === undefined || only === undefined) {
        return [];
    }
    const panel = entryBox(summary);
    if (led.length === 1 && only.busY === first.busY) {
        return direct(only.ways, first.busY, panel);
    }
    const drops = led.flatMap((row) => row.ways.flatMap((way) => drop(way, row.busY)));
    return [stem(panel, first.busY), ...led.map((row) => bus(row, first.busY)), ...drops];
}

function wayTo(summary: PlanSummary, card: PlacedCard): readonly Way[] {
    const { failover } = summary;
    const { records } = card.content;
    if (failover === undefined) {
        return doorOf(card.content) === undefined ? [] : [{ card, tone: "active", caption: "" }];
    }
    if (records.length === 0) {
        return [];
    }
    const standby = records.every((record) => isStandby(failover, record));
    const caption = records.map((record) => dotted(record.role, record.type)).join(", ");
    return [{ card, tone: standby ? "standby" : "active", caption }];
}

function direct(ways: readonly Way[], busY: number, panel: Box): readonly Markup[] {
    return ways.flatMap((way, i) => {
        const port = WIDTH / 2 + (i - (ways.length - 1) / 2) * PORT_PITCH;
        const x = doorX(way.card);
        const start = { x: port, y: panel.y + panel.height };
        const end = { x, y: doorY(way.card) - 6 };
        const points = Math.abs(x - port) < 1 ? [start, end] : [start, { x: port, y: busY }, { x, y: busY }, end];
        return [el("path", { class: `way ${way.tone}`, d: rounded(points) }), ...endOf(way, busY)];
    });
}

/** From the panel down to the first bus. */
function stem(panel: Box, firstY: number): Markup {
    const x = WIDTH / 2;
    const d = rounded([
        { x, y: panel.y + panel.height },
        { x, y: firstY },
    ]);
    return el("path", { class: "way bus", d });
}

/** From the stem to a row's drops; to a lower row by way of the left margin, past what is between. */
function bus(row: WayRow, firstY: number): Markup {
    const middle = WIDTH / 2;
    const xs = row.ways.map((way) => doorX(way.card));
    const right = Math.max(...xs);
    const points =
        row.busY === firstY
            ? [
                  { x: Math.min(middle, ...xs), y: firstY },
                  { x: Math.max(middle, right), y: firstY },
              ]
            : [
                  { x: middle, y: firstY },
                  { x: TRUNK_X, y: firstY },
                  { x: TRUNK_X, y: row.busY },
                  { x: right, y: row.busY },
              ];
    return el("path", { class: "way bus", d: rounded(points) });
}

function drop(way: Way, busY: number): readonly Markup[] {
    const x = doorX(way.card);
    const d = rounded([
        { x, y: busY },
        { x, y: doorY(way.card) - 6 },
    ]);
    return [el("path", { class: `way ${way.tone}`, d }), ...endOf(way, busY)];
}

function endOf(way: Way, busY: number): readonly Markup[] {
    const x = doorX(way.card);
    return [arrowhead({ x, y: doorY(way.card) - 1 }, way.tone), ...pill(way, x, busY + LABEL_DROP)];
}

function pill(way: Way, x: number, y: number): readonly Markup[] {
    if (way.caption === "") {
        return [];
    }
    const width = Math.min(textWidth(way.caption, PILL) + 22, way.card.box.width);
    const box = { x: x - width / 2, y: y - PILL_HEIGHT / 2, width, height: PILL_HEIGHT };
    return [
        el(
            "g",
            { class: "role" },
            frame(box, `pill ${way.tone}`, PILL_HEIGHT / 2),
            label({ x, y: y + 4 }, way.caption, PILL, width - 20, { anchor: "middle", tone: way.tone }),
        ),
    ];
}
