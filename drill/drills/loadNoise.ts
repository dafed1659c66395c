import { setTimeout as sleep } from "node:timers/promises";

import { autoscalerTolerance } from "../../components/model/capacity";
import type { DrillResult } from "../result";
import type { Sampler, Stage } from "../stage";
import { type Load, noisy, squareWave, steady } from "../standIns/loads";
import { scrapeSeconds } from "../standIns/metrics";
import { neverUnder, resultOf, secondsText } from "./disruption/promises";
import { waitFor } from "./disruption/watch";
import type { ClusterDrill, DrillOptions } from "./drill";
import { loadStepDrill } from "./loadStep";
import { demandOf, judgeSteps, neverOver, stepsPromise } from "./scaling/judge";
import { type Behavior, behaviorFor, lookSeconds, turnsAllowed } from "./scaling/rules";
import { type Look, autoscalerOf, stepsIn, watchAutoscaler } from "./scaling/watch";

/** Noise is off by up to twice what the autoscaler tolerates, with a new draw faster than it is measured. */
const noise = { share: 2 * autoscalerTolerance, everySeconds: 5, seed: 1 } as const;

/** How long noise and waves last, in seconds: several looks of the autoscaler, and several periods. */
const noiseSeconds = 120;
const waveSeconds = 240;

/** A period of the wave, in seconds. Each half is as long as a measurement and a look, so that the autoscaler sees it. */
const periodSeconds = 4 * lookSeconds;

/** A load that goes up and down: the replicas must not. And once it has gone for good, so do they, but slowly. */
export const loadNoiseDrill: ClusterDrill = {
    name: "load noise",
    quick: false,
    lane: "changes",
    scope: "cluster",
    naive: "spared",
    obstacle: stage => loadStepDrill.obstacle(stage),
    run: async (stage, options) => {
        const before = await makeNoise(stage, options);
        await stage.restore();
        return [before, await makeWaves(stage, options)];
    },
};

async function makeNoise(stage: Stage, { say }: DrillOptions): Promise<DrillResult> {
    const { cluster, load } = stage;
    const cores = load.now();
    say(`${cluster}: the load is noisy for ${noiseSeconds} s`);
    return observed(stage, async (sampler, looks) => {
        load.set(noisy(steady(cores), noise));
        const from = sampler.mark("noise begins");
        await sleep(noiseSeconds * 1000);
        return {
            what: `the load of rest was off by up to ${noise.share * 100} % for ${noiseSeconds} s, with a new draw every ${noise.everySeconds} s`,
            greatest: cores * (1 + noise.share),
            from,
            to: sampler.now(),
            notes: [`the autoscaler read ${read(looks)} %`],
        };
    });
}

async function makeWaves(stage: Stage, { say }: DrillOptions): Promise<DrillResult> {
    const { api, app, cluster, load } = stage;
    const { down } = behaviorFor(stage);
    const low = load.now();
    const high = low * Math.min(2, autoscalerOf(stage).max / app.deployment.replicas);
    say(`${cluster}: the load comes in waves for ${waveSeconds} s; then it is as at rest for up to ${down.windowSeconds + 2 * slowest(down)} s`);
    return observed(stage, async (sampler, looks) => {
        load.set(wave(low, high));
        const from = sampler.mark("waves begin");
        await sleep(waveSeconds * 1000);
        load.rest();
        const calmAt = sampler.mark("the load is as at rest");
        // Two steps down, to see the first against the window and the second against the policies; fewer where one is enough.
        const steps = (): number => stepsIn(looks).filter(step => step.at > calmAt && step.to < step.from).length;
        const done = (): boolean => steps() >= 2 || sampler.wanted.last === app.deployment.replicas;
        await waitFor(api, `${cluster}: two steps down`, () => (done() ? undefined : `${steps()}`), down.windowSeconds + 2 * slowest(down) + 4 * lookSeconds);
        const first = sampler.wanted.firstUnder(sampler.wanted.max(from, calmAt), calmAt);
        return {
            what: `the load swung between that of rest and ${Math.round((high / low) * 10) / 10} times as much, with a period of ${periodSeconds} s, for ${waveSeconds} s; then it was as at rest`,
            greatest: high,
            from,
            to: sampler.now(),
            notes: [
                first === undefined
                    ? `no replica was taken away while this was watched, ${secondsText(sampler.now() - calmAt)} after the last wave`
                    : `the first replica was taken away ${secondsText(first - calmAt)} after the last wave`,
                `the autoscaler read ${read(looks)} %`,
            ],
        };
    });
}

function wave(low: number, high: number): Load {
    return squareWave(low, high, periodSeconds);
}

/** The longest period of some policies, in seconds. */
function slowest({ policies }: Behavior["down"]): number {
    return Math.max(...policies.map(policy => policy.periodSeconds));
}

interface Swing {
    readonly what: string;
    /** The greatest load that there was, in cores. */
    readonly greatest: number;
    readonly from: number;
    readonly to: number;
    readonly notes: readonly string[];
}

/** Has a load swing, and judges what the replicas did. */
async function observed(stage: Stage, swing: (sampler: Sampler, looks: readonly Look[]) => Promise<Swing>): Promise<DrillResult> {
    const { deployment } = stage.app;
    const { replicas, requestCores } = deployment;
    const autoscaler = autoscalerOf(stage);
    const behavior = behaviorFor(stage);
    const sampler = await stage.sample();
    const looks = await watchAutoscaler(stage, sampler);
    const { what, greatest, from, to, notes } = await swing(sampler, looks);
    sampler.stop();
    const steps = judgeSteps(looks, autoscaler, behavior);
    const { most } = demandOf({ replicas, cores: greatest, requestCores, autoscaler, rules: behavior.up, scrapeSeconds });
    return resultOf(stage, sampler, {
        drill: loadNoiseDrill.name,
        what,
        promises: [
            neverOver(`turns in ${secondsText(to - from)} never over`, turnsAllowed(to - from, behavior), sampler.wanted.reversals(from, to)),
            neverUnder("ready replicas never under", { floor: replicas, of: replicas, measured: sampler.ready.min(from, to) }),
            neverOver("replicas wanted never over", most, sampler.wanted.max(from, to)),
            stepsPromise(steps, behavior),
        ],
        series: sampler.series(replicas),
        notes: [...notes, ...steps.map(({ words }) => words)],
    });
}

/** The least and the greatest use that was read: "48 to 112". */
function read(looks: readonly Look[]): string {
    const percents = looks.flatMap(({ percent }) => percent ?? []);
    return `${Math.min(...percents)} to ${Math.max(...percents)}`;
}
