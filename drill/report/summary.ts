import { el, type Child, type Markup } from "../../plan/page/markup";
import { section } from "../../plan/page/sections";
import { table } from "../../plan/page/table";
import type { DrillReport, PromiseResult } from "../result";
import { clusterTitle, drillsOf, sharedRowsOf, type SharedRow, type Verdict } from "./compare";
import { doubts, leftOutLines, moment, promisedAndMeasured, tick } from "./words";

/** Of a drill's section, for links to it. */
export function anchorOf(index: number): string {
    return `drill-${index + 1}`;
}

/** What the stack broke, with what happened in the run, before anything else. */
export function alarms({ broken, promises }: Verdict): Markup {
    if (broken.length === 0) {
        return section("Broken promises", el("p", { class: "quiet" }, promises === 0 ? "Nothing was promised." : "None: the stack kept every promise."));
    }
    const runs = [...new Set(broken.map(({ result }) => result))];
    return section(
        "Broken promises",
        el(
            "ul",
            { class: "warnings alarms" },
            runs.map(run => {
                const own = run.promises.filter(({ kept }) => !kept);
                const course = run.marks.map(({ at, text }) => `${moment(at)} ${text}`).join("; ");
                return el(
                    "li",
                    {},
                    own.map(promise =>
                        el("div", {}, el("strong", {}, `${run.drill}, ${clusterTitle(run.cluster)}: ${promise.name}`), `: ${promisedAndMeasured(promise)}`),
                    ),
                    el("div", {}, run.what),
                    course === "" ? "" : el("div", {}, course),
                );
            }),
        ),
    );
}

/** Every promise in a row, the naive stack's result beside ours. */
export function summary(report: DrillReport): Markup {
    const rows = drillsOf(report).flatMap((drill, index) => sharedRowsOf(report, drill).map((row, at) => cells(row, at === 0, anchorOf(index))));
    const columns = [{ head: "Drill" }, { head: "Promise" }, { head: "Promised" }, { head: "Cluster" }, { head: "Measured" }, { head: "Naive stack" }];
    return rows.length === 0
        ? section("Promises", el("p", { class: "quiet" }, "No drill made a promise."))
        : section("Promises", el("div", { class: "promises" }, table({ caption: "Promises, and what was measured", columns, rows })));
}

/** What the row above says already is not shown again; for those who hear the table, it is in each. */
function cells(row: SharedRow, first: boolean, anchor: string): Child[] {
    const { drill, promise, promised, clusters, again, ours, naive, differences } = row;
    return [
        first ? el("a", { href: `#${anchor}` }, drill) : unseen(drill),
        again ? unseen(promise) : promise,
        promised,
        clusters.map(clusterTitle).join(", "),
        ours === undefined ? "" : measured(ours, "broken"),
        naive === undefined ? "" : [measured(naive, "naive-broken"), differences.length === 0 ? "" : ` (${differences.join(", ")})`],
    ];
}

function unseen(text: string): Markup {
    return el("span", { class: "unseen" }, text);
}

/** A result with its mark, whose meaning is said to those who can't see it. */
function measured({ kept, measured: text }: PromiseResult, toneOfBroken: string): Markup {
    return el("span", {}, mark(kept, toneOfBroken), text);
}

/** The mark alone. */
export function mark(kept: boolean, toneOfBroken: string): Markup {
    const tone = kept ? "kept" : toneOfBroken;
    return el("span", { class: `verdict ${tone}` }, el("span", { "aria-hidden": "true" }, `${tick(kept)} `), unseen(kept ? "kept: " : "broken: "));
}

/** Drills of which the naive stack broke nothing: they may be unable to fail. */
export function comparison(verdict: Verdict): Markup | string {
    const found = doubts(verdict);
    return found.length === 0 ? "" : section("Doubts", el("ul", { class: "warnings" }, found.map(doubt => el("li", {}, doubt))));
}

/** What was not done, what is not proved by this, and what it ran on. */
export function lists(report: DrillReport): Markup[] {
    const { unproved, setting } = report;
    const leftOut = leftOutLines(report);
    const list = (texts: readonly string[]): Markup => el("ul", {}, texts.map(text => el("li", {}, text)));
    return [
        ...(leftOut.length === 0 ? [] : [section("Left out", list(leftOut))]),
        ...(unproved.length === 0 ? [] : [section("Not proved here", list(unproved))]),
        ...(setting.length === 0 ? [] : [section("What it ran on", list(setting))]),
    ];
}
