import type { Socket } from "node:net";

import { unlessAborted } from "../../process/run";
import { ask } from "./ask";
import { connectToFirst } from "./connect";
import { forMany, startDeadline } from "./deadline";
import { NameMemory, type NameServerAddress } from "./names";
import { type Outcome, addInOrder, errorText } from "./outcome";
import { type Punctuality, startSender } from "./pace";

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
export interface Requests extends Punctuality {
    /** Those that have ended, in the order in which they were sent; it grows. What was due and not sent is not among them: see missed. */
    readonly outcomes: readonly Outcome[];
    /** Sends no more, and resolves when the last one has ended. */
    stop(): Promise<void>;
}

/** Longest time for a request as a whole, in seconds, where none is given. */
const requestSeconds = 5;

const defaultClients = 20;
const defaultExpected = "Hello, World!";

/**
 * Sends GET requests at an even pace, whatever becomes of those before, as browsers of many users would. A request is answered where
 * the status is 200 and the body as expected; redirections are not followed. Each is dated by when it was sent; those that fell due while this
 * process was busy with something else are not made up for, since later ones would not tell how the app was then.
 */
export function startRequests({ url, nameServer, ca, perSecond, timeoutSeconds = requestSeconds, expected = defaultExpected, clients = defaultClients, signal: outer, now }: RequestsOptions): Requests {
    const signal = forMany(outer);
    const goal: Goal = { url: new URL(url), ca, timeoutSeconds, expected, signal };
    const memories = Array.from({ length: clients }, (_, turn) => new NameMemory({ nameServer, now, turn, firstShare: (turn + 1) / clients }));
    const outcomes: Outcome[] = [];
    const send = async (names: NameMemory): Promise<void> => {
        const at = now();
        const { error, address } = await askFor(goal, names);
        // What the end of it all cut short is no failure.
        if (!signal.aborted) {
            addInOrder(outcomes, { at, took: now() - at, ok: error === undefined, ...(error === undefined ? {} : { error }), ...(address === undefined ? {} : { address }) });
        }
    };
    const sender = startSender({
        perSecond,
        now,
        signal,
        send: async number => {
            const names = memories[number % clients];
            await (names === undefined ? undefined : send(names));
        },
    });
    return { ...sender, outcomes };
}

/** What each request asks for, and how. */
interface Goal extends Required<Pick<RequestsOptions, "timeoutSeconds" | "expected" | "signal">> {
    readonly url: URL;
    readonly ca: string | undefined;
}

/** What was wrong with a request, if anything was, and the address that it went to, if a connection came up. */
async function askFor({ url, ca, timeoutSeconds, expected, signal }: Goal, names: NameMemory): Promise<{ readonly error?: string; readonly address?: string }> {
    const { hostname, host, port, protocol, pathname, search } = url;
    const encrypted = protocol === "https:";
    const tls = encrypted ? { tls: { servername: hostname, ...(ca === undefined ? {} : { ca }) } } : {};
    let missing = "address";
    let socket: Socket | undefined;
    let reached: { readonly address?: string } = {};
    const deadline = startDeadline(timeoutSeconds, () => new Error(`no ${missing} within ${timeoutSeconds} s`), signal);
    try {
        const addresses = await unlessAborted(names.addresses(hostname), deadline.signal);
        missing = "connection";
        const connected = await connectToFirst({ addresses, port: portOf(port, encrypted), signal: deadline.signal });
        socket = connected.socket;
        reached = { address: connected.address };
        missing = "answer";
        const answer = await ask(socket, { path: `${pathname}${search}`, host, signal: deadline.signal, ...tls });
        const text = await answer.text();
        const error = answer.status !== 200 ? `status ${answer.status}` : text.trim() !== expected ? "another answer than expected" : undefined;
        return { ...reached, ...(error === undefined ? {} : { error }) };
    } catch (error) {
        return { ...reached, error: errorText(error) };
    } finally {
        deadline.end();
        socket?.destroy();
    }
}

function portOf(port: string, encrypted: boolean): number {
    return port === "" ? (encrypted ? 443 : 80) : Number(port);
}
