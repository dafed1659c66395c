import type { ClusterSummary, ZoneSummary } from "../summary";
import { el, round, type Markup } from "./markup";
import { frame, label, type Box, type Face, type Point } from "./svg";
import { count } from "./words";

/** Pods and volumes drawn one by one; above that, this many and "× n". */
export const POD_CAP = 6;
export const VOLUME_CAP = 3;

const GAP = 8;
const MIN_COLUMN = 92;
const NAME: Face = { size: 10.5, mono: true };
const AMOUNT: Face = { size: 11 };
const NAME_BASELINE = 20;
const MARKS_TOP = 34;
const POD = 16;
const POD_PITCH = 22;
const AMOUNT_LINE = 20;
const CYLINDER: Readonly<{ width: number; height: number; lid: number }> = { width: 22, height: 26, lid: 4 };
const CYLINDER_PITCH = 30;
const VOLUMES_LEAD = 14;
const BOTTOM = 12;

/** How the zones of one cluster are arranged: columns, and rows of them where many do not fit. */
interface Grid {
    readonly zones: readonly ZoneSummary[];
    /** The config names no zone, so the one area stands for wherever the nodes are. */
    readonly unnamed: boolean;
    readonly across: number;
    readonly columnWidth: number;
    readonly podRows: number;
    readonly columnHeight: number;
    readonly hasVolumes: boolean;
}

export function zonesHeight(cluster: ClusterSummary, width: number): number {
    const { zones, across, columnHeight } = grid(cluster, width);
    const rows = Math.ceil(zones.length / across);
    return rows * columnHeight + (rows - 1) * GAP;
}

export function drawZones(cluster: ClusterSummary, at: Point, width: number): readonly Markup[] {
    const plan = grid(cluster, width);
    return plan.zones.map((zone, i) => {
        const x = at.x + (i % plan.across) * (plan.columnWidth + GAP);
        const y = at.y + Math.floor(i / plan.across) * (plan.columnHeight + GAP);
        return drawZone(zone, { x, y, width: plan.columnWidth, height: plan.columnHeight }, plan);
    });
}

function grid(cluster: ClusterSummary, width: number): Grid {
    const unnamed = cluster.zones.length === 0;
    const zones = unnamed ? [anywhere(cluster)] : cluster.zones;
    const most = Math.max(1, Math.floor((width + GAP) / (MIN_COLUMN + GAP)));
    const across = Math.ceil(zones.length / Math.ceil(zones.length / most));
    const columnWidth = (width - (across - 1) * GAP) / across;
    const podRows = Math.max(1, ...zones.map((zone) => podLines(zone.replicas, columnWidth).length));
    const hasVolumes = zones.some((zone) => zone.volumes > 0);
    const volumesHeight = hasVolumes ? VOLUMES_LEAD + CYLINDER.height + AMOUNT_LINE : 0;
    const columnHeight = MARKS_TOP + podRows * POD_PITCH + AMOUNT_LINE - 8 + volumesHeight + BOTTOM;
    return { zones, unnamed, across, columnWidth, podRows, columnHeight, hasVolumes };
}

function anywhere(cluster: ClusterSummary): ZoneSummary {
    return {
        name: "zones not named",
        replicas: cluster.app?.minReplicas ?? 0,
        volumes: cluster.app?.state?.replicas ?? 0,
    };
}

/** Pods a line, filled evenly: six become three and three where only five fit. */
function podLines(replicas: number, width: number): readonly number[] {
    const shown = Math.min(replicas, POD_CAP);
    const most = Math.max(1, Math.floor((width - 12) / POD_PITCH));
    const lines = Math.ceil(shown / most);
    const even = lines === 0 ? 0 : Math.ceil(shown / lines);
    return Array.from({ length: lines }, (_, i) => Math.min(even, shown - i * even));
}

function drawZone(zone: ZoneSummary, box: Box, plan: Grid): Markup {
    const middle = box.x + box.width / 2;
    const room = box.width - 5;
    const amountY = box.y + MARKS_TOP + plan.podRows * POD_PITCH + AMOUNT_LINE - 8;
    const volumesY = amountY + VOLUMES_LEAD;
    const centred = { anchor: "middle", tone: "muted" } as const;
    return el(
        "g",
        { class: "zone" },
        frame(box, plan.unnamed ? "column dashed" : "column", 7),
        label({ x: middle, y: box.y + NAME_BASELINE }, zone.name, plan.unnamed ? AMOUNT : NAME, room, {
            anchor: "middle",
            keep: "end",
        }),
        drawPods(zone.replicas, middle, box),
        label({ x: middle, y: amountY }, amount(zone.replicas, POD_CAP, "replica"), AMOUNT, room, centred),
        plan.hasVolumes
            ? [
                  drawVolumes(zone.volumes, { x: middle, y: volumesY }),
                  label(
                      { x: middle, y: volumesY + CYLINDER.height + 16 },
                      amount(zone.volumes, VOLUME_CAP, "volume"),
                      AMOUNT,
                      room,
                      centred,
                  ),
              ]
            : [],
    );
}

function amount(n: number, cap: number, noun: string): string {
    if (n === 0) {
        return `no ${noun}s`;
    }
    return n > cap ? `\u00d7 ${count(n, noun)}` : count(n, noun);
}

function drawPods(replicas: number, middle: number, box: Box): readonly Markup[] {
    return podLines(replicas, box.width).flatMap((pods, line) => {
        const left = middle - (pods * POD_PITCH - (POD_PITCH - POD)) / 2;
        return Array.from({ length: pods }, (_, i) =>
            el("rect", {
                class: "pod",
                x: left + i * POD_PITCH,
                y: box.y + MARKS_TOP + line * POD_PITCH,
                width: POD,
                height: POD,
                rx: 4.5,
            }),
        );
    });
}

function drawVolumes(volumes: number, at: Point): readonly Markup[] {
    const shown = Math.min(volumes, VOLUME_CAP);
    const left = at.x - (shown * CYLINDER_PITCH - (CYLINDER_PITCH - CYLINDER.width)) / 2;
    return Array.from({ length: shown }, (_, i) => cylinder({ x: left + i * CYLINDER_PITCH, y: at.y }));
}

/** A cylinder whose bounding box starts at `at`. */
export function cylinder(at: Point): Markup {
    const { width, height, lid } = CYLINDER;
    const rx = round(width / 2);
    const x = round(at.x);
    const right = round(at.x + width);
    const top = round(at.y + lid);
    const low = round(at.y + height - lid);
    return el(
        "g",
        { class: "volume" },
        el("path", { d: `M${x} ${top}V${low}A${rx} ${lid} 0 0 0 ${right} ${low}V${top}` }),
        el("ellipse", { cx: at.x + width / 2, cy: at.y + lid, rx: width / 2, ry: lid }),
    );
}
