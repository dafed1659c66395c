import { isMandatory, violationsInWords } from "../policy";
import type { ClusterSummary, GroupSummary, PlanSummary } from "../summary";
import { el, type Child, type Markup } from "./markup";
import { code, facts, table } from "./table";
import { count, kubernetesVersion, replicaRange, usd } from "./words";

type Section = (summary: PlanSummary) => Markup | string;

/** The summary's facts as tables, in the order people ask for them. */
export function factSections(summary: PlanSummary): readonly (Markup | string)[] {
    const sections: readonly Section[] = [clusters, zones, platform, endpoints, failover, objectives, cost, parts];
    return sections.map((section) => section(summary));
}

export function warnings(summary: PlanSummary): Markup {
    const { warnings: found } = summary;
    return found.length === 0
        ? section("Warnings", el("p", { class: "quiet" }, "No warnings."))
        : section("Warnings", el("ul", { class: "warnings" }, found.map((warning) => el("li", {}, warning))));
}

/** What the policy pack says: how many rules were asked, and each that was broken. It stands out where that stops an update. */
export function policy({ policy: summary }: PlanSummary): Markup {
    const { rules, violations } = summary;
    const said = `${violationsInWords(summary)}; ${count(rules, "rule")} in all.`;
    return violations.length === 0
        ? section("Policy", el("p", { class: "quiet" }, `${count(rules, "rule")}, none broken.`))
        : section(
              "Policy",
              violations.some(isMandatory)
                  ? el("p", { class: "alarm" }, `${said} A mandatory one stops every update.`)
                  : el("p", { class: "quiet" }, said),
              table({
                  caption: "Broken rules",
                  columns: [{ head: "Rule", as: "code" }, { head: "Level" }, { head: "Resource", as: "code" }, { head: "Found, and the fix" }, { head: "Why" }],
                  rows: violations.map(({ rule, level, resource, message, why }) => [rule, level, resource, message, why]),
              }),
          );
}

export function section(title: string, ...content: readonly Child[]): Markup {
    return el("section", {}, el("h2", {}, title), ...content);
}

interface Owned {
    readonly cloud: string;
    readonly cluster: ClusterSummary;
}

function owned(summary: PlanSummary): readonly Owned[] {
    return summary.clouds.flatMap((cloud) => cloud.clusters.map((cluster) => ({ cloud: cloud.name, cluster })));
}

function clusters(summary: PlanSummary): Markup | string {
    const all = owned(summary);
    if (all.length === 0) {
        return section("Clusters", el("p", { class: "quiet" }, "This stack has no clusters of its own."));
    }
    return section(
        "Clusters",
        table({
            caption: "Clusters",
            columns: [
                { head: "Cluster" },
                { head: "Cloud" },
                { head: "Kind" },
                { head: "Region" },
                { head: "Version" },
                { head: "Nodes" },
            ],
            rows: all.map(({ cloud, cluster }) => [
                cluster.name,
                cloud,
                cluster.kind,
                cluster.region,
                kubernetesVersion(cluster.version),
                cluster.nodes,
            ]),
        }),
    );
}

function zones(summary: PlanSummary): Markup | string {
    const rows = owned(summary).flatMap(({ cluster }) =>
        cluster.zones.length === 0
            ? [[cluster.name, "not named", ...expectedAnywhere(cluster)]]
            : cluster.zones.map((zone) => [cluster.name, code(zone.name), String(zone.replicas), String(zone.volumes)]),
    );
    if (rows.length === 0) {
        return "";
    }
    return section(
        "Zones",
        table({
            caption: "Zones, with what is expected in each",
            columns: [
                { head: "Cluster" },
                { head: "Zone" },
                { head: "App replicas", as: "number" },
                { head: "Volumes", as: "number" },
            ],
            rows,
            narrow: true,
        }),
    );
}

function platform(summary: PlanSummary): Markup | string {
    const rows = owned(summary).flatMap(({ cluster }) => cluster.addOns.map(({ name, charts }) => [cluster.name, name, charts.length === 0 ? "none" : charts.join(", ")]));
    return rows.length === 0
        ? ""
        : section("Platform", table({ caption: "What each cluster gets beside the app", columns: [{ head: "Cluster" }, { head: "Add-on" }, { head: "Charts" }], rows, narrow: true }));
}

function expectedAnywhere(cluster: ClusterSummary): readonly string[] {
    return [String(cluster.app?.minReplicas ?? 0), String(cluster.app?.state?.replicas ?? 0)];
}

function endpoints(summary: PlanSummary): Markup | string {
    const rows = owned(summary).flatMap(({ cluster }) => {
        const { app } = cluster;
        if (app === undefined) {
            return [];
        }
        const { state } = app;
        return [
            [
                cluster.name,
                code(app.url),
                app.door,
                app.name,
                code(app.image),
                replicaRange(app.minReplicas, app.maxReplicas),
                state === undefined
                    ? "none"
                    : `${count(state.replicas, "replica")}, ${state.size} each, at ${state.mountPath}`,
            ],
        ];
    });
    if (rows.length === 0) {
        return "";
    }
    const heads = ["Cluster", "Address", "Through", "App", "Image", "Autoscaled", "State"];
    return section("Endpoints", table({ caption: "Endpoints", columns: heads.map((head) => ({ head })), rows }));
}

function failover(summary: PlanSummary): Markup | string {
    const { failover: settings } = summary;
    if (settings === undefined) {
        return section("Failover", el("p", { class: "quiet" }, "No failover DNS in this stack."));
    }
    return section(
        "Failover",
        facts([
            ["Domain", code(settings.domain)],
            ["Mode", settings.mode],
            ...(settings.primary === undefined ? [] : [["Primary", settings.primary] as const]),
            ["Check", settings.check],
            ["TTL", `${settings.ttlSeconds} s`],
            ["Failback", settings.failback],
        ]),
        table({
            caption: "Failover records",
            columns: [{ head: "Cluster" }, { head: "Role" }, { head: "Type" }, { head: "Target" }],
            rows: settings.records.map((record) => [record.cluster, record.role, record.type, code(record.target)]),
        }),
    );
}

function objectives(summary: PlanSummary): Markup | string {
    if (summary.objectives.length === 0) {
        return "";
    }
    return section(
        "Objectives",
        table({
            caption: "Objectives and what they rest on",
            columns: [{ head: "Objective" }, { head: "Value" }, { head: "Rests on" }],
            rows: summary.objectives.map(({ name, value, basis }) => [name, value, basis]),
        }),
    );
}

function cost(summary: PlanSummary): Markup {
    const { parts: priced, totalMonthlyUsd, unpriced, basis } = summary.cost;
    return section(
        "Cost",
        el("p", { class: "quiet" }, `US dollars a month: ${basis}.`),
        table({
            caption: "Cost by part",
            columns: [{ head: "Part" }, { head: "A month", as: "number" }],
            rows: priced.map(({ name, monthlyUsd }) => [name, usd(monthlyUsd)]),
            foot: ["Total", usd(totalMonthlyUsd)],
            narrow: true,
        }),
        unpriced.length === 0
            ? ""
            : [el("h3", {}, "Not in the total"), el("ul", {}, unpriced.map((what) => el("li", {}, what)))],
    );
}

function parts(summary: PlanSummary): Markup | string {
    const rows = [
        ...owned(summary).flatMap(({ cluster }) => cluster.groups.map((group) => partRow(cluster.name, group))),
        ...summary.global.map((group) => partRow("global", group)),
    ];
    if (rows.length === 0) {
        return "";
    }
    return section(
        "What the program registers",
        table({
            caption: "Resources by part",
            columns: [
                { head: "Cluster" },
                { head: "Part" },
                { head: "Resources", as: "number" },
                { head: "Of these" },
            ],
            rows,
        }),
    );
}

function partRow(owner: string, group: GroupSummary): readonly Child[] {
    const types = group.types.map(([type, n]) => (n === 1 ? type : `${type} \u00d7 ${n}`)).join(", ");
    return [owner, group.name, String(group.count), types];
}
