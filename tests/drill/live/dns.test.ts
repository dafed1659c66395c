// What this can't prove: that every resolver takes its answers; Node's (c-ares) and its own packets do here, curl's in a drill.
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { connect } from "node:net";
import { setImmediate as turn } from "node:timers/promises";

import { type DecodedPacket, type Packet, TRUNCATED_RESPONSE, decode, encode } from "dns-packet";
import * as fc from "fast-check";

import { type NameAnswer, type NameServer, startNameServer } from "../../../drill/live/dns/server";
import { freePort } from "../../../drill/process/ports";

const loopback = "127.0.0.1";
const many = Array.from({ length: 30 }, (_, index) => `10.0.0.${index + 1}`);

const names = new Map<string, NameAnswer>([
    ["shop.example.com", { addresses: ["10.220.1.1", "10.220.1.2"], ttlSeconds: 60 }],
    ["many.example.com", { addresses: many, ttlSeconds: 5 }],
    ["none.example.com", { addresses: [], ttlSeconds: 5 }],
]);

const question = (name: string, rest: Partial<Packet> = {}): Packet => ({ type: "query", id: 7, questions: [{ type: "A", name }], ...rest });

describe("the name server", () => {
    let server: NameServer;
    before(async () => {
        const answer = (name: string): NameAnswer | undefined => {
            if (name === "broken.example.com") {
                throw new Error("no record");
            }
            return names.get(name);
        };
        server = await startNameServer({ address: loopback, port: await freePort(), answer });
    });
    after(() => server.close());

    /** The answer to a packet by UDP. */
    const byUdp = async (packet: Buffer): Promise<DecodedPacket & { readonly rcode?: string }> => {
        const socket = createSocket("udp4");
        try {
            socket.send(packet, server.port, loopback);
            const [message] = (await once(socket, "message")) as [Buffer];
            return decode(message);
        } finally {
            socket.close();
        }
    };
    const ask = (packet: Packet): ReturnType<typeof byUdp> => byUdp(encode(packet));
    const addressesIn = ({ answers = [] }: Packet): readonly unknown[] => answers.map(record => (record.type === "A" ? record.data : record.type));

    it("tells a name's addresses and how long they hold, as one that knows it", async () => {
        const told = await ask(question("shop.example.com"));
        assert.deepEqual([told.id, told.type, told.rcode, told.flag_aa, told.flag_tc], [7, "response", "NOERROR", true, false]);
        assert.deepEqual(told.questions?.map(({ name, type }) => [name, type]), [["shop.example.com", "A"]]);
        assert.deepEqual(addressesIn(told), ["10.220.1.1", "10.220.1.2"]);
        assert.deepEqual(told.answers?.map(record => "ttl" in record && record.ttl), [60, 60]);
    });

    it("takes capital letters for small ones, and gives the name back as it was written", async () => {
        const told = await ask(question("Shop.EXAMPLE.com"));
        assert.deepEqual(told.answers?.map(({ name }) => name), ["Shop.EXAMPLE.com", "Shop.EXAMPLE.com"]);
    });

    it("says of a name that it is there without IPv6 addresses, of another that there is none, and of a failure that it is one", async () => {
        const ipv6 = await ask(question("", { questions: [{ type: "AAAA", name: "shop.example.com" }] }));
        assert.deepEqual([ipv6.rcode, ipv6.answers], ["NOERROR", []]);
        assert.deepEqual([(await ask(question("none.example.com"))).rcode, addressesIn(await ask(question("none.example.com")))], ["NOERROR", []]);
        assert.equal((await ask(question("other.example.com"))).rcode, "NXDOMAIN");
        assert.equal((await ask(question("broken.example.com"))).rcode, "SERVFAIL");
    });

    it("tells what is no plain question that it is none", async () => {
        const status = 2 << 11;
        assert.equal((await ask(question("shop.example.com", { flags: status }))).rcode, "NOTIMP");
        assert.equal((await ask({ type: "query", id: 7, questions: [] })).rcode, "FORMERR");
    });

    it("refers to TCP where an answer is too long, where all of it is told", async () => {
        const short = await ask(question("many.example.com"));
        assert.deepEqual([(short.flags ?? 0) & TRUNCATED_RESPONSE, short.answers], [TRUNCATED_RESPONSE, []]);
        const size = (udpPayloadSize: number): Packet => question("many.example.com", { additionals: [{ type: "OPT", name: ".", udpPayloadSize, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }] });
        const long = await ask(size(1232));
        assert.deepEqual([long.flag_tc, addressesIn(long)], [false, many]);
        assert.deepEqual(long.additionals?.map(({ type }) => type), ["OPT"]);
        const resolver = new Resolver({ timeout: 2000, tries: 1 });
        resolver.setServers([`${loopback}:${server.port}`]);
        assert.deepEqual(await resolver.resolve4("many.example.com"), many);
    });

    it("answers by TCP however the packets come", async () => {
        const packet = encode(question("shop.example.com"));
        const framed = Buffer.concat([Buffer.from([0, packet.length]), packet]);
        const connection = connect({ host: loopback, port: server.port });
        let received = Buffer.alloc(0);
        connection.on("data", (chunk: Buffer) => (received = Buffer.concat([received, chunk])));
        connection.write(Buffer.concat([framed, framed.subarray(0, 5)]));
        await once(connection, "data");
        connection.write(framed.subarray(5));
        const length = 2 + received.readUInt16BE(0);
        while (received.length < 2 * length) {
            await once(connection, "data");
        }
        for (const start of [0, length]) {
            assert.deepEqual(addressesIn(decode(received.subarray(start + 2, start + length))), ["10.220.1.1", "10.220.1.2"]);
        }
        connection.destroy();
    });

    it("lives on after whatever is sent to it", async () => {
        const socket = createSocket("udp4");
        const packet = encode(question("shop.example.com"));
        const sent = fc.sample(fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.tuple(fc.nat(packet.length - 1), fc.nat(255)).map(([place, byte]) => Uint8Array.from(packet, (was, index) => (index === place ? byte : was)))), { numRuns: 500, seed: 1 });
        for (const bytes of [...sent, encode({ ...question("shop.example.com"), type: "response" })]) {
            socket.send(bytes, server.port, loopback);
            // Lets it be read: the system drops what does not fit into its queue.
            await turn();
        }
        socket.close();
        const connection = connect({ host: loopback, port: server.port });
        connection.on("error", () => undefined);
        connection.write(Buffer.from([0, 3, 1, 2, 3]));
        assert.deepEqual(addressesIn(await ask(question("shop.example.com"))), ["10.220.1.1", "10.220.1.2"]);
        connection.destroy();
    });

    it("does not answer an answer", async () => {
        const socket = createSocket("udp4");
        const heard: number[] = [];
        socket.on("message", message => heard.push(decode(message).id ?? 0));
        for (const packet of [question("shop.example.com", { type: "response", id: 1 }), question("shop.example.com", { id: 2 })]) {
            socket.send(encode(packet), server.port, loopback);
        }
        await once(socket, "message");
        assert.deepEqual(heard, [2]);
        socket.close();
    });

    it("says which address it can't have", async () => {
        await assert.rejects(startNameServer({ address: loopback, port: server.port, answer: () => undefined }), new RegExp(`no name server on ${loopback}:${server.port}: .*EADDRINUSE`));
    });

    it("is gone with its connections once it is closed", async () => {
        const other = await startNameServer({ address: loopback, port: await freePort(), answer: () => undefined });
        const connection = connect({ host: loopback, port: other.port });
        await once(connection, "connect");
        const ended = once(connection, "close");
        connection.on("error", () => undefined);
        await other.close();
        await ended;
        const again = await startNameServer({ address: loopback, port: other.port, answer: () => undefined });
        await again.close();
    });
});
