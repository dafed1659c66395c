import { count } from "../../plan/page/words";
import { kinds } from "../api";
import { zoneLabel } from "../controlPlane";
import type { DrillResult, PromiseResult } from "../result";
import type { Sampler, Stage } from "../stage";
import { type Drain, abandonNode, cordon, drainNode, drainSeconds, drainedPods } from "./disruption/drainNode";
import { drainFloor } from "./disruption/manifest";
import { neverUnder, resultOf, secondsText, startAllowanceSeconds } from "./disruption/promises";
import { toMinimum } from "./disruption/quiet";
import { isAble, waitFor, watchState } from "./disruption/watch";
import { spreadAt } from "./disruption/zones";
import type { ClusterDrill, DrillOptions } from "./drill";
import { isOf, replicaPods } from "./failure/pods";

/**
 * Every node is replaced as an upgrade does it: new nodes come first, the old ones take no more pods, and are then drained through the
 * eviction API (https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html;
 * https://cloud.google.com/kubernetes-engine/docs/concepts/node-pool-upgrade-strategies). Within a zone one node is drained after
 * another, those with the most replicas first, but all zones are at it at the same time, as where each has a node group of its
 * own and all are upgraded: so nothing but the disruption budget keeps enough replicas. It is done when the app is at its smallest.
 */
export const drainDrill: ClusterDrill = {
    name: "drain",
    quick: true,
    lane: "changes",
    scope: "cluster",
    naive: "breaks",
    obstacle: () => undefined,
    run: async (stage, { say }) => [await drainAll(stage, say)],
};

async function drainAll(stage: Stage, say: DrillOptions["say"]): Promise<DrillResult> {
    const { api, app, cluster, zones } = stage;
    const sampler = await stage.sample();
    const state = await watchState(stage, sampler);
    const { replicas, note } = await toMinimum(stage, sampler);
    const groups = await nodesByZone(stage);
    const total = groups.flatMap(({ nodes }) => nodes).length;
    const patience = drainSeconds((await Promise.all(groups.flatMap(({ nodes }) => nodes.map(({ name }) => drainedPods(stage, name))))).flat());
    say(`${cluster}: ${total} nodes are replaced, with ${replicas} replicas`);
    await Promise.all(groups.map(({ zone, nodes }) => stage.controlPlane.addNodes(zone, nodes.length)));
    await Promise.all(groups.flatMap(({ nodes }) => nodes.map(({ name }) => cordon(stage, name))));
    const from = sampler.mark("all old nodes are closed, and their drains begin");
    const drains = (await Promise.all(groups.map(group => drainZone(stage, sampler, group, patience)))).flat();
    const to = sampler.now();
    await waitFor(api, `${cluster}: all replicas ready again`, () => ((sampler.ready.last ?? 0) >= replicas ? undefined : "not all"), startAllowanceSeconds);
    const endedAt = sampler.now();
    sampler.stop();
    // Closed ones are left where a drain was given up. The next drill is to find as many nodes as this one did.
    const closed = (await api.list(kinds.node)).filter(({ spec }) => spec?.unschedulable === true);
    await Promise.all(closed.map(({ metadata }) => abandonNode(stage, metadata?.name ?? "")));
    const drained = drains.filter(({ left }) => left.length === 0).length;
    const stuck = drains.flatMap(({ left }) => left);
    const refusals = drains.reduce((sum, { putOff }) => sum + putOff.length, 0);
    const floor = drainFloor(replicas, app.budget);
    const stateFloor = app.state === undefined ? 0 : drainFloor(app.state.replicas, app.state.budget);
    say(`${cluster}: ${drained} of ${total} nodes were drained in ${secondsText(to - from)}`);
    return resultOf(stage, sampler, {
        drill: drainDrill.name,
        what: `${total} nodes were replaced by new ones and drained, in ${count(zones.length, "zone")} at the same time, those of a zone one after another`,
        promises: [
            neverUnder("ready replicas never under", { floor, of: replicas, measured: sampler.ready.min(from, endedAt) }),
            ...(app.budget === undefined ? [] : putOffPromise({ replicas, floor, atOnce: groups.reduce((sum, { nodes }) => sum + (nodes[0]?.replicas ?? 0), 0), putOff: timesPutOff(drains, app.deployment.labels) })),
            ...(app.state === undefined || state === undefined || stateFloor === 0
                ? []
                : [neverUnder("ready replicas that keep data never under", { floor: stateFloor, of: app.state.replicas, measured: state.ready.min(from, endedAt) })]),
            neverUnder("nodes whose drain ends", { floor: total, of: total, measured: drained }),
        ],
        series: [
            ...sampler.series(floor),
            ...(state === undefined ? [] : [{ name: "ready replicas that keep data", unit: "replicas", samples: state.ready.samples, floor: stateFloor }]),
        ],
        notes: [
            ...(note === undefined ? [] : [note]),
            `the drains took ${secondsText(to - from)}; budgets put off ${refusals} evictions, asked for once a second; replicas by zone afterwards: ${spreadAt(sampler.readyByZone, endedAt)}`,
            ...(app.state === undefined || stateFloor > 0 ? [] : ["the replica that keeps data is alone: a drain stops it, and nothing is promised"]),
            ...(stuck.length === 0 ? [] : [`the drain was given up for ${stuck.join(", ")}`]),
        ],
    });
}

/** What a budget had to withstand, and did. */
export interface PutOff {
    readonly replicas: number;
    /** Replicas that it leaves. */
    readonly floor: number;
    /** Replicas whose eviction was asked for at the same time, to begin with. */
    readonly atOnce: number;
    /** Evictions of the app's replicas that it put off. */
    readonly putOff: number;
}

/** The promise that the budget was what kept the replicas: some eviction had to wait for it. None where it could let all go at once. */
export function putOffPromise({ replicas, floor, atOnce, putOff }: PutOff): readonly PromiseResult[] {
    return atOnce > replicas - floor ? [{ name: "evictions that the budget puts off, at least", promised: "1", measured: String(putOff), kept: putOff >= 1 }] : [];
}

/** How often budgets put off the eviction of pods with some labels. */
function timesPutOff(drains: readonly Drain[], labels: Readonly<Record<string, string>>): number {
    return drains.flatMap(({ putOff }) => putOff).filter(pod => isOf(pod, labels)).length;
}

interface OldNode {
    readonly name: string;
    /** Replicas of the app on it. */
    readonly replicas: number;
}

interface NodeGroup {
    readonly zone: string;
    readonly nodes: readonly OldNode[];
}

/** The nodes of each zone, those with the most replicas first. */
async function nodesByZone(stage: Stage): Promise<readonly NodeGroup[]> {
    const { api, zones } = stage;
    const [nodes, pods] = await Promise.all([api.list(kinds.node), replicaPods(stage)]);
    return zones.map(zone => ({
        zone,
        nodes: nodes
            .filter(({ metadata }) => metadata?.labels?.[zoneLabel] === zone)
            .map(({ metadata }) => ({ name: metadata?.name ?? "", replicas: pods.filter(pod => isAble(pod) && pod.spec?.nodeName === metadata?.name).length }))
            .sort((a, b) => b.replicas - a.replicas),
    }));
}

/** Drains a zone's nodes and takes them away. Ends early where a drain does not end. */
async function drainZone(stage: Stage, sampler: Sampler, { zone, nodes }: NodeGroup, patience: number): Promise<readonly Drain[]> {
    const drains: Drain[] = [];
    for (const { name } of nodes) {
        const drain = await drainNode(stage, name, patience);
        drains.push(drain);
        if (drain.left.length > 0) {
            sampler.mark(`a drain in ${zone} is given up`);
            return drains;
        }
        await stage.controlPlane.removeNode(name);
    }
    sampler.mark(`the nodes of ${zone} are drained`);
    return drains;
}
