import type { V1Pod } from "@kubernetes/client-node";

import { type Api, NotYet, TimedOut, type Wire, conditionOf, kinds } from "../../api";
import { zoneLabel } from "../../controlPlane";
import type { Sampler, Stage } from "../../stage";
import { Timeline } from "../../stage/timeline";

type Pod = Wire<V1Pod>;

/** The replicas that keep data, while something happens to them. */
export interface StateWatch {
    /** Ready ones, those on their way out left out. */
    readonly ready: Timeline;
    /** The same by zone, sampled at the same looks. */
    readonly readyByZone: ReadonlyMap<string, Timeline>;
    /** Ends it; the sampler's end does so too. */
    stop(): void;
}

/** Watches the stateful replicas with a sampler; undefined where there are none. Resolves after the first look. */
export async function watchState({ app, zones }: Pick<Stage, "app" | "zones">, { now, watch }: Pick<Sampler, "now" | "watch">): Promise<StateWatch | undefined> {
    if (app.state === undefined) {
        return undefined;
    }
    const ready = new Timeline();
    const readyByZone = new Map(zones.map(zone => [zone, new Timeline()]));
    let zoneOf = new Map<string | undefined, string | undefined>();
    const nodes = await watch({
        kind: kinds.node,
        where: {},
        seen: seen => {
            zoneOf = new Map(seen.map(({ metadata }) => [metadata?.name, metadata?.labels?.[zoneLabel]]));
        },
    });
    const pods = await watch({
        kind: kinds.pod,
        where: { namespace: app.namespace, labels: app.state.selector },
        seen: seen => {
            const able = seen.filter(isAble);
            const at = now();
            ready.add(at, able.length);
            for (const [zone, timeline] of readyByZone) {
                timeline.add(at, able.filter(({ spec }) => zoneOf.get(spec?.nodeName) === zone).length);
            }
        },
    });
    return {
        ready,
        readyByZone,
        stop: () => {
            nodes.stop();
            pods.stop();
        },
    };
}

/** Whether a pod does its work: ready, and not on its way out. */
export function isAble(pod: Pod): boolean {
    return conditionOf(pod, "Ready") === "True" && pod.metadata?.deletionTimestamp === undefined;
}

/**
 * Waits for something that a promise is about, so that it may not come.
 *
 * @param missing what is missing; undefined once nothing is.
 * @returns seconds that it took; undefined where it did not come in time.
 */
export async function waitFor(api: Api, what: string, missing: () => string | undefined | Promise<string | undefined>, seconds: number): Promise<number | undefined> {
    const from = performance.now();
    try {
        await api.until(
            what,
            async () => {
                const reason = await missing();
                return reason === undefined ? true : new NotYet(reason);
            },
            { seconds, everyMs: 200 },
        );
        return (performance.now() - from) / 1000;
    } catch (error) {
        if (error instanceof TimedOut) {
            return undefined;
        }
        throw error;
    }
}
