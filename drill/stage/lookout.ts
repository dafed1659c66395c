import { setTimeout as sleep } from "node:timers/promises";

import { type Api, type Kind, type Where, isPassing } from "../api";
import { longestGap } from "./timeline";

/** What is looked at. */
export interface Looked<T> {
    readonly kind: Kind<T>;
    readonly where: Where;
    /** Called with all objects at each look. */
    readonly seen: (objects: readonly T[]) => void;
}

/** A look at objects that goes on, whatever becomes of its watch. */
export interface Lookout {
    /** Resolves after the first look. */
    readonly started: Promise<void>;
    /** Longest time without a look until it was stopped, in seconds. */
    readonly longestGap: () => number;
    readonly stop: () => void;
}

/** Time between two looks beside the changes that are told, in milliseconds: a little under half a second. */
const lookMs = 400;

/** An object as far as its version goes. */
export interface Versioned {
    readonly metadata?: { readonly resourceVersion?: string };
}

/**
 * Looks at objects at every change, so that nothing between two looks is missed, and twice a second besides: a watch that lags says
 * nothing of it. Of the two, what is older than what was seen already is left out. While the API server is away, nothing is seen.
 *
 * @param fail called with an error that looking again does not help against.
 */
export function keepLooking<T extends Versioned>(api: Pick<Api, "list" | "observe">, { kind, where, seen }: Looked<T>, fail: (error: Error) => void): Lookout {
    const stopping = new AbortController();
    const looks: number[] = [];
    let stoppedAt: number | undefined;
    let [told, newest, listed] = [0, 0, 0];
    const now = (): number => performance.now() / 1000;

    const take = (objects: readonly T[], version: number): void => {
        newest = version;
        looks.push(now());
        seen(objects);
    };
    const failed = (error: unknown): void => {
        if (!stopping.signal.aborted) {
            fail(error instanceof Error ? error : new Error(String(error)));
        }
    };
    const look = async (): Promise<void> => {
        for (;;) {
            await sleep(lookMs, undefined, { signal: stopping.signal });
            const before = told;
            try {
                const objects = await api.list(kind, where);
                stopping.signal.throwIfAborted();
                const version = newestVersion(objects);
                // The answer may have been on its way while the watch told of a change.
                if (told === before || version >= newest) {
                    listed = version;
                    take(objects, version);
                }
            } catch (error) {
                if (!isPassing(error)) {
                    throw error;
                }
            }
        }
    };
    const observation = api.observe(kind, where, objects => {
        const version = newestVersion(objects);
        if (version >= listed && !stopping.signal.aborted) {
            told++;
            take(objects, version);
        }
    });
    observation.ended.catch(failed);
    look().catch(failed);
    return {
        started: observation.started,
        longestGap: () => longestGap([...looks, stoppedAt ?? now()]),
        stop: () => {
            stoppedAt ??= now();
            stopping.abort();
            observation.stop();
        },
    };
}

/**
 * The newest version among objects. Versions of a kind grow with every change of any of its objects
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions). A set that lost its newest object looks older
 * than it is; it is taken at the next look at the latest.
 */
function newestVersion(objects: readonly Versioned[]): number {
    return Math.max(0, ...objects.map(({ metadata }) => Number(metadata?.resourceVersion ?? 0)));
}
