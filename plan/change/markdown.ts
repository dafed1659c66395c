import { isMandatory } from "../policy";
import type { PlanSummary } from "../summary";
import { dollars, policyInWords } from "../text";
import { count } from "../words";
import type { Change, PlanDiff } from "./diff";
import { byDanger, countsInWords, dangerInWords, detailsOf, remarksOf, shortType } from "./words";

/** Rows of a table, before the rest is left to diff.json: a job's summary has room for 1 MiB, and its readers for less. */
const listed = 50;

/** The plan, and what it would change, as Markdown in GitHub's flavour: for the summary of a job. */
export function renderMarkdown(summary: PlanSummary, diff: PlanDiff | undefined): string {
    return [...planLines(summary), ...(diff === undefined ? [] : ["", ...diffLines(diff)]), ""].join("\n");
}

function planLines({ project, stack, resourceCount, clouds, objectives, cost, policy, warnings }: PlanSummary): string[] {
    const clusters = clouds.flatMap(({ clusters: all }) => all);
    const price = cost.parts.length === 0 ? [] : [`at least ${dollars(cost.totalMonthlyUsd)} a month`];
    return [
        `## ${escaped(`${project} ${stack}`)}`,
        "",
        escaped([count(resourceCount, "resource"), policyInWords(policy), ...price].join(", ")),
        ...table(["Cluster", "Kind", "Where", "Version", "Nodes"], clusters.map(({ name, kind, region, version, nodes }) => [name, kind, region, version, nodes])),
        ...table(["Objective", "Value", "Rests on"], objectives.map(({ name, value, basis }) => [name, value, basis])),
        ...table(
            ["Policy", "Resource", "Found"],
            policy.violations.map(violation => [`${violation.rule} (${isMandatory(violation) ? "mandatory" : "advisory"})`, violation.resource, violation.message]),
        ),
        ...list(warnings),
    ];
}

function diffLines(diff: PlanDiff): string[] {
    const { dangerous, others } = byDanger(diff);
    return [
        `### ${escaped(`Against ${diff.base}`)}`,
        "",
        escaped(countsInWords(diff)),
        ...(dangerous.length === 0 ? [] : ["", "**Dangerous**", ...changeTable(dangerous, dangerInWords)]),
        ...others.flatMap(([heading, changes]) =>
            changes.length === 0 ? [] : ["", `<details><summary>${escaped(`${heading}: ${changes.length}`)}</summary>`, ...changeTable(changes, detailsOf), "", "</details>"],
        ),
        ...list(remarksOf(diff)),
    ];
}

function changeTable(changes: readonly Change[], details: (change: Change) => readonly string[]): readonly string[] {
    const rows = changes.slice(0, listed).map(change => [change.name, shortType(change.type), details(change).join("; ")]);
    const left = changes.length - rows.length;
    return [...table(["Name", "Type", "How"], rows), ...(left > 0 ? ["", `and ${left} more, in diff.json`] : [])];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
    const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
    return rows.length === 0 ? [] : ["", row(heads), row(heads.map(() => "---")), ...rows.map(cells => row(cells.map(escaped)))];
}

function list(texts: readonly string[]): readonly string[] {
    return texts.length === 0 ? [] : ["", ...texts.map(text => `- ${escaped(text)}`)];
}

/** Text that stands for itself: no markup, no HTML, no end of a cell or line, no address that becomes a link. */
function escaped(text: string): string {
    return text
        .replace(/[\\`*_{}[\]()#|~!+-]/g, "\\$&")
        .replace(/&/g, "&amp;")
        .replace(/</g, "&lt;")
        .replace(/>/g, "&gt;")
        .replace(/\s+/g, " ")
        .replace(/@/g, "&#64;");
}
