// What this can't prove: that AWS does as it writes, nor that its checkers get through. Its servers are on loopback, and its checks ask
// more often than any on AWS may.
import assert from "node:assert/strict";
import { once } from "node:events";
import type { RequestListener } from "node:http";
import { type AddressInfo, type Socket, createServer } from "node:net";
import type { TLSSocket } from "node:tls";
import { setTimeout as sleep } from "node:timers/promises";

import { passes } from "../../../drill/live/dns/healthCheckers";
import { LiveRoute53, type LiveRoute53Options } from "../../../drill/live/dns/route53";
import { checkersOfEach, leastHealthyCheckers } from "../../../drill/standIns/route53Endpoint";
import type { DnsAnswer, EndpointCheck } from "../../../drill/standIns/route53Records";
import { Opened, certificate, loopback, now, soon } from "./clientsServers";

const never = new AbortController().signal;
const fine: RequestListener = (_, response) => response.end("ready");

const check = (cluster: string, port: number, rest: Partial<EndpointCheck> = {}): EndpointCheck => ({
    kind: "endpoint",
    cluster,
    protocol: "http",
    fqdn: `${cluster}.shop.example.com`,
    port,
    path: "/readyz",
    sni: false,
    intervalSeconds: 0.2,
    failures: 2,
    ...rest,
});

describe("a health check that is sent", () => {
    const opened = new Opened();
    afterEach(() => opened.close());

    const passesOn = (port: number, rest: Partial<EndpointCheck> = {}): Promise<boolean> => passes(check("east", port, rest), loopback, never);

    it("passes with 2xx and 3xx alone", async () => {
        let statusCode = 200;
        const port = await opened.http((_, response) => {
            response.statusCode = statusCode;
            response.end();
        });
        const passed: number[] = [];
        for (statusCode of [200, 204, 302, 399, 400, 404, 500, 503]) {
            if (await passesOn(port)) {
                passed.push(statusCode);
            }
        }
        assert.deepEqual(passed, [200, 204, 302, 399]);
    });

    it("asks for the path by the cluster's own name, with the port where it is not the usual one", async () => {
        const asked: (string | undefined)[][] = [];
        const port = await opened.http((request, response) => {
            asked.push([request.method, request.url, request.headers.host]);
            fine(request, response);
        });
        assert.equal(await passesOn(port), true);
        assert.deepEqual(asked, [["GET", "/readyz", `east.shop.example.com:${port}`]]);
    });

    it("takes any certificate, and names the host in the handshake where it is told to", async () => {
        const named: unknown[] = [];
        const port = await opened.https(await certificate("other.example.com"), (request, response) => {
            named.push((request.socket as TLSSocket & { readonly servername: unknown }).servername);
            fine(request, response);
        });
        assert.deepEqual([await passesOn(port, { protocol: "https", sni: true }), await passesOn(port, { protocol: "https" }), await passesOn(port)], [true, true, false]);
        assert.deepEqual(named, ["east.shop.example.com", false]);
    });

    /** A server that takes connections and says nothing. */
    const openDumb = async (): Promise<number> => {
        const taken: Socket[] = [];
        const dumb = createServer(socket => taken.push(socket.on("error", () => undefined))).listen(0, loopback);
        await once(dumb, "listening");
        opened.later(() => {
            taken.forEach(socket => socket.destroy());
            dumb.close();
        });
        return (dumb.address() as AddressInfo).port;
    };
    /** Begins checks that are to fail, all at once. Resolves to how long each took, in seconds, in the order of their ends. */
    const failing = async (checks: Readonly<Record<string, Promise<boolean>>>): Promise<ReadonlyMap<string, number>> => {
        const from = now();
        const took = new Map<string, number>();
        const watch = async (name: string, sent: Promise<boolean>): Promise<void> => {
            assert.equal(await sent, false, name);
            took.set(name, now() - from);
        };
        await Promise.all(Object.entries(checks).map(([name, sent]) => watch(name, sent)));
        return took;
    };
    /** Ends among them after a time, and after what has arrived by then was read: however late this machine is, what took less is before it. */
    const time = async (seconds: number): Promise<boolean> => {
        await sleep(seconds * 1000);
        await new Promise(resolve => setImmediate(resolve));
        return false;
    };

    it("fails at once where the name leads nowhere or the address refuses, and after two seconds where no status comes", async () => {
        const port = await openDumb();
        const took = await failing({
            plain: passesOn(port),
            encrypted: passesOn(port, { protocol: "https" }),
            "half a second": time(0.5),
            "two seconds": time(1.95),
            refused: passesOn(1),
            nowhere: passes(check("east", 1), undefined, never),
        });
        const order = [...took.keys()];
        assert.deepEqual([order.slice(0, 4), order.slice(4).sort()], [["nowhere", "refused", "half a second", "two seconds"], ["encrypted", "plain"]]);
    });

    it("fails after four seconds where nothing answers at all, long after one that is connected and hears no status", async function () {
        if (process.platform !== "linux") {
            this.skip();
        }
        const port = await opened.http(fine);
        await opened.silent("127.0.0.2", port);
        const dumb = await openDumb();
        const took = await failing({ silent: passes(check("east", port), "127.0.0.2", never), dumb: passesOn(dumb), "four seconds": time(3.95) });
        assert.deepEqual([...took.keys()], ["dumb", "four seconds", "silent"]);
        const seconds = took.get("silent") ?? 0;
        assert.ok(seconds < 8, `${seconds} s`);
    });
});

describe("Route 53 in real time", () => {
    const opened = new Opened();
    afterEach(() => opened.close());

    const start = (answers: readonly DnsAnswer[], rest: Partial<LiveRoute53Options> = {}): LiveRoute53 =>
        LiveRoute53.start({ dns: { domain: "shop.example.com", answers }, resolve: () => loopback, signal: opened.signal, ...rest });
    /** A cluster that answers by what a test says, and how many asked it. */
    const cluster = async (name: string): Promise<{ status: number; asked: number; readonly check: EndpointCheck }> => {
        const port = await opened.http((_, response) => {
            site.asked++;
            response.statusCode = site.status;
            response.end();
        });
        const site = { status: 200, asked: 0, check: check(name, port) };
        return site;
    };
    const record = ({ check: own }: { readonly check: EndpointCheck }, rest: Partial<DnsAnswer>): DnsAnswer => ({ cluster: own.cluster, role: undefined, weight: 0, ttlSeconds: 60, check: own, ...rest });
    const way = (route53: LiveRoute53): string => route53.rotations.map(({ clusters }) => clusters.join("+")).join(" ");

    it("leaves a primary that fails as often as it must, and returns to it likewise", async () => {
        const [east, central] = [await cluster("east"), await cluster("central")];
        const route53 = start([record(east, { role: "PRIMARY" }), record(central, { role: "SECONDARY", ttlSeconds: 30 })]);
        assert.deepEqual([route53.answer().cluster, route53.answer().ttlSeconds], ["east", 60]);
        await soon("every checker to have asked twice", () => east.asked >= 2 * checkersOfEach);
        east.status = 503;
        const failedAt = now();
        await soon("the name to lead away", () => route53.answer().cluster === "central");
        assert.equal(route53.answer().ttlSeconds, 30);
        assert.ok(route53.checkers("east") < leastHealthyCheckers);
        // Two answers, an interval apart, of the last but two.
        assert.ok(now() - failedAt >= 0.2, `${now() - failedAt} s`);
        await soon("all checkers to agree", () => route53.checkers("east") === 0);
        assert.equal(route53.checkers("central"), checkersOfEach);
        east.status = 200;
        await soon("all checkers to find it healthy", () => route53.checkers("east") === checkersOfEach);
        await soon("the name to lead back", () => way(route53) === "east central east");
        assert.ok(route53.rotations.every(({ at }, index) => at >= (route53.rotations[index - 1]?.at ?? 0)));
    });

    it("asks where the name leads at the time", async () => {
        const [east, central] = [await cluster("east"), await cluster("central")];
        const asked = new Set<string>();
        let address: string | undefined = loopback;
        const resolve = (fqdn: string): string | undefined => {
            asked.add(fqdn);
            return fqdn.startsWith("east") ? address : loopback;
        };
        const route53 = start([record(east, { role: "PRIMARY" }), record(central, { role: "SECONDARY" })], { resolve });
        await soon("checks", () => east.asked >= checkersOfEach);
        address = undefined;
        await soon("the name to lead away", () => route53.rotation().join() === "central");
        assert.deepEqual([...asked].sort(), ["central.shop.example.com", "east.shop.example.com"]);
    });

    it("goes by targets where the record does", async () => {
        const [east, central] = [await cluster("east"), await cluster("central")];
        const healthy = new Set(["east", "central"]);
        const route53 = start([record(east, { role: "PRIMARY", evaluateTargetHealth: true }), record(central, { role: "SECONDARY" })], { targetsHealthy: name => healthy.has(name) });
        assert.equal(route53.answer().cluster, "east");
        healthy.clear();
        assert.equal(route53.answer().cluster, "central");
        await soon("that to be noted", () => way(route53) === "east central");
    });

    it("shares answers out by weight", async () => {
        const [east, central] = [await cluster("east"), await cluster("central")];
        const route53 = start([record(east, { weight: 75 }), record(central, { weight: 25 })]);
        const answers = Array.from({ length: 400 }, () => route53.answer().cluster);
        const share = answers.filter(name => name === "east").length / answers.length;
        assert.ok(Math.abs(share - 0.75) < 0.08, `${share}`);
        central.status = 500;
        await soon("one to be left", () => route53.rotation().join() === "east");
        assert.ok(Array.from({ length: 50 }, () => route53.answer().cluster).every(name => name === "east"));
    });

    it("asks no more once it is stopped, and takes no request that was cut for an answer", async () => {
        let asked = 0;
        let cut = 0;
        const port = await opened.http(({ socket }) => {
            asked++;
            socket.once("close", () => cut++);
        });
        const route53 = start([record({ check: check("east", port, { failures: 1 }) }, {})]);
        await soon("a request of each checker", () => asked === checkersOfEach);
        route53.stop();
        await soon("their end", () => cut === checkersOfEach);
        const later = await cluster("central");
        start([record(later, {})]);
        await soon("the time of another two rounds", () => later.asked >= 3 * checkersOfEach);
        assert.deepEqual([asked, route53.checkers("east"), route53.answer().cluster], [checkersOfEach, checkersOfEach, "east"]);
    });
});
