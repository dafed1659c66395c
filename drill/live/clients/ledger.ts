/** What a client was told of its writes. */
export interface Ledger {
    /** Ids of those that a majority has acknowledged, in the order in which that came about; it grows while the client writes. */
    readonly acknowledged: readonly string[];
    /** What was written under an id. */
    valueOf(id: string): string | undefined;
    /** Names of the replicas that have said that they keep a write; also of those that said so after the majority. */
    acknowledgedBy(id: string): ReadonlySet<string>;
}

const nobody: ReadonlySet<string> = new Set();

/** A ledger that is being written. */
export class WriteLedger implements Ledger {
    readonly acknowledged: string[] = [];
    readonly #values = new Map<string, string>();
    readonly #by = new Map<string, Set<string>>();

    /** Before it is sent. */
    begin(id: string, value: string): void {
        this.#values.set(id, value);
    }

    /** A replica has said that it keeps it. */
    keptBy(id: string, replica: string): void {
        this.#by.set(id, (this.#by.get(id) ?? new Set()).add(replica));
    }

    /** A majority has. */
    acknowledge(id: string): void {
        this.acknowledged.push(id);
    }

    valueOf(id: string): string | undefined {
        return this.#values.get(id);
    }

    acknowledgedBy(id: string): ReadonlySet<string> {
        return this.#by.get(id) ?? nobody;
    }
}
