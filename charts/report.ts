import { columns } from "../plan/columns";
import type { Concern } from "./checks";
import type { Exception } from "./exceptions";
import type { ChartFacts } from "./facts";
import type { Kept } from "./kept";
import type { PlannedVariant } from "./variants";
import type { Workload } from "./workloads";

/** What came of a run. */
export interface Report {
    readonly planned: readonly PlannedVariant[];
    readonly kept: Kept;
    /** Files of facts that differ from what was kept. */
    readonly changes: readonly string[];
    /** Folder that they were written to; undefined where they were not. */
    readonly updated: string | undefined;
    readonly open: readonly Concern[];
    readonly spare: readonly Exception[];
    /** What is wrong beyond single charts. */
    readonly problems: readonly string[];
    readonly missing: readonly { readonly error: Error }[];
    readonly seconds: number;
}

/** The report for a terminal. */
export function renderReport(report: Report): string {
    const { planned, kept, changes, updated, open, spare, problems, missing, seconds } = report;
    const refused = planned.flatMap(({ variant, without }) => [...without].map(([key, why]) => `${variant.key}, ${key}: ${(why.split("; fix: ")[0] ?? "").replace(/^holdfast:/, "")}`));
    const undefinedKinds = [...new Set(kept.customResources.filter(({ misfits }) => misfits === null).map(({ resource }) => resource.split(" ").slice(0, 2).join(" ")))];
    const lines = [
        ...columns([["release", "chart", "on", "pods", "cores", "GiB", "volumes", "other objects"], ...[...kept.charts].map(rowOf)]),
        ...section("Add-ons that are left out, because they are refused", refused),
        ...section("Custom resources without a definition in any chart, not judged", undefinedKinds),
        ...section(updated === undefined ? "Other than what was kept (npm run charts -- --update keeps it)" : `Written to ${updated}`, changes),
        ...section("Not as it should be", concernLines(open)),
        ...section("Not as it should be, over several charts", problems),
        ...section("Exceptions that cover nothing any more", spare.map(({ check, role, subject }) => `${check}: ${role} ${subject}`)),
        ...section("Can't be had", missing.map(({ error }) => error.message)),
        "",
        `${kept.charts.size} renderings on ${planned.map(({ variant }) => variant.key).join(", ")}; ${kept.customResources.length} custom resources; ` +
            `${open.length + problems.length + spare.length} faults, ${changes.length} changes, ${missing.length} not to be had; ${seconds.toFixed(1)} s`,
    ];
    return `${lines.join("\n")}\n`;
}

/** Concerns as people read them, in columns. */
export function concernLines(concerns: readonly Concern[]): readonly string[] {
    return columns(concerns.map(({ check, role, subject, message, on }) => [check, role, `${subject} ${message} (${on.join(", ")})`.trim()]));
}

function section(heading: string, lines: readonly string[]): readonly string[] {
    return lines.length === 0 ? [] : ["", heading, ...lines.map(line => `  ${line}`)];
}

function rowOf([name, facts]: readonly [string, ChartFacts]): readonly string[] {
    const { chart, version, on, workloads, volumesGib, objects } = facts;
    const total = (of: (workload: Workload) => number): string => {
        const sum = (times: (workload: Workload) => number): number => Math.round(workloads.reduce((all, workload) => all + times(workload) * of(workload), 0) * 1000) / 1000;
        const daemons = sum(({ pods }) => (pods === "each node" ? 1 : 0));
        return `${sum(({ pods }) => (typeof pods === "number" ? pods : 0))}${daemons === 0 ? "" : ` + ${daemons} a node`}`;
    };
    return [
        name,
        `${chart.slice(chart.lastIndexOf("/") + 1)} ${version}`,
        on.join(" "),
        total(() => 1),
        total(({ cores }) => cores),
        total(({ gib }) => gib),
        [...(volumesGib.length === 0 ? [] : [String(volumesGib.length)]), total(({ volumesGib: own }) => own.length)].join(" + "),
        String(Object.values(objects).reduce((sum, count) => sum + count, 0)),
    ];
}
