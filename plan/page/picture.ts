import type { PlanSummary, ZoneSummary } from "../summary";
import { drawCard } from "./card";
import { frameContents, type CardContent, type FrameContent } from "./content";
import { drawEntry, drawWays, entryBox } from "./entry";
import { place, WIDTH, type PlacedFrame } from "./layout";
import { el, type Markup } from "./markup";
import { frame, label } from "./svg";
import { count } from "./words";

/** The plan as one SVG: the DNS name, the clouds, their clusters, the zones and what runs in them. */
export function renderPicture(summary: PlanSummary): Markup {
    const contents = frameContents(summary);
    const entry = entryBox(summary);
    const layout = place(contents, entry.y + entry.height);
    const height = layout.bottom + 4;
    return el(
        "svg",
        {
            class: "picture",
            viewBox: `0 0 ${WIDTH} ${Math.ceil(height)}`,
            role: "img",
            "aria-labelledby": "picture-title picture-desc",
        },
        el("title", { id: "picture-title" }, `How users reach ${summary.project}, stack ${summary.stack}`),
        el("desc", { id: "picture-desc" }, describePicture(summary, contents)),
        layout.frames.map(drawFrame),
        drawWays(summary, layout.rows),
        drawEntry(summary),
        layout.frames.flatMap((placed) => placed.cards.map((card) => drawCard(card.content, card.box))),
    );
}

function drawFrame(placed: PlacedFrame): Markup {
    const { box } = placed;
    const firstCard = placed.cards[0]?.box.width ?? box.width;
    return el(
        "g",
        { class: "cloud" },
        frame(box, "region", 14),
        // The line to the first card enters at its middle, so the name ends before that.
        label({ x: box.x + 18, y: box.y + 25 }, placed.name, { size: 14, bold: true }, firstCard / 2 - 10),
    );
}

/** The picture in words, for those who do not see it. */
function describePicture(summary: PlanSummary, contents: readonly FrameContent[]): string {
    const { failover } = summary;
    const start =
        failover === undefined
            ? "There is no failover DNS."
            : `${failover.domain} is ${failover.mode} with a TTL of ${failover.ttlSeconds} s.`;
    const clusters = contents.flatMap((content) => content.cards.map((card) => describeCard(content.name, card)));
    return [start, ...clusters].join(" ");
}

function describeCard(frameName: string, card: CardContent): string {
    const records = card.records.map((record) => ` as ${record.role} (${record.type} ${record.target})`).join(" and");
    const zones = card.cluster?.zones ?? [];
    const where = zones.length === 0 ? "" : `: ${zones.map(describeZone).join("; ")}`;
    return `${frameName}: cluster ${card.name}${records === "" ? "" : `, in DNS${records}`}${where}.`;
}

function describeZone(zone: ZoneSummary): string {
    const volumes = zone.volumes === 0 ? "" : ` and ${count(zone.volumes, "volume")}`;
    return `zone ${zone.name} with ${count(zone.replicas, "replica")}${volumes}`;
}
