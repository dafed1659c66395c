import { neverUnder, none, secondsText, within } from "../../drills/disruption/promises";
import { changedPods, stayingPods } from "../../drills/failure/pods";
import type { DrillResult } from "../../result";
import type { LiveSite, Watch } from "../site";
import type { LiveOptions, SiteDrill } from "./drill";
import { resultOf } from "./findings";
import { goOn, watchGivenUp } from "./nodes";
import { nothingFails } from "./promises";
import { siteAtRest, untilAnswered } from "./rest";

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
    const watches = await Promise.all(site.tenants.map(tenant => options.watch(tenant)));
    await Promise.all(watches.map(untilAnswered));
    const seen = new Map(await Promise.all(watches.map(async watch => [watch, { pods: await stayingPods(watch.tenant), givenUp: await watchGivenUp(watch.sampler) }] as const)));
    const [timekeeper] = watches;
    if (timekeeper === undefined) {
        throw new Error(`${site.name} has no app`);
    }
    const { sampler } = timekeeper;
    const markAll = (text: string): number => Math.max(...watches.map(watch => watch.sampler.mark(text)));
    const apiServer = plane.component("kube-apiserver");
    const lostAt = markAll("the API server ends");
    await apiServer.kill();
    await goOn(timekeeper, lostAt, awaySeconds);
    const startedAt = markAll("it is started");
    await apiServer.start();
    const servedAt = sampler.now();
    await Promise.all(elected.map(of => plane.leader(of)));
    const unrested = await siteAtRest(site, restSeconds);
    const restedAt = markAll(unrested.length === 0 ? "all is at rest" : "not all is at rest");
    options.say(`${site.name}: the API server was away for ${secondsText(servedAt - lostAt)}; all at rest ${secondsText(restedAt - startedAt)} after its start`);
    await goOn(timekeeper, restedAt, afterSeconds);
    return Promise.all(
        watches.map(async watch => {
            const { pods = [], givenUp } = seen.get(watch) ?? {};
            return judge(watch, { changed: changedPods(pods, await stayingPods(watch.tenant)), givenUp: givenUp?.() ?? [], rested: unrested.length === 0 ? restedAt - startedAt : undefined, unrested });
        }),
    );
}

interface Survived {
    /** Pods that are not as they were. */
    readonly changed: readonly string[];
    readonly givenUp: readonly string[];
    /** Seconds from its start until all apps were at rest; undefined where they were not. */
    readonly rested: number | undefined;
    readonly unrested: readonly string[];
}

function judge(watch: Watch, { changed, givenUp, rested, unrested }: Survived): Promise<DrillResult> {
    const { sampler, tenant } = watch;
    const { replicas } = tenant.app.deployment;
    return resultOf(watch, () => ({
        drill: apiServerLossDrill.name,
        what: `the API server ended, and was started again after ${awaySeconds} s`,
        promises: [
            ...nothingFails(watch),
            neverUnder("ready replicas never under", { floor: replicas, of: replicas, measured: sampler.ready.min() }),
            none("pods that were replaced or restarted", changed),
            none("nodes that were given up", givenUp),
            within("at rest after its start within", restSeconds, rested, `not within ${restSeconds} s`),
        ],
        series: sampler.series(replicas),
        notes: unrested,
        unseen: "the API server was away",
    }));
}
