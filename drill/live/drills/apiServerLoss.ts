import { neverUnder, none, secondsText } from "../../drills/disruption/promises";
import { changedPods, stayingPods } from "../../drills/failure/pods";
import type { DrillResult, PromiseResult } from "../../result";
import type { LiveSite, Watch } from "../site";
import type { LiveOptions, SiteDrill } from "./drill";
import { resultOf } from "./findings";
import { unheardOf, watchGivenUp } from "./nodes";
import { nothingFails } from "./promises";
import { goOn, restPromises } from "./rest";
import { fullStrengthSince } from "./strength";
import { Watches } from "./watches";

/** How long the API server is away, in seconds. */
const awaySeconds = 60;

/** Longest time until controllers and nodes have found their way back, in seconds: leases of 15 s are waited for, and heartbeats of nodes. */
const restSeconds = 120;

/** How long is watched what they do then, in seconds: longer than it takes to give a node up (50 s), had they not heard of it. */
const afterSeconds = 60;

const elected = ["kube-scheduler", "kube-controller-manager"] as const;

/** The API server ends, and is started again a minute later. Controllers and the scheduler lose their leases meanwhile; what is in place needs none of them. */
export const apiServerLossDrill: SiteDrill = {
    name: "API server down",
    quick: false,
    scope: "cluster",
    naive: "tried",
    obstacle: () => undefined,
    run: lose,
};

async function lose(site: LiveSite, options: LiveOptions): Promise<readonly DrillResult[]> {
    const { plane } = site.cluster;
    const watches = await Watches.begin(site.tenants, options);
    const seen = new Map(await Promise.all(watches.all.map(async watch => [watch, { pods: await stayingPods(watch.tenant), givenUp: await watchGivenUp(watch.sampler) }] as const)));
    const ours = watches.of(site.ours);
    const apiServer = plane.component("kube-apiserver");
    const lostAt = watches.mark("the API server ends");
    await apiServer.kill();
    await goOn(ours, lostAt(ours), awaySeconds);
    watches.mark("it is started");
    const startedAt = new Date();
    await apiServer.start();
    const servedAt = ours.sampler.now();
    await Promise.all(elected.map(of => plane.leader(of)));
    const rested = await restPromises(site.tenants, restSeconds, ({ api }) => unheardOf(api, site.cluster.nodes, startedAt));
    options.say(`${site.name}: the API server was away for ${secondsText(servedAt - lostAt(ours))}`);
    await goOn(ours, watches.mark("what follows is watched")(ours), afterSeconds);
    return Promise.all(
        watches.all.map(async watch => {
            const { pods = [], givenUp } = seen.get(watch) ?? {};
            return judge(watch, { lostAt: lostAt(watch), changed: changedPods(pods, await stayingPods(watch.tenant)), givenUp: givenUp?.() ?? [], rested: rested.get(watch.tenant) });
        }),
    );
}

interface Survived {
    /** When the API server ended, by the watch's clock. */
    readonly lostAt: number;
    /** Pods that are not as they were. */
    readonly changed: readonly string[];
    readonly givenUp: readonly string[];
    readonly rested: PromiseResult | undefined;
}

function judge(watch: Watch, { lostAt, changed, givenUp, rested }: Survived): Promise<DrillResult> {
    const { sampler, tenant } = watch;
    const { replicas } = tenant.app.deployment;
    return resultOf(watch, () => ({
        drill: apiServerLossDrill.name,
        what: `the API server ended, and was started again after ${awaySeconds} s`,
        promises: [
            ...nothingFails(watch),
            // While the API server is away nobody can see them; that no pod changed meanwhile is promised below.
            neverUnder("ready replicas never under, before and after", { floor: replicas, of: replicas, measured: sampler.ready.min() }),
            none("pods that were replaced or restarted", changed),
            none("nodes that were given up", givenUp),
            ...(rested === undefined ? [] : [rested]),
        ],
        series: sampler.series(replicas),
        fullStrengthSeconds: fullStrengthSince(watch, lostAt),
        notes: [],
        unseen: "the API server was away",
    }));
}
