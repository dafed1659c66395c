import { survivors, zoneLoss } from "../../components/model/capacity";
import type { PromiseResult } from "../result";
import type { Timeline } from "../stage";
import { givenUpNote, loseZone, outagePromises } from "./disruption/outage";
import { none, resultOf, secondsText } from "./disruption/promises";
import { refusedByQuota } from "./disruption/quota";
import { toMaximum } from "./disruption/rollouts";
import { watchState } from "./disruption/watch";
import { type Silence, fullestZone } from "./disruption/zones";
import type { ClusterDrill } from "./drill";

/** A zone is lost when the app is as large as it may get, so that the autoscaler can't help. */
export const zoneLossAtMaximumDrill: ClusterDrill = {
    name: "zone loss at the maximum",
    // Scaling up takes a minute before the loss takes another one and a half.
    quick: false,
    lane: "losses",
    scope: "cluster",
    naive: "breaks",
    obstacle: ({ zones, app }) => (zones.length < 2 ? "the cluster has one zone" : app.autoscaler === undefined ? "the replicas are fixed" : undefined),
    run: async (stage, { say }) => {
        const { app, cluster, load, zones } = stage;
        const began = new Date();
        const sampler = await stage.sample();
        const state = await watchState(stage, sampler);
        say(`${cluster}: load for the maximum of replicas`);
        sampler.mark("load for the maximum");
        const max = await toMaximum(stage, sampler);
        const cores = load.now();
        const zone = fullestZone(zones, sampler.readyByZone, state?.readyByZone);
        say(`${cluster}: ${max} replicas; ${zone} falls silent`);
        const outage = await loseZone(stage, sampler, zone, max);
        const refused = await refusedByQuota(stage, began);
        sampler.stop();
        const { lostAt, backAt } = outage;
        const model = zoneLoss(max, zones.length, app.autoscaler?.targetPercent ?? 0);
        return [
            resultOf(stage, sampler, {
                drill: zoneLossAtMaximumDrill.name,
                what: `at ${max} replicas, under a load that runs them at the autoscaler's target, ${zone} fell silent and came back after ${secondsText(backAt - lostAt)}`,
                promises: [
                    ...outagePromises(stage, state, outage),
                    utilisationPromise(model.utilisation, greatestUtilisation(outage.answering, outage, cores / app.deployment.requestCores)),
                    none("pods that the quota refused", refused),
                ],
                series: [{ name: "replicas that answer", unit: "replicas", samples: outage.answering.samples, floor: survivors(max, zones.length) }, ...sampler.series().slice(1)],
                notes: [givenUpNote(outage)],
            }),
        ];
    },
};

/** Use of the replicas that answer when they are fewest, as a share of what they request: T_pod = T_total / N. */
export function greatestUtilisation(answering: Timeline, { lostAt, backAt }: Silence, replicasOfLoad: number): number {
    return replicasOfLoad / answering.min(lostAt, backAt);
}

function utilisationPromise(promised: number, measured: number): PromiseResult {
    const percent = (share: number): number => Math.round(share * 100);
    return {
        name: "CPU use of those that answer never over, in percent of the request",
        promised: String(percent(promised)),
        measured: String(percent(measured)),
        kept: percent(measured) <= percent(promised),
    };
}
