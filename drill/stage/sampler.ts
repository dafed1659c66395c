import type { V1EndpointSlice } from "@kubernetes/client-node";

import { type Api, type Wire, kinds } from "../api";
import type { Mark, Series } from "../result";
import type { AppFacts } from "./facts";
import { type Looked, type Lookout, type Versioned, keepLooking } from "./lookout";
import { Timeline } from "./timeline";

/** Unlike what the client library says, a slice without endpoints has null for them. */
type Slice = Omit<Wire<V1EndpointSlice>, "endpoints"> & { readonly endpoints: Wire<V1EndpointSlice>["endpoints"] | null };

/** Where an endpoint is. */
export interface Endpoint {
    readonly zone: string;
    readonly node: string;
}

/** What a look at the app's endpoints showed. */
export interface EndpointLook {
    /** Seconds since the sampler began. */
    readonly at: number;
    /** Those that get requests, by address. */
    readonly ready: ReadonlyMap<string, Endpoint>;
}

/** What happens to an app's replicas while it goes on. */
export interface Sampler {
    /** Seconds since it began. */
    readonly now: () => number;
    /** Replicas that get requests: ready endpoints of the app's Service. */
    readonly ready: Timeline;
    /** The same, by zone, sampled at the same looks. */
    readonly readyByZone: ReadonlyMap<string, Timeline>;
    /** The endpoints one by one, look by look. */
    readonly endpoints: readonly EndpointLook[];
    /** Replicas that the Deployment is to have. */
    readonly wanted: Timeline;
    /** Longest time without a look, in seconds: as long as the API server was away. */
    readonly longestGap: () => number;
    /** Notes that something happens now. Returns when that is. */
    readonly mark: (text: string) => number;
    readonly marks: readonly Mark[];
    /** Ready and wanted replicas for a chart; the floor is a line under the ready ones. */
    series(floor?: number): readonly Series[];
    /** Looks at other objects too, until the sampler is stopped. Resolves after the first look. */
    watch<T extends Versioned>(looked: Looked<T>): Promise<Lookout>;
    /** Ends it. What it saw stays. */
    readonly stop: () => void;
}

/** Label of a Service's endpoint slices (https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#management). */
const serviceLabel = "kubernetes.io/service-name";

export interface SamplerOptions {
    readonly api: Api;
    readonly facts: AppFacts;
    readonly zones: readonly string[];
    readonly fail: (error: Error) => void;
}

/** Samples an app. Resolves after the first look. */
export async function startSampler({ api, facts: { namespace, service, deployment }, zones, fail }: SamplerOptions): Promise<Sampler> {
    const began = performance.now();
    const now = (): number => (performance.now() - began) / 1000;
    const [ready, wanted] = [new Timeline(), new Timeline()];
    const readyByZone = new Map(zones.map(zone => [zone, new Timeline()]));
    const endpoints: EndpointLook[] = [];
    const marks: Mark[] = [];
    const lookouts: Lookout[] = [];
    const watch = async <T extends Versioned>(looked: Looked<T>): Promise<Lookout> => {
        const lookout = keepLooking(api, looked, fail);
        lookouts.push(lookout);
        await lookout.started;
        return lookout;
    };
    await Promise.all([
        watch({
            kind: kinds.endpointSlice,
            where: { namespace, labels: `${serviceLabel}=${service.name}` },
            seen: slices => {
                const look = { at: now(), ready: readyEndpoints(slices) };
                endpoints.push(look);
                ready.add(look.at, look.ready.size);
                for (const [zone, timeline] of readyByZone) {
                    timeline.add(look.at, [...look.ready.values()].filter(endpoint => endpoint.zone === zone).length);
                }
            },
        }),
        watch({
            kind: kinds.deployment,
            where: { namespace, fields: `metadata.name=${deployment.name}` },
            seen: ([live]) => {
                wanted.add(now(), live?.spec?.replicas ?? 0);
            },
        }),
    ]);
    return {
        now,
        ready,
        readyByZone,
        endpoints,
        wanted,
        marks,
        watch,
        longestGap: () => Math.max(...lookouts.map(lookout => lookout.longestGap())),
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
            for (const { stop } of lookouts) {
                stop();
            }
        },
    };
}

/** Endpoints that get requests, by address. A pod that moves between slices is in two for a moment. */
export function readyEndpoints(slices: readonly Slice[]): ReadonlyMap<string, Endpoint> {
    const ready = slices.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions?.ready === true);
    return new Map(ready.flatMap(({ addresses, zone = "", nodeName: node = "" }) => addresses.map((address): [string, Endpoint] => [address, { zone, node }])));
}
