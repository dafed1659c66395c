import { quorum, survivors } from "../../../components/model/capacity";
import { madeUpSeconds } from "../../drills/disruption/manifest";
import { neverUnder, secondsText, within } from "../../drills/disruption/promises";
import { waitFor } from "../../drills/disruption/watch";
import { answering, fullestZone, spreadAt } from "../../drills/disruption/zones";
import type { DrillResult, PromiseResult } from "../../result";
import { type LiveSite, type Tenant, type Watch, restoreSite, spreadSite } from "../site";
import type { LiveOptions, SiteDrill } from "./drill";
import { resultOf } from "./findings";
import { NameWatch } from "./nameWatch";
import { detectionOf, failsNoLonger, liveStartSeconds, patienceSeconds, writesSucceed } from "./promises";
import { goOn, untilWhole } from "./rest";
import { type Moment, Watches } from "./watches";

/** Longest wait until an app is whole after a zone's return, in seconds. */
const wholeSeconds = 180;

/**
 * How long requests go on after that, in seconds: the returned zone's address comes back into the load balancer's name, and its targets get
 * requests again.
 */
const afterSeconds = 10;

/** A zone loses its power until its replicas are made up for elsewhere, or should have been; then it comes back. */
export const zoneLossDrill: SiteDrill = {
    name: "zone loss",
    quick: true,
    scope: "cluster",
    naive: "breaks",
    obstacle: ({ zones }) => (zones.length < 2 ? "the cluster has one zone" : undefined),
    run: async (site, options) => {
        const loss = { drill: zoneLossDrill.name, tenants: site.tenants, replicasOf: ({ app }: Tenant) => app.deployment.replicas };
        if (!options.full) {
            await spreadSite(site);
            return loseZone(site, options, loss);
        }
        const results: DrillResult[] = [];
        for (const zone of site.zones) {
            await restoreSite(site);
            await spreadSite(site);
            results.push(...(await loseZone(site, options, { ...loss, zone })));
        }
        return results;
    },
};

/** What is lost, and how many replicas of an app there are then. */
export interface ZoneLoss {
    readonly drill: string;
    readonly tenants: readonly Tenant[];
    readonly replicasOf: (tenant: Tenant) => number;
    /** @default the zone with the most replicas */
    readonly zone?: string;
}

/** When a zone was away. */
interface Away {
    readonly zone: string;
    readonly lostAt: Moment;
    readonly backAt: Moment;
    readonly nodes: number;
}

/** Takes a zone away from a site whose apps have some number of replicas, and gives it back. */
export async function loseZone(site: LiveSite, options: LiveOptions, { drill, tenants, replicasOf, zone: chosen }: ZoneLoss): Promise<readonly DrillResult[]> {
    const { say, names } = options;
    const watches = await Watches.begin(tenants, options);
    const ours = watches.of(site.ours);
    const zone = chosen ?? fullestZone(site.zones, ours.sampler.readyByZone, ours.state?.readyByZone);
    const nodes = site.cluster.nodesIn(zone).length;
    const name = new NameWatch(names);
    await site.loseZone(zone);
    // Balancers and controllers can't begin to notice before it is lost.
    const lostAt = watches.mark(`${zone} has lost its power`);
    const replicas = replicasOf(site.ours);
    const elsewhere = (): number => (ours.sampler.ready.last ?? 0) - (ours.sampler.readyByZone.get(zone)?.last ?? 0);
    const promised = promisedSeconds(site.ours, nodes);
    const took = await waitFor(site.cluster.api, `${site.name}: full strength`, () => (elsewhere() >= replicas ? undefined : `${elsewhere()} of ${replicas}`), promised + patienceSeconds);
    say(`${site.name}: ${took === undefined ? `${elsewhere()} of ${replicas} replicas` : `all ${replicas} replicas`} ready without ${zone} after ${secondsText(ours.sampler.now() - lostAt(ours))}`);
    // The naive stack has the time that ours is promised, too.
    await goOn(ours, lostAt(ours), promised);
    const backAt = watches.mark(`${zone} is back`);
    await site.bringBackZone(zone);
    const whole = new Map(await Promise.all(watches.all.map(async (watch): Promise<[Watch, readonly PromiseResult[]]> => [watch, [await wholePromise(watch, replicasOf(watch.tenant), backAt(watch))]])));
    const wholeAt = watches.mark("all is whole again");
    await goOn(ours, wholeAt(ours), afterSeconds);
    return Promise.all(
        watches.all.map(watch =>
            judge(watch, {
                drill,
                replicas: replicasOf(watch.tenant),
                away: { zone, lostAt, backAt, nodes },
                zones: site.zones.length,
                promises: [...(whole.get(watch) ?? []), ...(watch === ours ? name.staysPromises(site) : [])],
            }),
        ),
    );
}

/** Waits until an app is whole again, by itself: another on the same nodes may never be. */
async function wholePromise(watch: Watch, replicas: number, backAt: number): Promise<PromiseResult> {
    const missing = await untilWhole(watch, replicas, wholeSeconds);
    return within("whole again after the return within", wholeSeconds, missing === undefined ? watch.sampler.now() - backAt : undefined, missing ?? "");
}

/** Longest time until the replicas of a lost zone answer elsewhere, in seconds. */
function promisedSeconds(tenant: Tenant, nodes: number): number {
    return madeUpSeconds(tenant, nodes) + liveStartSeconds;
}

interface Judged {
    readonly drill: string;
    readonly replicas: number;
    readonly away: Away;
    /** Zones of the cluster. */
    readonly zones: number;
    /** Beside those of the outage itself. */
    readonly promises: readonly PromiseResult[];
}

function judge(watch: Watch, { drill, replicas, away, zones, promises }: Judged): Promise<DrillResult> {
    const { tenant, sampler, state } = watch;
    const { app } = tenant;
    const [lostAt, backAt] = [away.lostAt(watch), away.backAt(watch)];
    const { zone } = away;
    const silence = { lostAt, backAt };
    const timeline = answering(sampler.ready, sampler.readyByZone.get(zone) ?? sampler.ready, silence);
    const keeping = state === undefined ? undefined : answering(state.ready, state.readyByZone.get(zone) ?? state.ready, silence);
    const seen = timeline.firstAtLeast(replicas, lostAt);
    const fullAt = seen === undefined || seen > backAt ? undefined : seen;
    const floor = survivors(replicas, zones);
    const keepers = app.state?.replicas ?? 0;
    return resultOf(watch, () => ({
        drill,
        what: `${zone} lost its power with ${replicas} replicas of the app running, and came back after ${secondsText(backAt - lostAt)}`,
        promises: [
            ...failsNoLonger(watch, lostAt, detectionOf),
            neverUnder("replicas that answer never under", { floor, of: replicas, measured: timeline.min(lostAt, backAt) }),
            within("all replicas answer again within", promisedSeconds(tenant, away.nodes), fullAt === undefined ? undefined : fullAt - lostAt, `${timeline.at(backAt - 0.001) ?? 0} of ${replicas} after ${secondsText(backAt - lostAt)}`),
            ...(keeping === undefined ? [] : [neverUnder("replicas that keep data never under their quorum", { floor: quorum(keepers), of: keepers, measured: keeping.min(lostAt, backAt) })]),
            ...writesSucceed(watch, lostAt),
            ...promises,
        ],
        series: [
            { name: "replicas that answer", unit: "replicas", samples: timeline.samples, floor },
            { name: "replicas wanted", unit: "replicas", samples: sampler.wanted.samples },
            ...(keeping === undefined ? [] : [{ name: "replicas that keep data, ready", unit: "replicas", samples: keeping.samples, floor: quorum(keepers) }]),
        ],
        notes: [`replicas by zone after the return: ${spreadAt(sampler.readyByZone, sampler.now())}`],
        fullStrengthSeconds: fullAt === undefined ? "never" : fullAt - lostAt,
    }));
}
