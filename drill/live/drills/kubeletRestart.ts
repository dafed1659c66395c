import { neverUnder, none, secondsText, within } from "../../drills/disruption/promises";
import { waitFor } from "../../drills/disruption/watch";
import { changedPods, fullestNode, replicaPods, stayingPods } from "../../drills/failure/pods";
import type { DrillResult } from "../../result";
import type { LiveSite, Watch } from "../site";
import type { LiveOptions, SiteDrill } from "./drill";
import { resultOf } from "./findings";
import { unheardOf } from "./nodes";
import { nothingFails } from "./promises";
import { goOn } from "./rest";
import { fullStrengthSince } from "./strength";
import { Watches } from "./watches";

/** How long the kubelet is away, in seconds: as for an upgrade of it. A node is given up after 50 s (controlPlane/flags.ts, Kubernetes' default). */
const awaySeconds = 20;

/** Longest wait until it renews its node's lease again, in seconds. It does so every 10 s (https://kubernetes.io/docs/concepts/architecture/nodes/#node-heartbeats). */
const workSeconds = 60;

/** How long is watched what its start does, in seconds: probes begin anew, and load balancers' checks have time to fail. */
const afterSeconds = 30;

/** The kubelet of the node with the most replicas ends, and is started again. Containers need it for nothing but to be looked after. */
export const kubeletRestartDrill: SiteDrill = {
    name: "kubelet restart",
    quick: false,
    scope: "cluster",
    naive: "tried",
    obstacle: () => undefined,
    run: restart,
};

async function restart(site: LiveSite, options: LiveOptions): Promise<readonly DrillResult[]> {
    const { ours, cluster, name } = site;
    const { api } = cluster;
    const watches = await Watches.begin(site.tenants, options);
    const own = watches.of(ours);
    const full = fullestNode(await replicaPods(ours));
    const node = cluster.nodes.find(candidate => candidate.name === full);
    if (node === undefined) {
        throw new Error(`${name} has no node ${full}`);
    }
    const before = new Map(await Promise.all(watches.all.map(async watch => [watch, await stayingPods(watch.tenant)] as const)));
    const endedAt = watches.mark(`the kubelet of ${full} ends`);
    await node.kubelet.kill();
    await goOn(own, endedAt(own), awaySeconds);
    watches.mark("it is started");
    const startedAt = new Date();
    await node.kubelet.start();
    const took = await waitFor(api, `${name}: the kubelet of ${full}`, () => unheardOf(api, [node], startedAt), workSeconds);
    const workedAt = watches.mark(took === undefined ? "it does not work" : "it works")(own);
    await goOn(own, workedAt, afterSeconds);
    options.say(`${name}: the kubelet of ${full} was away for ${secondsText(workedAt - endedAt(own))}`);
    return Promise.all(watches.all.map(watch => judge(watch, { node: full, endedAt: endedAt(watch), took, changed: async () => changedPods(before.get(watch) ?? [], await stayingPods(watch.tenant)) })));
}

interface Restarted {
    readonly node: string;
    /** When it ended, by the watch's clock. */
    readonly endedAt: number;
    /** Seconds from its start until it worked; undefined where it did not. */
    readonly took: number | undefined;
    readonly changed: () => Promise<readonly string[]>;
}

async function judge(watch: Watch, { node, endedAt, took, changed }: Restarted): Promise<DrillResult> {
    const { sampler, tenant } = watch;
    const { replicas } = tenant.app.deployment;
    const others = await changed();
    return resultOf(watch, () => ({
        drill: kubeletRestartDrill.name,
        what: `the kubelet of ${node} ended, and was started again after ${awaySeconds} s`,
        promises: [
            ...nothingFails(watch),
            neverUnder("ready replicas never under", { floor: replicas, of: replicas, measured: sampler.ready.min() }),
            none("pods that were replaced or restarted", others),
            within("its node is heard of again within", workSeconds, took, `nothing was heard of it for ${workSeconds} s`),
        ],
        series: sampler.series(replicas),
        fullStrengthSeconds: fullStrengthSince(watch, endedAt),
        notes: [],
    }));
}
