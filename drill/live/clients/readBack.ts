import { Agent, type IncomingMessage, get } from "node:http";

import { type Replica, majorityOf } from "./replicas";
import type { Writes } from "./writes";

/** What became of acknowledged writes. */
export interface ReadBack {
    readonly acknowledged: number;
    /** Those that at least one replica gave back with their exact value. */
    readonly readBack: number;
    /** Those that a majority of all replicas gave back so. */
    readonly whole: number;
    /** Ids that no replica gave back. Where some did not answer, they may have them. */
    readonly lost: readonly string[];
    /** Ids that some replica gave back with another value than was written. */
    readonly wrong: readonly string[];
    /** Replicas that some question had no answer from, as its reason says: "store-1: connection refused". */
    readonly silent: readonly string[];
}

export interface ReadBackOptions {
    /** Longest time for one question, in seconds. @default 5 */
    readonly timeoutSeconds?: number;
    /** Ends it with its reason. @default nothing does */
    readonly signal?: AbortSignal;
}

const defaultTimeoutSeconds = 5;

/** Questions to one replica at a time. */
const atOnce = 8;

/** Asks each replica for each acknowledged write. Stop the client first: what is acknowledged later is not asked for. */
export async function readBack({ acknowledged, valueOf, of }: Pick<Writes, "acknowledged" | "valueOf" | "of">, replicas: readonly Replica[], options: ReadBackOptions = {}): Promise<ReadBack> {
    const ids = [...acknowledged];
    const seen = await Promise.all(replicas.map(replica => readAll(replica, ids, options)));
    const copies = ids.map(id => ({ id, values: seen.flatMap(({ values }) => values.get(id) ?? []), written: valueOf(id) }));
    const good = copies.map(({ id, values, written }) => ({ id, count: values.filter(value => value === written).length }));
    return {
        acknowledged: ids.length,
        readBack: good.filter(({ count }) => count > 0).length,
        whole: good.filter(({ count }) => count >= majorityOf(of)).length,
        lost: good.filter(({ count }) => count === 0).map(({ id }) => id),
        wrong: copies.filter(({ values, written }) => values.some(value => value !== written)).map(({ id }) => id),
        silent: seen.flatMap(({ fault }) => fault ?? []),
    };
}

interface Seen {
    readonly values: ReadonlyMap<string, string>;
    /** The first question that had no answer. */
    readonly fault: string | undefined;
}

async function readAll({ name, address, port }: Replica, ids: readonly string[], { timeoutSeconds = defaultTimeoutSeconds, signal }: ReadBackOptions): Promise<Seen> {
    const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
    const values = new Map<string, string>();
    const waiting = [...ids];
    let fault: string | undefined;
    // A replica that leaves one question unanswered is not asked on: its other answers would have to be waited for one by one.
    const work = async (): Promise<void> => {
        for (let id = waiting.shift(); id !== undefined && fault === undefined; id = waiting.shift()) {
            try {
                const value = await read(`http://${address}:${port}/writes/${id}`, agent, AbortSignal.any([...(signal === undefined ? [] : [signal]), AbortSignal.timeout(timeoutSeconds * 1000)]));
                if (value !== undefined) {
                    values.set(id, value);
                }
            } catch (error) {
                signal?.throwIfAborted();
                fault ??= `${name}: ${error instanceof Error ? error.message : String(error)}`;
            }
        }
    };
    try {
        await Promise.all(Array.from({ length: atOnce }, work));
        return { values, fault };
    } finally {
        agent.destroy();
    }
}

/** The value of a write; undefined where the replica does not have it. */
async function read(url: string, agent: Agent, signal: AbortSignal): Promise<string | undefined> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        get(url, { agent, signal }, resolve).on("error", reject);
    });
    const chunks: Buffer[] = [];
    for await (const chunk of answer) {
        chunks.push(chunk as Buffer);
    }
    if (answer.statusCode !== 200 && answer.statusCode !== 404) {
        throw new Error(`status ${answer.statusCode}`);
    }
    return answer.statusCode === 200 ? Buffer.concat(chunks).toString() : undefined;
}
