import { type ClientRequest, type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { connect } from "node:tls";

/** A request that goes over a connection which is up already, and which it alone uses. */
export interface Question {
    readonly method?: "GET" | "PUT";
    /** With its query string. */
    readonly path: string;
    /** Host header. */
    readonly host: string;
    /** Taken for plain text. */
    readonly body?: string;
    /** Where the connection is to be encrypted first. */
    readonly tls?: TlsOptions;
    /** Ends the request, and the reading of its answer, with its reason. */
    readonly signal: AbortSignal;
}

export interface TlsOptions {
    /** Name that is asked for (SNI), and that the certificate must be for where it is verified. @default none is named */
    readonly servername?: string;
    /** Certificates in PEM that are trusted. @default those that Node trusts */
    readonly ca?: string;
    /** Whether a certificate that does not fit ends the connection. @default true */
    readonly verified?: boolean;
}

/** An answer whose head is there. */
export interface Answer {
    readonly status: number;
    /** Reads the rest. */
    readonly text: () => Promise<string>;
}

/** Sends a request, without keep-alive, and waits for the head of the answer. The connection is the caller's to end. */
export async function ask(socket: Socket, { method = "GET", path, host, body, tls, signal }: Question): Promise<Answer> {
    signal.throwIfAborted();
    const encrypted = ({ servername, ca, verified = true }: TlsOptions): Socket =>
        connect({ socket, rejectUnauthorized: verified, ...(servername === undefined ? {} : { servername }), ...(ca === undefined ? {} : { ca }) });
    const headers = { host, ...(body === undefined ? {} : { "content-type": "text/plain", "content-length": Buffer.byteLength(body) }) };
    const asked = request({ createConnection: () => (tls === undefined ? socket : encrypted(tls)), method, path, headers, signal });
    asked.end(body);
    const answer = await unlessEnded(headOf(asked), signal);
    return { status: answer.statusCode ?? 0, text: () => unlessEnded(textOf(answer), signal) };
}

/** What a wait ends with where a signal ended it: the signal's reason, not Node's error about it. */
async function unlessEnded<T>(wait: Promise<T>, signal: AbortSignal): Promise<T> {
    try {
        return await wait;
    } catch (error) {
        signal.throwIfAborted();
        throw error;
    }
}

function headOf(asked: ClientRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
        asked.once("response", resolve).on("error", reject);
    });
}
