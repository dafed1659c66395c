import { neverUnder, none, secondsText } from "../../drills/disruption/promises";
import { fullestZone } from "../../drills/disruption/zones";
import type { DrillResult, PromiseResult } from "../../result";
import type { LinkFault } from "../cluster/lossyLink";
import type { Client, LiveSite, Watch } from "../site";
import type { LiveOptions, SiteDrill } from "./drill";
import { resultOf } from "./findings";
import { watchGivenUp } from "./nodes";
import { wayOf } from "./promises";
import { goOn, restPromises } from "./rest";
import { fullStrengthSince } from "./strength";
import { Watches } from "./watches";

/** What the link does to each packet, in each direction. */
const fault: LinkFault = { lossPercent: 5, delayMs: 200 };

/** How long the link is bad, in seconds: more than it takes to give a node up that nothing is heard of (50 s). */
const badSeconds = 90;

/** Longest wait until apps are at rest again, in seconds. */
const restSeconds = 120;

/**
 * Requests that may fail, in a hundred.
 *
 * A request to a replica behind the link is SYN, SYN-ACK, ACK, request, answer and the connection's end. SYN and SYN-ACK must come through for there to
 * be a connection, request and answer for there to be an answer. Each of these two exchanges takes 0.4 s, and fails with 1 - 0.95² = 9.75 %. TCP tries
 * again: for the connection after 1 s, 2 s, 4 s; then after 1.2 s, 2.4 s, 4.8 s, or after 3 s, 6 s where it had to repeat the SYN
 * (https://www.rfc-editor.org/rfc/rfc6298: 2.1, 2.2 with a round trip of 0.4 s, 5.5 and 5.7). A client waits 5 s. So a request fails by three losses:
 * all while it connects (0.8 + 7), two then and one after (0.8 + 3 + 3), one and two (0.8 + 1 + 3 + 6), or all after (0.8 + 1.2 + 2.4 + 4.8). That is 0.37 %
 * at most, four times 0.0975³. Between a third and a half of all requests go behind the link: 0.2 %. That leaves room for chance: of 900 requests
 * 2 are to be expected, and 10 break the promise.
 *
 * Where nodes hand requests on to replicas on other nodes, one in four may cross the link twice: an exchange takes 0.8 s then, and fails with
 * 1 - 0.95⁴ = 18.5 %; two losses are too many, in 6.7 % of cases. With the others that makes 1.9 % of all.
 */
const mostInHundred = { once: 1, twice: 5 } as const;

/** How many of a client's requests may fail, in a hundred. */
export function mostFailures({ door }: Pick<Client, "door">): number {
    return door?.targets === "nodes" && !door.localNodes ? mostInHundred.twice : mostInHundred.once;
}

/** The way between a zone and the rest loses packets and is slow. Nobody may take that for a loss of the zone. */
export const linkDrill: SiteDrill = {
    name: "lossy link",
    quick: false,
    scope: "cluster",
    naive: "tried",
    unproved: ["the lossy link is a program between two bridges: what a network does that is congested, and not only bad, is not seen"],
    obstacle: ({ zones }, { lossyLinks }) => (zones.length < 2 ? "the cluster has one zone" : "missing" in lossyLinks ? { lacking: lossyLinks.missing } : undefined),
    run: worsen,
};

async function worsen(site: LiveSite, options: LiveOptions): Promise<readonly DrillResult[]> {
    const { lossyLinks, say } = options;
    if ("missing" in lossyLinks) {
        throw new Error(lossyLinks.missing);
    }
    const watches = await Watches.begin(site.tenants, options);
    const givenUp = new Map(await Promise.all(watches.all.map(async watch => [watch, await watchGivenUp(watch.sampler)] as const)));
    const ours = watches.of(site.ours);
    const zone = fullestZone(site.zones, ours.sampler.readyByZone, ours.state?.readyByZone);
    const nodes = site.cluster.nodesIn(zone).map(({ net }) => net);
    const link = await lossyLinks.start(site.cluster.network, nodes, fault);
    const badAt = watches.mark(`the link to ${zone} is bad`);
    say(`${site.name}: packets to and from ${zone} take ${fault.delayMs} ms more, and ${fault.lossPercent} of 100 are lost`);
    try {
        await goOn(ours, badAt(ours), badSeconds);
    } finally {
        await link.end();
    }
    const goodAt = watches.mark("it is good again");
    const rested = await restPromises(site.tenants, restSeconds);
    return Promise.all(watches.all.map(watch => judge(watch, { zone, badAt: badAt(watch), goodAt: goodAt(watch), givenUp: givenUp.get(watch)?.() ?? [], rested: rested.get(watch.tenant) })));
}

interface Worsened {
    readonly zone: string;
    /** By the watch's clock. */
    readonly badAt: number;
    readonly goodAt: number;
    readonly givenUp: readonly string[];
    readonly rested: PromiseResult | undefined;
}

function judge(watch: Watch, { zone, badAt, goodAt, givenUp, rested }: Worsened): Promise<DrillResult> {
    const { sampler, state, tenant, clients } = watch;
    const { replicas } = tenant.app.deployment;
    return resultOf(watch, () => ({
        drill: linkDrill.name,
        what: `for ${secondsText(goodAt - badAt)} the link between ${zone} and the rest lost ${fault.lossPercent} of 100 packets, and took ${fault.delayMs} ms longer each way`,
        promises: [
            heldUp(clients, { badAt, goodAt }),
            ...clients.map(client => failsSeldom(client, { badAt, goodAt }, mostFailures(client))),
            neverUnder("ready replicas never under", { floor: replicas, of: replicas, measured: sampler.ready.min() }),
            ...(tenant.app.state === undefined || state === undefined
                ? []
                : [neverUnder("ready replicas that keep data never under", { floor: tenant.app.state.replicas, of: tenant.app.state.replicas, measured: state.ready.min() })]),
            none("nodes that were given up", givenUp),
            ...(rested === undefined ? [] : [rested]),
        ],
        series: sampler.series(replicas),
        fullStrengthSeconds: fullStrengthSince(watch, badAt),
        notes: [],
    }));
}

/**
 * The link was bad indeed: some requests took at least as long as a packet there and back. Else it is nothing that the others could have failed by.
 */
export function heldUp(clients: readonly Pick<Client, "outcomes">[], { badAt, goodAt }: Pick<Worsened, "badAt" | "goodAt">): PromiseResult {
    const seconds = (2 * fault.delayMs) / 1000;
    const sent = clients.flatMap(({ outcomes }) => outcomes).filter(({ at }) => at >= badAt && at < goodAt);
    const slow = sent.filter(({ took }) => took >= seconds).length;
    return { name: `requests that take ${seconds} s or longer`, promised: "some", measured: `${slow} of ${sent.length}`, kept: slow > 0 };
}

/** At most so many in a hundred of a client's requests fail while the link is bad. */
export function failsSeldom(client: Pick<Client, "door" | "outcomes">, { badAt, goodAt }: Pick<Worsened, "badAt" | "goodAt">, most: number): PromiseResult {
    const sent = client.outcomes.filter(({ at }) => at >= badAt && at < goodAt);
    const failed = sent.filter(({ ok }) => !ok).length;
    const share = (100 * failed) / sent.length;
    return {
        name: `failed requests by ${wayOf(client)}, of 100`,
        promised: `${most} at most`,
        measured: sent.length === 0 ? "none was sent" : `${Math.round(share * 100) / 100} (${failed} of ${sent.length})`,
        kept: sent.length > 0 && share <= most,
    };
}
