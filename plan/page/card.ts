import { doorOf, type CardContent } from "./content";
import { el, type Markup } from "./markup";
import { frame, label, type Box, type Face } from "./svg";
import { dotted, kubernetesVersion, replicaRange } from "./words";
import { drawZones, zonesHeight } from "./zones";

/** The door sits astride the card's top edge, half above it. */
export const DOOR_HEIGHT = 46;

const PADDING = 16;
const MAX_DOOR = 408;
const NAME: Face = { size: 17, bold: true };
const FACT: Face = { size: 12.5 };
const LINE = 19;
const NAME_BASELINE = DOOR_HEIGHT / 2 + 28;
const ZONES_LEAD = 18;

/** Height of a card of this width, from its top edge (not the door's). */
export function cardHeight(content: CardContent, width: number): number {
    const head = NAME_BASELINE + facts(content).length * LINE;
    const zones = content.cluster === undefined ? 0 : ZONES_LEAD + zonesHeight(content.cluster, inner(width));
    return head + zones + PADDING;
}

/** A cluster: its door, what it is, and its zones. */
export function drawCard(content: CardContent, box: Box): Markup {
    const { cluster } = content;
    const lines = facts(content);
    const left = box.x + PADDING;
    const room = inner(box.width);
    const head = box.y + NAME_BASELINE;
    return el(
        "g",
        { class: cluster === undefined ? "cluster foreign" : "cluster" },
        frame(box, cluster === undefined ? "card dashed" : "card", 10),
        label({ x: left, y: head }, content.name, NAME, room),
        lines.map((line, i) => label({ x: left, y: head + (i + 1) * LINE + 2 }, line, FACT, room, { tone: "muted" })),
        cluster === undefined ? "" : drawZones(cluster, { x: left, y: head + lines.length * LINE + ZONES_LEAD }, room),
        drawDoor(content, box),
    );
}

function drawDoor(content: CardContent, card: Box): Markup | string {
    const door = doorOf(content);
    if (door === undefined) {
        return "";
    }
    const width = Math.min(MAX_DOOR, inner(card.width));
    const box = { x: card.x + (card.width - width) / 2, y: card.y - DOOR_HEIGHT / 2, width, height: DOOR_HEIGHT };
    const middle = box.x + width / 2;
    const room = width - 24;
    return el(
        "g",
        { class: "door" },
        frame(box, "gate", 8),
        label({ x: middle, y: box.y + 18 }, door.kind, { size: 11 }, room, { tone: "muted", anchor: "middle" }),
        label({ x: middle, y: box.y + 35 }, door.address, { size: 12, mono: true }, room, { anchor: "middle" }),
    );
}

function facts(content: CardContent): readonly string[] {
    const { cluster } = content;
    if (cluster === undefined) {
        return ["Another stack owns this cluster."];
    }
    const { app } = cluster;
    return [
        dotted(cluster.kind, cluster.region, kubernetesVersion(cluster.version)),
        cluster.nodes,
        app === undefined ? "no app" : dotted(app.name, replicaRange(app.minReplicas, app.maxReplicas)),
    ].filter((line) => line !== "");
}

function inner(width: number): number {
    return width - 2 * PADDING;
}
