import { styleText } from "node:util";

import { columns } from "./columns";
import { isMandatory, violationsInWords } from "./policy";
import type { ClusterSummary, CostSummary, FailoverSummary, GroupSummary, ObjectiveSummary, PlanSummary, PolicySummary } from "./summary";
import { count, named, wrap } from "./words";

/** How the terminal view may look. */
export interface TextOptions {
    /** Use bold and colour. */
    readonly color: boolean;
    /** Columns to wrap long sentences at. */
    readonly width: number;
}

/** Gives a text a format, or none. */
export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

/** Types named for a group, before "…". */
const namedTypes = 3;

/** The plan for a terminal, to be read in one screen. */
export function renderText(summary: PlanSummary, { color, width }: TextOptions): string {
    const paint = painter(color);
    const heading = (text: string): string => paint("bold", text);
    const { failover } = summary;
    const lines = [
        `${heading(`${summary.project} ${summary.stack}`)}: ${count(summary.resourceCount, "resource")}, ${policyInWords(summary.policy)}`,
        ...summary.clouds.flatMap(({ name, clusters }) => ["", heading(name), ...clusters.flatMap(cluster => clusterLines(cluster, paint, width))]),
        ...(summary.global.length > 0 ? ["", heading("Over all clusters"), ...groupLines(summary.global, "  ")] : []),
        ...(failover === undefined ? [] : ["", ...failoverLines(failover, heading)]),
        "",
        heading("Objectives"),
        ...objectiveLines(summary.objectives, width),
        "",
        ...costLines(summary.cost, heading, width),
        ...violationLines(summary.policy, paint, width),
        ...warningLines(summary.warnings, paint, width),
    ];
    return `${lines.join("\n")}\n`;
}

/** A painter that uses bold and colour, or none. */
export function painter(color: boolean): Paint {
    return (format, text) => (color ? styleText(format, text, { validateStream: false }) : text);
}

function clusterLines({ name, kind, region, version, nodes, addOns, zones, groups, app }: ClusterSummary, paint: Paint, width: number): string[] {
    const rows: [string, string][] = [];
    if (zones.length > 0) {
        rows.push(["zones", zonesInWords(zones)]);
    }
    rows.push(["nodes", nodes]);
    if (addOns.length > 0) {
        // Their charts and versions are on the page and in plan.json.
        rows.push(["platform", addOns.map(({ name: addOn }) => addOn).join(", ")]);
    }
    if (app !== undefined) {
        const state = app.state === undefined ? "" : `, state ${app.state.replicas} × ${app.state.size} at ${app.state.mountPath}`;
        rows.push(["app", `${app.name} ${app.image}, ${app.minReplicas}–${app.maxReplicas} replicas${state}`]);
        rows.push(["answers at", `${app.url} (${app.door})`]);
    }
    return [
        `  ${paint("cyan", name)} ${kind} ${version}, ${region}`,
        ...named(rows, width - 4).map(row => `    ${row}`),
        ...groupLines(groups, "    "),
    ];
}

/** Zones with what is in each, said once where all have the same. */
function zonesInWords(zones: ClusterSummary["zones"]): string {
    const contents = zones.map(({ replicas, volumes }) => `${count(replicas, "replica")}${volumes > 0 ? ` and ${count(volumes, "volume")}` : ""}`);
    const [first = ""] = contents;
    return contents.every(content => content === first)
        ? `${zones.map(({ name }) => name).join(", ")}: ${first}${zones.length > 1 ? " in each" : ""}`
        : zones.map(({ name }, index) => `${name}: ${contents[index] ?? ""}`).join("; ");
}

/** The tree's last level: each group with its count and what it is mostly made of. */
function groupLines(groups: readonly GroupSummary[], indent: string): string[] {
    const rows = groups.map(({ name, count: total, types }, index): [string, string, string] => {
        const named = types.slice(0, namedTypes).map(([type, number]) => (number === 1 ? type : `${type} × ${number}`));
        return [`${index === groups.length - 1 ? "└" : "├"} ${name}`, String(total), `${named.join(", ")}${types.length > namedTypes ? ", …" : ""}`];
    });
    return columns(rows).map(row => `${indent}${row}`);
}

function failoverLines(failover: FailoverSummary, heading: (text: string) => string): string[] {
    const primary = failover.primary === undefined ? "" : `, primary ${failover.primary}`;
    const records = failover.records.map(({ role, cluster, type, target }): [string, string, string, string] => [role, cluster, type, target]);
    return [
        `${heading("Failover")} ${failover.domain}: ${failover.mode}${primary}`,
        ...columns(records).map(row => `    ${row}`),
        `    check ${failover.check}`,
        `    answers live ${failover.ttlSeconds} s; failback ${failover.failback}`,
    ];
}

function objectiveLines(objectives: readonly ObjectiveSummary[], width: number): string[] {
    const heads = columns(objectives.map(({ name, value }) => [name, value, ""]));
    return named(objectives.map(({ basis }, index) => [(heads[index] ?? "").trimEnd(), basis]), width - 2).map(line => `  ${line}`);
}

function costLines({ parts, totalMonthlyUsd, unpriced, basis }: CostSummary, heading: (text: string) => string, width: number): string[] {
    const total = parts.length === 0 ? basis : `at least ${dollars(totalMonthlyUsd)} a month (${basis})`;
    const shares = parts.map(({ name, monthlyUsd }) => `${name} ${dollars(monthlyUsd)}`).join(" · ");
    const details = [...(parts.length === 0 ? [] : [shares]), ...(unpriced.length === 0 ? [] : [`not in it: ${unpriced.join("; ")}`])];
    return [`${heading("Cost")} ${total}`, ...details.flatMap(detail => wrap(detail, width - 2)).map(line => `  ${line}`)];
}

function warningLines(warnings: readonly string[], paint: Paint, width: number): string[] {
    if (warnings.length === 0) {
        return [];
    }
    return [
        "",
        paint(["bold", "yellow"], count(warnings.length, "warning")),
        ...warnings.flatMap(warning => wrap(warning, width - 4).map((line, index) => `${index === 0 ? "  ! " : "    "}${line}`)),
    ];
}

/** Whether the policy pack is content, in the first line: where it is, there is nothing else to say of it. */
export function policyInWords(policy: PolicySummary): string {
    return policy.violations.length === 0 ? `all ${count(policy.rules, "policy rule")} kept` : violationsInWords(policy);
}

function violationLines({ violations }: PolicySummary, paint: Paint, width: number): string[] {
    if (violations.length === 0) {
        return [];
    }
    const mandatory = violations.filter(isMandatory).length;
    return [
        "",
        `${paint(["bold", "red"], count(violations.length, "policy violation"))}, ${mandatory} mandatory`,
        ...violations.flatMap(violation => {
            const { rule, level, resource, message } = violation;
            const mark = isMandatory(violation) ? "✗" : "!";
            return wrap(`${resource}: ${message} [${rule}, ${level}]`, width - 4).map((line, index) => `${index === 0 ? `  ${mark} ` : "    "}${line}`);
        }),
    ];
}

/** "$1919", "$1.50". */
export function dollars(usd: number): string {
    return `$${usd < 10 ? usd.toFixed(2) : usd.toFixed(0)}`;
}
