import { kinds } from "../../api";
import { neverUnder, secondsText, within } from "../../drills/disruption/promises";
import { waitFor } from "../../drills/disruption/watch";
import type { DrillResult } from "../../result";
import type { LiveSite, Tenant, Watch } from "../site";
import { pickVictim, runsAgain } from "./container";
import type { LiveOptions, SiteDrill } from "./drill";
import { resultOf } from "./findings";
import { detectionOf, failsNoLonger } from "./promises";
import { untilAnswered } from "./rest";
import { afterHangSeconds, containerTimesOf, detectSeconds } from "./restarts";

/** How much longer than promised is waited, in seconds, so that a table can say how late it was. */
const patienceSeconds = 20;

/** Longest wait of a client for its answer, in seconds, the default of clients/requests.ts: what it asked just before a replica was left out fails so much later. */
const clientSeconds = 5;

/** The program of one replica stops and says nothing any more, though its machine still takes connections. Nobody but its probes can tell. */
export const hangDrill: SiteDrill = {
    name: "hung container",
    quick: false,
    scope: "cluster",
    // It has no liveness probe: nothing ever notices.
    naive: "breaks",
    obstacle: ({ ours }) => (containerTimesOf(ours).liveness === undefined ? "the app has no liveness probe, and a program that hangs stays so: set app.probes" : undefined),
    run: async (site, options) => {
        const watches = await Promise.all(site.tenants.map(tenant => options.watch(tenant)));
        await Promise.all(watches.map(untilAnswered));
        return Promise.all(watches.map(watch => hang(site, watch, options)));
    },
};

/** Longest time until a replica that hangs is one again that answers, in seconds. A naive stack promises nothing: it is held against what the stack beside it promises. */
function promisedSeconds({ ours }: LiveSite, { subject }: Tenant, restarts: number): number {
    return afterHangSeconds(containerTimesOf(ours), subject.subject === "stack" ? restarts : 0);
}

async function hang(site: LiveSite, watch: Watch, { say }: LiveOptions): Promise<DrillResult> {
    const { tenant, sampler } = watch;
    const { api, app, cluster, namespace } = tenant;
    const { replicas } = app.deployment;
    const { readiness } = containerTimesOf(tenant);
    const victim = await pickVictim(site, watch);
    const { pod, node, before } = victim;
    const promised = promisedSeconds(site, tenant, before.restarts);

    const hungAt = sampler.mark(`the program of ${pod} hangs`);
    await node.signalContainer(before.id, "SIGSTOP");
    const full = await waitFor(api, `${cluster}: ${pod} is ready again`, () => runsAgain(victim, 1, "ready") ?? (sampler.ready.last === replicas ? undefined : "not among those that get requests"), promised + patienceSeconds);
    const fullAt = sampler.mark(full === undefined ? "it still hangs" : "it was restarted, and is ready");
    if (full !== undefined) {
        await untilAnswered(watch);
    }
    say(`${cluster}: ${pod} hung; ${full === undefined ? "it still does" : `restarted and ready after ${secondsText(fullAt - hungAt)}`}`);
    const result = await resultOf(watch, () => ({
        drill: hangDrill.name,
        what: `the program of one of ${replicas} replicas was stopped where it was`,
        promises: [
            ...failsNoLonger(watch, hungAt, client => Math.min(detectSeconds(readiness), detectionOf(client)) + clientSeconds),
            neverUnder("ready replicas never under", { floor: replicas - 1, of: replicas, measured: sampler.ready.min(hungAt, fullAt) }),
            within("all replicas answer again within", promised, full === undefined ? undefined : fullAt - hungAt, `one of ${replicas} still hung after ${secondsText(fullAt - hungAt)}`),
        ],
        series: sampler.series(replicas - 1),
        notes: [],
        fullStrengthSeconds: full === undefined ? "never" : fullAt - hungAt,
    }));
    if (full === undefined) {
        // It counts as ready, so nothing but this would mend it.
        await api.delete({ kind: kinds.pod, name: pod, namespace }, { graceSeconds: 0 });
    }
    return result;
}
