import { kinds } from "../api";
import type { DrillResult } from "../result";
import type { Stage } from "../stage";
import { fullStrengthSeconds } from "./disruption/manifest";
import { neverUnder, none, resultOf, secondsText, within } from "./disruption/promises";
import { waitFor } from "./disruption/watch";
import type { ClusterDrill, DrillOptions } from "./drill";
import { watchEndpoints } from "./failure/endpoints";
import { changedPods, fullestNode, stayingPods } from "./failure/pods";
import { silenceNode, unheardSeconds } from "./failure/silence";

/** How much longer than promised is waited, in seconds, so that a table can say how late it was. */
const patienceSeconds = 20;

/** A node is gone: its cloud has deleted it, or nothing is heard of it any more. */
type Loss = "deleted" | "silent";

/** One node is lost with the replicas on it. The others must not notice, and its own must be made up for in time. */
export const nodeLossDrill: ClusterDrill = {
    name: "node loss",
    quick: true,
    lane: "losses",
    scope: "cluster",
    naive: true,
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
    const endpoints = await watchEndpoints(stage, sampler);
    const node = fullestNode(await api.list(kinds.pod, { namespace, labels: selector }));
    const staying = (await stayingPods(stage)).filter(({ spec }) => spec?.nodeName !== node);
    const lost = [...endpoints.ready.values()].filter(of => of === node).length;
    // Of one node there is no queue of others that are given up before it.
    const promised = fullStrengthSeconds({ subject: stage.subject, app, fleet: { ...stage.fleet, nodesPerZone: 1 } });

    let endedAt = Infinity;
    let speak = (): Promise<void> => Promise.resolve();
    let lostAt = sampler.mark(`${node} ${loss === "deleted" ? "is deleted" : "falls silent"}`);
    if (loss === "deleted") {
        await controlPlane.removeNode(node);
    } else {
        speak = await silenceNode(stage, node);
    }
    try {
        const elsewhere = (): number => [...endpoints.ready.values()].filter(of => of !== node).length;
        await waitFor(api, `${cluster}: replacements`, () => (elsewhere() >= replicas ? undefined : `${elsewhere()} of ${replicas}`), promised + patienceSeconds);
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
    endpoints.stop();
    const answering = endpoints.elsewhere(node);
    const fullAt = answering.firstAtLeast(replicas, lostAt);
    const instead = `${answering.last ?? 0} of ${replicas} after ${secondsText(endedAt - lostAt)}`;
    say(`${cluster}: ${node} ${loss}; ${fullAt === undefined ? instead : `${replicas} replicas elsewhere after ${secondsText(fullAt - lostAt)}`}`);
    return resultOf(stage, sampler, {
        drill: nodeLossDrill.name,
        what: `${node}, with ${lost} of ${replicas} replicas, ${loss === "deleted" ? "was deleted" : `fell silent for ${secondsText(endedAt - lostAt)}`}`,
        promises: [
            neverUnder("ready replicas on other nodes never under", { floor: replicas - lost, of: replicas, measured: answering.min(lostAt, endedAt) }),
            within(`${replicas} ready on other nodes within`, promised, fullAt === undefined ? undefined : fullAt - lostAt, instead),
            none("other pods that changed", changed),
        ],
        series: [{ name: "replicas on other nodes", unit: "replicas", samples: answering.samples, floor: replicas - lost }, ...sampler.series().slice(1)],
        notes: [staleNote(endpoints.on(node).firstUnder(1, lostAt), lostAt)],
    });
}

/** How long requests were still sent to the lost replicas, as far as Kubernetes is asked. */
function staleNote(outAt: number | undefined, lostAt: number): string {
    const until = outAt === undefined ? "all the time" : `for ${secondsText(outAt - lostAt)}`;
    return `the Service named the lost replicas ${until}; meanwhile it is for the load balancer's own checks to leave them out`;
}
