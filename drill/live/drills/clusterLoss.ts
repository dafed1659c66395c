import { deserializeOutputs } from "../../../plan/summarise/outputs";
import { neverUnder, secondsText } from "../../drills/disruption/promises";
import { waitFor } from "../../drills/disruption/watch";
import { holdOf, movePromise } from "../../drills/failure/failover";
import type { DrillResult, PromiseResult } from "../../result";
import { checkersOfEach } from "../../standIns/route53";
import { unprovedOfLiveRoute53 } from "../dns/route53";
import { type LiveSite, type Watch, pagePort, urlFor } from "../site";
import type { LiveOptions, WorldDrill } from "./drill";
import { resultOf } from "./findings";
import { failsNoLonger } from "./promises";
import { siteAtRest, untilAnswered } from "./rest";

/** How long requests go on after the promised time, in seconds: what fails then breaks the promise. */
const afterSeconds = 20;

/** Longest wait until a cluster that is back is at rest and found healthy, in seconds. */
const backSeconds = 300;

/** How long the name is watched once the lost cluster is healthy again, in seconds. */
const stillSeconds = 20;

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
    obstacle: (sites, { planned: { config } }) => {
        const { failover, clusters } = config;
        if (failover === undefined) {
            return "the stack has no failover";
        }
        const elsewhere = [...clusters, ...failover.members].map(({ name }) => name).filter(name => !sites.some(site => site.name === name));
        return elsewhere.length === 0 ? undefined : `failover leads to clusters of other stacks: ${elsewhere.join(", ")}`;
    },
    run: lose,
};

async function lose(sites: readonly LiveSite[], options: LiveOptions): Promise<readonly DrillResult[]> {
    const { names, planned, say } = options;
    const { failover } = planned.config;
    const { route53, domain } = names;
    const primary = sites.find(({ name }) => name === route53?.answer().cluster);
    if (failover === undefined || route53 === undefined || domain === undefined || primary === undefined) {
        throw new Error("the app's name leads to no cluster of the stack");
    }
    const promised = deserializeOutputs(planned.recording).objectives.rtoSeconds ?? 0;
    const survivors = sites.filter(site => site !== primary);
    const lost = primary.name;
    const [door] = primary.ours.doors;
    if (door === undefined) {
        throw new Error(`${lost} has no load balancer`);
    }
    const ours = await options.watch(primary.ours, [urlFor(domain, pagePort(door))]);
    const naive = await Promise.all(primary.tenants.filter(tenant => tenant !== primary.ours).map(tenant => options.watch(tenant)));
    const others = await Promise.all(survivors.map(site => options.watch(site.ours, [])));
    const watches = [ours, ...naive, ...others];
    await Promise.all(watches.map(untilAnswered));
    const before = route53.rotation();
    const known = route53.rotations.length;
    const markAll = (text: string): ReadonlyMap<Watch, number> => new Map(watches.map(watch => [watch, watch.sampler.mark(text)]));
    const lostAt = markAll(`${lost} is lost`);
    const since = (watch: Watch): number => watch.sampler.now() - (lostAt.get(watch) ?? 0);
    await primary.lose();
    say(`all: ${lost} is lost`);
    const [witness = primary] = survivors;
    const { api } = witness.cluster;
    const movedAfter = await waitFor(api, `the name leads away from ${lost}`, () => (route53.rotation().includes(lost) ? "it does not" : undefined), promised + afterSeconds);
    if (movedAfter !== undefined) {
        markAll(`the name leads to ${route53.rotation().join(" and ")}`);
    }
    await waitFor(api, "the promised time", () => (since(ours) >= promised + afterSeconds ? undefined : "not yet"), promised + 2 * afterSeconds);
    say(`all: ${lost} comes back`);
    const backAt = markAll(`${lost} is back`);
    await primary.bringBack();
    const unrested = await siteAtRest(primary, backSeconds);
    await waitFor(api, `${lost} is found healthy`, () => (route53.checkers(lost) === checkersOfEach ? undefined : `${route53.checkers(lost)} of ${checkersOfEach} checkers`), backSeconds);
    const healthyAt = markAll(`${lost} is healthy again`);
    const hold = holdOf(failover);
    await waitFor(api, "a while", () => (ours.sampler.now() - (healthyAt.get(ours) ?? 0) >= stillSeconds ? undefined : "not yet"), 2 * stillSeconds);
    const rotation = route53.rotation();
    const judged = { lost, lostAt, backAt, promised, unrested };
    const results = await Promise.all([
        judge(ours, judged, [
            movePromise(before, route53.rotations.slice(known), survivors.map(({ name }) => name)),
            ...(hold === 0 ? [] : [stayPromise(lost, rotation)]),
            ...others.map(({ tenant, sampler }) => floorPromise(tenant.cluster, tenant.app.deployment.replicas, sampler.ready.min())),
        ], others),
        ...naive.map(watch => judge(watch, judged, [], [])),
    ]);
    await Promise.all(others.map(watch => watch.stop()));
    return results;
}

function stayPromise(lost: string, rotation: readonly string[]): PromiseResult {
    return { name: `the name goes back to ${lost} by itself`, promised: "no", measured: rotation.includes(lost) ? "yes" : "no", kept: !rotation.includes(lost) };
}

function floorPromise(cluster: string, replicas: number, measured: number): PromiseResult {
    return neverUnder(`${cluster}: ready replicas never under`, { floor: replicas, of: replicas, measured });
}

interface Judged {
    readonly lost: string;
    /** By each watch's clock. */
    readonly lostAt: ReadonlyMap<Watch, number>;
    readonly backAt: ReadonlyMap<Watch, number>;
    /** Recovery time objective, in seconds. */
    readonly promised: number;
    readonly unrested: readonly string[];
}

function judge(watch: Watch, { lost, lostAt, backAt, promised, unrested }: Judged, promises: readonly PromiseResult[], others: readonly Watch[]): Promise<DrillResult> {
    const [from = 0, to = 0] = [lostAt.get(watch), backAt.get(watch)];
    return resultOf(watch, () => ({
        drill: clusterLossDrill.name,
        ...(watch.tenant.subject.subject === "stack" ? { cluster: "all" } : {}),
        what: `${lost} was lost as a whole, with its control plane and load balancers, and came back after ${secondsText(to - from)}`,
        promises: [...failsNoLonger(watch, from, () => promised), ...promises],
        series: [...watch.sampler.series(), ...others.map(({ tenant, sampler }) => ({ name: `ready replicas in ${tenant.cluster}`, unit: "replicas", samples: sampler.ready.samples }))],
        notes: [...unrested],
    }));
}
