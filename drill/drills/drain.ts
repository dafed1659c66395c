import { count } from "../../plan/page/words";
import { kinds } from "../api";
import { zoneLabel } from "../controlPlane";
import type { DrillResult } from "../result";
import type { Stage } from "../stage";
import { type Drain, abandonNode, cordon, drainNode } from "./disruption/drainNode";
import { drainFloor } from "./disruption/manifest";
import { neverUnder, resultOf, secondsText, startAllowanceSeconds } from "./disruption/promises";
import { toMinimum } from "./disruption/quiet";
import { waitFor, watchState } from "./disruption/watch";
import { spreadAt } from "./disruption/zones";
import type { ClusterDrill, DrillOptions } from "./drill";

/**
 * Every node is replaced, zone by zone, as an upgrade does it: new nodes come first, the old ones take no more pods, and are
 * then drained one after another through the eviction API
 * (https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html;
 * https://cloud.google.com/kubernetes-engine/docs/concepts/node-pool-upgrade-strategies). It is done when the app is at its
 * smallest.
 */
export const drainDrill: ClusterDrill = {
    name: "drain",
    quick: true,
    lane: "changes",
    scope: "cluster",
    naive: true,
    obstacle: () => undefined,
    run: async (stage, { say }) => [await drainAll(stage, say)],
};

async function drainAll(stage: Stage, say: DrillOptions["say"]): Promise<DrillResult> {
    const { api, app, cluster, zones } = stage;
    const sampler = await stage.sample();
    const state = await watchState(stage, sampler);
    const { replicas, note } = await toMinimum(stage, sampler);
    const from = sampler.now();
    const nodes = await nodesByZone(stage);
    const total = [...nodes.values()].flat().length;
    say(`${cluster}: ${total} nodes are replaced, with ${replicas} replicas`);
    const drains: Drain[] = [];
    for (const zone of zones) {
        drains.push(...(await replaceZone(stage, zone, nodes.get(zone) ?? [])));
        if (drains.some(({ left }) => left.length > 0)) {
            sampler.mark(`a drain in ${zone} is given up`);
            break;
        }
        sampler.mark(`the nodes of ${zone} are drained`);
    }
    const to = sampler.now();
    await waitFor(api, `${cluster}: all replicas ready again`, () => ((sampler.ready.last ?? 0) >= replicas ? undefined : "not all"), startAllowanceSeconds);
    const endedAt = sampler.now();
    sampler.stop();
    state?.stop();
    // Closed ones are left where a drain was given up. The next drill is to find as many nodes as this one did.
    const closed = (await api.list(kinds.node)).filter(({ spec }) => spec?.unschedulable === true);
    await Promise.all(closed.map(({ metadata }) => abandonNode(stage, metadata?.name ?? "")));
    const drained = drains.filter(({ left }) => left.length === 0).length;
    const stuck = drains.flatMap(({ left }) => left);
    const refusals = drains.reduce((sum, drain) => sum + drain.refusals, 0);
    const floor = drainFloor(replicas, app.budget);
    const stateFloor = app.state === undefined ? 0 : drainFloor(app.state.replicas, app.state.budget);
    say(`${cluster}: ${drained} of ${total} nodes were drained in ${secondsText(to - from)}`);
    return resultOf(stage, sampler, {
        drill: drainDrill.name,
        what: `${total} nodes in ${count(zones.length, "zone")} were replaced by new ones, zone by zone, and drained one after another`,
        promises: [
            neverUnder("ready replicas never under", { floor, of: replicas, measured: sampler.ready.min(from, endedAt) }),
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

/** Names of the nodes of each zone. */
async function nodesByZone({ api, zones }: Stage): Promise<ReadonlyMap<string, readonly string[]>> {
    const nodes = await api.list(kinds.node);
    return new Map(zones.map(zone => [zone, nodes.filter(({ metadata }) => metadata?.labels?.[zoneLabel] === zone).map(({ metadata }) => metadata?.name ?? "")]));
}

/** Replaces a zone's nodes. Ends early where a drain does not end. */
async function replaceZone(stage: Stage, zone: string, old: readonly string[]): Promise<readonly Drain[]> {
    const { controlPlane } = stage;
    await controlPlane.addNodes(zone, old.length);
    await Promise.all(old.map(node => cordon(stage, node)));
    const drains: Drain[] = [];
    for (const node of old) {
        const drain = await drainNode(stage, node);
        drains.push(drain);
        if (drain.left.length > 0) {
            break;
        }
        await controlPlane.removeNode(node);
    }
    return drains;
}
