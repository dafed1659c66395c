import type { V1EndpointSlice } from "@kubernetes/client-node";

import { type Wire, kinds } from "../../api";
import { type Sampler, type Stage, Timeline } from "../../stage";

/** A slice as it comes: one without endpoints has null for them. */
type Slice = Omit<Wire<V1EndpointSlice>, "endpoints"> & { readonly endpoints: Wire<V1EndpointSlice>["endpoints"] | null };

/** The app's endpoints one by one, while something happens. */
export interface EndpointWatch {
    /** Those that get requests: the node of each, by address. */
    readonly ready: ReadonlyMap<string, string>;
    /** How many of those that there were at first get requests. */
    readonly same: Timeline;
    /** How many that were not there at first do. */
    readonly others: Timeline;
    /** How many on a node do. */
    readonly on: (node: string) => Timeline;
    /** How many on all others do. */
    readonly elsewhere: (node: string) => Timeline;
    /** Ends it. Throws where it could not see all. */
    stop(): void;
}

/** Watches the endpoints of the app's Service, on a sampler's clock. Resolves after the first look. */
export async function watchEndpoints({ api, namespace, app: { service } }: Stage, { now }: Sampler): Promise<EndpointWatch> {
    const looks: (readonly [seconds: number, ready: ReadonlyMap<string, string>])[] = [];
    const [same, others] = [new Timeline(), new Timeline()];
    let ready: ReadonlyMap<string, string> = new Map();
    let first: ReadonlyMap<string, string> | undefined;
    let failure: unknown;
    const count = (counts: (node: string) => boolean): Timeline => {
        const timeline = new Timeline();
        for (const [at, seen] of looks) {
            timeline.add(at, [...seen.values()].filter(counts).length);
        }
        return timeline;
    };
    // The label of a Service's slices: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#management.
    const observation = api.observe(kinds.endpointSlice, { namespace, labels: `kubernetes.io/service-name=${service.name}` }, (slices: readonly Slice[]) => {
        ready = nodesOf(slices);
        first ??= ready;
        const known = first;
        const kept = [...ready.keys()].filter(address => known.has(address)).length;
        const at = now();
        looks.push([at, ready]);
        same.add(at, kept);
        others.add(at, ready.size - kept);
    });
    observation.ended.catch((error: unknown) => {
        failure = error;
    });
    await observation.started;
    return {
        get ready() {
            return ready;
        },
        same,
        others,
        on: node => count(of => of === node),
        elsewhere: node => count(of => of !== node),
        stop: () => {
            observation.stop();
            if (failure !== undefined) {
                throw failure instanceof Error ? failure : new Error("the endpoints could not be watched");
            }
        },
    };
}

/** Ready endpoints by address, and the node of each. */
export function nodesOf(slices: readonly Slice[]): ReadonlyMap<string, string> {
    const ready = slices.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions?.ready === true);
    return new Map(ready.flatMap(({ addresses, nodeName = "" }) => addresses.slice(0, 1).map((address): [string, string] => [address, nodeName])));
}
