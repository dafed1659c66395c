import { el, type Child, type Markup } from "../../plan/page/markup";
import { section } from "../../plan/page/sections";
import { table } from "../../plan/page/table";
import type { DrillReport, DrillResult, Traffic } from "../result";
import { clientPairs, figures, isWatched, reasons, sightsOf, type Figure, type Sight } from "./clients";
import { drillsOf, type Pair } from "./compare";
import { anchorOf } from "./summary";
import { grouped } from "./words";

/** More lost writes than this are counted, not named. */
const mostNamed = 20;

/** What clients saw in every drill, a row each. Nothing where no client was there. */
export function clientsSection(report: DrillReport): Markup | string {
    const rows = drillsOf(report).flatMap((drill, index) => sightsOf(report, drill).map((sight, at) => cells(drill, sight, at === 0, anchorOf(index))));
    const columns = [{ head: "Drill" }, { head: "Cluster" }, { head: "Client" }, ...figures.map(({ head }) => ({ head, as: "number" as const }))];
    return rows.length === 0 ? "" : section("What clients saw", el("div", { class: "clients" }, table({ caption: "What clients saw in each drill", columns, rows })));
}

function cells(drill: string, sight: Sight, first: boolean, anchor: string): Child[] {
    const { result, of, client } = sight;
    const row: readonly Child[] = [
        first ? el("a", { href: `#${anchor}` }, drill) : unseen(drill),
        sight.first ? of : unseen(of),
        client,
        ...figures.map((figure): Child => (figure.ofRun && !sight.first ? unseen("as above") : valueOf(figure, sight))),
    ];
    const quiet = (cell: Child): Child => (cell === "" ? cell : el("span", { class: "of-naive" }, cell));
    return result.subject === "stack" ? [...row] : row.map((cell, at) => (at === 0 ? cell : quiet(cell)));
}

/** One column of a pair's figures. */
interface Side {
    readonly head: string;
    readonly result: DrillResult;
    /** Its place in a pair of clients. */
    readonly at: 0 | 1;
}

/** A pair's figures, ours and the naive stack's in a column each: client by client, and then those of the run. Nothing where there are none. */
export function figuresTable(pair: Pair): Markup | string {
    const { ours, naive, drill, cluster } = pair;
    if (![ours, naive].some(result => result !== undefined && isWatched(result))) {
        return "";
    }
    const sides: readonly Side[] = [
        ...(ours === undefined ? [] : [{ head: "Stack", result: ours, at: 0 as const }]),
        ...(naive === undefined ? [] : [{ head: naive.cluster === cluster ? "Naive stack" : `Naive stack (${naive.cluster})`, result: naive, at: 1 as const }]),
    ];
    const row = (head: string, text: (result: DrillResult, at: 0 | 1) => Child): Child[] => [head, ...sides.map(({ result, at }) => text(result, at))];
    const rows = [
        ...figures.filter(({ ofRun }) => ofRun).map(figure => row(figure.head, result => valueOf(figure, { result, traffic: undefined }))),
        ...(sides.some(({ result }) => result.writes?.copies !== undefined) ? [row("Copies asked for", ({ writes }) => (writes?.copies === undefined ? "" : grouped(writes.copies)))] : []),
        ...(sides.some(({ result }) => lostOf(result).length > 0) ? [row("Writes lost", result => namesOf(lostOf(result)))] : []),
        ...clientPairs(pair).flatMap(traffic => [
            row("Client", (_, at) => (traffic[at] === undefined ? "" : el("strong", {}, traffic[at].client))),
            ...figures.filter(({ ofRun }) => !ofRun).map(figure => row(figure.head, (result, at) => valueOf(figure, { result, traffic: traffic[at] }))),
            ...(traffic.some(seen => (seen?.errors.length ?? 0) > 0) ? [row("Why they failed", (_, at) => lines(why(traffic[at])))] : []),
        ]),
    ];
    const columns = [{ head: "Figure" }, ...sides.map(({ head }) => ({ head }))];
    const known = rows.filter(([, ...values]) => values.some(value => value !== ""));
    return el("div", { class: "figures" }, table({ caption: `Figures of ${drill}, ${cluster}`, columns, rows: known }));
}

function why(traffic: Traffic | undefined): string[] {
    return traffic === undefined ? [] : reasons(traffic);
}

function lines(texts: readonly string[]): Child {
    return texts.length === 0 ? "" : texts.map(text => el("div", {}, text));
}

function lostOf({ writes }: DrillResult): readonly string[] {
    return writes?.lost ?? [];
}

/** The first of them by name, and how many more there are: live.json has them all. */
function namesOf(lost: readonly string[]): string {
    const more = lost.length - mostNamed;
    return `${lost.slice(0, mostNamed).join(", ")}${more > 0 ? ` and ${grouped(more)} more` : ""}`;
}

/** What must never be stands out, and says so to those who can't see it. */
function valueOf(figure: Figure, sight: Pick<Sight, "result" | "traffic">): Child {
    const text = figure.text(sight);
    return text !== "" && figure.isBad(sight) ? el("strong", { class: sight.result.subject === "stack" ? "broken" : "naive-broken" }, text) : text;
}

function unseen(text: string): Markup {
    return el("span", { class: "unseen" }, text);
}
