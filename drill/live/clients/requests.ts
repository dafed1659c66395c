import type { Socket } from "node:net";

import { unlessAborted } from "../../process/run";
import { ask } from "./ask";
import { connectToFirst } from "./connect";
import { forMany, startDeadline } from "./deadline";
import { type NameServerAddress, Names } from "./names";
import { type Outcome, addInOrder, errorText } from "./outcome";
import { startPace } from "./pace";

/** What a drill with it can't prove. */
export const unprovedOfRequests: readonly string[] = [
    "every request comes by a new connection: what befalls connections that browsers keep open, and requests that they repeat by themselves, is not seen",
    "clients try the next address after 250 ms, as RFC 8305 recommends; those that wait until an address has failed, as Chromium does between addresses of one family, are worse off where an address falls silent",
    "clients forget a name's addresses when their TTL is over; those that keep them longer are not seen",
    "requests come from this machine over addresses of its own: what lies between users and a cloud's doors is not in any time",
];

export interface RequestsOptions {
    /** Its host is a name that the name server knows, or an address. */
    readonly url: string;
    readonly nameServer: NameServerAddress;
    /** Certificates in PEM that are trusted. @default those that Node trusts */
    readonly ca?: string;
    readonly perSecond: number;
    /** Longest time for a request as a whole: name, connection, TLS, answer. @default 5 */
    readonly timeoutSeconds?: number;
    /** What a good answer says; white space around it does not matter. @default "Hello, World!" */
    readonly expected?: string;
    /**
     * Clients that take turns. Each keeps the name's addresses by itself, in an order of its own, and they lapse one after another, so
     * that some ask anew shortly after whatever happens and some keep an answer for nearly its whole TTL. @default 20
     */
    readonly clients?: number;
    /** Ends it; requests in the air count for nothing. */
    readonly signal: AbortSignal;
    /** Seconds on a clock that only goes forward. */
    readonly now: () => number;
}

/** Requests that are sent throughout. */
export interface Requests {
    /** Those that have ended, in the order in which they began; it grows. */
    readonly outcomes: readonly Outcome[];
    /** Longest time for which this process was busy with something else, in seconds: no time that was measured is truer than that. */
    lag(): number;
    /** Sends no more, and resolves when the last one has ended. */
    stop(): Promise<void>;
}

const defaultTimeoutSeconds = 5;
const defaultClients = 20;
const defaultExpected = "Hello, World!";

/**
 * Sends GET requests at an even pace, whatever becomes of those before, as browsers of many users would. A request is answered where
 * the status is 200 and the body as expected; redirections are not followed.
 */
export function startRequests({ url, nameServer, ca, perSecond, timeoutSeconds = defaultTimeoutSeconds, expected = defaultExpected, clients = defaultClients, signal: outer, now }: RequestsOptions): Requests {
    const signal = forMany(outer);
    const { hostname, host, port, protocol, pathname, search } = new URL(url);
    const encrypted = protocol === "https:";
    const tls = encrypted ? { tls: { servername: hostname, ...(ca === undefined ? {} : { ca }) } } : {};
    const memories = Array.from({ length: clients }, (_, turn) => new Names({ nameServer, now, turn, firstShare: (turn + 1) / clients }));
    const outcomes: Outcome[] = [];
    const open = new Set<Promise<void>>();

    const send = async (names: Names): Promise<void> => {
        const at = now();
        let missing = "address";
        let socket: Socket | undefined;
        let address: string | undefined;
        const deadline = startDeadline(timeoutSeconds, () => new Error(`no ${missing} within ${timeoutSeconds} s`), signal);
        const finish = (error?: string): void => {
            addInOrder(outcomes, { at, took: now() - at, ok: error === undefined, ...(error === undefined ? {} : { error }), ...(address === undefined ? {} : { address }) });
        };
        try {
            const addresses = await unlessAborted(names.addresses(hostname), deadline.signal);
            missing = "connection";
            ({ socket, address } = await connectToFirst({ addresses, port: portOf(port, encrypted), signal: deadline.signal }));
            missing = "answer";
            const answer = await ask(socket, { path: `${pathname}${search}`, host, signal: deadline.signal, ...tls });
            const text = await answer.text();
            finish(answer.status !== 200 ? `status ${answer.status}` : text.trim() !== expected ? "another answer than expected" : undefined);
        } catch (error) {
            if (!signal.aborted) {
                finish(errorText(error));
            }
        } finally {
            deadline.end();
            socket?.destroy();
        }
    };

    const pace = startPace({
        perSecond,
        now,
        signal,
        beat: number => {
            const names = memories[number % clients];
            if (names !== undefined) {
                const request = send(names).finally(() => open.delete(request));
                open.add(request);
            }
        },
    });
    return {
        outcomes,
        lag: () => pace.lag(),
        stop: async () => {
            pace.stop();
            await Promise.all(open);
        },
    };
}

function portOf(port: string, encrypted: boolean): number {
    return port === "" ? (encrypted ? 443 : 80) : Number(port);
}
