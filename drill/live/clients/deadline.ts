import { setMaxListeners } from "node:events";

/** Time that something may take. */
export interface Deadline {
    /** Aborted when the time is over, or with the signal that it was given. */
    readonly signal: AbortSignal;
    /** Must be called when the wait is over. */
    readonly end: () => void;
}

/**
 * Begins to count. What has arrived while this process was busy is read before the time is declared over, so that a late look is not
 * taken for a late answer.
 *
 * @param late makes the error that the signal is aborted with.
 */
export function startDeadline(seconds: number, late: () => Error, outer: AbortSignal): Deadline {
    const controller = new AbortController();
    const end = (): void => {
        clearTimeout(timer);
        clearImmediate(afterReading);
        outer.removeEventListener("abort", pass);
    };
    const pass = (): void => {
        end();
        controller.abort(outer.reason);
    };
    let afterReading: NodeJS.Immediate | undefined;
    // Timers come before what has arrived, and immediates after: https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick.
    const timer = setTimeout(() => {
        afterReading = setImmediate(() => {
            end();
            controller.abort(late());
        });
    }, seconds * 1000);
    if (outer.aborted) {
        pass();
    } else {
        outer.addEventListener("abort", pass);
    }
    return { signal: controller.signal, end };
}

/** A signal that follows others and that any number of requests may listen to, which Node takes for a leak otherwise. */
export function forMany(...signals: readonly AbortSignal[]): AbortSignal {
    const followed = AbortSignal.any([...signals]);
    setMaxListeners(0, followed);
    return followed;
}
