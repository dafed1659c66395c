import { monitorEventLoopDelay } from "node:perf_hooks";

export interface PaceOptions {
    readonly perSecond: number;
    /** Seconds on a clock that only goes forward. */
    readonly now: () => number;
    /** Ends it. */
    readonly signal: AbortSignal;
    /** Called at each beat with the beat's number, from 0. It must not wait. */
    readonly beat: (number: number) => void;
}

export interface Pace {
    /** Longest time for which this process did nothing else, in seconds: so much may be its own fault in any time that it measured. */
    lag(): number;
    stop(): void;
}

/** Time between two looks at how punctual timers are, in milliseconds. */
const resolutionMs = 20;

/**
 * Beats at an even pace by the clock: what a beat starts may hang, and the pace does not slip. Beats that this process was too busy
 * for are made up for at once.
 */
export function startPace({ perSecond, now, signal, beat }: PaceOptions): Pace {
    const from = now();
    const delay = monitorEventLoopDelay({ resolution: resolutionMs });
    delay.enable();
    let beats = 0;
    let timer: NodeJS.Timeout | undefined;
    const look = (): void => {
        const due = Math.floor((now() - from) * perSecond) + 1;
        while (beats < due) {
            beat(beats++);
        }
        timer = setTimeout(look, Math.max(0, (from + beats / perSecond - now()) * 1000));
    };
    const stop = (): void => {
        clearTimeout(timer);
        delay.disable();
        signal.removeEventListener("abort", stop);
    };
    if (signal.aborted) {
        delay.disable();
    } else {
        signal.addEventListener("abort", stop);
        look();
    }
    // What is recorded is the time between two looks, not how late one was.
    return { stop, lag: () => Math.max(0, delay.max / 1e9 - resolutionMs / 1000) };
}
