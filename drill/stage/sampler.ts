import { setTimeout as sleep } from "node:timers/promises";

import type { V1EndpointSlice } from "@kubernetes/client-node";

import { type Api, type Wire, isPassing, kinds } from "../api";
import type { Mark, Series } from "../result";
import type { AppFacts } from "./facts";
import { Timeline } from "./timeline";

/** Unlike what the client library says, a slice without endpoints has null for them. */
type Slice = Omit<Wire<V1EndpointSlice>, "endpoints"> & { readonly endpoints: Wire<V1EndpointSlice>["endpoints"] | null };

/** What happens to an app's replicas while it goes on. */
export interface Sampler {
    /** Seconds since it began. */
    readonly now: () => number;
    /** Replicas that get requests: ready endpoints of the app's Service. */
    readonly ready: Timeline;
    /** The same, by zone. */
    readonly readyByZone: ReadonlyMap<string, Timeline>;
    /** Replicas that the Deployment is to have. */
    readonly wanted: Timeline;
    /** Pods in the namespace that do not run yet, those that are ending left out. */
    readonly pending: Timeline;
    /** Longest time without a look at the endpoints, in seconds: as long as the API server was away. */
    readonly longestGap: () => number;
    /** Notes that something happens now. Returns when that is. */
    readonly mark: (text: string) => number;
    readonly marks: readonly Mark[];
    /** Ready and wanted replicas for a chart; the floor is a line under the ready ones. */
    series(floor?: number): readonly Series[];
    /** Ends it. What it saw stays. */
    readonly stop: () => void;
}

/** Time between two looks at the endpoints beside the changes that are told, in milliseconds: a little under half a second. */
const lookMs = 400;

/** Label of a Service's endpoint slices (https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#management). */
const serviceLabel = "kubernetes.io/service-name";

export interface SamplerOptions {
    readonly api: Api;
    readonly facts: AppFacts;
    readonly zones: readonly string[];
    readonly fail: (error: Error) => void;
    /** Seconds since some moment. @default performance.now */
    readonly clock?: () => number;
}

/** Samples an app at every change, and its endpoints twice a second besides, for a watch that lags says nothing of it. Resolves after the first look. */
export async function startSampler({ api, facts: { namespace, service, deployment }, zones, fail, clock = () => performance.now() / 1000 }: SamplerOptions): Promise<Sampler> {
    const began = clock();
    const now = (): number => clock() - began;
    const [ready, wanted, pending] = [new Timeline(), new Timeline(), new Timeline()];
    const readyByZone = new Map(zones.map(zone => [zone, new Timeline()]));
    const marks: Mark[] = [];
    const stopping = new AbortController();
    const looks: number[] = [];
    const where = { namespace, labels: `${serviceLabel}=${service.name}` };

    const seen = (slices: readonly Slice[]): void => {
        const count = readyEndpoints(slices);
        ready.add(now(), count.size);
        for (const [zone, timeline] of readyByZone) {
            timeline.add(now(), [...count.values()].filter(of => of === zone).length);
        }
        looks.push(now());
    };
    const failed = (error: unknown): void => {
        if (!stopping.signal.aborted) {
            fail(error instanceof Error ? error : new Error(String(error)));
        }
    };
    const look = async (): Promise<void> => {
        for (;;) {
            await sleep(lookMs, undefined, { signal: stopping.signal });
            try {
                seen(await api.list(kinds.endpointSlice, where));
            } catch (error) {
                // Nothing is seen while the API server is away, so nothing is sampled.
                if (!isPassing(error)) {
                    throw error;
                }
            }
        }
    };
    const observations = [
        api.observe(kinds.endpointSlice, where, seen),
        api.observe(kinds.deployment, { namespace, fields: `metadata.name=${deployment.name}` }, ([live]) => {
            wanted.add(now(), live?.spec?.replicas ?? 0);
        }),
        api.observe(kinds.pod, { namespace }, pods => {
            pending.add(now(), pods.filter(({ metadata, status }) => status?.phase === "Pending" && metadata?.deletionTimestamp === undefined).length);
        }),
    ];
    for (const { ended } of observations) {
        ended.catch(failed);
    }
    look().catch(failed);
    await Promise.all(observations.map(({ started }) => started));
    return {
        now,
        ready,
        readyByZone,
        wanted,
        pending,
        marks,
        longestGap: () => longestGap([...looks, now()]),
        mark: text => {
            const at = now();
            marks.push({ at, text });
            return at;
        },
        series: floor => [
            { name: "ready replicas", unit: "replicas", samples: ready.samples, ...(floor === undefined ? {} : { floor }) },
            { name: "replicas wanted", unit: "replicas", samples: wanted.samples },
        ],
        stop: () => {
            stopping.abort();
            for (const { stop } of observations) {
                stop();
            }
        },
    };
}

/** Endpoints that get requests, by address, with the zone of each. A pod that moves between slices is in two for a moment. */
export function readyEndpoints(slices: readonly Slice[]): ReadonlyMap<string, string> {
    const ready = slices.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions?.ready === true);
    return new Map(ready.flatMap(({ addresses, zone = "" }) => addresses.map((address): [string, string] => [address, zone])));
}

/** The longest time between two moments that follow each other. */
export function longestGap(moments: readonly number[]): number {
    return Math.max(0, ...moments.slice(1).map((moment, index) => moment - (moments[index] ?? moment)));
}
