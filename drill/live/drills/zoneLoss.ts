import { survivors } from "../../../components/model/capacity";
import { replacementSeconds } from "../../../components/model/recovery";
import { scheduling } from "../../../components/config/app/lifecycle";
import { deploymentManifest, toleratedSeconds } from "../../drills/disruption/manifest";
import { neverUnder, secondsText, within } from "../../drills/disruption/promises";
import { waitFor } from "../../drills/disruption/watch";
import { answering, fullestZone, spreadAt } from "../../drills/disruption/zones";
import type { DrillResult } from "../../result";
import type { LiveSite, Tenant, Watch } from "../site";
import type { LiveOptions, SiteDrill } from "./drill";
import { resultOf } from "./findings";
import { detectionOf, failsNoLonger, liveStartSeconds } from "./promises";
import { siteAtRest, untilAnswered } from "./rest";

/** How much longer than promised full strength is waited for, in seconds, so that a table can say how late it was. */
const patienceSeconds = 20;

/** Longest wait until apps are at rest after a zone's return, in seconds. */
const healSeconds = 180;

/** A zone falls silent until its replicas are made up for elsewhere, or should have been; then it comes back. */
export const zoneLossDrill: SiteDrill = {
    name: "zone loss",
    quick: true,
    scope: "cluster",
    naive: "breaks",
    obstacle: ({ zones }) => (zones.length < 2 ? "the cluster has one zone" : undefined),
    run: (site, options) => loseZone(site, options, { drill: zoneLossDrill.name, tenants: site.tenants, replicasOf: ({ app }) => app.deployment.replicas }),
};

/** What is lost, and how many replicas of an app there are then. */
export interface ZoneLoss {
    readonly drill: string;
    readonly tenants: readonly Tenant[];
    readonly replicasOf: (tenant: Tenant) => number;
}

/** When a zone was away. */
interface Away {
    readonly zone: string;
    /** By each watch's clock. */
    readonly lostAt: ReadonlyMap<Watch, number>;
    readonly backAt: ReadonlyMap<Watch, number>;
    readonly nodes: number;
}

/** Takes a zone away from a site whose apps have some number of replicas, and gives it back. */
export async function loseZone(site: LiveSite, { watch: begin, say }: LiveOptions, { drill, tenants, replicasOf }: ZoneLoss): Promise<readonly DrillResult[]> {
    const watches = await Promise.all(tenants.map(tenant => begin(tenant)));
    await Promise.all(watches.map(untilAnswered));
    const ours = watches.find(({ tenant }) => tenant === site.ours);
    if (ours === undefined) {
        throw new Error(`${site.name}: the stack's own app is not watched`);
    }
    const zone = fullestZone(site.zones, ours.sampler.readyByZone, ours.state?.readyByZone);
    const nodes = site.cluster.nodesIn(zone).length;
    const markAll = (text: string): ReadonlyMap<Watch, number> => new Map(watches.map(watch => [watch, watch.sampler.mark(text)]));
    const lostAt = markAll(`${zone} falls silent`);
    await site.loseZone(zone);
    const replicas = replicasOf(site.ours);
    const elsewhere = (): number => (ours.sampler.ready.last ?? 0) - (ours.sampler.readyByZone.get(zone)?.last ?? 0);
    const took = await waitFor(site.cluster.api, `${site.name}: full strength`, () => (elsewhere() >= replicas ? undefined : `${elsewhere()} of ${replicas}`), promisedSeconds(site.ours, nodes) + patienceSeconds);
    say(`${site.name}: ${took === undefined ? `${elsewhere()} of ${replicas} replicas` : `all ${replicas} replicas ready without ${zone}`} after ${secondsText(ours.sampler.now() - (lostAt.get(ours) ?? 0))}; it comes back`);
    const backAt = markAll(`${zone} is back`);
    await site.bringBackZone(zone);
    const unrested = await siteAtRest(site, healSeconds);
    return Promise.all(watches.map(watch => judge(watch, { drill, replicas: replicasOf(watch.tenant), away: { zone, lostAt, backAt, nodes }, zones: site.zones.length, unrested })));
}

/**
 * Longest time until the replicas of a lost zone are made up for, in seconds: the stack promises what its own tolerations come to. A naive
 * stack promises nothing; it is held against what config gives one who says nothing of it.
 */
function promisedSeconds({ subject, app }: Tenant, nodes: number): number {
    const tolerated = subject.subject === "stack" ? toleratedSeconds(deploymentManifest({ subject, app })) : scheduling.parse(undefined).giveUpNodeSeconds;
    return replacementSeconds(tolerated, nodes) + liveStartSeconds;
}

interface Judged {
    readonly drill: string;
    readonly replicas: number;
    readonly away: Away;
    /** Zones of the cluster. */
    readonly zones: number;
    /** Apps that did not come to rest after the return, a line each. */
    readonly unrested: readonly string[];
}

function judge(watch: Watch, { drill, replicas, away, zones, unrested }: Judged): Promise<DrillResult> {
    const { tenant, sampler, state } = watch;
    const [lostAt = 0, backAt = 0] = [away.lostAt.get(watch), away.backAt.get(watch)];
    const { zone } = away;
    const timeline = answering(sampler.ready, sampler.readyByZone.get(zone) ?? sampler.ready, { lostAt, backAt });
    const seen = timeline.firstAtLeast(replicas, lostAt);
    const fullAt = seen === undefined || seen > backAt ? undefined : seen;
    const floor = survivors(replicas, zones);
    const promised = promisedSeconds(tenant, away.nodes);
    return resultOf(watch, () => ({
        drill,
        what: `${zone} was cut off with ${replicas} replicas of the app running, and came back after ${secondsText(backAt - lostAt)}`,
        promises: [
            ...failsNoLonger(watch, lostAt, detectionOf),
            neverUnder("replicas that answer never under", { floor, of: replicas, measured: timeline.min(lostAt, backAt) }),
            within("all replicas answer again within", promised, fullAt === undefined ? undefined : fullAt - lostAt, `${timeline.at(backAt - 0.001) ?? 0} of ${replicas} after ${secondsText(backAt - lostAt)}`),
        ],
        series: [
            { name: "replicas that answer", unit: "replicas", samples: timeline.samples, floor },
            { name: "replicas wanted", unit: "replicas", samples: sampler.wanted.samples },
            ...(state === undefined ? [] : [{ name: "ready replicas that keep data", unit: "replicas", samples: state.ready.samples }]),
        ],
        notes: [`replicas by zone after the return: ${spreadAt(sampler.readyByZone, sampler.now())}`, ...unrested],
        fullStrengthSeconds: fullAt === undefined ? "never" : fullAt - lostAt,
    }));
}
