import { Agent, type IncomingMessage, get } from "node:http";
import { text } from "node:stream/consumers";

import type { Ledger } from "./ledger";
import type { Replica } from "./replicas";

/** What became of acknowledged writes. */
export interface ReadBack {
    /** Writes that a majority had acknowledged. */
    readonly acknowledged: number;
    /** Of these, those that every replica that had acknowledged them gave back, with their exact value. */
    readonly readBack: number;
    /** Ids of those that some replica that had acknowledged them does not have, or has with another value, whoever else has them. */
    readonly lost: readonly string[];
    /**
     * Replicas that had acknowledged something and could not be asked, each with the reason: "store-1: connection refused". Writes whose copies
     * there nobody saw are neither read back nor lost.
     */
    readonly silent: readonly string[];
    /** Copies that replicas had acknowledged: so many words were given and held against their givers. */
    readonly copies: number;
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

/**
 * Asks each replica for each acknowledged write that it said it keeps. One that does not have it broke its word, and the write counts as lost,
 * though the others may have it: with a majority of such replicas it would be gone, and nothing but luck decides whether they are one or two.
 * Stop the client first: what is acknowledged later is not asked for.
 *
 * @param replicas all of them, by their names of then: one that gave its word and is not among them is silent.
 */
export async function readBack(ledger: Ledger, replicas: readonly Replica[], options: ReadBackOptions = {}): Promise<ReadBack> {
    const ids = [...ledger.acknowledged];
    const names = [...new Set(ids.flatMap(id => [...ledger.acknowledgedBy(id)]))].sort();
    const seen = await Promise.all(
        names.map(async (name): Promise<Seen> => {
            const replica = replicas.find(candidate => candidate.name === name);
            const given = ids.filter(id => ledger.acknowledgedBy(id).has(name));
            return replica === undefined ? { name, values: new Map(), fault: `${name}: it has no address` } : readAll(replica, given, options);
        }),
    );
    const isLost = (id: string): boolean => seen.some(({ values }) => values.has(id) && values.get(id) !== ledger.valueOf(id));
    const isUnseen = (id: string): boolean => seen.some(({ name, values }) => ledger.acknowledgedBy(id).has(name) && !values.has(id));
    const lost = ids.filter(isLost);
    return {
        acknowledged: ids.length,
        readBack: ids.filter(id => !isLost(id) && !isUnseen(id)).length,
        lost,
        silent: seen.flatMap(({ fault }) => fault ?? []),
        copies: ids.reduce((sum, id) => sum + ledger.acknowledgedBy(id).size, 0),
    };
}

/** What a replica said. */
interface Seen {
    readonly name: string;
    /** Its answers; undefined for what it does not have. Without what it was not asked for, or left unanswered. */
    readonly values: ReadonlyMap<string, string | undefined>;
    /** The first question that had no answer. */
    readonly fault: string | undefined;
}

async function readAll({ name, address, port }: Replica, ids: readonly string[], { timeoutSeconds = defaultTimeoutSeconds, signal }: ReadBackOptions): Promise<Seen> {
    const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
    const values = new Map<string, string | undefined>();
    const waiting = [...ids];
    let fault: string | undefined;
    // A replica that leaves one question unanswered is not asked on: its other answers would have to be waited for one by one.
    const work = async (): Promise<void> => {
        for (let id = waiting.shift(); id !== undefined && fault === undefined; id = waiting.shift()) {
            try {
                const time = AbortSignal.any([...(signal === undefined ? [] : [signal]), AbortSignal.timeout(timeoutSeconds * 1000)]);
                values.set(id, await read(`http://${address}:${port}/writes/${id}`, agent, time));
            } catch (error) {
                signal?.throwIfAborted();
                fault ??= `${name}: ${error instanceof Error ? error.message : String(error)}`;
            }
        }
    };
    try {
        await Promise.all(Array.from({ length: atOnce }, work));
        return { name, values, fault };
    } finally {
        agent.destroy();
    }
}

/** The value of a write; undefined where the replica does not have it. */
async function read(url: string, agent: Agent, signal: AbortSignal): Promise<string | undefined> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        get(url, { agent, signal }, resolve).on("error", reject);
    });
    const value = await text(answer);
    if (answer.statusCode !== 200 && answer.statusCode !== 404) {
        throw new Error(`status ${answer.statusCode}`);
    }
    return answer.statusCode === 200 ? value : undefined;
}
