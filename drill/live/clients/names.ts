import { Resolver } from "node:dns/promises";
import { isIP } from "node:net";

export interface NameServerAddress {
    readonly address: string;
    readonly port: number;
}

export interface NamesOptions {
    readonly nameServer: NameServerAddress;
    /** Seconds on a clock that only goes forward. */
    readonly now: () => number;
    /** Share of its TTL that the first answer is kept for, so that several of these don't all ask at once. @default 1 */
    readonly firstShare?: number;
    /** Places by which the order of addresses is turned: clients get them in different orders. @default 0 */
    readonly turn?: number;
}

/** Longest wait for the name server, in milliseconds, and how often it is asked. It is next door, so that none of this should matter. */
const patience = { timeout: 2000, tries: 2 } as const;

/** A name was asked for and there was no answer. The message says which. */
export class NameError extends Error {}

interface Kept {
    readonly addresses: readonly string[];
    /** When the answer lapses. */
    readonly until: number;
}

/** A client's memory for names: each answer is kept for its TTL and no longer. An answer that has lapsed is never used; absence is not kept. */
export class NameMemory {
    readonly #resolver = new Resolver(patience);
    readonly #kept = new Map<string, Kept>();
    readonly #asked = new Map<string, Promise<readonly string[]>>();
    #answers = 0;

    constructor(private readonly options: NamesOptions) {
        const { address, port } = options.nameServer;
        this.#resolver.setServers([`${address}:${port}`]);
    }

    /** Addresses of a name; of an address, that itself. Rejects with NameError. */
    async addresses(name: string): Promise<readonly string[]> {
        if (isIP(name) !== 0) {
            return [name];
        }
        const kept = this.#kept.get(name);
        if (kept !== undefined && this.options.now() < kept.until) {
            return kept.addresses;
        }
        // Requests that begin while it is asked for wait for the same answer.
        const asked = this.#asked.get(name) ?? this.#ask(name);
        this.#asked.set(name, asked);
        try {
            return await asked;
        } finally {
            this.#asked.delete(name);
        }
    }

    async #ask(name: string): Promise<readonly string[]> {
        try {
            const records = await this.#resolver.resolve4(name, { ttl: true });
            const { now, firstShare = 1, turn = 0 } = this.options;
            const places = turn % records.length;
            const addresses = [...records.slice(places), ...records.slice(0, places)].map(({ address }) => address);
            const ttlSeconds = Math.min(...records.map(({ ttl }) => ttl)) * (this.#answers++ === 0 ? firstShare : 1);
            this.#kept.set(name, { addresses, until: now() + ttlSeconds });
            return addresses;
        } catch (error) {
            const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
            throw new NameError(`no address for ${name} (${code})`, { cause: error });
        }
    }
}
