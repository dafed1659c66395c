import { type Socket, connect } from "node:net";

/**
 * Time that an address has before the next one is tried beside it, in milliseconds: the Connection Attempt Delay of
 * https://www.rfc-editor.org/rfc/rfc8305#section-5, whose recommended value is 250. Node's own way of this (autoSelectFamily) gives
 * up an address after that time; the RFC, and this, let it go on.
 */
export const attemptDelayMs = 250;

/** A connection that is up. */
export interface Connected {
    readonly socket: Socket;
    /** The address that it leads to. */
    readonly address: string;
}

export interface Way {
    /** In the order in which they are tried. */
    readonly addresses: readonly string[];
    readonly port: number;
    /** Time that an address has before the next one is tried beside it, in milliseconds. @default attemptDelayMs */
    readonly delayMs?: number;
    /** Gives up, with its reason. */
    readonly signal: AbortSignal;
}

/**
 * Connects to the first address that lets itself be reached: the next one is tried when one fails, or has not answered for a while.
 * Rejects with the last error once all have failed.
 */
export async function connectToFirst({ addresses, port, delayMs = attemptDelayMs, signal }: Way): Promise<Connected> {
    signal.throwIfAborted();
    if (addresses.length === 0) {
        throw new Error("there is no address to connect to");
    }
    const attempts = new Attempts(addresses, port, delayMs);
    const giveUp = (): void => {
        attempts.end(signal.reason as Error);
    };
    signal.addEventListener("abort", giveUp);
    try {
        return await attempts.first;
    } finally {
        signal.removeEventListener("abort", giveUp);
    }
}

/** Connections that are being made, of which the first that is up is kept. */
class Attempts {
    readonly first: Promise<Connected>;
    readonly #open = new Set<Socket>();
    readonly #waiting: string[];
    #nextTry: NodeJS.Timeout | undefined;
    #resolve: (connected: Connected) => void = () => undefined;
    #reject: (error: Error) => void = () => undefined;

    constructor(
        addresses: readonly string[],
        private readonly port: number,
        private readonly delayMs: number,
    ) {
        this.#waiting = [...addresses];
        this.first = new Promise((resolve, reject) => {
            this.#resolve = resolve;
            this.#reject = reject;
        });
        this.#tryNext();
    }

    /** Gives all of them up. */
    end(error: Error): void {
        this.#drop();
        this.#reject(error);
    }

    #drop(): void {
        clearTimeout(this.#nextTry);
        for (const socket of this.#open) {
            socket.destroy();
        }
    }

    #tryNext(): void {
        clearTimeout(this.#nextTry);
        const address = this.#waiting.shift();
        if (address === undefined) {
            return;
        }
        const socket = connect({ host: address, port: this.port, noDelay: true });
        this.#open.add(socket);
        socket.once("connect", () => {
            this.#open.delete(socket);
            this.#drop();
            this.#resolve({ socket, address });
        });
        socket.on("error", error => {
            // After it was up, errors are the business of whoever uses it.
            if (!this.#open.delete(socket)) {
                return;
            }
            if (this.#open.size === 0 && this.#waiting.length === 0) {
                this.end(error);
            } else {
                this.#tryNext();
            }
        });
        if (this.#waiting.length > 0) {
            this.#nextTry = setTimeout(() => {
                this.#tryNext();
            }, this.delayMs);
        }
    }
}
