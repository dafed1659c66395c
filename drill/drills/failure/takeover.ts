import type { PromiseResult } from "../../result";
import { steady } from "../../standIns/loads";
import { scrapeSeconds } from "../../standIns/metrics";
import type { DnsAnswer } from "../../standIns/route53";
import { within, secondsText } from "../disruption/promises";
import { waitFor } from "../disruption/watch";
import { demandOf } from "../scaling/judge";
import { behaviorFor } from "../scaling/rules";
import type { Site } from "./site";

/** What became of a cluster that took over load. */
export interface Takeover {
    /** None where its replicas are fixed. */
    readonly promises: readonly PromiseResult[];
    readonly note: string;
}

/** A share of a lost cluster's load for each that the name leads to now, by weight; even where records have none. */
export function sharesOf(answers: readonly Pick<DnsAnswer, "cluster" | "weight">[], leadsTo: readonly string[]): ReadonlyMap<string, number> {
    const chosen = answers.filter(({ cluster }) => leadsTo.includes(cluster));
    const total = chosen.reduce((sum, { weight }) => sum + weight, 0);
    return new Map(chosen.map(({ cluster, weight }) => [cluster, total === 0 ? 1 / chosen.length : weight / total]));
}

/** Puts a lost cluster's load on another, on top of its own, and waits for the replicas that it then needs. */
export async function takeOver({ stage, sampler }: Site, lost: string, moreCores: number): Promise<Takeover> {
    const { api, app, cluster, load } = stage;
    const { replicas, requestCores } = app.deployment;
    const cores = load.now() + moreCores;
    const from = sampler.mark(`it takes over load of ${lost}`);
    load.set(steady(cores));
    if (app.autoscaler === undefined) {
        return { promises: [], note: `${cluster} has ${replicas} replicas for ${lost}'s load and its own: they are fixed, so nothing is promised` };
    }
    const { percent, enough, longest } = demandOf({ replicas, cores, requestCores, autoscaler: app.autoscaler, rules: behaviorFor(stage).up, scrapeSeconds });
    const ready = (): number => sampler.ready.last ?? 0;
    await waitFor(api, `${cluster}: ${enough} replicas ready`, () => (ready() >= enough ? undefined : `${ready()}`), longest);
    const readyAt = sampler.ready.firstAtLeast(enough, from);
    const instead = `${ready()} after ${secondsText(sampler.now() - from)}`;
    return {
        promises: [within(`${cluster}: ${enough} replicas ready for ${lost}'s load and its own within`, longest, readyAt === undefined ? undefined : readyAt - from, instead)],
        note: `the load moved as a whole with Route 53's answer, while resolvers let it move bit by bit: ${percent} % of what ${cluster}'s ${replicas} replicas request`,
    };
}
