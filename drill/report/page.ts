import { el, Markup } from "../../plan/page/markup";
import { STYLE } from "../../plan/page/style";
import { count, dotted } from "../../plan/page/words";
import type { DrillReport } from "../result";
import { clustersOf, drillsOf, verdictOf, type Verdict } from "./compare";
import { clientsSection } from "./clientTables";
import { drillSections } from "./runs";
import { drillStyle, liveStyle } from "./style";
import { alarms, comparison, lists, summary } from "./summary";
import { duration, grouped, lastWord } from "./words";

/** Nothing is loaded and nothing runs, whatever a name or a message in the report contains. */
const policy = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * The report as one HTML document that needs nothing else, like the plan's: what was promised and measured, and for each
 * drill a chart of what was ready over time. The same report always gives the same bytes.
 */
export function renderDrillPage(report: DrillReport): string {
    const title = `Holdfast ${report.live === true ? "live drills" : "drills"}: ${report.stack}`;
    const verdict = verdictOf(report);
    const page = el(
        "html",
        { lang: "en" },
        el(
            "head",
            {},
            el("meta", { charset: "utf-8" }),
            el("meta", { "http-equiv": "Content-Security-Policy", content: policy }),
            el("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
            el("title", {}, title),
            el("style", {}, new Markup(`${STYLE}${drillStyle}${report.live === true ? liveStyle : ""}`)),
        ),
        el(
            "body",
            {},
            el("header", {}, el("h1", {}, title), el("p", {}, scope(report)), tiles(report, verdict)),
            el("main", {}, alarms(verdict), summary(report), clientsSection(report), comparison(verdict), drillSections(report), lists(report)),
            el("footer", {}, lastWord(verdict)),
        ),
    );
    return `<!doctype html>\n${page.source}\n`;
}

function scope(report: DrillReport): string {
    const { project, set, startedAt } = report;
    const clusters = clustersOf(report);
    return dotted(`project ${project}`, `${set} set`, clusters.length === 0 ? "" : `${clusters.length === 1 ? "cluster" : "clusters"} ${clusters.join(", ")}`, startedAt);
}

type Tile = readonly [name: string, value: string, tone?: string | undefined];

/** What the stack's clients saw over all drills. */
function clientTiles({ drills }: DrillReport): Tile[] {
    const ours = drills.filter(({ subject }) => subject === "stack");
    const clients = ours.flatMap(({ traffic }) => traffic ?? []);
    const writes = ours.flatMap(own => own.writes ?? []);
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
    const lost = sum(writes.map(own => own.lost.length));
    return [
        ...(clients.length === 0 ? [] : [["Requests failed", `${grouped(sum(clients.map(({ failed }) => failed)))} of ${grouped(sum(clients.map(({ sent }) => sent)))}`] as const]),
        ...(writes.length === 0 ? [] : [["Writes lost", `${grouped(lost)} of ${grouped(sum(writes.map(({ acknowledged }) => acknowledged)))}`, lost === 0 ? "kept" : "broken"] as const]),
    ];
}

function tiles(report: DrillReport, { promises, kept, broken, naiveBroke, naiveKept, blind }: Verdict): Markup {
    const tried = naiveBroke.length + naiveKept.length;
    const figures: readonly Tile[] = [
        ["Promises kept", `${kept} of ${promises}`, broken.length === 0 ? "kept" : "broken"],
        ["Drills", String(drillsOf(report).length)],
        ["Broken by the naive stack", tried === 0 ? "not drilled" : `${naiveBroke.length} of ${count(tried, "drill")}`, blind.length === 0 ? undefined : "broken"],
        ...clientTiles(report),
        ["Took", duration(report.seconds)],
    ];
    return el("dl", { class: "tiles" }, figures.map(([name, value, tone]) => el("div", {}, el("dt", {}, name), el("dd", { class: tone }, value))));
}
