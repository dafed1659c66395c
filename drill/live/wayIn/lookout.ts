import { type Api, kinds } from "../../api";
import type { EndpointSlice, Node, Service, View } from "./targets";

/** Watches what load balancers go by. */
export interface Lookout {
    /** Resolves when all that there is was seen. */
    readonly started: Promise<void>;
    /** What was seen last. */
    view(): View;
    stop(): void;
}

/**
 * Begins to watch a cluster.
 *
 * @param changed called whenever the view did.
 * @param failed called with an error that it can't go on after.
 */
export function lookOut(api: Pick<Api, "observe">, changed: () => void, failed: (error: unknown) => void): Lookout {
    let services: readonly Service[] = [];
    let slices: readonly EndpointSlice[] = [];
    let nodes: readonly Node[] = [];
    const observations = [
        api.observe(kinds.service, {}, seen => {
            services = seen;
            changed();
        }),
        api.observe(kinds.endpointSlice, {}, seen => {
            slices = seen;
            changed();
        }),
        api.observe(kinds.node, {}, seen => {
            nodes = seen;
            changed();
        }),
    ];
    observations.forEach(({ ended }) => {
        ended.catch(failed);
    });
    return {
        started: Promise.all(observations.map(({ started }) => started)).then(() => undefined),
        view: () => ({ services, slices, nodes }),
        stop: () => {
            observations.forEach(({ stop }) => {
                stop();
            });
        },
    };
}
