import { survivors } from "../../components/model/capacity";
import { kinds } from "../api";
import type { DrillResult, PromiseResult } from "../result";
import type { Stage, Timeline } from "../stage";
import { fullStrengthSeconds } from "./disruption/manifest";
import { neverUnder, none, resultOf, secondsText, startAllowanceSeconds, within } from "./disruption/promises";
import { waitFor } from "./disruption/watch";
import type { ClusterDrill, DrillOptions } from "./drill";
import { elsewhere, onNode } from "./failure/endpoints";
import { changedPods, fullestNode, stayingPods } from "./failure/pods";
import { silenceNode, unheardSeconds } from "./failure/silence";

/** How much longer than promised is waited, in seconds, so that a table can say how late it was. */
const patienceSeconds = 20;

/**
 * Longest time until the pods of a node that was deleted are deleted too, in seconds. No toleration counts here: garbage collection of
 * pods looks every 20 s, gives a node that it misses 40 s to turn up again, and acts at its next look
 * (pkg/controller/podgc/gc_controller.go, gcCheckPeriod and quarantineTime).
 */
const collectedSeconds = 20 + 40 + 20;

/** A node is gone: its cloud has deleted it, or nothing is heard of it any more. */
type Loss = "deleted" | "silent";

/** One node is lost with the replicas on it. The others must not notice, and its own must be made up for in time. */
export const nodeLossDrill: ClusterDrill = {
    name: "node loss",
    quick: true,
    lane: "losses",
    scope: "cluster",
    naive: "tried",
    obstacle: ({ zones, fleet }) => (zones.length * fleet.nodesPerZone < 2 ? "the cluster has one node" : undefined),
    run: async (stage, options) => {
        const deleted = await lose(stage, "deleted", options);
        if (!options.full) {
            return [deleted];
        }
        await stage.restore();
        return [deleted, await lose(stage, "silent", options)];
    },
};

async function lose(stage: Stage, loss: Loss, { say }: DrillOptions): Promise<DrillResult> {
    const { api, app, cluster, controlPlane, namespace } = stage;
    const { replicas, selector } = app.deployment;
    const sampler = await stage.sample();
    const node = fullestNode(await api.list(kinds.pod, { namespace, labels: selector }));
    const staying = (await stayingPods(stage)).filter(({ spec }) => spec?.nodeName !== node);
    const placed = (on: boolean): number => [...(sampler.endpoints.at(-1)?.ready.values() ?? [])].filter(endpoint => (endpoint.node === node) === on).length;
    const lost = placed(true);
    const promised = promisedSeconds(stage, loss);

    let endedAt = Infinity;
    let speak = (): Promise<void> => Promise.resolve();
    let lostAt = sampler.mark(`${node} ${loss === "deleted" ? "is deleted" : "falls silent"}`);
    if (loss === "deleted") {
        await controlPlane.removeNode(node);
    } else {
        speak = await silenceNode(stage, node);
    }
    try {
        await waitFor(api, `${cluster}: replacements`, () => (placed(false) >= replicas ? undefined : `${placed(false)} of ${replicas}`), promised + patienceSeconds);
        if (loss === "silent") {
            // A policy takes a moment to hold: the node may have got a last word in.
            lostAt = Math.max(lostAt, sampler.now() - (await unheardSeconds(stage, node)));
        }
        endedAt = sampler.now();
    } finally {
        await speak();
    }
    const changed = changedPods(staying, await stayingPods(stage));
    sampler.stop();
    const answering = elsewhere(sampler.endpoints, node);
    const floor = floorOf(replicas, stage);
    const promises = lossPromises({ replicas, floor, promised, answering, lostAt, endedAt, changed });
    say(`${cluster}: ${node} ${loss}; ${replicas} replicas elsewhere: ${promises[1]?.measured ?? ""}`);
    return resultOf(stage, sampler, {
        drill: nodeLossDrill.name,
        what: `${node}, with ${lost} of ${replicas} replicas, ${loss === "deleted" ? "was deleted" : `fell silent for ${secondsText(endedAt - lostAt)}`}`,
        promises,
        series: [{ name: "replicas on other nodes", unit: "replicas", samples: answering.samples, floor }, ...sampler.series().slice(1)],
        notes: [staleNote(onNode(sampler.endpoints, node).firstUnder(1, lostAt), lostAt)],
    });
}

/** Replicas that the loss of the fullest node leaves, by the model: spread over zones, or over nodes where there is one zone, none has more than its share. */
export function floorOf(replicas: number, { zones, fleet }: Pick<Stage, "zones" | "fleet">): number {
    return survivors(replicas, zones.length > 1 ? zones.length : fleet.nodesPerZone);
}

/** Seconds until all replicas are ready elsewhere: a deleted node's are collected, a silent one's tolerate it for a while. */
export function promisedSeconds({ subject, app, fleet }: Pick<Stage, "subject" | "app" | "fleet">, loss: Loss): number {
    // Of one node there is no queue of others that are given up before it.
    return loss === "deleted" ? collectedSeconds + startAllowanceSeconds : fullStrengthSeconds({ subject, app, fleet: { ...fleet, nodesPerZone: 1 } });
}

/** A node's loss, as it went. Times in seconds. */
export interface NodeLoss {
    readonly replicas: number;
    readonly floor: number;
    readonly promised: number;
    /** Replicas on other nodes. */
    readonly answering: Timeline;
    readonly lostAt: number;
    /** Until when it was watched. */
    readonly endedAt: number;
    /** Other pods that are not as they were. */
    readonly changed: readonly string[];
}

/** What is promised of the loss of a node, and what came of it. */
export function lossPromises({ replicas, floor, promised, answering, lostAt, endedAt, changed }: NodeLoss): readonly PromiseResult[] {
    const fullAt = answering.firstAtLeast(replicas, lostAt);
    const instead = `${answering.last ?? 0} of ${replicas} after ${secondsText(endedAt - lostAt)}`;
    return [
        neverUnder("ready replicas on other nodes never under", { floor, of: replicas, measured: answering.min(lostAt, endedAt) }),
        within(`${replicas} ready on other nodes within`, promised, fullAt === undefined ? undefined : fullAt - lostAt, instead),
        none("other pods that changed", changed),
    ];
}

/** How long requests were still sent to the lost replicas, as far as Kubernetes is asked. */
function staleNote(outAt: number | undefined, lostAt: number): string {
    const until = outAt === undefined ? "all the time" : `for ${secondsText(outAt - lostAt)}`;
    return `the Service named the lost replicas ${until}; meanwhile it is for the load balancer's own checks to leave them out`;
}
