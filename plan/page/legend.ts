import type { ClusterSummary, PlanSummary } from "../summary";
import { isStandby } from "./content";
import { el, type Markup } from "./markup";
import { cylinder } from "./zones";

/** Explains the picture's marks, and only those that occur in it. */
export function legend(summary: PlanSummary): Markup | string {
    const { failover } = summary;
    const clusters = summary.clouds.flatMap((cloud) => cloud.clusters);
    const standby = failover?.records.some((record) => isStandby(failover, record)) ?? false;
    const entries = [
        ...(failover === undefined ? [] : [entry(line("active"), "takes traffic while healthy")]),
        ...(standby ? [entry(line("standby"), "standby: no traffic while the others are healthy")] : []),
        ...(clusters.some(hasReplicas) ? [entry(pod(), "one app replica")] : []),
        ...(clusters.some(hasVolumes) ? [entry(cylinder({ x: 3, y: 1 }), "a volume, which stays in its zone")] : []),
    ];
    return entries.length === 0 ? "" : el("figcaption", {}, entries);
}

function hasReplicas(cluster: ClusterSummary): boolean {
    return cluster.app !== undefined || cluster.zones.some((zone) => zone.replicas > 0);
}

function hasVolumes(cluster: ClusterSummary): boolean {
    return cluster.app?.state !== undefined || cluster.zones.some((zone) => zone.volumes > 0);
}

function pod(): Markup {
    return el("rect", { class: "swatch", x: 6, y: 6, width: 16, height: 16, rx: 4.5 });
}

function line(tone: "active" | "standby"): Markup {
    return el("path", { class: `way ${tone}`, d: "M1 14H27" });
}

function entry(mark: Markup, text: string): Markup {
    return el("span", {}, el("svg", { class: "key", viewBox: "0 0 28 28", "aria-hidden": "true" }, mark), text);
}
