import { monitorEventLoopDelay } from "node:perf_hooks";

export interface PaceOptions {
    readonly perSecond: number;
    /** Seconds on a clock that only goes forward. */
    readonly now: () => number;
    /** Calls something after a time, in milliseconds, and returns what calls it off. @default by this process's timers */
    readonly after?: (ms: number, call: () => void) => () => void;
    /** Ends it. */
    readonly signal: AbortSignal;
    /** Called at each beat with the beat's number, from 0. It must not wait. */
    readonly beat: (number: number) => void;
}

/** How well a pace was kept. */
export interface Punctuality {
    /** Longest time for which this process did nothing else, in seconds: so much may be its own fault in any time that it measured. */
    lag(): number;
    /** Beats that were due and never came, because this process was busy with something else. */
    missed(): number;
}

export interface Pace extends Punctuality {
    stop(): void;
}

/** Time between two looks at how punctual timers are, in milliseconds. */
const resolutionMs = 20;

/**
 * Beats at an even pace by the clock: what a beat starts may hang, and the pace does not slip.
 *
 * Of the beats that fall due while this process is busy with something else, the last one comes late, and the others never come: what they would
 * start now would be counted for a time at which nobody looked, and an outage in that time would be none. So whatever a beat starts is dated by when it
 * came, not by when it was due; a stall is a gap in what was sent, its beats are counted as missed, and it is the lag.
 */
export function startPace({ perSecond, now, after = byTimer, signal, beat }: PaceOptions): Pace {
    const from = now();
    const delay = monitorEventLoopDelay({ resolution: resolutionMs });
    delay.enable();
    let beats = 0;
    let missed = 0;
    let callOff: (() => void) | undefined;
    const look = (): void => {
        const late = Math.floor((now() - from) * perSecond) - beats - missed;
        if (late >= 0) {
            missed += late;
            beat(beats++);
        }
        callOff = after(Math.max(0, (from + (beats + missed) / perSecond - now()) * 1000), look);
    };
    const stop = (): void => {
        callOff?.();
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
    return { stop, lag: () => Math.max(0, delay.max / 1e9 - resolutionMs / 1000), missed: () => missed };
}

function byTimer(ms: number, call: () => void): () => void {
    const timer = setTimeout(call, ms);
    return () => {
        clearTimeout(timer);
    };
}

export interface SenderOptions extends Omit<PaceOptions, "beat"> {
    /** Sends one of a number, from 0, and resolves when it has ended. It must not reject. */
    readonly send: (number: number) => Promise<void>;
}

export interface Sender extends Punctuality {
    /** Sends no more, and resolves when the last one has ended. */
    stop(): Promise<void>;
}

/** Sends something at a pace, whatever becomes of what was sent before. */
export function startSender({ send, ...options }: SenderOptions): Sender {
    const open = new Set<Promise<void>>();
    const pace = startPace({
        ...options,
        beat: number => {
            const sent = send(number).finally(() => open.delete(sent));
            open.add(sent);
        },
    });
    return {
        lag: () => pace.lag(),
        missed: () => pace.missed(),
        stop: async () => {
            pace.stop();
            await Promise.all(open);
        },
    };
}
