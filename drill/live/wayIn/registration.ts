import { setTimeout as sleep } from "node:timers/promises";

import { type Api, kinds } from "../../api";
import type { PoolKeeper } from "./keeper";
import type { Runtime } from "./runtime";
import { type EndpointSlice, type Node, type Service, targetsOf } from "./targets";

/** Time between two looks at what the checks found, in milliseconds. */
const lookMs = 500;

export interface RegistrationOptions {
    readonly api: Pick<Api, "observe">;
    readonly keepers: readonly PoolKeeper[];
    readonly runtime: Pick<Runtime, "states">;
    /** Called with an error that it can't go on after. */
    readonly fail: (error: Error) => void;
}

/** The clouds' controllers at work: targets come and go with the cluster's endpoints and nodes. */
export interface Registration {
    stop(): Promise<void>;
}

/** Begins to register targets. While the API server can't be asked, targets stay what they were. */
export function registerTargets({ api, keepers, runtime, fail }: RegistrationOptions): Registration {
    let services: readonly Service[] = [];
    let slices: readonly EndpointSlice[] = [];
    let nodes: readonly Node[] = [];
    const ending = new AbortController();
    /** Ends the pause between two looks. */
    let wake = new AbortController();
    const failed = (error: unknown): void => {
        if (!ending.signal.aborted) {
            fail(error instanceof Error ? error : new Error(String(error)));
        }
    };
    const change = (): void => {
        wake.abort();
    };
    const observations = [
        api.observe(kinds.service, {}, seen => {
            services = seen;
            change();
        }),
        api.observe(kinds.endpointSlice, {}, seen => {
            slices = seen;
            change();
        }),
        api.observe(kinds.node, {}, seen => {
            nodes = seen;
            change();
        }),
    ];
    observations.forEach(({ ended }) => {
        ended.catch(failed);
    });

    const work = async (): Promise<void> => {
        await Promise.all(observations.map(({ started }) => started));
        while (!ending.signal.aborted) {
            wake = new AbortController();
            const view = { services, slices, nodes };
            for (const keeper of keepers) {
                await keeper.apply(targetsOf(keeper.pool, view));
            }
            const states = await runtime.states();
            for (const keeper of keepers) {
                await keeper.look(states);
            }
            await sleep(lookMs, undefined, { signal: AbortSignal.any([wake.signal, ending.signal]) }).catch(() => undefined);
        }
    };
    const working = work().catch(failed);
    return {
        stop: async () => {
            ending.abort();
            observations.forEach(({ stop }) => {
                stop();
            });
            await working;
        },
    };
}
