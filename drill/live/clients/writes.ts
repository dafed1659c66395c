import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";

import { ask } from "./ask";
import { connectToFirst } from "./connect";
import { forMany, startDeadline } from "./deadline";
import { type Ledger, WriteLedger } from "./ledger";
import { type Outcome, addInOrder, errorText } from "./outcome";
import { type Punctuality, startSender } from "./pace";
import { type Replica, majorityOf } from "./replicas";

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

/** Writes that are sent throughout. What was acknowledged can be read back any number of times, also after the end. */
export interface Writes extends Ledger, Punctuality {
    /** Those that have ended, in the order in which they were sent; it grows. A write ends by a majority's acknowledgement, or once that can't come about any more. */
    readonly outcomes: readonly Outcome[];
    /** Sends no more, and resolves when every replica has answered the last one, or had its time. */
    stop(): Promise<void>;
}

const defaultTimeoutSeconds = 5;

/**
 * Writes to a small replicated store at an even pace: `PUT /writes/<id>` to each replica, which answers 201 once the write is on its
 * disk. A write counts as acknowledged once a majority of all replicas has answered so, and not before; it has failed once a majority
 * can't come about. It is never repeated. Each is dated by when it was sent.
 */
export function startWrites({ replicas, of, perSecond, timeoutSeconds = defaultTimeoutSeconds, signal: outer, now }: WritesOptions): Writes {
    const signal = forMany(outer);
    /** Ids of another client of the same store, or of this one's drill before, are others. */
    const client = randomBytes(4).toString("hex");
    const ledger = new WriteLedger();
    const outcomes: Outcome[] = [];
    const send = async (number: number): Promise<void> => {
        const id = `${client}-${number}`;
        const value = randomBytes(16).toString("hex");
        ledger.begin(id, value);
        const at = now();
        const known = [...new Map(replicas().map(replica => [replica.name, replica])).values()];
        const vote = new Vote(of, error => {
            if (signal.aborted) {
                return;
            }
            if (error === undefined) {
                ledger.acknowledge(id);
            }
            addInOrder(outcomes, { at, took: now() - at, ok: error === undefined, ...(error === undefined ? {} : { error }) });
        });
        vote.against(of - known.length, `only ${known.length} of ${of} replicas have an address`);
        await Promise.all(
            known.map(async replica => {
                try {
                    await put(replica, { id, value, timeoutSeconds, signal });
                    ledger.keptBy(id, replica.name);
                    vote.inFavour();
                } catch (error) {
                    vote.against(1, errorText(error));
                }
            }),
        );
    };
    const sender = startSender({ perSecond, now, signal, send });
    return { ...sender, outcomes, acknowledged: ledger.acknowledged, valueOf: id => ledger.valueOf(id), acknowledgedBy: id => ledger.acknowledgedBy(id) };
}

/** Counts the replicas' answers to one write, until it is decided. */
class Vote {
    #inFavour = 0;
    #against = 0;
    #decided = false;

    /** @param decided called once: without an error when a majority has it, with the last one when none can any more. */
    constructor(
        private readonly of: number,
        private readonly decided: (error?: string) => void,
    ) {}

    inFavour(): void {
        this.#inFavour++;
        if (this.#inFavour >= majorityOf(this.of)) {
            this.#decide();
        }
    }

    against(replicas: number, error: string): void {
        this.#against += replicas;
        if (this.of - this.#against < majorityOf(this.of)) {
            this.#decide(error);
        }
    }

    #decide(error?: string): void {
        if (!this.#decided) {
            this.#decided = true;
            this.decided(error);
        }
    }
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
