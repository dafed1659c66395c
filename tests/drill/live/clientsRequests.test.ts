// What this can't prove: that users fare as these clients do. Servers are on loopback, so nothing is ever far away.
import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import type { TLSSocket } from "node:tls";

import { type Connected, type Way, attemptDelayMs, connectToFirst } from "../../../drill/live/clients/connect";
import { figuresOf } from "../../../drill/live/clients/figures";
import { NameError, NameMemory } from "../../../drill/live/clients/names";
import type { Outcome } from "../../../drill/live/clients/outcome";
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

    const connect = async (way: Partial<Way> & Pick<Way, "addresses" | "port">): Promise<Connected["address"]> => {
        const { socket, address } = await connectToFirst({ signal: never, ...way });
        socket.destroy();
        return address;
    };

    it("goes to the next address at once where one refuses, and fails where all do", async () => {
        const port = await opened.http(hello, { address: "127.0.0.3" });
        // Whoever waits for the time that a silent address has waits in vain.
        assert.equal(await connect({ addresses: ["127.0.0.2", "127.0.0.3"], port, delayMs: 60_000, signal: AbortSignal.timeout(10_000) }), "127.0.0.3");
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
        const ended: string[] = [];
        const after = async (what: string, least: number, delay: Pick<Way, "delayMs">): Promise<void> => {
            assert.equal(await connect({ addresses: ["127.0.0.2", "127.0.0.3"], port, ...delay }), "127.0.0.3");
            const took = (now() - from) * 1000;
            assert.ok(took >= least - 5, `${what}: ${took} ms`);
            ended.push(what);
        };
        // However late this machine is, who waits for less time is there first.
        await Promise.all([after("four times as long", 4 * attemptDelayMs, { delayMs: 4 * attemptDelayMs }), after("the usual time", attemptDelayMs, {})]);
        assert.deepEqual(ended, ["the usual time", "four times as long"]);
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
    const failuresOf = ({ outcomes }: Requests): readonly Outcome[] => outcomes.filter(({ ok }) => !ok);
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
        assert.deepEqual([requests.outcomes.every(({ address }) => address === loopback), failuresOf(requests)], [true, []]);
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

    /** A server that keeps every request waiting until it is told to answer; from then on it answers at once. */
    const openHolding = async (): Promise<{ readonly port: number; readonly reached: readonly number[]; readonly answer: () => void }> => {
        const reached: number[] = [];
        const held: (() => void)[] = [];
        let holds = true;
        const port = await opened.http((request, response) => {
            reached.push(now());
            if (holds) {
                held.push(() => {
                    hello(request, response);
                });
            } else {
                hello(request, response);
            }
        });
        const answer = (): void => {
            holds = false;
            held.splice(0).forEach(release => {
                release();
            });
        };
        return { port, reached, answer };
    };

    it("come at their pace though none is answered, and each has its time", async () => {
        const { port, reached, answer } = await openHolding();
        const from = now();
        const requests = await start(`http://${host}:${port}/`, { perSecond: 40, timeoutSeconds: 20 });
        await soon("forty requests", () => reached.length >= 40);
        // None has ended, so they did not wait for each other.
        assert.equal(requests.outcomes.length, 0);
        const took = (reached[39] ?? 0) - from;
        assert.ok(took >= 39 / 40, `${took} s`);
        const answeredAt = now();
        answer();
        await requests.stop();
        const to = now();
        assert.deepEqual([requests.outcomes.length, failuresOf(requests)], [reached.length, []]);
        assert.deepEqual(requests.outcomes.filter(outcome => outcome.at < from || outcome.at + outcome.took < answeredAt || outcome.at + outcome.took > to), []);
        assert.ok(requests.outcomes.every(({ at }, index) => at >= (requests.outcomes[index - 1]?.at ?? 0)));
    });

    it("fail where no answer comes in time", async () => {
        const { port } = await openHolding();
        const from = now();
        const requests = await start(`http://${host}:${port}/`, { perSecond: 20, timeoutSeconds: 1 });
        assert.deepEqual(await errorsOf(requests), ["no answer within 1 s"]);
        const to = now();
        assert.deepEqual(requests.outcomes.filter(({ at, took }) => at < from || took < 0.99 || at + took > to), []);
    });

    it("are not blamed for what this process is late to see", async () => {
        const seconds = 1.5;
        let reached = 0;
        let stall = { from: 0, to: 0 };
        const port = await opened.http((request, response) => {
            hello(request, response);
            if (++reached === 3) {
                const from = now();
                while (now() < from + seconds) {
                    // Nothing else happens.
                }
                stall = { from, to: now() };
            }
        });
        const from = now();
        // So slow that the others are over by then, and with time to spare for those before and after.
        const requests = await start(`http://${host}:${port}/`, { perSecond: 4, timeoutSeconds: 1 });
        await soon("an answer that is seen late", () => requests.outcomes.some(({ took }) => took >= seconds));
        const seen = requests.outcomes.length;
        await soon("answers after it", () => requests.outcomes.length >= seen + 3);
        await requests.stop();
        assert.deepEqual(failuresOf(requests), []);
        assert.ok(requests.lag() >= seconds - 0.1 && requests.lag() <= now() - from, `${requests.lag()} s`);
        // Due were six, give or take one; the last of them was sent, and what was seen then is said of then.
        assert.ok(requests.missed() >= 4, `${requests.missed()} missed`);
        assert.deepEqual(requests.outcomes.filter(({ at }) => at > stall.from && at < stall.to), []);
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
        const answers = new Map<string, NameAnswer>([[host, { addresses: ["127.0.0.2"], ttlSeconds: 5 }]]);
        let time = 0;
        const [perSecond, clients] = [64, 5];
        const requests = await start(`http://${host}:${port}/`, { clients, perSecond, nameServer: await opened.names(answers), now: () => time });
        /** One request of each client, one after another. Resolves to how many went elsewhere. */
        const round = async (at: number): Promise<number> => {
            for (let client = 0; client < clients; client++) {
                const before = requests.outcomes.length;
                time = at + client / perSecond;
                await soon("an answer", () => requests.outcomes.length > before);
            }
            return requests.outcomes.slice(-clients).filter(({ address }) => address === "127.0.0.3").length;
        };
        assert.equal(await round(0), 0);
        answers.set(host, { addresses: ["127.0.0.3"], ttlSeconds: 5 });
        const elsewhere: number[] = [];
        for (const at of [0.5, 1.5, 2.5, 3.5, 4.5, 5.5]) {
            elsewhere.push(await round(at));
        }
        assert.deepEqual([elsewhere, failuresOf(requests)], [[0, 1, 2, 3, 4, 5], []]);
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
        const { port, reached, answer } = await openHolding();
        const requests = await start(`http://${host}:${port}/`, { perSecond: 20, timeoutSeconds: 20 });
        await soon("three requests", () => reached.length >= 3);
        let stopped = false;
        const stop = requests.stop().then(() => (stopped = true));
        await new Promise(resolve => setImmediate(resolve));
        assert.deepEqual([requests.outcomes.length, stopped], [0, false]);
        answer();
        await stop;
        assert.deepEqual([requests.outcomes.length, failuresOf(requests)], [reached.length, []]);
        const held = await openHolding();
        const others = await start(`http://${host}:${held.port}/`, { perSecond: 20, timeoutSeconds: 20 });
        await soon("three more", () => held.reached.length >= 3);
        opened.end("the run is over");
        await others.stop();
        assert.deepEqual(others.outcomes, []);
    });
});
