import { el, type Child, type Markup } from "../../plan/page/markup";
import { isKept, type DrillReport, type DrillResult } from "../result";
import { drawChart } from "./chart";
import { legend } from "./chart/legend";
import { clusterTitle, drillsOf, pairsOf, type Pair } from "./compare";
import { anchorOf, mark } from "./summary";
import { duration, keptOf, moment, tick } from "./words";

/** A section for each drill: its charts, and all that is known of its runs. */
export function drillSections(report: DrillReport): Markup[] {
    return drillsOf(report).map((drill, index) => {
        const pairs = pairsOf(report, drill);
        return el(
            "section",
            {},
            el("h2", { id: anchorOf(index), class: "capital" }, drill),
            el("div", { class: "runs" }, pairs.map((pair, at) => run(pair, `chart-${index + 1}-${at + 1}`, pairs.slice(0, at)))),
        );
    });
}

/** @param before The drill's pairs above: a naive run that stands beside several of ours is told once. */
function run(pair: Pair, id: string, before: readonly Pair[]): Markup {
    const { drill, cluster, ours, naive } = pair;
    const chart = drawChart(pair, id);
    const toldAt = naive === undefined ? undefined : before.find(other => other.naive === naive);
    return el(
        "article",
        {},
        el("h3", {}, clusterTitle(cluster)),
        chart === undefined
            ? el("p", { class: "quiet" }, "Nothing was counted over time.")
            : el(
                  "figure",
                  {},
                  el("div", { class: "canvas", role: "region", "aria-label": `Chart of ${drill}, ${clusterTitle(cluster)}`, tabindex: "0" }, chart.svg),
                  legend(pair),
              ),
        el("div", { class: "told" }, told(ours, chart?.numbered), toldAt === undefined ? told(naive, ours === undefined && chart?.numbered) : toldBefore(toldAt)),
    );
}

function toldBefore({ cluster }: Pair): Markup {
    return el("div", {}, el("h4", {}, "Naive stack"), el("p", { class: "quiet" }, `The run that is told beside ${clusterTitle(cluster)}.`));
}

/** A run in words: its verdict, what was done, its promises, what happened when, its notes. */
function told(result: DrillResult | undefined, numbered = false): Markup | string {
    if (result === undefined) {
        return "";
    }
    const { subject, what, seconds, promises, marks, notes } = result;
    const broken = subject === "stack" ? "broken" : "naive-broken";
    return el(
        "div",
        {},
        el(
            "h4",
            {},
            subject === "stack" ? "Stack: " : "Naive stack: ",
            promises.length === 0 ? "" : el("span", { class: isKept(result) ? "kept" : broken, "aria-hidden": "true" }, `${tick(isKept(result))} `),
            keptOf(result),
        ),
        el("p", {}, `${what} (${duration(seconds)})`),
        list("promises-of", promises.map(promise => [mark(promise.kept, broken), `${promise.name}: ${promise.measured} (promised ${promise.promised})`])),
        marks.length === 0
            ? ""
            : el("ol", { class: "timeline" }, marks.map(({ at, text }, index) => el("li", {}, el("span", { class: "at" }, moment(at)), el("span", {}, numbered ? el("strong", {}, `${index + 1} `) : "", text)))),
        list("notes", notes),
    );
}

function list(kind: string, items: readonly Child[]): Markup | string {
    return items.length === 0 ? "" : el("ul", { class: kind }, items.map(item => el("li", {}, item)));
}
