import type { FailoverConfig } from "../../../components/config";
import { deserializeOutputs } from "../../../plan/summarise/outputs";
import { neverUnder, secondsText, within } from "../../drills/disruption/promises";
import { waitFor } from "../../drills/disruption/watch";
import { failoverObstacle, holdOf, movePromise } from "../../drills/failure/failover";
import type { DrillResult, PromiseResult } from "../../result";
import { type Rotation, checkersOfEach } from "../../standIns/route53";
import { type LiveRoute53, unprovedOfLiveRoute53 } from "../dns/route53";
import { type LiveSite, type Missing, type Tenant, type Watch, pagePort, urlFor } from "../site";
import type { LiveOptions, WorldDrill } from "./drill";
import { resultOf } from "./findings";
import { notStartedSince, unheardOf } from "./nodes";
import { failsNoLonger } from "./promises";
import { goOn, restPromises, untilAnswered } from "./rest";
import { type Moment, Watches } from "./watches";

/** How long requests go on after the promised time, in seconds: what fails then breaks the promise. */
const afterSeconds = 15;

/** Longest wait until a cluster that is back is at rest and found healthy, in seconds. */
const backSeconds = 300;

/** How long the name is watched once the lost cluster is healthy again, in seconds. */
const stillSeconds = 15;

/**
 * The whole cluster that the app's name leads to is lost, with its control plane and load balancers, and comes back. Health checkers send
 * real requests, and clients go where the name leads them.
 */
export const clusterLossDrill: WorldDrill = {
    name: "cluster loss",
    quick: true,
    naive: "breaks",
    scope: "system",
    unproved: [...unprovedOfLiveRoute53, "that a hold-down ends in time is not waited for: the simulated drills move the clock on to see it"],
    obstacle: (sites, { planned: { config } }) => failoverObstacle(config, sites.map(({ name }) => name)),
    run: lose,
};

/** What is lost, and what is left. */
interface Loss {
    /** The cluster that the app's name leads to. */
    readonly primary: LiveSite;
    readonly survivors: readonly LiveSite[];
    readonly domain: string;
    readonly route53: LiveRoute53;
    readonly failover: FailoverConfig;
    /** Recovery time objective, in seconds. */
    readonly promised: number;
}

function lossOf(sites: readonly LiveSite[], { names: { route53, domain }, planned }: LiveOptions): Loss {
    const { failover } = planned.config;
    const primary = sites.find(({ name }) => name === route53?.answer().cluster);
    const promised = deserializeOutputs(planned.recording).objectives.rtoSeconds;
    if (failover === undefined || route53 === undefined || domain === undefined || primary === undefined || promised === null) {
        throw new Error("the app's name leads to no cluster of the stack, or the plan has no recovery time");
    }
    return { primary, survivors: sites.filter(site => site !== primary), domain, route53, failover, promised };
}

/** How it went. Moments are by each watch's clock. */
interface Lost {
    readonly lostAt: Moment;
    readonly backAt: Moment;
    /** Where the name led until the return, move by move. */
    readonly moves: readonly Rotation[];
    /** What is promised of the return. */
    readonly returned: readonly PromiseResult[];
    readonly rested: ReadonlyMap<Tenant, Rest>;
}

/** How an app of the lost cluster came to rest after the return. */
interface Rest {
    readonly promises: readonly PromiseResult[];
    /** When it did, by its watch's clock; undefined where it did not. */
    readonly at: number | undefined;
}

async function lose(sites: readonly LiveSite[], options: LiveOptions): Promise<readonly DrillResult[]> {
    const loss = lossOf(sites, options);
    const { primary, survivors, domain, route53 } = loss;
    const [door] = primary.ours.doors;
    if (door === undefined) {
        throw new Error(`${primary.name} has no load balancer`);
    }
    const ours = await options.watch(primary.ours, [urlFor(domain, pagePort(door))]);
    const naive = await Promise.all(primary.tenants.filter(tenant => tenant !== primary.ours).map(tenant => options.watch(tenant)));
    const others = await Promise.all(survivors.map(site => options.watch(site.ours, [])));
    const watches = new Watches([ours, ...naive, ...others]);
    await Promise.all(watches.all.map(untilAnswered));
    const before = route53.rotation();
    const lost = await loseAndReturn(loss, watches, ours, options);
    const results = await Promise.all([
        judge(loss, lost, ours, [movePromise(before, lost.moves, survivors.map(({ name }) => name)), ...lost.returned, ...others.map(floorPromise)], others),
        ...naive.map(watch => judge(loss, lost, watch, [], [])),
    ]);
    await Promise.all(others.map(watch => watch.stop()));
    return results;
}

async function loseAndReturn({ primary, survivors, route53, failover, promised }: Loss, watches: Watches, ours: Watch, { say }: LiveOptions): Promise<Lost> {
    const lost = primary.name;
    const { api } = (survivors[0] ?? primary).cluster;
    const known = route53.rotations.length;
    const lostAt = watches.mark(`${lost} is lost`);
    await primary.lose();
    say(`all: ${lost} is lost`);
    const movedAfter = await waitFor(api, `the name leads away from ${lost}`, () => (route53.rotation().includes(lost) ? "it does not" : undefined), promised + afterSeconds);
    if (movedAfter !== undefined) {
        watches.mark(`the name leads to ${route53.rotation().join(" and ")}`);
    }
    await goOn(ours, lostAt(ours), promised + afterSeconds);
    const moves = route53.rotations.slice(known);
    say(`all: ${lost} comes back`);
    const backAt = watches.mark(`${lost} is back`);
    const since = new Date();
    await primary.bringBack();
    // etcd still says how all was before the loss.
    const anew: Missing = async tenant => (await unheardOf(tenant.api, primary.cluster.nodes, since)) ?? notStartedSince(tenant, since);
    const rest = async (tenant: Tenant): Promise<[Tenant, Rest]> => {
        const promises = [...(await restPromises([tenant], backSeconds, anew)).values()];
        return [tenant, { promises, at: promises.every(({ kept }) => kept) ? watches.of(tenant).sampler.mark(`the app is at rest in ${lost}`) : undefined }];
    };
    const unfound = (): string | undefined => (route53.checkers(lost) === checkersOfEach ? undefined : `${route53.checkers(lost)} of ${checkersOfEach} checkers find it so`);
    const health = async (): Promise<{ readonly healthyAt: Moment; readonly promise: PromiseResult }> => {
        const found = await waitFor(api, `${lost} is found healthy`, unfound, backSeconds);
        const healthyAt = watches.mark(found === undefined ? `${lost} is not found healthy` : `${lost} is healthy again`);
        return { healthyAt, promise: within(`${lost} is found healthy again within`, backSeconds, found === undefined ? undefined : healthyAt(ours) - backAt(ours), unfound() ?? "") };
    };
    // Apps that are late, be it the naive stack's, do not make checkers late.
    const [rested, { healthyAt, promise }] = await Promise.all([Promise.all(primary.tenants.map(rest)), health()]);
    await goOn(ours, healthyAt(ours), stillSeconds);
    const returned = [
        promise,
        ...(holdOf(failover) === 0 ? [] : [stayPromise(lost, route53.rotations.slice(known + moves.length))]),
    ];
    return { lostAt, backAt, moves, returned, rested: new Map(rested) };
}

function stayPromise(lost: string, since: readonly Rotation[]): PromiseResult {
    const goesBack = since.some(({ clusters }) => clusters.includes(lost));
    return { name: `the name goes back to ${lost} by itself`, promised: "no", measured: goesBack ? "yes" : "no", kept: !goesBack };
}

function floorPromise({ tenant: { cluster, app }, sampler }: Watch): PromiseResult {
    const { replicas } = app.deployment;
    return neverUnder(`${cluster}: ready replicas never under`, { floor: replicas, of: replicas, measured: sampler.ready.min() });
}

function judge({ primary, promised }: Loss, { lostAt, backAt, rested }: Lost, watch: Watch, promises: readonly PromiseResult[], others: readonly Watch[]): Promise<DrillResult> {
    const { tenant, sampler } = watch;
    const [from, to] = [lostAt(watch), backAt(watch)];
    const rest = rested.get(tenant);
    return resultOf(watch, () => ({
        drill: clusterLossDrill.name,
        ...(tenant.subject.subject === "stack" ? { cluster: "all" } : {}),
        what: `${primary.name} was lost as a whole, with its control plane and load balancers, and came back after ${secondsText(to - from)}`,
        promises: [...failsNoLonger(watch, from, () => promised), ...promises, ...(rest?.promises ?? [])],
        series: [...sampler.series(), ...others.map(other => ({ name: `ready replicas in ${other.tenant.cluster}`, unit: "replicas", samples: other.sampler.ready.samples }))],
        // Nothing makes up for it elsewhere: it takes as long as the cluster is away, and then this.
        fullStrengthSeconds: rest?.at === undefined ? "never" : rest.at - to,
        notes: [],
        unseen: `${primary.name} was lost, and its API server with it`,
    }));
}
