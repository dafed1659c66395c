import { styleText } from "node:util";

import { count } from "../../plan/page/words";
import type { TextOptions } from "../../plan/text";
import type { DrillReport, DrillResult, PromiseResult } from "../result";
import { figures, reasons, sightsOf, type Sight } from "./clients";
import { clustersOf, drillsOf, isSuccess, sharedRowsOf, verdictOf, type Broken, type SharedRow } from "./compare";
import { grid, hanging, wrap, type Cell, type Paint } from "./grid";
import { doubts, duration, lastWord, leftOutLines, line, moment, promisedAndMeasured, tick } from "./words";

const heads = ["", "Promise", "Promised", "Cluster", "Measured", "Naive stack"];

/** Stands for every cluster of a drill that has several, where all measured the same. */
const alike = "each";

/**
 * The report for a terminal, to be read in one screen: each drill's promises, the naive stack's result beside ours, then
 * what clients saw where there were any, and at the end what was broken and the last word. What was done in each drill, and the naive stack's notes, are on the page.
 */
export function renderDrillText(report: DrillReport, { color, width }: TextOptions): string {
    const paint: Paint = (format, text) => (color ? styleText(format, text, { validateStream: false }) : text);
    const verdict = verdictOf(report);
    const { live, project, stack, set, seconds, startedAt, setting, unproved } = report;
    const clusters = clustersOf(report);
    const on = clusters.length === 0 ? "" : ` on ${clusters.join(", ")}`;
    const [first = "", ...rest] = wrap(line(`${project} ${stack}: ${set} set of ${live === true ? "live drills" : "drills"}${on}; ${duration(seconds)} from ${startedAt}`), width);
    const lines = [
        paint("bold", first),
        ...rest,
        ...wrap(line(setting.join("; ")), width).map(text => paint("dim", text)),
        "",
        ...tableLines(report, width, paint),
        ...clientLines(report, width, paint),
        ...listLines("Notes", notes(report), width, paint),
        ...listLines("Left out", leftOutLines(report).map(line), width, paint),
        ...listLines("Not proved here", unproved.map(line), width, paint),
        ...doubts(verdict).flatMap(doubt => ["", ...hanging("! ", line(doubt), width).map(text => paint("yellow", text))]),
        ...verdict.broken.length === 0 ? [] : brokenLines(verdict.broken, width, paint),
        "",
        ...wrap(line(lastWord(verdict)), width).map(text => paint(isSuccess(verdict) ? ["bold", "green"] : ["bold", "red"], text)),
    ];
    return `${lines.join("\n")}\n`;
}

function tableLines(report: DrillReport, width: number, paint: Paint): string[] {
    const drills = drillsOf(report).map(drill => {
        const shared = sharedRowsOf(report, drill);
        return { drill, rows: shared.map((row, index) => cells(row, shared[index - 1])) };
    });
    return groupedLines(heads.map(text => ({ text, format: "bold" })), drills, width, paint);
}

/** What clients saw, a line each, with what a run as a whole came to on its first. Nothing where no client was there. */
function clientLines(report: DrillReport, width: number, paint: Paint): string[] {
    const drills = drillsOf(report)
        .map(drill => ({ drill, rows: sightsOf(report, drill).map(clientCells) }))
        .filter(({ rows }) => rows.length > 0);
    const head: readonly Cell[] = [
        { text: "" },
        { text: "Cluster", format: "bold" },
        { text: "Client", format: "bold" },
        ...figures.map((figure): Cell => ({ text: figure.head, format: "bold", end: true })),
    ];
    return drills.length === 0 ? [] : ["", paint("bold", "What clients saw"), ...groupedLines(head, drills, width, paint)];
}

/** Lost writes and a strength that never came back stand out; what failed does so in the promises, where it must not have. */
function clientCells(sight: Sight): Cell[] {
    const { result, of, client, first } = sight;
    const naive = result.subject === "naive";
    const dim = naive ? { format: "dim" as const } : {};
    return [
        { text: "" },
        { text: first ? line(of) : "", format: "dim" },
        { text: line(client), ...dim },
        ...figures.map((figure): Cell => {
            const text = figure.ofRun && !first ? "" : figure.text(sight) || "\u2013";
            return { text, end: true, ...(figure.isBad(sight) && !naive ? { format: ["bold", "red"] } : dim) };
        }),
    ];
}

function groupedLines(head: readonly Cell[], drills: readonly { readonly drill: string; readonly rows: readonly Cell[][] }[], width: number, paint: Paint): string[] {
    const [headLines = [], ...rows] = grid([head, ...drills.flatMap(({ rows: own }) => own)], width, paint);
    return [
        ...headLines,
        ...drills.flatMap(({ drill, rows: own }) => [
            ...wrap(line(drill), width).map(text => paint("bold", text)),
            ...rows.splice(0, own.length).flat(),
        ]),
    ];
}

/** What the row above says already is left out, unless the promise was broken. */
function cells(row: SharedRow, above: SharedRow | undefined): Cell[] {
    const broken = row.ours?.kept === false;
    const again = row.again && !broken;
    return [
        { text: broken ? tick(false) : "", format: ["bold", "red"] },
        { text: again ? "" : line(row.promise) },
        { text: again && above?.promised === row.promised ? "" : line(row.promised) },
        { text: row.everywhere ? alike : line(row.clusters.join(", ")), format: "dim" },
        { text: measured(row.ours), format: broken ? ["bold", "red"] : "green" },
        { text: `${measured(row.naive)}${row.differences.length === 0 ? "" : ` ${line(`(${row.differences.join(", ")})`)}`}`, format: "dim" },
    ];
}

function measured(promise: PromiseResult | undefined): string {
    return promise === undefined ? "\u2013" : line(`${tick(promise.kept)} ${promise.measured}`);
}

/** The stack's notes, each once with the clusters it is about. */
function notes({ drills }: DrillReport): string[] {
    const about = new Map<string, { readonly drill: string; readonly note: string; readonly clusters: string[] }>();
    for (const { drill, cluster, subject, notes: own } of drills) {
        for (const note of subject === "stack" ? own : []) {
            const known = about.get(JSON.stringify([drill, note]));
            if (known === undefined) {
                about.set(JSON.stringify([drill, note]), { drill, note, clusters: [cluster] });
            } else if (!known.clusters.includes(cluster)) {
                known.clusters.push(cluster);
            }
        }
    }
    return [...about.values()].map(({ drill, note, clusters }) => line(`${drill}, ${clusters.join(" and ")}: ${note}`));
}

function listLines(heading: string, texts: readonly string[], width: number, paint: Paint): string[] {
    return texts.length === 0 ? [] : ["", paint("bold", heading), ...texts.flatMap(text => hanging("  ", text, width))];
}

/** What the stack broke, with all that happened in the run. */
function brokenLines(broken: readonly Broken[], width: number, paint: Paint): string[] {
    const runs = [...new Set(broken.map(({ result }) => result))];
    return ["", paint(["bold", "red"], count(broken.length, "broken promise")), ...runs.flatMap(run => runLines(run, width, paint))];
}

function runLines({ drill, cluster, what, promises, marks, traffic = [] }: DrillResult, width: number, paint: Paint): string[] {
    const indent = "    ";
    const at = marks.map(mark => moment(mark.at));
    const room = Math.max(0, ...at.map(text => text.length));
    return [
        ...promises
            .filter(({ kept }) => !kept)
            .flatMap(promise => hanging(`  ${tick(false)} `, line(`${drill}, ${cluster}: ${promise.name}: ${promisedAndMeasured(promise)}`), width))
            .map(text => paint("red", text)),
        ...hanging(indent, line(what), width),
        ...traffic.flatMap(seen => reasons(seen).flatMap(reason => hanging(indent, line(`${seen.client}: ${reason}`), width))),
        ...marks.flatMap((mark, index) => hanging(`${indent}  ${(at[index] ?? "").padStart(room)}  `, line(mark.text), width)),
    ];
}
