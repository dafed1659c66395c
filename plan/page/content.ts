import type { ClusterSummary, FailoverSummary, PlanSummary, RecordSummary } from "../summary";

/** What one frame of the picture holds: a cloud, or the clusters that other stacks own. */
export interface FrameContent {
    readonly name: string;
    readonly cards: readonly CardContent[];
}

/** One cluster as the picture shows it, with the DNS records that lead to it. */
export interface CardContent {
    readonly name: string;
    /** Left out where only a record names the cluster: another stack owns it. */
    readonly cluster?: ClusterSummary;
    readonly records: readonly RecordSummary[];
}

/** The clouds in order, then one frame for the records whose clusters are not in this stack. */
export function frameContents(summary: PlanSummary): readonly FrameContent[] {
    const records = summary.failover?.records ?? [];
    const byCluster = new Map<string, RecordSummary[]>();
    for (const record of records) {
        byCluster.set(record.cluster, [...(byCluster.get(record.cluster) ?? []), record]);
    }
    const frames: FrameContent[] = summary.clouds.map((cloud) => ({
        name: cloud.name,
        cards: cloud.clusters.map((cluster) => ({
            name: cluster.name,
            cluster,
            records: byCluster.get(cluster.name) ?? [],
        })),
    }));
    const own = new Set(summary.clouds.flatMap((cloud) => cloud.clusters.map((cluster) => cluster.name)));
    const foreign = [...byCluster].filter(([name]) => !own.has(name));
    if (foreign.length > 0) {
        frames.push({
            name: "Other stacks",
            cards: foreign.map(([name, theirs]) => ({ name, records: theirs })),
        });
    }
    return frames.filter((content) => content.cards.length > 0);
}

/** Whether DNS answers with this record only once another fails (or, at weight 0, not at all). */
export function isStandby(failover: FailoverSummary, record: RecordSummary): boolean {
    switch (failover.mode) {
        case "active-passive":
            return record.role !== "PRIMARY";
        case "active-active":
            return record.role === "weight 0";
        default:
            return unreachable(failover.mode);
    }
}

function unreachable(mode: never): never {
    throw new Error(`unknown failover mode ${String(mode)}`);
}

/** The way in: what the load balancer is called and the address it is reached at. */
export function doorOf(content: CardContent): { readonly kind: string; readonly address: string } | undefined {
    const app = content.cluster?.app;
    const targets = content.records.map((record) => record.target).join(", ");
    if (app === undefined && targets === "") {
        return undefined;
    }
    return { kind: app?.door ?? "Load balancer", address: targets === "" ? (app?.url ?? "") : targets };
}
