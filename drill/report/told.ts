import { el, type Child, type Markup } from "../../plan/page/markup";
import { isKept, type DrillResult } from "../result";
import { clusterTitle, type Pair } from "./compare";
import { mark } from "./summary";
import { duration, keptOf, moment, tick } from "./words";

/** How a run is told. */
export interface Telling {
    /** Whether the chart beside it has numbers for its events. */
    readonly numbered?: boolean | undefined;
    /** Whether what was done is said already. */
    readonly said?: boolean;
}

/** In place of a naive run that is told beside an earlier pair. */
export function toldBefore({ cluster }: Pair): Markup {
    return el("div", {}, el("h4", {}, "Naive stack"), el("p", { class: "quiet" }, `The run that is told beside ${clusterTitle(cluster)}.`));
}

/** A run in words: its verdict, what was done, its promises, what happened when, its notes. */
export function told(result: DrillResult | undefined, { numbered = false, said = false }: Telling = {}): Markup | string {
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
        said ? "" : el("p", {}, `${what} (${duration(seconds)})`),
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
