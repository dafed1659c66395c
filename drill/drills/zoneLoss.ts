import { quorum, survivors } from "../../components/model/capacity";
import type { DrillResult } from "../result";
import type { Stage } from "../stage";
import { givenUpNote, loseZone, outagePromises } from "./disruption/outage";
import { neverUnder, resultOf, secondsText, within } from "./disruption/promises";
import { rolledOut } from "./disruption/rollouts";
import { watchState } from "./disruption/watch";
import { fullestZone, skewAt, spreadAt } from "./disruption/zones";
import type { ClusterDrill, DrillOptions } from "./drill";

/** The premise of the model's survivors: replicas are spread over the zones with a skew of at most one. */
const greatestSkew = 1;

/**
 * A zone's nodes fall silent until its replicas are made up for in the others, or should have been; then it comes back, and the
 * replicas are spread anew as the runbook says, by a rollout restart.
 */
export const zoneLossDrill: ClusterDrill = {
    name: "zone loss",
    quick: true,
    lane: "losses",
    scope: "cluster",
    naive: "breaks",
    obstacle: ({ zones }) => (zones.length < 2 ? "the cluster has one zone" : undefined),
    run: async (stage, { full, say }) => {
        if (!full) {
            return [await lose(stage, undefined, say)];
        }
        const results: DrillResult[] = [];
        for (const zone of stage.zones) {
            if (results.length > 0) {
                await stage.restore();
            }
            results.push(await lose(stage, zone, say));
        }
        return results;
    },
};

/** @param chosen the zone; where none is named, the one whose loss takes the most. */
async function lose(stage: Stage, chosen: string | undefined, say: DrillOptions["say"]): Promise<DrillResult> {
    const { app, cluster, zones } = stage;
    const sampler = await stage.sample();
    const state = await watchState(stage, sampler);
    const zone = chosen ?? fullestZone(zones, sampler.readyByZone, state?.readyByZone);
    say(`${cluster}: ${zone} falls silent`);
    const outage = await loseZone(stage, sampler, zone, app.deployment.replicas);
    const { replicas, lostAt, backAt, fullAt, healedAt } = outage;
    say(`${cluster}: ${fullAt === undefined ? "not all replicas were made up for" : `${replicas} replicas answered again after ${secondsText(fullAt - lostAt)}`}; ${zone} is back`);
    const afterReturn = spreadAt(sampler.readyByZone, healedAt);
    const rebalancedAt = sampler.mark("rollout restart");
    await stage.restart();
    const took = await rolledOut(stage);
    const endedAt = sampler.now();
    sampler.stop();
    const floor = survivors(replicas, zones.length);
    return resultOf(stage, sampler, {
        drill: zoneLossDrill.name,
        what: `${zone} fell silent and came back after ${secondsText(backAt - lostAt)}; then the app was restarted to spread it anew`,
        promises: [
            ...outagePromises(stage, state, outage),
            neverUnder("ready from the return to the end of the restart never under", { floor: replicas, of: replicas, measured: sampler.ready.min(backAt, endedAt) }),
            within("the restart ends within", app.deployment.progressDeadlineSeconds, took === undefined ? undefined : endedAt - rebalancedAt, "it did not end"),
            skewPromise(skewAt(sampler.readyByZone, endedAt)),
        ],
        series: [
            { name: "replicas that answer", unit: "replicas", samples: outage.answering.samples, floor },
            ...(state === undefined || app.state === undefined ? [] : [{ name: "replicas that keep data, ready", unit: "replicas", samples: state.ready.samples, floor: quorum(app.state.replicas) }]),
        ],
        notes: [
            givenUpNote(outage),
            `replicas by zone: ${afterReturn} after the return, ${spreadAt(sampler.readyByZone, endedAt)} after the restart`,
        ],
    });
}

function skewPromise(skew: number): DrillResult["promises"][number] {
    return { name: "skew after the restart at most", promised: String(greatestSkew), measured: String(skew), kept: skew <= greatestSkew };
}
