/** Drill reports by hand, shaped like a run for stack prod, so that the report is tested without a control plane. */
import type { DrillReport, DrillResult, Mark, PromiseResult, Series } from "../../drill/result";

type Step = readonly [seconds: number, value: number];

/** A series that holds each value until the next, as a watch sees it. */
export function steps(name: string, unit: string, samples: readonly Step[], floor?: number): Series {
    return { name, unit, samples, ...(floor === undefined ? {} : { floor }) };
}

/** The same as a poll sees it: a sample each half second, most of which repeat the one before. */
export function polled(name: string, unit: string, changes: readonly Step[], seconds: number, floor?: number): Series {
    const samples = Array.from({ length: Math.floor(seconds * 2) + 1 }, (_, index): Step => {
        const now = index / 2;
        return [now, changes.filter(([from]) => from <= now).at(-1)?.[1] ?? changes[0]?.[1] ?? 0];
    });
    return steps(name, unit, samples, floor);
}

export function promise(name: string, promised: string, measured: string, kept = true): PromiseResult {
    return { name, promised, measured, kept };
}

export function result(drill: string, subject: DrillResult["subject"], cluster: string, rest: Partial<DrillResult> = {}): DrillResult {
    return { drill, subject, cluster, what: `${drill} was done to ${cluster}`, seconds: 60, promises: [], series: [], marks: [], notes: [], ...rest };
}

export function report(drills: readonly DrillResult[], rest: Partial<DrillReport> = {}): DrillReport {
    return {
        formatVersion: 1,
        project: "holdfast",
        stack: "prod",
        set: "quick",
        startedAt: "2026-03-02T09:14:07.000Z",
        seconds: 512.4,
        setting: ["Kubernetes 1.36.3, etcd 3.6.5, KWOK 0.8.0", "2 cores", "6 nodes a cluster, 2 in each of 3 zones"],
        unproved: [
            "What a container does: pods on KWOK's nodes do not run, and are ready when their stage says so.",
            "How long a cloud takes to start a node, to attach a volume or to route around a zone.",
        ],
        drills,
        leftOut: [],
        mustBreak: [],
        ...rest,
    };
}

interface Site {
    readonly cluster: string;
    readonly zones: readonly [string, string, string];
    /** No two clusters are equally fast. */
    readonly lag: number;
}

const sites: readonly Site[] = [
    { cluster: "east", zones: ["us-east-1a", "us-east-1b", "us-east-1c"], lag: 0 },
    { cluster: "central", zones: ["us-central1-a", "us-central1-b", "us-central1-c"], lag: 0.9 },
];

const ready = "ready replicas never under";

function marks(...pairs: readonly (readonly [at: number, text: string])[]): Mark[] {
    return pairs.map(([at, text]) => ({ at, text }));
}

function seconds(at: number): string {
    return `${Math.round(at * 10) / 10} s`;
}

function readiness(changes: readonly Step[], end: number, floor: number): Series {
    return polled("ready replicas", "replicas", changes, end, floor);
}

/** A promise of ready replicas, and how the stack and a naive one of as many replicas, all in one zone, kept it. */
interface Told {
    readonly drill: string;
    readonly what: string;
    readonly floor: number;
    readonly end: number;
    readonly ours: readonly Step[];
    readonly naive: readonly Step[];
    readonly marks: readonly Mark[];
    readonly within?: readonly [name: string, promised: string, ours: string, naive: string];
    readonly notes?: readonly string[];
}

function both(told: Told, cluster: string): DrillResult[] {
    const { drill, what, floor, end, ours, naive, marks: own, within, notes } = told;
    return (["stack", "naive"] as const).map(subject => {
        const changes = subject === "stack" ? ours : naive;
        const lowest = Math.min(...changes.map(([, value]) => value));
        const time = within === undefined ? [] : [promise(within[0], within[1], subject === "stack" ? within[2] : within[3], subject === "stack")];
        return result(drill, subject, cluster, {
            what,
            seconds: end,
            promises: [promise(ready, `${floor} of 3`, `${lowest} of 3`, lowest >= floor), ...time],
            series: [readiness(changes, end, floor)],
            marks: subject === "stack" ? own : own.slice(0, 1).map(({ at, text }) => ({ at: at + 0.4, text })),
            notes: subject === "stack" ? (notes ?? []) : [],
        });
    });
}

function zoneLoss({ cluster, zones: [zone], lag }: Site): DrillResult[] {
    const gone = 47.2 + lag;
    const back = 81.6 + lag;
    return both(
        {
            drill: "zone loss",
            what: `${zone} fell silent, and came back after 95 s`,
            floor: 2,
            end: 112 + lag,
            ours: [[0, 3], [gone, 2], [back, 3]],
            naive: [[0, 3], [gone, 0]],
            marks: marks([5, `zone ${zone} dies`], [gone, "its nodes are not ready"], [77.9 + lag, "lost replicas are asked for anew"], [back, "all ready again"], [100, `zone ${zone} returns`]),
            within: ["full strength again within", "95 s", seconds(back - 5), "not within 107 s"],
            notes: ["2/1/0 after the zone's return; 1/1/1 after a restart"],
        },
        cluster,
    );
}

function drain({ cluster, zones, lag }: Site): DrillResult[] {
    const at = zones.map((_, index) => 2 + index * 9.5 + lag);
    return both(
        {
            drill: "drain",
            what: "Every node was drained, one zone after the other",
            floor: 2,
            end: 34 + lag,
            ours: [[0, 3], ...at.flatMap((from): Step[] => [[from + 0.5, 2], [from + 3, 3]])],
            naive: [[0, 3], [2.5 + lag, 0], [5 + lag, 3], [12 + lag, 0], [15 + lag, 3]],
            marks: zones.map((zone, index) => ({ at: at[index] ?? 0, text: `drain ${zone}` })),
            within: ["every drain ends within", "60 s", seconds(6.1 + lag), "refused for 60 s"],
        },
        cluster,
    );
}

function rollout({ cluster, lag }: Site): DrillResult[] {
    return both(
        {
            drill: "rollout",
            what: "A new image was rolled out, and then the old one again",
            floor: 3,
            end: 62 + lag,
            ours: [[0, 3], [4, 4], [5 + lag, 3], [13, 4], [14 + lag, 3], [36, 4], [37 + lag, 3]],
            naive: [[0, 3], [2.1, 0], [6.5 + lag, 3], [32, 0], [36 + lag, 3]],
            marks: marks([2, "new image"], [28.4 + lag, "rolled out"], [31, "old image"], [57 + lag, "rolled out"]),
            within: ["a rollout ends within", "120 s", seconds(26.4 + lag), "no lower bound"],
        },
        cluster,
    );
}

function badImage({ cluster, lag }: Site): DrillResult[] {
    return both(
        {
            drill: "bad image",
            what: "An image that never becomes ready was rolled out, and undone",
            floor: 3,
            end: 48 + lag,
            ours: [[0, 3]],
            naive: [[0, 3], [2.2, 2], [3, 0], [45, 3]],
            marks: marks([2, "bad image"], [32.5 + lag, "the rollout is reported as failed"], [40, "undone"]),
            within: ["the failure is reported within", "40 s", seconds(30.5 + lag), "not within 46 s"],
        },
        cluster,
    );
}

/** CPU as measured: no two samples alike. */
function cpu(end: number, level: (now: number) => number): Series {
    return steps("CPU of target", "%", Array.from({ length: end * 2 + 1 }, (_, index): Step => [index / 2, Math.round(level(index / 2) * 10 + Math.sin(index) * 30) / 10]));
}

function load({ cluster, lag }: Site): DrillResult[] {
    const end = 130;
    const wanted: readonly Step[] = [[0, 3], [16 + lag, 6], [31 + lag, 9]];
    const level = (now: number): number => (now < 5 ? 60 : now < 16 ? 260 : now < 31 ? 135 : now < 90 ? 92 : 40);
    return (["stack", "naive"] as const).map(subject => {
        const ours = subject === "stack";
        return result("load", subject, cluster, {
            what: "Each replica was asked for 2.6 times its target, and for 0.4 times after 90 s",
            seconds: end,
            promises: [
                promise("9 replicas ready within", "60 s", ours ? seconds(28.7 + lag) : "3 replicas after 125 s", ours),
                promise("never over", "12 replicas", ours ? "9 replicas" : "3 replicas"),
                promise("changes of direction", "at most 1", "0"),
            ],
            series: [
                readiness(ours ? [[0, 3], [18 + lag, 6], [33.7 + lag, 9]] : [[0, 3]], end, 3),
                steps("replicas wanted", "replicas", ours ? wanted : [[0, 3]]),
                cpu(end, ours ? level : now => (now < 5 ? 60 : now < 90 ? 260 : 100)),
            ],
            marks: ours ? marks([5, "2.6 times the load"], [33.7 + lag, "9 ready"], [90, "the load falls"]) : marks([5, "2.6 times the load"]),
        });
    });
}

function noise({ cluster, lag }: Site): DrillResult[] {
    return both(
        {
            drill: "noisy metrics",
            what: "The reported CPU jumped between 20 % and 100 % of the target every 15 s",
            floor: 3,
            end: 90,
            ours: [[0, 3]],
            naive: [[0, 3], [20, 2], [35, 3], [50 + lag, 2], [65, 3]],
            marks: marks([5, "noise begins"], [80, "noise ends"]),
            within: ["changes of direction", "at most 1", "0", "4"],
        },
        cluster,
    );
}

function components({ cluster, lag }: Site): DrillResult[] {
    return both(
        {
            drill: "loss of components",
            what: "The leading scheduler and the leading controllers were stopped for 20 s, and a replica died meanwhile",
            floor: 2,
            end: 44 + lag,
            ours: [[0, 3], [8, 2], [26.3 + lag, 3]],
            naive: [[0, 3], [8, 0]],
            marks: marks([5, "scheduler and controllers stop"], [8, "a replica dies"], [22.4 + lag, "new leaders"], [26.3 + lag, "all ready again"]),
            within: ["full strength again within", "40 s", seconds(18.3 + lag), "not within 36 s"],
        },
        cluster,
    );
}

function apiServer({ cluster }: Site): DrillResult[] {
    return both(
        {
            drill: "loss of the API server",
            what: "The API server was stopped for 30 s",
            floor: 3,
            end: 50,
            ours: [[0, 3]],
            naive: [[0, 3], [36, 2], [41, 3]],
            marks: marks([5, "API server stops"], [35, "API server starts"]),
        },
        cluster,
    );
}

function quota({ cluster, lag }: Site): DrillResult[] {
    return (["stack", "naive"] as const).map(subject =>
        result("quota", subject, cluster, {
            what: "The app was scaled to its maximum, rolled out there and lost a zone",
            seconds: 40 + lag,
            promises: [promise("pods refused by the quota", "0", subject === "stack" ? "0" : "7", subject === "stack")],
            series: [readiness(subject === "stack" ? [[0, 3], [6 + lag, 12]] : [[0, 3], [6, 5]], 40 + lag, 3)],
            marks: marks([2, "scaled to 12"], [15, "rolled out"], [27, "a zone dies"]),
        }),
    );
}

function clusterLoss(): DrillResult[] {
    return (["stack", "naive"] as const).map(subject => {
        const ours = subject === "stack";
        return result("loss of a cluster", subject, "all", {
            what: ours ? "east stopped answering for 120 s" : "The only cluster stopped answering for 120 s",
            seconds: 135,
            promises: [
                promise("the name answers again within", "80 s", ours ? "76.2 s" : "not within 120 s", ours),
                ...(ours ? [promise("failback after", "30 min of health", "30 min")] : []),
            ],
            series: [
                steps("ready replicas, east", "replicas", ours ? [[0, 3], [5, 0], [125, 3]] : [[0, 3], [5, 0], [125, 3]]),
                ...(ours ? [steps("ready replicas, central", "replicas", [[0, 3]])] : []),
            ],
            marks: ours ? marks([5, "east stops answering"], [21.2, "its health check fails"], [81.2, "every cached answer is gone"], [125, "east is back"]) : marks([5, "it stops answering"]),
            notes: ours ? ["Data does not fail over: the volumes of east stay in east"] : [],
        });
    });
}

function drills(): DrillResult[] {
    const everywhere = [zoneLoss, drain, rollout, badImage, load, noise, components, apiServer, quota];
    return [...everywhere.flatMap(drill => sites.flatMap(drill)), ...clusterLoss()];
}

/** Ten drills on two clusters, each promise kept; the naive stack breaks every drill. */
export const KEPT = report(drills());

/** The same, but central needs too long to replace what a zone's loss took. */
export const BROKEN = report(
    drills().map(own =>
        own.drill === "zone loss" && own.subject === "stack" && own.cluster === "central"
            ? {
                  ...own,
                  promises: own.promises.map(given => (given.name === ready ? given : { ...given, measured: "not within 107 s", kept: false })),
                  series: [readiness([[0, 3], [48.1, 2]], own.seconds, 2)],
                  marks: own.marks.filter(({ text }) => text !== "all ready again"),
                  notes: ["0/2/0 after the zone's return", "shop-7d9c5b6f4-x2x8v stayed Pending: 0/6 nodes are available: 2 node(s) had untolerated taint"],
              }
            : own,
    ),
);
