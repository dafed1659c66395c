import type { V1PersistentVolume, V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";

import { quorum, survivors } from "../../../components/model/capacity";
import { type Wire, conditionOf, kinds } from "../../api";
import { zoneLabel } from "../../controlPlane";
import type { PromiseResult } from "../../result";
import type { Sampler, Stage, Timeline } from "../../stage";
import { fullStrengthSeconds } from "./manifest";
import { neverUnder, none, secondsText, within } from "./promises";
import { type StateWatch, waitFor } from "./watch";
import { type Silence, answering } from "./zones";

/** A zone's loss and its return, as they went. Times are the sampler's, in seconds. */
export interface Outage extends Silence {
    readonly zone: string;
    /** Replicas before it. */
    readonly replicas: number;
    /** Replicas that answered all along. */
    readonly answering: Timeline;
    /** When there were as many as before again; undefined where that was not seen. */
    readonly fullAt: number | undefined;
    /** When its nodes took pods again and all replicas were ready. */
    readonly healedAt: number;
    /** Pods that waited at the end though another zone could have had them. */
    readonly needlesslyPending: readonly string[];
    /** When the node controller gave each node up, in seconds since the loss. */
    readonly givenUp: readonly number[];
}

/** How much longer than promised full strength is waited for, in seconds, so that a table can say how late it was. */
const patienceSeconds = 20;

/** Longest wait for the nodes of a zone that is back, in seconds; the node controller looks every 5. */
const healSeconds = 120;

/** Taint of a node that nothing is heard of (https://kubernetes.io/docs/reference/labels-annotations-taints/#node-kubernetes-io-unreachable). */
export const unreachable = "node.kubernetes.io/unreachable";

/**
 * Takes a zone away until its replicas are made up for, and gives it back.
 *
 * @param replicas how many there are to be: with fewer to begin with there is nothing to judge.
 */
export async function loseZone(stage: Stage, sampler: Sampler, zone: string, replicas: number): Promise<Outage> {
    const { api, cluster, controlPlane, namespace } = stage;
    if ((sampler.ready.last ?? 0) < replicas) {
        throw new Error(`${cluster}: ${sampler.ready.last ?? 0} of ${replicas} replicas were ready before ${zone} was lost`);
    }
    const givenUp = new Map<string, number>();
    const lostAt = sampler.mark(`${zone} falls silent`);
    controlPlane.zones.stop(zone);
    const nodes = api.observe(kinds.node, { labels: `${zoneLabel}=${zone}` }, seen => {
        for (const { metadata, spec } of seen) {
            const name = metadata?.name ?? "";
            if (!givenUp.has(name) && (spec?.taints ?? []).some(({ key, effect }) => key === unreachable && effect === "NoExecute")) {
                givenUp.set(name, sampler.now() - lostAt);
            }
        }
    });
    const elsewhere = (): number => (sampler.ready.last ?? 0) - (sampler.readyByZone.get(zone)?.last ?? 0);
    const promised = fullStrengthSeconds(stage);
    await waitFor(api, `${cluster}: full strength`, () => (elsewhere() >= replicas ? undefined : `${elsewhere()} of ${replicas}`), promised + patienceSeconds);
    nodes.stop();
    const [pods, claims, volumes] = await Promise.all([api.list(kinds.pod, { namespace }), api.list(kinds.persistentVolumeClaim, { namespace }), api.list(kinds.persistentVolume)]);
    const needlesslyPending = pods.filter(pod => isUnplaced(pod) && !isBound(pod, zone, claims, volumes)).map(({ metadata }) => metadata?.name ?? "");
    const backAt = sampler.mark(`${zone} is back`);
    controlPlane.zones.resume(zone);
    await waitFor(
        api,
        `${cluster}: ${zone} healed`,
        async () => {
            const tainted = (await api.list(kinds.node, { labels: `${zoneLabel}=${zone}` })).filter(({ spec }) => (spec?.taints ?? []).length > 0);
            return tainted.length === 0 && (sampler.ready.last ?? 0) >= replicas ? undefined : `${tainted.length} nodes are tainted, ${sampler.ready.last ?? 0} of ${replicas} replicas ready`;
        },
        healSeconds,
    );
    const timeline = answering(sampler.ready, sampler.readyByZone.get(zone) ?? sampler.ready, { lostAt, backAt });
    const fullAt = timeline.firstAtLeast(replicas, lostAt);
    return {
        zone,
        replicas,
        lostAt,
        backAt,
        answering: timeline,
        fullAt: fullAt === undefined || fullAt > backAt ? undefined : fullAt,
        healedAt: sampler.now(),
        needlesslyPending,
        givenUp: [...givenUp.values()].sort((a, b) => a - b),
    };
}

/** What is promised of every loss of a zone, and what came of it. */
export function outagePromises(stage: Stage, state: StateWatch | undefined, outage: Outage): readonly PromiseResult[] {
    const { app, zones } = stage;
    const { replicas, lostAt, backAt, fullAt, zone, needlesslyPending } = outage;
    const left = outage.answering.min(lostAt, backAt);
    const short = `${outage.answering.at(backAt - 0.001) ?? 0} of ${replicas} after ${secondsText(backAt - lostAt)}`;
    return [
        neverUnder("replicas that answer never under", { floor: survivors(replicas, zones.length), of: replicas, measured: left }),
        within("all replicas answer again within", fullStrengthSeconds(stage), fullAt === undefined ? undefined : fullAt - lostAt, short),
        none("Pending that need not be", needlesslyPending),
        ...(app.state === undefined || state === undefined
            ? []
            : [
                  neverUnder("replicas that keep data never under their quorum", {
                      floor: quorum(app.state.replicas),
                      of: app.state.replicas,
                      measured: answering(state.ready, state.readyByZone.get(zone) ?? state.ready, { lostAt, backAt }).min(lostAt, backAt),
                  }),
              ]),
    ];
}

/** What is worth knowing of how the nodes were given up: one after another, which the promise reckons with. */
export function givenUpNote({ zone, givenUp }: Outage): string {
    return givenUp.length === 0 ? `no node of ${zone} was given up` : `the nodes of ${zone} were given up ${givenUp.map(secondsText).join(", ")} after the loss`;
}

type Pod = Wire<V1Pod>;

/** Whether the scheduler found no place for a pod. */
export function isUnplaced(pod: Pod): boolean {
    return pod.status?.phase === "Pending" && pod.metadata?.deletionTimestamp === undefined && conditionOf(pod, "PodScheduled") !== "True";
}

/** Whether a pod's volume ties it to a zone, so that it has to wait for that. */
export function isBound(pod: Pod, zone: string, claims: readonly Wire<V1PersistentVolumeClaim>[], volumes: readonly Wire<V1PersistentVolume>[]): boolean {
    const claimed = new Set((pod.spec?.volumes ?? []).map(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName));
    const bound = new Set(claims.filter(({ metadata }) => claimed.has(metadata?.name)).map(({ spec }) => spec?.volumeName));
    return volumes
        .filter(({ metadata }) => bound.has(metadata?.name))
        .flatMap(({ spec }) => spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [])
        .flatMap(({ matchExpressions }) => matchExpressions ?? [])
        .some(({ key, values }) => key === zoneLabel && (values ?? []).includes(zone));
}
