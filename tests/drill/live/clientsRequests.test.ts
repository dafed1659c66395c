// What this can't prove: that users fare as these clients do. Servers are on loopback, so nothing is ever far away.
import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import type { TLSSocket } from "node:tls";

import { attemptDelayMs, connectToFirst } from "../../../drill/live/clients/connect";
import { failuresAfter, figuresOf } from "../../../drill/live/clients/figures";
import { NameError, NameMemory } from "../../../drill/live/clients/names";
import { type Requests, type RequestsOptions, startRequests } from "../../../drill/live/clients/requests";
import type { NameAnswer } from "../../../drill/live/dns/server";
import { Opened, certificate, host, loopback, now, soon } from "./clientsServers";

const never = new AbortController().signal;
const hello: RequestListener = (_, response) => response.end("Hello, World!\n");

describe("a client's memory for names", () => {
    const opened = new Opened();
    afterEach(() => opened.close());

    it("keeps an answer for its TTL and no longer, and never uses one that has lapsed", async () => {
        const answers = new Map<string, NameAnswer>([[host, { addresses: ["10.0.0.1", "10.0.0.2"], ttlSeconds: 60 }]]);
        const server = await opened.names(answers);
        let time = 1000;
        const names = new NameMemory({ nameServer: server, now: () => time });
        assert.deepEqual(await names.addresses(host), ["10.0.0.1", "10.0.0.2"]);
        answers.set(host, { addresses: ["10.0.0.3"], ttlSeconds: 30 });
        time += 59.9;
        assert.deepEqual([await names.addresses(host), server.asked.length], [["10.0.0.1", "10.0.0.2"], 1]);
        time += 0.1;
        assert.deepEqual([await names.addresses(host), server.asked.length], [["10.0.0.3"], 2]);
        answers.delete(host);
        time += 30;
        await assert.rejects(names.addresses(host), (error: unknown) => error instanceof NameError && error.message === "no address for shop.example.com (ENOTFOUND)");
        answers.set(host, { addresses: ["10.0.0.4"], ttlSeconds: 30 });
        assert.deepEqual(await names.addresses(host), ["10.0.0.4"]);
    });

    it("asks once for all who want to know at the same time, and not at all for an address", async () => {
        const server = await opened.names(new Map([[host, { addresses: ["10.0.0.1"], ttlSeconds: 0 }]]));
        const names = new NameMemory({ nameServer: server, now });
        await Promise.all([names.addresses(host), names.addresses(host)]);
        assert.equal(server.asked.length, 1);
        await names.addresses(host);
        assert.equal(server.asked.length, 2);
        assert.deepEqual([await names.addresses("10.9.9.9"), server.asked.length], [["10.9.9.9"], 2]);
    });

    it("can turn the order, and keep the first answer shorter", async () => {
        const server = await opened.names(new Map([[host, { addresses: ["10.0.0.1", "10.0.0.2", "10.0.0.3"], ttlSeconds: 60 }]]));
        let time = 0;
        const names = new NameMemory({ nameServer: server, now: () => time, turn: 4, firstShare: 0.25 });
        assert.deepEqual(await names.addresses(host), ["10.0.0.2", "10.0.0.3", "10.0.0.1"]);
        const counts: number[] = [];
        for (const at of [14.9, 15, 74.9, 75]) {
            time = at;
            await names.addresses(host);
            counts.push(server.asked.length);
        }
        assert.deepEqual(counts, [1, 2, 2, 3]);
    });
});

describe("a connection", () => {
    const opened = new Opened();
    afterEach(() => opened.close());

    it("goes to the next address at once where one refuses, and fails where all do", async () => {
        const port = await opened.http(hello, { address: "127.0.0.3" });
        const from = now();
        const { socket, address } = await connectToFirst({ addresses: ["127.0.0.2", "127.0.0.3"], port, signal: never });
        socket.destroy();
        assert.deepEqual([address, (now() - from) * 1000 < attemptDelayMs], ["127.0.0.3", true]);
        await assert.rejects(connectToFirst({ addresses: ["127.0.0.2", "127.0.0.4"], port, signal: never }), /ECONNREFUSED/);
        await assert.rejects(connectToFirst({ addresses: [], port, signal: never }), /no address/);
    });

    it("goes to the next address beside one that is silent, after a while", async function () {
        if (process.platform !== "linux") {
            this.skip();
        }
        const port = await opened.http(hello, { address: "127.0.0.3" });
        await opened.silent("127.0.0.2", port);
        const from = now();
        const { socket, address } = await connectToFirst({ addresses: ["127.0.0.2", "127.0.0.3"], port, signal: never });
        socket.destroy();
        const took = (now() - from) * 1000;
        assert.equal(address, "127.0.0.3");
        assert.ok(took >= attemptDelayMs - 5 && took < attemptDelayMs + 500, `${took} ms`);
        const alone = connectToFirst({ addresses: ["127.0.0.2"], port, signal: AbortSignal.timeout(100) });
        await assert.rejects(alone, { name: "TimeoutError" });
    });
});

describe("requests", () => {
    const opened = new Opened();
    afterEach(() => opened.close());

    const start = async (url: string, rest: Partial<RequestsOptions> = {}, addresses: readonly string[] = [loopback]): Promise<Requests> => {
        const nameServer = rest.nameServer ?? (await opened.names(new Map([[host, { addresses, ttlSeconds: 60 }]])));
        return startRequests({ url, perSecond: 50, signal: opened.signal, now, ...rest, nameServer });
    };
    /** Errors of the first requests, once there are some. */
    const errorsOf = async (requests: Requests, count = 3): Promise<readonly (string | undefined)[]> => {
        await soon("outcomes", () => requests.outcomes.length >= count);
        await requests.stop();
        return [...figuresOf(requests.outcomes, 0, Infinity).errors.keys()];
    };

    it("are answered by 200 and the text, each over a connection of its own", async () => {
        const ports = new Set<number | undefined>();
        const hosts = new Set<string | undefined>();
        const port = await opened.http((request, response) => {
            ports.add(request.socket.remotePort);
            hosts.add(request.headers.host);
            hello(request, response);
        });
        const requests = await start(`http://${host}:${port}/`);
        await soon("ten answers", () => requests.outcomes.length >= 10);
        await requests.stop();
        assert.deepEqual([requests.outcomes.every(({ ok, address }) => ok && address === loopback), failuresAfter(requests.outcomes, 0)], [true, []]);
        assert.deepEqual([ports.size, [...hosts]], [requests.outcomes.length, [`${host}:${port}`]]);
    });

    it("fail by another status, another text, a refusal, an unknown name, each in words", async () => {
        const port = await opened.http((request, response) => {
            response.statusCode = request.url === "/busy" ? 503 : 200;
            response.end(request.url === "/cut" ? undefined : "Hello, World! Or not.");
            if (request.url === "/reset") {
                request.socket.destroy();
            }
        });
        assert.deepEqual(await errorsOf(await start(`http://${host}:${port}/busy`)), ["status 503"]);
        assert.deepEqual(await errorsOf(await start(`http://${host}:${port}/`)), ["another answer than expected"]);
        assert.deepEqual(await errorsOf(await start(`http://${host}:1/`)), ["connection refused"]);
        assert.deepEqual(await errorsOf(await start(`http://other.example.com:${port}/`)), ["no address for other.example.com (ENOTFOUND)"]);
        const reset = await opened.http(request => request.socket.destroy());
        assert.deepEqual(await errorsOf(await start(`http://${host}:${reset}/`)), ["connection closed before the answer"]);
    });

    it("come at their pace though none is answered, and each has its time", async () => {
        const reached: number[] = [];
        const port = await opened.http(() => reached.push(now()));
        const from = now();
        const requests = await start(`http://${host}:${port}/`, { perSecond: 40, timeoutSeconds: 1 });
        await soon("forty requests", () => reached.length >= 40);
        // The first could not have ended before, so they did not wait for each other.
        const took = (reached[39] ?? 0) - from;
        assert.ok(took >= 39 / 40 - 0.05 && took < 1.3, `${took} s`);
        await requests.stop();
        assert.deepEqual([...figuresOf(requests.outcomes, 0, Infinity).errors.keys()], ["no answer within 1 s"]);
        assert.ok(requests.outcomes.every(outcome => outcome.took >= 0.99 && outcome.took < 1.5));
        assert.ok(requests.outcomes.every(({ at }, index) => at >= (requests.outcomes[index - 1]?.at ?? 0)));
    });

    it("are not blamed for what this process is late to see", async () => {
        let answered = 0;
        const port = await opened.http((request, response) => {
            hello(request, response);
            const until = now() + (++answered === 3 ? 0.4 : 0);
            while (now() < until) {
                // Nothing else happens.
            }
        });
        const requests = await start(`http://${host}:${port}/`, { perSecond: 10, timeoutSeconds: 0.2 });
        await soon("answers", () => requests.outcomes.length > 2);
        const late = requests.outcomes[2];
        await soon("more answers", () => requests.outcomes.length > 7);
        await requests.stop();
        assert.ok(late !== undefined && late.took > 0.35, `${late?.took} s`);
        assert.deepEqual(failuresAfter(requests.outcomes, 0), []);
        assert.ok(requests.lag() > 0.3 && requests.lag() < 1, `${requests.lag()} s`);
        // Due were four; the last of them was sent, and what was seen then is said of then.
        assert.ok(requests.missed() >= 2, `${requests.missed()} missed`);
        assert.ok(requests.outcomes.every(({ at }) => at <= late.at || at > late.at + 0.35));
    });

    it("are spread over a name's addresses, as many clients' are", async () => {
        const port = await opened.http(hello, { address: "127.0.0.2" });
        await opened.http(hello, { address: "127.0.0.3", port });
        const requests = await start(`http://${host}:${port}/`, { clients: 4 }, ["127.0.0.2", "127.0.0.3"]);
        await soon("eight answers", () => requests.outcomes.length >= 8);
        await requests.stop();
        assert.deepEqual(requests.outcomes.slice(0, 4).map(({ address }) => address), ["127.0.0.2", "127.0.0.3", "127.0.0.2", "127.0.0.3"]);
    });

    it("go elsewhere once the name does, bit by bit within its TTL", async () => {
        const port = await opened.http(hello, { address: "127.0.0.2" });
        await opened.http(hello, { address: "127.0.0.3", port });
        const answers = new Map<string, NameAnswer>([[host, { addresses: ["127.0.0.2"], ttlSeconds: 2 }]]);
        const requests = await start(`http://${host}:${port}/`, { clients: 10, perSecond: 100, nameServer: await opened.names(answers) });
        await soon("the first answers", () => requests.outcomes.length >= 10);
        answers.set(host, { addresses: ["127.0.0.3"], ttlSeconds: 2 });
        const movedAt = now();
        const to = (address: string): number => requests.outcomes.filter(outcome => outcome.at >= movedAt && outcome.address === address).length;
        await soon("the first to go elsewhere", () => to("127.0.0.3") > 0);
        assert.ok(now() - movedAt < 1, "some ask soon");
        assert.ok(to("127.0.0.2") > 0, "others do not yet");
        await soon("the last to go elsewhere", () => requests.outcomes.slice(-20).every(({ address }) => address === "127.0.0.3"), 4);
        const last = requests.outcomes.filter(({ address }) => address === "127.0.0.2").at(-1)?.at ?? 0;
        assert.ok(last - movedAt > 0.5 && last - movedAt < 2.3, `${last - movedAt} s`);
    });

    it("ask for the name by TLS, and take only a certificate for it from an authority that they know", async () => {
        const pem = await certificate();
        const asked = new Set<string | false | null>();
        const port = await opened.https(pem, (request, response) => {
            asked.add((request.socket as TLSSocket & { readonly servername: string }).servername);
            hello(request, response);
        });
        assert.deepEqual(await errorsOf(await start(`https://${host}:${port}/`, { ca: pem.cert })), []);
        assert.deepEqual([...asked], [host]);
        const unknown = await errorsOf(await start(`https://${host}:${port}/`));
        assert.match(unknown.join(), /self.signed certificate/);
        const foreign = await certificate("other.example.com");
        const wrong = await opened.https(foreign, hello);
        assert.match((await errorsOf(await start(`https://${host}:${wrong}/`, { ca: foreign.cert }))).join(), /does not match certificate's altnames/);
    });

    it("are waited for by a stop, and count for nothing when the run ends", async () => {
        const held: (() => void)[] = [];
        const port = await opened.http((request, response) => held.push(() => { hello(request, response); }));
        const requests = await start(`http://${host}:${port}/`, { perSecond: 20 });
        await soon("three requests", () => held.length >= 3);
        let stopped = false;
        const stop = requests.stop().then(() => (stopped = true));
        assert.deepEqual([requests.outcomes.length, stopped], [0, false]);
        held.forEach(answer => { answer(); });
        await stop;
        assert.deepEqual([requests.outcomes.length, requests.outcomes.every(({ ok }) => ok)], [held.length, true]);
        const others = await start(`http://${host}:${port}/`, { perSecond: 20 });
        const before = held.length;
        await soon("three more", () => held.length >= before + 3);
        opened.end("the run is over");
        await others.stop();
        assert.deepEqual(others.outcomes, []);
    });
});
