import { lastLines } from "../../../tools/execute";
import { kinds } from "../../api";
import type { DrillResult, PromiseResult } from "../../result";
import { readBack } from "../clients/readBack";
import { type LiveSite, type Tenant, pagePort, stateReplicasOf, urlFor, urlOf } from "../site";
import type { LiveOptions, WorldDrill } from "./drill";
import { readPromises } from "./promises";

/** What the app says. */
const expected = "Hello, World!";

/** Longest time for curl to be answered, in seconds: a name that has just moved may need a second address. */
const curlSeconds = 10;

/**
 * After all the rest: what anybody gets who asks for the app by its name, by a program that knows nothing of the drills; and whether each write that
 * any drill was told is safe still is.
 */
export const endDrill: WorldDrill = {
    name: "at the end",
    quick: true,
    naive: "spared",
    scope: "system",
    obstacle: () => undefined,
    run: async (sites, options) => {
        const began = performance.now();
        const url = pageUrl(sites, options.names.domain);
        const promises = [await curlPromise(url, options), ...(await Promise.all(sites.map(({ ours }) => ledgerPromises(ours, options)))).flat()];
        const result: DrillResult = {
            drill: endDrill.name,
            subject: "stack",
            cluster: "all",
            what: `curl asked for ${url}, and all writes of the run were read back`,
            seconds: (performance.now() - began) / 1000,
            promises,
            series: [],
            marks: [],
            notes: [],
        };
        return [result];
    },
};

async function curlPromise(url: string, { curl }: Pick<LiveOptions, "curl">): Promise<PromiseResult> {
    const outcome = await curl(["--silent", "--show-error", "--max-time", String(curlSeconds), url]);
    const said = outcome.code === 0 ? outcome.stdout.trim() : `curl ended with ${outcome.code ?? "a signal"}: ${lastLines(outcome).trim()}`;
    return { name: `curl ${url}`, promised: expected, measured: said, kept: said === expected };
}

/** No write of any drill is lost. None for an app that keeps nothing, or that no drill wrote to. */
async function ledgerPromises(tenant: Tenant, { ledgers }: Pick<LiveOptions, "ledgers">): Promise<readonly PromiseResult[]> {
    const { api, app, cluster, namespace } = tenant;
    const own = ledgers(tenant);
    if (app.state === undefined || own.length === 0) {
        return [];
    }
    const replicas = stateReplicasOf(tenant, await api.list(kinds.pod, { namespace, labels: app.state.selector }));
    const read = await Promise.all(own.map(ledger => readBack(ledger, replicas)));
    const total = { acknowledged: read.reduce((sum, each) => sum + each.acknowledged, 0), lost: read.flatMap(({ lost }) => lost), silent: [...new Set(read.flatMap(({ silent }) => silent))] };
    return readPromises(total, `${cluster}: writes of the whole run lost`);
}

/** The page of the app's name, or that of the first cluster's load balancer where the app has none. */
function pageUrl([first]: readonly LiveSite[], domain: string | undefined): string {
    const door = first?.ours.doors[0];
    if (door === undefined) {
        throw new Error("no cluster has a load balancer");
    }
    return domain === undefined ? urlOf(door, undefined) : urlFor(domain, pagePort(door));
}
