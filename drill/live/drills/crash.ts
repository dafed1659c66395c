import { neverUnder, secondsText, within } from "../../drills/disruption/promises";
import { waitFor } from "../../drills/disruption/watch";
import type { DrillResult, PromiseResult } from "../../result";
import type { LiveSite, Watch } from "../site";
import { drilledApart } from "./broken";
import { type ContainerNow, pickVictim, runsAgain } from "./container";
import type { LiveOptions, SiteDrill } from "./drill";
import { resultOf } from "./findings";
import { detectionOf, failsNoLonger, patienceSeconds } from "./promises";
import { afterCrashSeconds, backOffSeconds, containerTimesOf } from "./restarts";
import { Watches } from "./watches";

/** The program of one replica crashes, and crashes again as soon as it runs. The kubelet starts it again where it is, the second time after its back-off. */
export const crashDrill: SiteDrill = {
    name: "container crash",
    quick: false,
    scope: "cluster",
    naive: "tried",
    obstacle: () => undefined,
    run: async (site, options) => {
        const { all } = await Watches.begin(site.tenants, options);
        return drilledApart(options, crashDrill.name, all, watch => crashTwice(site, watch, options));
    },
};

async function crashTwice(site: LiveSite, watch: Watch, { say }: LiveOptions): Promise<DrillResult> {
    const { tenant, sampler } = watch;
    const { api, app, cluster } = tenant;
    const { replicas } = app.deployment;
    const times = containerTimesOf(tenant);
    const victim = await pickVictim(site, watch);
    const { pod, node, before } = victim;
    const promised = afterCrashSeconds(times, before.restarts + 1);

    const firstAt = sampler.mark(`the program of ${pod} crashes`);
    await node.signalContainer(before.id, "SIGKILL");
    const again = await waitFor(api, `${cluster}: ${pod} runs again`, () => runsAgain(victim, 1, "running"), afterCrashSeconds(times, before.restarts) + patienceSeconds);
    const secondAt = again === undefined ? firstAt : sampler.mark("it crashes again");
    if (again !== undefined) {
        await node.signalContainer(victim.now()?.id ?? before.id, "SIGKILL");
    }
    const full = await waitFor(api, `${cluster}: ${pod} is ready again`, () => runsAgain(victim, 2, "ready") ?? (sampler.ready.last === replicas ? undefined : "not among those that get requests"), promised + patienceSeconds);
    const fullAt = sampler.mark(full === undefined ? "it is not ready again" : "it is ready again");
    const after = victim.now();
    say(`${cluster}: ${pod} crashed twice; ${full === undefined ? "not ready again" : `ready again after ${secondsText(fullAt - secondAt)}`}`);
    return resultOf(watch, () => ({
        drill: crashDrill.name,
        what: `the program of one of ${replicas} replicas was killed, and again as soon as it ran`,
        promises: [
            // Those that failed after the first crash did so before the second, or count for that.
            ...failsNoLonger(watch, secondAt, detectionOf),
            neverUnder("ready replicas never under", { floor: replicas - 1, of: replicas, measured: sampler.ready.min(firstAt, fullAt) }),
            ...restartPromises(before, after),
            within("all replicas ready again within", promised, full === undefined ? undefined : fullAt - secondAt, `${sampler.ready.last ?? 0} of ${replicas} after ${secondsText(fullAt - secondAt)}`),
        ],
        series: sampler.series(replicas - 1),
        notes: [],
        fullStrengthSeconds: full === undefined ? "never" : fullAt - secondAt,
    }));
}

/** That the container was restarted where it is, twice, the second time not before its back-off was over. */
export function restartPromises(before: ContainerNow, after: ContainerNow | undefined): readonly PromiseResult[] {
    const done = after?.uid === before.uid ? after.restarts - before.restarts : undefined;
    const wait = backOffSeconds(before.restarts + 1);
    const paused = done === 2 ? after?.pauseSeconds : undefined;
    return [
        { name: "restarts of the container in its pod", promised: "2", measured: done === undefined ? "its pod is gone" : String(done), kept: done === 2 },
        // The kubelet notes both times in whole seconds.
        { name: "the second restart waits for at least", promised: secondsText(wait), measured: paused === undefined ? "no restart" : secondsText(paused), kept: paused !== undefined && paused > wait - 1 },
    ];
}
