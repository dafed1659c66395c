import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";

import { ask } from "./ask";
import { connectToFirst } from "./connect";
import { forMany, startDeadline } from "./deadline";
import { type Outcome, addInOrder, errorText } from "./outcome";
import { startPace } from "./pace";
import { type Replica, majorityOf } from "./replicas";

export { type ReadBack, readBack } from "./readBack";
export type { Replica } from "./replicas";

/** What a drill with it can't prove. */
export const unprovedOfWrites: readonly string[] = [
    "the state is a stand-in: replicas that do not know each other, each with a file of its own; the client writes to all and takes a write for done once a majority has it. There is no log that they agree on, no leader, no order of writes, and nothing is repaired: a replica that missed a write never gets it",
    "what a real database does when it loses a replica (its elections, its time to catch up, its quorum of disks) is not seen, and the app itself does not use the store",
    "a replica acknowledges a write after fsync, and that promises what this machine's file system and disk make of it: replicas share one disk and one kernel here, and power is never cut",
];

export interface WritesOptions {
    /** Those that have an address now. */
    readonly replicas: () => readonly Replica[];
    /** Replicas that the StatefulSet has, whether they run or not. */
    readonly of: number;
    readonly perSecond: number;
    /** Longest time for one replica to acknowledge one write. @default 5 */
    readonly timeoutSeconds?: number;
    /** Ends it; writes in the air count for nothing. */
    readonly signal: AbortSignal;
    /** Seconds on a clock that only goes forward. */
    readonly now: () => number;
}

/** Writes that are sent throughout. */
export interface Writes {
    /** Ids of those that a majority has acknowledged, in the order in which that came about; it grows. */
    readonly acknowledged: readonly string[];
    /** What was written under an id. */
    valueOf(id: string): string | undefined;
    /** Replicas that there are. */
    readonly of: number;
    /** Those that have ended, in the order in which they began; it grows. A write ends by a majority's acknowledgement, or once that can't come about any more. */
    readonly outcomes: readonly Outcome[];
    /** Longest time for which this process was busy with something else, in seconds. */
    lag(): number;
    /** Sends no more, and resolves when every replica has answered the last one, or had its time. */
    stop(): Promise<void>;
}

const defaultTimeoutSeconds = 5;

/**
 * Writes to a small replicated store at an even pace: `PUT /writes/<id>` to each replica, which answers 201 once the write is on its
 * disk. A write counts as acknowledged once a majority of all replicas has answered so, and not before; it has failed once a majority
 * can't come about. It is never repeated.
 */
export function startWrites({ replicas, of, perSecond, timeoutSeconds = defaultTimeoutSeconds, signal: outer, now }: WritesOptions): Writes {
    const signal = forMany(outer);
    /** Ids of another client of the same store, or of this one's drill before, are others. */
    const client = randomBytes(4).toString("hex");
    const needed = majorityOf(of);
    const values = new Map<string, string>();
    const acknowledged: string[] = [];
    const outcomes: Outcome[] = [];
    const open = new Set<Promise<void>>();

    const write = async (number: number): Promise<void> => {
        const id = `${client}-${number}`;
        const value = randomBytes(16).toString("hex");
        values.set(id, value);
        const at = now();
        const known = [...new Map(replicas().map(replica => [replica.name, replica])).values()];
        let done = 0;
        let lost = of - known.length;
        let ended = false;
        const end = (error?: string): void => {
            ended = true;
            addInOrder(outcomes, { at, took: now() - at, ok: error === undefined, ...(error === undefined ? {} : { error }) });
        };
        const judge = (error: string): void => {
            if (ended || signal.aborted) {
                return;
            }
            if (done >= needed) {
                acknowledged.push(id);
                end();
            } else if (of - lost < needed) {
                end(error);
            }
        };
        judge(`only ${known.length} of ${of} replicas have an address`);
        await Promise.all(
            known.map(async replica => {
                try {
                    await put(replica, { id, value, timeoutSeconds, signal });
                    done++;
                    judge("");
                } catch (error) {
                    lost++;
                    judge(errorText(error));
                }
            }),
        );
    };

    const pace = startPace({
        perSecond,
        now,
        signal,
        beat: number => {
            const request = write(number).finally(() => open.delete(request));
            open.add(request);
        },
    });
    return {
        acknowledged,
        of,
        valueOf: id => values.get(id),
        outcomes,
        lag: () => pace.lag(),
        stop: async () => {
            pace.stop();
            await Promise.all(open);
        },
    };
}

interface Put {
    readonly id: string;
    readonly value: string;
    readonly timeoutSeconds: number;
    readonly signal: AbortSignal;
}

/** Resolves when a replica has acknowledged. */
async function put({ address, port }: Replica, { id, value, timeoutSeconds, signal }: Put): Promise<void> {
    let socket: Socket | undefined;
    const deadline = startDeadline(timeoutSeconds, () => new Error(`not acknowledged within ${timeoutSeconds} s`), signal);
    try {
        ({ socket } = await connectToFirst({ addresses: [address], port, signal: deadline.signal }));
        const { status } = await ask(socket, { method: "PUT", path: `/writes/${id}`, host: `${address}:${port}`, body: value, signal: deadline.signal });
        if (status !== 201) {
            throw new Error(`status ${status}`);
        }
    } finally {
        deadline.end();
        socket?.destroy();
    }
}
