import { setTimeout as sleep } from "node:timers/promises";

/** What a probe says while what is waited for has not come about. */
export class NotYet {
    /** @param reason what is missing, for the message of a wait that fails. */
    constructor(readonly reason: string) {}
}

export interface Patience {
    /** Longest wait, in seconds. */
    readonly seconds: number;
    /** Time between two looks, in milliseconds. @default 100 */
    readonly everyMs?: number;
    /** Ends the wait with its reason. */
    readonly signal: AbortSignal;
}

/** A wait that came to nothing. The message says what for, how long, and what was missing at the end. */
export class TimedOut extends Error {}

/** Looks again and again until the probe has a value. Errors of the probe end the wait. */
export async function until<T>(what: string, probe: () => Promise<T | NotYet>, { seconds, everyMs = 100, signal }: Patience): Promise<T> {
    const deadline = performance.now() + seconds * 1000;
    for (;;) {
        signal.throwIfAborted();
        const seen = await probe();
        if (!(seen instanceof NotYet)) {
            return seen;
        }
        if (performance.now() >= deadline) {
            throw new TimedOut(`${what}: not within ${seconds} s; at the end ${seen.reason}`);
        }
        await sleep(everyMs, undefined, { signal }).catch(() => {
            signal.throwIfAborted();
        });
    }
}
