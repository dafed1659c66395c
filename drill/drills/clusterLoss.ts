import { setTimeout as sleep } from "node:timers/promises";

import type { FailoverConfig } from "../../components/config";
import type { PlannedStack } from "../../plan/run";
import { deserializeOutputs } from "../../plan/summarise/outputs";
import { NotYet } from "../api";
import type { DrillResult } from "../result";
import { type Stage, Timeline } from "../stage";
import { Route53, type Rotation, checkersOfEach, failoverDns, leastHealthyCheckers, resolverCount } from "../standIns/route53";
import { neverUnder, secondsText, within } from "./disruption/promises";
import { waitFor } from "./disruption/watch";
import type { DrillOptions, SystemDrill } from "./drill";
import { failbackPromise, movePromise } from "./failure/failover";
import { Site } from "./failure/site";

/** Time between two steps of Route 53's clock, in milliseconds: small against a check's interval. */
const stepMs = 50;

/** How much longer than promised is waited, in seconds, so that a table can say how late it was. */
const patienceSeconds = 30;

/** Longest wait for the health checkers to find a cluster that is back, in seconds. */
const foundSeconds = 120;

/**
 * The whole cluster that requests go to is lost, with its control plane and load balancers, and comes back. Route 53 is played, with
 * the records and checks of the plan, against the live endpoints of all clusters.
 */
export function clusterLossDrill(planned: PlannedStack): SystemDrill {
    const { clusters, failover } = planned.config;
    return {
        name: "cluster loss",
        quick: true,
        lane: "losses",
        scope: "system",
        obstacle: stages => {
            if (failover === undefined) {
                return "the stack has no failover";
            }
            const elsewhere = [...clusters, ...failover.members].map(({ name }) => name).filter(name => !stages.some(({ cluster }) => cluster === name));
            return elsewhere.length === 0 ? undefined : `failover leads to clusters of other stacks: ${elsewhere.join(", ")}`;
        },
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
    const sites = await Promise.all(stages.map(async stage => new Site(stage, await stage.sample())));
    const primary = siteOf(sites, (dns.answers.find(({ role }) => role === "PRIMARY") ?? dns.answers[0])?.cluster ?? "");
    const { sampler, stage } = primary;
    const lost = stage.cluster;
    const survivors = sites.filter(site => site !== primary);
    const dead = sites.filter(site => site.reply() !== "answers");
    if (dead.length > 0) {
        throw new Error(`${dead.map(site => site.stage.cluster).join(", ")} did not answer before the drill`);
    }

    const route53 = new Route53({ dns, at: sampler.now(), ask: cluster => siteOf(sites, cluster).reply() });
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
        await primary.lose();
        const left = (): string | undefined => (route53.resolversWith(lost) === 0 ? undefined : `${route53.resolversWith(lost)} of ${resolverCount} do`);
        await waitFor(survivors[0]?.stage.api ?? stage.api, `no resolver answers with ${lost}`, left, promised + patienceSeconds);
        const movedAt = resolvers.firstUnder(1, lostAt);
        const instead = left() ?? "none does";
        say(`all: ${movedAt === undefined ? `${instead} still answer with ${lost}` : `no resolver answers with ${lost} after ${secondsText(movedAt - lostAt)}`}`);

        await primary.bringBack();
        const backAt = sampler.mark(`${lost} is back`);
        const unfound = (): string | undefined => (route53.endpoint(lost).count === checkersOfEach ? undefined : `${route53.endpoint(lost).count} of ${checkersOfEach} checkers`);
        await stage.api.until(`${lost} is found healthy`, () => Promise.resolve(unfound() === undefined || new NotYet(unfound() ?? "")), { seconds: foundSeconds });
        const healthyAt = checkers.firstAtLeast(leastHealthyCheckers, backAt) ?? backAt;
        // What fails back as soon as it is healthy does so before the last of the checkers knows.
        await sleep(failover.check.interval * 1000);
        const endedAt = sampler.now();
        say(`all: ${lost} is healthy again; the name leads to ${route53.rotation().join(" and ")}`);
        const moves = route53.rotations.filter(({ at }) => at >= lostAt);
        return {
            drill: "cluster loss",
            subject: stage.subject.subject,
            cluster: "all",
            what: `${lost} was lost as a whole, with its control plane and load balancers, and came back after ${secondsText(backAt - lostAt)}`,
            seconds: endedAt,
            promises: [
                within(`no resolver answers with ${lost} within`, promised, movedAt === undefined ? undefined : movedAt - lostAt, instead),
                movePromise(before, moves.filter(({ at }) => at < backAt), survivors.map(site => site.stage.cluster)),
                failbackPromise({ failover, lost, back: moves.filter(({ at }) => at >= backAt), healthyAt, endedAt }),
                ...survivors.map(site => neverUnder(`${site.stage.cluster}: ready replicas never under`, floorOf(site))),
            ],
            series: [
                { name: `resolvers that answer with ${lost}`, unit: "resolvers", samples: resolvers.samples },
                { name: `checkers that find ${lost} healthy`, unit: "checkers", samples: checkers.samples },
            ],
            marks: sampler.marks,
            notes: [lapseNote(moves[0], lostAt, movedAt), holdNote(failover), "the load did not move along: the load step is about that"].flatMap(text => text ?? []),
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

function lapseNote(moved: Rotation | undefined, lostAt: number, lapsedAt: number | undefined): string | undefined {
    return moved === undefined || lapsedAt === undefined
        ? undefined
        : `Route 53 answered otherwise after ${secondsText(moved.at - lostAt)}; the last resolver kept the old answer for ${secondsText(lapsedAt - moved.at)} more`;
}

function holdNote({ mode, failback }: FailoverConfig): string | undefined {
    return mode === "active-passive" && (failback === "manual" || failback.holdMinutes > 0) ? "the end of the hold-down was not waited for; the evaluator's tests see it, on a clock of their own" : undefined;
}
