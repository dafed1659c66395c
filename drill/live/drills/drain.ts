import { count } from "../../../plan/page/words";
import { kinds } from "../../api";
import { cordon, drainNode, drainSeconds, drainedPods } from "../../drills/disruption/drainNode";
import { drainFloor } from "../../drills/disruption/manifest";
import { neverUnder, secondsText } from "../../drills/disruption/promises";
import type { DrillResult } from "../../result";
import { type LiveSite, type Watch, atRest } from "../site";
import type { LiveOptions, SiteDrill } from "./drill";
import { resultOf } from "./findings";
import { nothingFails, writesSucceed } from "./promises";
import { fullStrengthSince } from "./strength";
import { Watches } from "./watches";

/** Every node is drained in turn, as for an upgrade of its kernel, and comes back. */
export const drainDrill: SiteDrill = {
    name: "drain",
    quick: true,
    scope: "cluster",
    naive: "breaks",
    obstacle: ({ cluster }) => (cluster.nodes.length < 2 ? "the cluster has one node" : undefined),
    run: drainAll,
};

/** How the drains of a site's nodes went. */
interface Drained {
    readonly nodes: number;
    /** Nodes whose drain ended. */
    readonly drained: number;
    readonly seconds: number;
    /** When the first began, by the watch's clock. */
    readonly from: number;
}

async function drainAll(site: LiveSite, options: LiveOptions): Promise<readonly DrillResult[]> {
    const watches = await Watches.begin(site.tenants, options);
    const started = performance.now();
    const from = watches.mark("the drains begin");
    let drained = 0;
    for (const { name } of site.cluster.nodes) {
        watches.mark(`drain of ${name}`);
        const ended = await drainOne(site, name);
        drained += ended ? 1 : 0;
        options.say(`${site.name}: ${name} ${ended ? "drained" : "not drained"}`);
        await refill(site, watches.all, name);
    }
    const seconds = (performance.now() - started) / 1000;
    return Promise.all(watches.all.map(watch => judge(watch, { nodes: site.cluster.nodes.length, drained, seconds, from: from(watch) })));
}

/** Evicts a node's pods. Returns whether all went. */
async function drainOne({ cluster: { api, name: cluster } }: LiveSite, node: string): Promise<boolean> {
    await cordon({ api }, node);
    const { left } = await drainNode({ api, cluster }, node, drainSeconds(await drainedPods({ api }, node)));
    return left.length === 0;
}

/** Opens a node again. Resolves when all apps are at rest: a replica whose volume is in the node's zone waits for it. */
async function refill({ cluster: { api } }: LiveSite, watches: readonly Watch[], node: string): Promise<void> {
    await api.patch({ kind: kinds.node, name: node }, { spec: { unschedulable: null } });
    await Promise.all(watches.map(({ tenant }) => atRest(tenant, restSeconds(tenant.app.deployment.progressDeadlineSeconds))));
}

/** Longest wait for an app between two drains, in seconds; by default as long as its rollout may take. */
function restSeconds(progressDeadlineSeconds: number): number {
    return Math.min(progressDeadlineSeconds, 180);
}

function judge(watch: Watch, { nodes, drained, seconds, from }: Drained): Promise<DrillResult> {
    const { tenant, sampler, state } = watch;
    const { app } = tenant;
    const { replicas } = app.deployment;
    const floor = drainFloor(replicas, app.budget);
    const stateFloor = app.state === undefined ? 0 : drainFloor(app.state.replicas, app.state.budget);
    return resultOf(watch, () => ({
        drill: drainDrill.name,
        what: `${count(nodes, "node")} were drained one after another, in ${secondsText(seconds)} in all`,
        promises: [
            ...nothingFails(watch),
            ...writesSucceed(watch),
            neverUnder("ready replicas never under", { floor, of: replicas, measured: sampler.ready.min() }),
            ...(app.state === undefined || state === undefined || stateFloor === 0
                ? []
                : [neverUnder("ready replicas that keep data never under", { floor: stateFloor, of: app.state.replicas, measured: state.ready.min() })]),
            neverUnder("nodes whose drain ends", { floor: nodes, of: nodes, measured: drained }),
        ],
        series: [
            ...sampler.series(floor),
            ...(state === undefined ? [] : [{ name: "ready replicas that keep data", unit: "replicas", samples: state.ready.samples, floor: stateFloor }]),
        ],
        fullStrengthSeconds: fullStrengthSince(watch, from),
        notes: [],
    }));
}
