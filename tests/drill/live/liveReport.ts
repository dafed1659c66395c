/** Reports of live drills by hand, shaped like a run for stack prod, so that the report is tested without a container. */
import type { DrillReport, DrillResult, Mark, Series, Traffic } from "../../../drill/result";
import { promise, report, result, steps } from "../fixtures";

/** Requests a second of each client. */
const rate = 20;

/** Seconds in which a share of the requests failed. */
interface Outage {
    readonly from: number;
    readonly to: number;
    readonly share: number;
}

/** Clients, as live drills name them. */
export const ingress = "Ingress";
export const service = "Service";

/** A client's requests by the second, as a client that counts whole seconds has them: of 20 a second now and then 19 or 21 begin. */
export function requests(client: string, seconds: number, outages: readonly Outage[]): Series[] {
    const buckets = Array.from({ length: seconds }, (_, second) => {
        const sent = rate + (second % 17 === 3 ? -1 : second % 17 === 4 ? 1 : 0);
        const share = outages.find(({ from, to }) => second >= from && second < to)?.share ?? 0;
        const failed = Math.round(sent * share + (share === 0 || share === 1 ? 0 : Math.sin(second * 2)));
        return { second, answered: sent - failed, failed };
    });
    const series = (name: string, value: (bucket: (typeof buckets)[number]) => number): Series => ({
        ...steps(name, "requests a second", buckets.map(bucket => [bucket.second, value(bucket)])),
        panel: client,
    });
    return [series("answered", ({ answered }) => answered), { ...series("failed", ({ failed }) => failed), tone: "broken" }];
}

/** The same in figures. */
function traffic(client: string, series: readonly Series[], longestGapSeconds: number, p99Seconds: number, error: string): Traffic {
    const sum = (name: string): number => (series.find(own => own.name === name)?.samples ?? []).reduce((total, [, value]) => total + value, 0);
    const [answered, failed] = [sum("answered"), sum("failed")];
    return { client, sent: answered + failed, failed, longestGapSeconds, p99Seconds, errors: failed === 0 ? [] : [{ error, count: failed }] };
}

interface Told extends Partial<DrillResult> {
    readonly outages?: readonly Outage[];
    readonly gap?: number;
    readonly p99?: number;
    readonly ready: readonly (readonly [number, number])[];
    readonly clients?: readonly string[];
    readonly written?: number;
    readonly error?: string;
}

function live(drill: string, subject: DrillResult["subject"], cluster: string, seconds: number, told: Told): DrillResult {
    const { outages = [], gap = 0.071, p99 = 0.0124, ready, clients = [ingress], written, error = "no answer within 5 s", ...rest } = told;
    const all = clients.map(client => ({ client, series: requests(client, seconds, outages) }));
    return result(drill, subject, cluster, {
        seconds,
        series: [...all.flatMap(({ series }) => series), steps("ready replicas", "replicas", ready, subject === "stack" ? 2 : 1)],
        traffic: all.map(({ client, series }) => traffic(client, series, gap, p99, error)),
        ...(written === undefined ? {} : { writes: { acknowledged: written, readBack: written, lost: [] } }),
        ...rest,
    });
}

function marks(...pairs: readonly (readonly [at: number, text: string])[]): Mark[] {
    return pairs.map(([at, text]) => ({ at, text }));
}

function rollout(cluster: string, again: number): DrillResult[] {
    const what = "A new image was rolled out over 3 replicas, under requests throughout";
    const none = (failed: string, kept: boolean): DrillResult["promises"] => [promise("requests that fail", "0", failed, kept)];
    return [
        live("rolling update", "stack", cluster, 60, {
            what,
            ready: [[0, 3], [6, 4], [11, 3], [17, 4], [22, 3], [28, 4], [33, 3]],
            marks: marks([5, "new image"], [38 + again, "rolled out"]),
            promises: none("0", true),
            written: 240,
        }),
        ...(cluster === "east"
            ? [live("rolling update", "naive", cluster, 60, { what, ready: [[0, 3], [7, 2], [9, 3], [13, 2], [15, 3], [19, 2], [21, 3]], outages: [{ from: 7, to: 9, share: 0.2 }, { from: 13, to: 15, share: 0.2 }], gap: 0.34, marks: marks([5, "new image"]), promises: none("16", false), error: "connection refused" })]
            : []),
    ];
}

function zoneLoss(): DrillResult[] {
    const what = "us-east-1a fell silent: its nodes, their pods and the load balancer's address there; it came back after 90 s";
    return [
        live("zone loss", "stack", "east", 150, {
            what,
            outages: [{ from: 20, to: 45, share: 0.34 }],
            gap: 1.2,
            p99: 0.34,
            clients: [ingress, service],
            ready: [[0, 3], [58, 2], [82.4, 3]],
            marks: marks([20, "zone us-east-1a dies"], [43.1, "last target of it taken out"], [58, "its nodes are not ready"], [82.4, "all ready again"], [110, "zone us-east-1a returns"]),
            promises: [promise("requests fail no longer than", "26 s", "24.6 s"), promise("full strength again within", "65 s", "62.4 s"), promise("writes lost", "0", "0")],
            fullStrengthSeconds: 62.4,
            written: 600,
            notes: ["2/1/0 after the zone's return; 1/1/1 after a restart"],
        }),
        live("zone loss", "naive", "east", 150, {
            what,
            outages: [{ from: 20, to: 112, share: 1 }],
            gap: 91.8,
            p99: 0.0151,
            ready: [[0, 3], [58, 0], [114, 3]],
            marks: marks([20, "zone us-east-1a dies"], [114, "all ready again"]),
            promises: [promise("requests fail no longer than", "26 s", "91.8 s", false), promise("full strength again within", "65 s", "94 s", false)],
            fullStrengthSeconds: 94,
        }),
    ];
}

function clusterLoss(): DrillResult[] {
    const what = "Every address of east fell silent for 120 s";
    return [
        live("loss of a cluster", "stack", "all", 240, {
            what,
            outages: [{ from: 30, to: 116, share: 1 }],
            gap: 86.2,
            ready: [[0, 3]],
            marks: marks([30, "east falls silent"], [54, "Route 53 counts it unhealthy"], [116, "answered by central"], [150, "east is back"]),
            promises: [promise("nothing fails after", "2 min 20 s", "86.2 s")],
            fullStrengthSeconds: "never",
            writes: { acknowledged: 410, readBack: 408, lost: ["w-107", "w-108"] },
        }),
        live("loss of a cluster", "naive", "east", 240, { what: "Its only cluster fell silent for 120 s", outages: [{ from: 30, to: 151, share: 1 }], gap: 120.6, ready: [[0, 3]], marks: marks([30, "east falls silent"]), promises: [promise("nothing fails after", "2 min 20 s", "120.6 s")] }),
    ];
}

/** Three live drills on two clusters: one without a failed request, one with failures in a window, one with lost writes. */
export const LIVE: DrillReport = report([...rollout("east", 0), ...rollout("central", 0.4), ...zoneLoss(), ...clusterLoss()], {
    live: true,
    setting: ["Kubernetes 1.36.3, containerd 1.6.20, runc 1.1.5, haproxy 2.6.12", "2 cores", "3 nodes on east and 4 on central, each a network namespace with its own kubelet"],
    unproved: ["How the clouds' own load balancers behave: haproxy stands in for them, with their documented intervals and thresholds.", "What the app's own code does under load: a stand-in answers for it."],
});
