import type { V1Node, V1Pod } from "@kubernetes/client-node";

import { type Api, NotYet, TimedOut, type Wire, conditionOf, kinds } from "../../api";
import { zoneLabel } from "../../controlPlane";
import type { Sampler, Stage } from "../../stage";
import { Timeline } from "../../stage/timeline";

type Pod = Wire<V1Pod>;
type Node = Wire<V1Node>;

/** The replicas that keep data, while something happens to them. */
export interface StateWatch {
    /** Ready ones, those on their way out left out. */
    readonly ready: Timeline;
    /** The same by zone, sampled at the same moments. */
    readonly readyByZone: ReadonlyMap<string, Timeline>;
    /** Ends it. Throws where it could not see all. */
    stop(): void;
}

/** Watches the stateful replicas on a sampler's clock; undefined where there are none. Resolves after the first look. */
export async function watchState({ api, app, zones }: Stage, { now }: Sampler): Promise<StateWatch | undefined> {
    if (app.state === undefined) {
        return undefined;
    }
    const ready = new Timeline();
    const readyByZone = new Map(zones.map(zone => [zone, new Timeline()]));
    let zoneOf = new Map<string | undefined, string | undefined>();
    let failure: unknown;
    const nodes = api.observe(kinds.node, {}, (seen: readonly Node[]) => {
        zoneOf = new Map(seen.map(({ metadata }) => [metadata?.name, metadata?.labels?.[zoneLabel]]));
    });
    await nodes.started;
    const pods = api.observe(kinds.pod, { namespace: app.namespace, labels: app.state.selector }, (seen: readonly Pod[]) => {
        const able = seen.filter(isAble);
        ready.add(now(), able.length);
        for (const [zone, timeline] of readyByZone) {
            timeline.add(now(), able.filter(({ spec }) => zoneOf.get(spec?.nodeName) === zone).length);
        }
    });
    await pods.started;
    for (const { ended } of [nodes, pods]) {
        ended.catch((error: unknown) => {
            failure = error;
        });
    }
    return {
        ready,
        readyByZone,
        stop: () => {
            nodes.stop();
            pods.stop();
            if (failure !== undefined) {
                throw failure instanceof Error ? failure : new Error("the stateful replicas could not be watched");
            }
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
