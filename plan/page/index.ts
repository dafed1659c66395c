import type { CostSummary, PlannedResource, PlanSummary } from "../summary";
import { legend } from "./legend";
import { el, Markup } from "./markup";
import { renderPicture } from "./picture";
import { resourceSection } from "./resources";
import { factSections, policy, warnings } from "./sections";
import { STYLE } from "./style";
import { count, dotted, usd } from "./words";

/** Nothing is loaded and nothing runs, whatever a name in the plan contains. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * The plan as one HTML document that needs nothing else: to open, to send, to print, to keep beside the
 * change it belongs to. The same summary always gives the same bytes.
 */
export function renderPage(summary: PlanSummary, resources: readonly PlannedResource[]): string {
    const title = `Holdfast plan: ${summary.stack}`;
    const page = el(
        "html",
        { lang: "en" },
        el(
            "head",
            {},
            el("meta", { charset: "utf-8" }),
            el("meta", { "http-equiv": "Content-Security-Policy", content: POLICY }),
            el("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
            el("title", {}, title),
            el("style", {}, new Markup(STYLE)),
        ),
        el(
            "body",
            {},
            el("header", {}, el("h1", {}, title), el("p", {}, scope(summary)), tiles(summary)),
            el(
                "main",
                {},
                el("figure", {}, el("div", { class: "canvas", role: "region", "aria-label": "Picture of the plan", tabindex: "0" }, renderPicture(summary)), legend(summary)),
                warnings(summary),
                policy(summary),
                factSections(summary),
                resourceSection(resources),
            ),
            el("footer", {}, "Planned offline: nothing was created, and no cloud was asked."),
        ),
    );
    return `<!doctype html>\n${page.source}\n`;
}

function scope(summary: PlanSummary): string {
    const clusters = summary.clouds.reduce((sum, cloud) => sum + cloud.clusters.length, 0);
    return dotted(
        `project ${summary.project}`,
        ...summary.clouds.map((cloud) => cloud.name),
        clusters === 0 ? "no clusters of its own" : count(clusters, "cluster"),
        count(summary.resourceCount, "resource"),
    );
}

function tiles(summary: PlanSummary): Markup {
    const figures: readonly (readonly [name: string, value: string])[] = [
        ...summary.objectives.map(({ name, value }) => [name, value] as const),
        ...(summary.cost.parts.length === 0 ? [] : [costTile(summary.cost)]),
    ];
    return el(
        "dl",
        { class: "tiles" },
        figures.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
    );
}

/** Cents only where they count, and never a price that hides what has none. */
function costTile(cost: CostSummary): readonly [name: string, value: string] {
    const without = cost.unpriced.length === 0 ? "" : `, without ${count(cost.unpriced.length, "item")}`;
    return [`List price a month${without}`, usd(cost.totalMonthlyUsd, cost.totalMonthlyUsd < 100 ? 2 : 0)];
}
