import { type Socket as UdpSocket, createSocket } from "node:dgram";
import { once } from "node:events";
import { type Server, type Socket, createServer } from "node:net";

import { type Answer, type Packet, type Question, AUTHORITATIVE_ANSWER, RECURSION_DESIRED, TRUNCATED_RESPONSE, decode, encode } from "dns-packet";

/** What a name leads to. */
export interface NameAnswer {
    /** IPv4 addresses; none where the name is there and has none. */
    readonly addresses: readonly string[];
    /** How long whoever asked may keep them. Whole seconds. */
    readonly ttlSeconds: number;
}

export interface NameServerOptions {
    readonly address: string;
    /** UDP and TCP. */
    readonly port: number;
    /** Called for each question, with the name in small letters and without the dot at its end. Undefined where there is no such name. */
    readonly answer: (name: string) => NameAnswer | undefined;
}

export interface NameServer {
    readonly address: string;
    readonly port: number;
    /** Ends it, and connections to it. */
    close(): Promise<void>;
}

/** Response codes: https://www.rfc-editor.org/rfc/rfc1035#section-4.1.1, RCODE. */
const codes = { fine: 0, formatError: 1, serverFailure: 2, noSuchName: 3, notImplemented: 4 } as const;

/** Bytes of an answer by UDP to a client that did not say that it takes more: https://www.rfc-editor.org/rfc/rfc1035#section-4.2.1. */
const plainUdpBytes = 512;

/** Bytes that are taken in one packet, as said to clients that tell theirs: what fits into one frame nearly everywhere (https://www.dnsflagday.net/2020/). */
const ownUdpBytes = 1232;

/** Bytes of a packet's length, which goes before it by TCP: https://www.rfc-editor.org/rfc/rfc1035#section-4.2.2. */
const lengthBytes = 2;

/** Time until a silent TCP connection is closed, in milliseconds. */
const idleMs = 10_000;

/** The bits of the flags that say what is asked for; 0 is a plain question (RFC 1035, OPCODE). */
const operationBits = 0x7800;

/**
 * Starts a name server for IPv4 addresses, by UDP and TCP. Names that are there have no records of other types. Packets that are no
 * question get no answer, and an `answer` that throws is told as a failure of the server.
 *
 * @throws where the address or the port can't be had.
 */
export async function startNameServer({ address, port, answer }: NameServerOptions): Promise<NameServer> {
    const udp = createSocket("udp4");
    udp.on("message", (message, from) => {
        const reply = replyTo(message, answer, "udp");
        if (reply !== undefined) {
            // Whoever asked may be gone: then nobody misses the answer.
            udp.send(reply, from.port, from.address, () => undefined);
        }
    });
    const connections = new Set<Socket>();
    const tcp = createServer(connection => {
        connections.add(connection);
        connection.once("close", () => connections.delete(connection)).on("error", () => connection.destroy());
        connection.setTimeout(idleMs, () => connection.destroy());
        serve(connection, message => replyTo(message, answer, "tcp"));
    });
    try {
        await listen(udp, tcp, { address, port });
    } catch (error) {
        udp.close();
        tcp.close();
        throw new Error(`no name server on ${address}:${port}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    // Errors of a single packet, which the next may be free of.
    udp.on("error", () => undefined);
    return {
        address,
        port: udp.address().port,
        close: async () => {
            for (const connection of connections) {
                connection.destroy();
            }
            await Promise.all([new Promise<void>(resolve => udp.close(resolve)), new Promise<void>(resolve => tcp.close(() => { resolve(); }))]);
        },
    };
}

/** Both on one port. */
async function listen(udp: UdpSocket, tcp: Server, { address, port }: Pick<NameServerOptions, "address" | "port">): Promise<void> {
    udp.bind({ address, port, exclusive: true });
    await once(udp, "listening");
    tcp.listen({ host: address, port: udp.address().port, exclusive: true });
    await once(tcp, "listening");
}

/** Takes a TCP connection's packets apart, and answers one after another. */
function serve(connection: Socket, reply: (message: Buffer) => Buffer | undefined): void {
    let received = Buffer.alloc(0);
    connection.on("data", (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        while (received.length >= lengthBytes && received.length >= lengthBytes + received.readUInt16BE(0)) {
            const end = lengthBytes + received.readUInt16BE(0);
            const answered = reply(received.subarray(lengthBytes, end));
            received = received.subarray(end);
            if (answered !== undefined) {
                const length = Buffer.alloc(lengthBytes);
                length.writeUInt16BE(answered.length);
                connection.write(Buffer.concat([length, answered]));
            }
        }
    });
}

function replyTo(message: Buffer, answer: NameServerOptions["answer"], by: "udp" | "tcp"): Buffer | undefined {
    try {
        const query = decode(message);
        // An answer to an answer would go on for ever.
        return query.type === "query" ? encodeFor(query, reply(query, answer), by) : undefined;
    } catch {
        return undefined;
    }
}

interface Reply {
    readonly code: number;
    readonly answers: Answer[];
}

function reply({ questions = [], flags = 0 }: Packet, answer: NameServerOptions["answer"]): Reply {
    if ((flags & operationBits) !== 0) {
        return { code: codes.notImplemented, answers: [] };
    }
    const [question] = questions;
    if (question === undefined || questions.length > 1) {
        return { code: codes.formatError, answers: [] };
    }
    const found = lookUp(question, answer);
    if (found === "failed") {
        return { code: codes.serverFailure, answers: [] };
    }
    if (found === undefined) {
        return { code: codes.noSuchName, answers: [] };
    }
    const addresses = question.type === "A" ? found.addresses : [];
    return { code: codes.fine, answers: addresses.map(data => ({ type: "A", name: question.name, ttl: found.ttlSeconds, data })) };
}

function lookUp({ name }: Question, answer: NameServerOptions["answer"]): NameAnswer | undefined | "failed" {
    try {
        return answer(name.toLowerCase().replace(/\.$/, ""));
    } catch {
        return "failed";
    }
}

/** An answer that does not fit into what the client takes by UDP says so, and is asked for again by TCP. */
function encodeFor({ id = 0, questions = [], flags = 0, additionals = [] }: Packet, { code, answers }: Reply, by: "udp" | "tcp"): Buffer {
    const theirs = additionals.find(record => record.type === "OPT");
    // Whoever says what it takes is told the same: https://www.rfc-editor.org/rfc/rfc6891#section-6.1.1.
    const ours: Answer[] = theirs === undefined ? [] : [{ type: "OPT", name: ".", udpPayloadSize: ownUdpBytes, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }];
    const head: Packet = { type: "response", id, questions, flags: AUTHORITATIVE_ANSWER | (flags & RECURSION_DESIRED) | code, additionals: ours };
    const whole = encode({ ...head, answers });
    const most = Math.min(ownUdpBytes, Math.max(plainUdpBytes, theirs?.udpPayloadSize ?? plainUdpBytes));
    return by === "tcp" || whole.length <= most ? whole : encode({ ...head, flags: (head.flags ?? 0) | TRUNCATED_RESPONSE, answers: [] });
}
