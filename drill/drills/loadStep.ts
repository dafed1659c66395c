import type { DrillResult } from "../result";
import type { Stage } from "../stage";
import { steady } from "../standIns/loads";
import { scrapeSeconds } from "../standIns/metrics";
import { neverUnder, resultOf, secondsText, within } from "./disruption/promises";
import { waitFor } from "./disruption/watch";
import type { ClusterDrill, DrillOptions } from "./drill";
import { atTarget, demandOf, errorPromise, judgeSteps, longestToSettle, neverOver, percentOfRequest, stepsPromise } from "./scaling/judge";
import { behaviorFor } from "./scaling/rules";
import { autoscalerOf, watchAutoscaler } from "./scaling/watch";

/** By how much the load grows, as far as the autoscaler's maximum can follow. */
const factor = 2;

/** The load jumps to twice what it was, and stays there: how soon does the app follow, and how exactly? */
export const loadStepDrill: ClusterDrill = {
    name: "load step",
    quick: true,
    lane: "changes",
    scope: "cluster",
    naive: "spared",
    obstacle: ({ app: { autoscaler, deployment } }) => {
        if (autoscaler === undefined) {
            return "the replicas are fixed";
        }
        return autoscaler.max > deployment.replicas ? undefined : "the autoscaler has no room above the replicas at rest";
    },
    run: async (stage, options) => [await stepUp(stage, options)],
};

async function stepUp(stage: Stage, { say }: DrillOptions): Promise<DrillResult> {
    const { api, app, cluster, load } = stage;
    const { replicas, requestCores } = app.deployment;
    const autoscaler = autoscalerOf(stage);
    const behavior = behaviorFor(stage);
    const before = load.now();
    const cores = before * Math.min(factor, autoscaler.max / replicas);
    const { percent, most, enough, longest } = demandOf({ replicas, cores, requestCores, autoscaler, rules: behavior.up, scrapeSeconds });

    const sampler = await stage.sample();
    const looks = await watchAutoscaler(stage, sampler);
    load.set(steady(cores));
    const steppedAt = sampler.mark("the load jumps");
    say(`${cluster}: the load jumps to that of ${most} replicas`);
    await waitFor(api, `${cluster}: ${enough} replicas ready`, () => ((sampler.ready.last ?? 0) >= enough ? undefined : `${sampler.ready.last ?? 0}`), longest);
    const readyAt = sampler.ready.firstAtLeast(enough, steppedAt);
    const instead = `${sampler.ready.last ?? 0} after ${secondsText(sampler.now() - steppedAt)}`;
    say(`${cluster}: ${readyAt === undefined ? `${instead}, of ${enough} replicas` : `${enough} replicas ready after ${secondsText(readyAt - steppedAt)}`}`);
    // By then it has seen all new replicas at work, and would have overshot.
    await waitFor(api, `${cluster}: at the target`, () => (atTarget(looks.at(-1), autoscaler) ? undefined : "it is not"), longestToSettle(scrapeSeconds));
    const endedAt = sampler.now();
    sampler.stop();
    const steps = judgeSteps(looks, autoscaler, behavior);
    return resultOf(stage, sampler, {
        drill: loadStepDrill.name,
        what: `the load jumped from ${percentOfRequest(before, replicas * requestCores)} % to ${percent} % of what ${replicas} replicas request`,
        promises: [
            within(`${enough} replicas ready within`, longest, readyAt === undefined ? undefined : readyAt - steppedAt, instead),
            neverUnder("ready replicas never under", { floor: replicas, of: replicas, measured: sampler.ready.min(steppedAt, endedAt) }),
            neverOver("replicas wanted never over", most, sampler.wanted.max(steppedAt, endedAt)),
            stepsPromise(steps, behavior),
            errorPromise(looks.at(-1), autoscaler),
        ],
        series: sampler.series(replicas),
        notes: steps.map(({ words }) => words),
    });
}
