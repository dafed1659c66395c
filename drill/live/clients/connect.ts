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
    /** Gives up, with its reason. */
    readonly signal: AbortSignal;
}

/**
 * Connects to the first address that lets itself be reached: the next one is tried when one fails, or has not answered for a while.
 * Rejects with the last error once all have failed.
 */
export function connectToFirst({ addresses, port, signal }: Way): Promise<Connected> {
    return new Promise((resolve, reject) => {
        const attempts = new Set<Socket>();
        const waiting = [...addresses];
        let nextTry: NodeJS.Timeout | undefined;
        const finish = (): void => {
            clearTimeout(nextTry);
            signal.removeEventListener("abort", giveUp);
            for (const socket of attempts) {
                socket.destroy();
            }
        };
        const giveUp = (): void => {
            finish();
            reject(signal.reason as Error);
        };
        const tryNext = (): void => {
            clearTimeout(nextTry);
            const address = waiting.shift();
            if (address === undefined) {
                return;
            }
            const socket = connect({ host: address, port, noDelay: true });
            attempts.add(socket);
            socket.once("connect", () => {
                attempts.delete(socket);
                finish();
                resolve({ socket, address });
            });
            socket.on("error", error => {
                // After it was up, errors are the business of whoever uses it.
                if (!attempts.delete(socket)) {
                    return;
                }
                if (attempts.size === 0 && waiting.length === 0) {
                    finish();
                    reject(error);
                    return;
                }
                tryNext();
            });
            if (waiting.length > 0) {
                nextTry = setTimeout(tryNext, attemptDelayMs);
            }
        };
        if (signal.aborted || addresses.length === 0) {
            reject(signal.aborted ? (signal.reason as Error) : new Error("there is no address to connect to"));
            return;
        }
        signal.addEventListener("abort", giveUp);
        tryNext();
    });
}
