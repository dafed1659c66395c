import { el, type Markup } from "../../plan/page/markup";
import type { DrillReport } from "../result";
import { drawChart } from "./chart";
import { legend } from "./chart/legend";
import { figuresTable } from "./clientTables";
import { clusterTitle, drillsOf, pairsOf, type Pair } from "./compare";
import { anchorOf } from "./summary";
import { told, toldBefore } from "./told";
import { duration } from "./words";

/** A section for each drill: its charts, and all that is known of its runs. */
export function drillSections(report: DrillReport): Markup[] {
    const tell = report.live === true ? incident : run;
    return drillsOf(report).map((drill, index) => {
        const pairs = pairsOf(report, drill);
        return el(
            "section",
            {},
            el("h2", { id: anchorOf(index), class: "capital" }, drill),
            el("div", { class: report.live === true ? "incidents" : "runs" }, pairs.map((pair, at) => tell(pair, `chart-${index + 1}-${at + 1}`, pairs.slice(0, at)))),
        );
    });
}

/** @param before The drill's pairs above: a naive run that stands beside several of ours is told once. */
function run(pair: Pair, id: string, before: readonly Pair[]): Markup {
    const { cluster, ours, naive } = pair;
    const { figure, numbered } = drawn(pair, id);
    const toldAt = toldAtOf(pair, before);
    return el(
        "article",
        {},
        el("h3", {}, clusterTitle(cluster)),
        figure,
        el("div", { class: "told" }, told(ours, { numbered }), toldAt === undefined ? told(naive, { numbered: ours === undefined && numbered }) : toldBefore(toldAt)),
    );
}

/** A live drill's run, as an incident is told: what happened, what it came to, how it went and what happened when. */
function incident(pair: Pair, id: string, before: readonly Pair[]): Markup {
    const { cluster, ours, naive } = pair;
    const first = ours ?? naive;
    const { figure, numbered } = drawn(pair, id);
    const toldAt = toldAtOf(pair, before);
    // The naive stack of the same cluster met the same; what was done to it is said again only where that was another thing.
    const same = naive !== undefined && naive.what === ours?.what && duration(naive.seconds) === duration(ours.seconds);
    return el(
        "article",
        { class: "incident" },
        el("h3", {}, clusterTitle(cluster)),
        first === undefined ? "" : el("p", { class: "lead" }, `${first.what}. `, el("span", { class: "quieter" }, `The drill took ${duration(first.seconds)}.`)),
        el(
            "div",
            { class: "beside" },
            figure,
            el(
                "div",
                { class: "told" },
                figuresTable(pair),
                told(ours, { numbered, said: true }),
                toldAt === undefined ? told(naive, { numbered: ours === undefined && numbered, said: same || ours === undefined }) : toldBefore(toldAt),
            ),
        ),
    );
}

function drawn(pair: Pair, id: string): { readonly figure: Markup; readonly numbered: boolean } {
    const chart = drawChart(pair, id);
    return chart === undefined
        ? { figure: el("p", { class: "quiet" }, "Nothing was counted over time."), numbered: false }
        : {
              figure: el(
                  "figure",
                  {},
                  el("div", { class: "canvas", role: "region", "aria-label": `Chart of ${pair.drill}, ${clusterTitle(pair.cluster)}`, tabindex: "0" }, chart.svg),
                  legend(pair),
              ),
              numbered: chart.numbered,
          };
}

function toldAtOf({ naive }: Pair, before: readonly Pair[]): Pair | undefined {
    return naive === undefined ? undefined : before.find(other => other.naive === naive);
}
