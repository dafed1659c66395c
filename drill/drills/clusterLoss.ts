import type { FailoverConfig } from "../../components/config";
import type { PlannedStack } from "../../plan/run";
import { deserializeOutputs } from "../../plan/summarise/outputs";
import { NotYet } from "../api";
import type { DrillResult } from "../result";
import { type Stage, Timeline } from "../stage";
import { steady } from "../standIns/loads";
import { type Reply, Route53, type Rotation, checkersOfEach, failoverDns, leastHealthyCheckers, resolverCount, unprovedOfRoute53 } from "../standIns/route53";
import { gapNotes, neverUnder, secondsText, within } from "./disruption/promises";
import { waitFor } from "./disruption/watch";
import type { DrillOptions, SystemDrill } from "./drill";
import { failbackPromise, failoverObstacle, holdOf, moveOn, movePromise } from "./failure/failover";
import { Site } from "./failure/site";
import { sharesOf, takeOver } from "./failure/takeover";

/** Time between two steps of Route 53's clock, in milliseconds: small against a check's interval. */
const stepMs = 50;

/** How much longer than promised is waited, in seconds, so that a table can say how late it was. */
const patienceSeconds = 30;

/** Longest wait for the health checkers to find a cluster that is back, in seconds. */
const foundSeconds = 120;

/**
 * The whole cluster that requests go to is lost, with its control plane and load balancers, and comes back. Route 53 is played, with
 * the records and checks of the plan, against the live endpoints of all clusters. The lost cluster's load goes where the name leads. Once
 * the cluster is found healthy again, Route 53's clock is moved on, so that its return is seen however long it is held back.
 */
export function clusterLossDrill(planned: PlannedStack): SystemDrill {
    const { failover } = planned.config;
    return {
        name: "cluster loss",
        quick: true,
        lane: "losses",
        scope: "system",
        unproved: unprovedOfRoute53,
        obstacle: stages => failoverObstacle(planned.config, stages.map(({ cluster }) => cluster)),
        run: async (stages, options) => (failover === undefined ? [] : [await lose({ planned, failover, stages }, options)]),
    };
}

interface System {
    readonly planned: PlannedStack;
    readonly failover: FailoverConfig;
    readonly stages: readonly Stage[];
}

async function lose({ planned: { recording }, failover, stages }: System, { say }: DrillOptions): Promise<DrillResult> {
    const dns = failoverDns(recording.resources, failover.domain);
    const promised = deserializeOutputs(recording).objectives.rtoSeconds ?? 0;
    const hold = holdOf(failover);
    const sites = await Promise.all(stages.map(async stage => new Site(stage, await stage.sample())));
    const primary = siteOf(sites, (dns.answers.find(({ role }) => role === "PRIMARY") ?? dns.answers[0])?.cluster ?? "");
    const { sampler, stage } = primary;
    const lost = stage.cluster;
    const survivors = sites.filter(site => site !== primary);
    const dead = sites.filter(site => site.reply() !== "answers");
    if (dead.length > 0) {
        throw new Error(`${dead.map(site => site.stage.cluster).join(", ")} did not answer before the drill`);
    }

    /** What each answered when it was last asked, once the clock is moved on and nobody can be asked any more. */
    const settled = new Map<string, Reply>();
    const route53 = new Route53({ dns, at: sampler.now(), ask: cluster => settled.get(cluster) ?? siteOf(sites, cluster).reply() });
    const [resolvers, checkers] = [new Timeline(), new Timeline()];
    const step = (): void => {
        const at = sampler.now();
        route53.advance(at);
        note(resolvers, at, route53.resolversWith(lost));
        note(checkers, at, route53.endpoint(lost).count);
    };
    step();
    const clock = setInterval(step, stepMs);
    const before = route53.rotation();
    try {
        const lostAt = sampler.mark(`${lost} is lost`);
        say(`all: ${lost} is lost`);
        const cores = stage.load.now();
        await primary.lose();
        const watchers = survivors[0]?.stage.api ?? stage.api;
        const longest = promised + patienceSeconds;
        await waitFor(watchers, `the name leads away from ${lost}`, () => (route53.rotation().includes(lost) ? "it does not" : undefined), longest);
        stage.load.set(steady(0));
        const shares = sharesOf(dns.answers, route53.rotation());
        const left = (): string | undefined => (route53.resolversWith(lost) === 0 ? undefined : `${route53.resolversWith(lost)} of ${resolverCount} do`);
        const [takeovers] = await Promise.all([
            Promise.all(survivors.map(site => takeOver(site, lost, cores * (shares.get(site.stage.cluster) ?? 0)))),
            waitFor(watchers, `no resolver answers with ${lost}`, left, longest - (sampler.now() - lostAt)),
        ]);
        const movedAt = resolvers.firstUnder(1, lostAt);
        const instead = left() ?? "none does";
        say(`all: ${movedAt === undefined ? `${instead} still answer with ${lost}` : `no resolver answers with ${lost} after ${secondsText(movedAt - lostAt)}`}`);

        await primary.bringBack();
        const backAt = sampler.mark(`${lost} is back`);
        const unfound = (): string | undefined => (route53.endpoint(lost).count === checkersOfEach ? undefined : `${route53.endpoint(lost).count} of ${checkersOfEach} checkers`);
        await stage.api.until(`${lost} is found healthy`, () => Promise.resolve(unfound() === undefined || new NotYet(unfound() ?? "")), { seconds: foundSeconds });
        const healthyAt = checkers.firstAtLeast(leastHealthyCheckers, backAt) ?? backAt;
        clearInterval(clock);
        for (const site of sites) {
            settled.set(site.stage.cluster, site.reply());
            site.sampler.stop();
        }
        const seconds = sampler.now();
        const endedAt = moveOn(route53, { lost, hold, healthyAt, from: seconds });
        say(`all: ${lost} is healthy again; the name leads to ${route53.rotation().join(" and ")} ${secondsText(endedAt - healthyAt)} later, by a clock that was moved on`);
        const moves = route53.rotations.filter(({ at }) => at >= lostAt);
        return {
            drill: "cluster loss",
            subject: stage.subject.subject,
            cluster: "all",
            what: `${lost} was lost as a whole, with its control plane and load balancers, its load went to ${[...shares.keys()].join(" and ")}, and it came back after ${secondsText(backAt - lostAt)}`,
            seconds,
            promises: [
                within(`no resolver answers with ${lost} within`, promised, movedAt === undefined ? undefined : movedAt - lostAt, instead),
                movePromise(before, moves.filter(({ at }) => at < backAt), survivors.map(site => site.stage.cluster)),
                failbackPromise({ hold, lost, back: moves.filter(({ at }) => at >= backAt), healthyAt, endedAt }),
                ...survivors.map(site => neverUnder(`${site.stage.cluster}: ready replicas never under`, floorOf(site))),
                ...takeovers.flatMap(({ promises }) => promises),
            ],
            series: [
                { name: `resolvers that answer with ${lost}`, unit: "resolvers", samples: resolvers.samples },
                { name: `checkers that find ${lost} healthy`, unit: "checkers", samples: checkers.samples },
            ],
            marks: sampler.marks,
            notes: [
                ...lapseNotes(moves[0], lostAt, movedAt),
                ...takeovers.map(takeover => takeover.note),
                `once ${lost} was found healthy, Route 53's clock was moved on by ${Math.round((endedAt - seconds) / 60)} min; the clusters' answers stayed what they were then`,
                ...survivors.flatMap(site => gapNotes(site.sampler).map(text => `${site.stage.cluster}: ${text}`)),
            ],
        };
    } finally {
        clearInterval(clock);
        for (const site of sites) {
            site.sampler.stop();
        }
    }
}

function siteOf(sites: readonly Site[], cluster: string): Site {
    const site = sites.find(({ stage }) => stage.cluster === cluster);
    if (site === undefined) {
        throw new Error(`${cluster} is not on a stage`);
    }
    return site;
}

/** Adds what is new. */
function note(timeline: Timeline, at: number, value: number): void {
    if (timeline.last !== value) {
        timeline.add(at, value);
    }
}

function floorOf({ stage: { app }, sampler: { ready } }: Site): { readonly floor: number; readonly of: number; readonly measured: number } {
    const { replicas } = app.deployment;
    return { floor: replicas, of: replicas, measured: ready.min() };
}

function lapseNotes(moved: Rotation | undefined, lostAt: number, lapsedAt: number | undefined): readonly string[] {
    return moved === undefined || lapsedAt === undefined
        ? []
        : [`Route 53 answered otherwise after ${secondsText(moved.at - lostAt)}; the last resolver kept the old answer for ${secondsText(lapsedAt - moved.at)} more`];
}
