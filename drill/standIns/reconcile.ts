import { type Api, ApiError, type Kind, type Where } from "../api";

/** What is done about objects of a kind. */
export interface Duty<T> {
    /** For messages, such as "an address". */
    readonly what: string;
    readonly kind: Kind<T>;
    /** @default all */
    readonly where?: Where;
    /** Whether there is something to do about an object. */
    readonly needs: (object: T) => boolean;
    /** Does it. Must be repeatable: an object that still needs it after a change gets it again. */
    readonly act: (object: T) => Promise<void>;
}

export interface Reconciler {
    /** Resolves when the objects that there are were seen. */
    readonly started: Promise<void>;
    stop(): void;
}

/**
 * Longest time for one act, in seconds, should the API server be away meanwhile. It is away the longest where a drill loses a whole cluster: for
 * the stack's RTO and a little more (prod's clusters about 112 s), and until it has started again. Twice that is 224 s, and stacks with slower
 * health checks have some room too.
 */
export const actSeconds = 300;

interface Identified {
    readonly metadata?: { readonly uid?: string; readonly name?: string };
}

/**
 * Watches objects of a kind and does what they need, for each object one thing at a time, as a controller does.
 *
 * @param fail called with an error that trying again does not help against.
 */
export function reconcile<T extends Identified>(api: Pick<Api, "observe" | "until">, { what, kind, where = {}, needs, act }: Duty<T>, fail: (error: Error) => void): Reconciler {
    let latest = new Map<string, T>();
    let stopped = false;
    const busy = new Set<string>();

    const once = (object: T): Promise<true> =>
        api.until(
            `${what} for ${kind.kind} ${object.metadata?.name ?? ""}`,
            async (): Promise<true> => {
                try {
                    await act(object);
                } catch (error) {
                    if (!isGone(error)) {
                        throw error;
                    }
                }
                return true;
            },
            { seconds: actSeconds },
        );

    const serve = async (uid: string): Promise<void> => {
        let done: T | undefined;
        for (;;) {
            const object = latest.get(uid);
            if (stopped || object === undefined || object === done || !needs(object)) {
                return;
            }
            await once(object);
            done = object;
        }
    };

    const failed = (error: unknown): void => {
        if (!stopped) {
            fail(error instanceof Error ? error : new Error(String(error)));
        }
    };

    const { started, ended, stop } = api.observe(kind, where, objects => {
        latest = new Map(objects.map((object): [string, T] => [object.metadata?.uid ?? "", object]));
        for (const uid of latest.keys()) {
            if (!busy.has(uid)) {
                busy.add(uid);
                serve(uid)
                    .catch(failed)
                    .finally(() => busy.delete(uid));
            }
        }
    });
    ended.catch(failed);
    return {
        started,
        stop: () => {
            stopped = true;
            stop();
        },
    };
}

/** Whether the object was deleted meanwhile: nothing is left to do. */
function isGone(error: unknown): boolean {
    return error instanceof ApiError && error.status === 404;
}
