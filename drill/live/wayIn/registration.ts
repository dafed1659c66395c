import { setTimeout as sleep } from "node:timers/promises";

import type { Api } from "../../api";
import type { PoolKeeper } from "./keeper";
import { lookOut } from "./lookout";
import type { Runtime } from "./runtime";
import { type View, targetsOf } from "./targets";

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
    const ending = new AbortController();
    /** Ends the pause between two looks. */
    let wake = new AbortController();
    const failed = (error: unknown): void => {
        if (!ending.signal.aborted) {
            fail(error instanceof Error ? error : new Error(String(error)));
        }
    };
    const lookout = lookOut(
        api,
        () => {
            wake.abort();
        },
        failed,
    );
    const work = async (): Promise<void> => {
        await lookout.started;
        while (!ending.signal.aborted) {
            wake = new AbortController();
            await look(keepers, runtime, lookout.view());
            await sleep(lookMs, undefined, { signal: AbortSignal.any([wake.signal, ending.signal]) }).catch(() => undefined);
        }
    };
    const working = work().catch(failed);
    return {
        stop: async () => {
            ending.abort();
            lookout.stop();
            await working;
        },
    };
}

/** Tells HAProxy what the cluster has come to, and takes in what its checks found. */
async function look(keepers: readonly PoolKeeper[], runtime: Pick<Runtime, "states">, view: View): Promise<void> {
    for (const keeper of keepers) {
        await keeper.apply(targetsOf(keeper.pool, view));
    }
    const states = await runtime.states();
    for (const keeper of keepers) {
        await keeper.look(states);
    }
}
