// What this can't prove: that the clouds' load balancers do as their documents say. It shows that a real HAProxy, configured and fed as a drill
// does, does what is written down of them.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

import { type Door, type TargetNow, type WayIn, detectionSecondsOf } from "../../../drill/live/wayIn";
import { type Answer, WayInWorld, ask, endpoints, haproxy, portEverywhere, quickDoor, service } from "./wayInWorld";

const first = "127.0.1.1";
const second = "127.0.1.2";
const third = "127.0.1.3";

describe("a real way in", function () {
    this.timeout(60_000);
    let world: WayInWorld;
    let wayIn: WayIn;
    let port: number;
    let door: Door;

    before(function () {
        if (haproxy === undefined) {
            console.log("      left out: HAProxy is not installed (apt-get install haproxy)");
            this.skip();
        }
    });
    beforeEach(async () => {
        world = await WayInWorld.create();
        port = await portEverywhere();
    });
    afterEach(async () => {
        await world.close();
        assert.deepEqual(world.errors, []);
    });

    const open = async (more: Partial<Door> = {}): Promise<void> => {
        door = quickDoor({ listens: [{ port: await portEverywhere(), tls: false, servicePort: 80 }], ...more });
        wayIn = await world.open(door);
    };
    const ready = (...addresses: readonly string[]): void => {
        world.cluster.put(service(port), endpoints(port, Object.fromEntries(addresses.map(address => [address, { ready: true }]))));
    };
    const stateOf = (address: string): TargetNow["state"] | undefined => wayIn.targets(door).find(target => target.address === address)?.state;
    const healthy = (count: number): Promise<void> => world.until(`${count} healthy targets`, () => wayIn.healthyTargets(door) === count);
    const knock = (path = "/", host = "127.1.0.1"): Promise<Answer> => ask({ host, port: door.listens[0]?.port, path });
    /** Waits until nobody takes a request: HAProxy hears of what is noted here a moment later. */
    const refused = (): Promise<void> => world.until("a refusal", () => knock().then(() => false, () => true));
    /** Who answers so many requests. */
    const answering = async (requests: number): Promise<ReadonlySet<string>> => new Set((await Promise.all([...Array(requests).keys()].map(() => knock()))).map(({ body }) => body));

    it("asks a new target before it sends anybody there", async () => {
        const pod = await world.pod(first, port);
        pod.behaviour = "unready";
        await open();
        ready(first);
        await world.until("a check", () => pod.asked.length > 0);
        assert.equal(stateOf(first), "initial");
        await assert.rejects(knock());
        assert.deepEqual([...new Set(pod.asked)], ["/ready"]);
        pod.behaviour = "well";
        await healthy(1);
        assert.deepEqual(await answering(3), new Set([first]));
    });

    it("is content with one check of a new target, and asks for more of one that was unhealthy", async () => {
        const pod = await world.pod(first, port);
        pod.behaviour = "well once, then hung";
        // A check that hangs does so for long enough that what the one before it found is seen first.
        await open({ check: { ...quickDoor({ listens: [] }).check, healthy: 4, intervalSeconds: 2.5, timeoutSeconds: 2 } });
        ready(first);
        await healthy(1);
        assert.ok(pod.asked.length > 0);
        pod.behaviour = "unready";
        await world.until("an unhealthy target", () => stateOf(first) === "unhealthy");
        pod.behaviour = "well";
        const before = pod.asked.length;
        await healthy(1);
        assert.ok(pod.asked.length - before >= 4, `${pod.asked.length - before} checks`);
    });

    const patient = { timeoutSeconds: 1, unhealthy: 3 } as const;
    for (const [whose, { timeoutSeconds, unhealthy }] of Object.entries({ "": { timeoutSeconds: 0.5, unhealthy: 2 }, ", where a check may take as long as the interval": patient })) {
        it(`sends nothing new to a target that hangs, after the time that it says${whose}`, async () => {
            const [bad] = [await world.pod(first, port), await world.pod(second, port)];
            const check = { ...quickDoor({ listens: [] }).check, timeoutSeconds, unhealthy };
            await open({ mode: "http", check, detectionSeconds: detectionSecondsOf(check) });
            ready(first, second);
            const took: number[] = [];
            // Two looks of this program (0.5 s each) on top of what HAProxy takes. A busy machine may be late once or twice; who is late by itself is so every time.
            const isInTime = (seconds: number): boolean => seconds <= door.detectionSeconds + 1;
            while (took.length < 3 && !took.some(isInTime)) {
                bad.behaviour = "well";
                await healthy(2);
                bad.behaviour = "hung";
                const from = performance.now();
                await world.until("an unhealthy target", () => stateOf(first) === "unhealthy");
                took.push((performance.now() - from) / 1000);
            }
            assert.ok(took.some(isInTime), `${took.join(", ")} s`);
            bad.asked.length = 0;
            assert.deepEqual(await answering(8), new Set([second]));
            assert.equal(bad.asked.includes("/"), false);
        });
    }

    /** Checks that would find a pod that is gone long after these tests. */
    const forgiving = { ...quickDoor({ listens: [] }).check, unhealthy: 20 };
    /** Takes the first of two pods out, and asks until its load balancer has. Resolves to how many requests failed. */
    const failedUntilWithdrawn = async (stopping: "at once" | "afterwards"): Promise<number> => {
        const [leaving] = [await world.pod(first, port), await world.pod(second, port)];
        await open({ mode: "http", check: forgiving, withdrawSeconds: 2 });
        ready(first, second);
        await healthy(2);
        const from = performance.now();
        world.cluster.put(endpoints(port, { [first]: { ready: false, terminating: true }, [second]: { ready: true } }));
        if (stopping === "at once") {
            await leaving.stop();
        }
        leaving.asked.length = 0;
        const statuses: number[] = [];
        while (stateOf(first) === "healthy") {
            statuses.push((await knock()).status);
        }
        const took = (performance.now() - from) / 1000;
        // Checks alone would take twenty.
        assert.ok(took >= door.withdrawSeconds && took < 12, `${took} s`);
        assert.equal(leaving.asked.includes("/"), stopping === "afterwards");
        await world.until("answers of the other alone", async () => isDeepStrictEqual(await answering(8), new Set([second])));
        // What a preStop sleep is for: it was there for longer than that.
        await leaving.stop();
        assert.deepEqual(await answering(8), new Set([second]));
        return statuses.filter(status => status !== 200).length;
    };

    it("goes on sending to a target for a while after it was taken out: one that stops at once fails requests", async () => {
        assert.ok((await failedUntilWithdrawn("at once")) > 0);
    });

    it("fails no request when a target goes on for longer than that", async () => {
        assert.equal(await failedUntilWithdrawn("afterwards"), 0);
    });

    it("takes out what it began to, and registers anew what is wanted again meanwhile", async () => {
        await Promise.all([world.pod(first, port), world.pod(second, port)]);
        await open({ withdrawSeconds: 5, deregistrationSeconds: 20 });
        ready(first);
        await healthy(1);
        ready(second);
        // Who sees the newcomer sees that the other is to go.
        await world.until("the newcomer", () => stateOf(second) !== undefined);
        assert.equal(stateOf(first), "healthy");
        ready(first, second);
        await world.until("a target that is taken out, or new", () => stateOf(first) !== "healthy");
        await healthy(2);
        assert.equal(wayIn.targets(door).length, 2);
    });

    it("lets a target that is taken out finish, and sends nothing new there", async () => {
        const [leaving] = [await world.pod(first, port), await world.pod(second, port)];
        await open({ mode: "http", deregistrationSeconds: 20 });
        ready(first);
        await healthy(1);
        const slow = knock("/slow");
        await world.until("the request", () => leaving.asked.includes("/slow"));
        world.cluster.put(endpoints(port, { [first]: { ready: false, terminating: true }, [second]: { ready: true } }));
        await world.until("the newcomer", () => stateOf(second) === "healthy");
        assert.equal(stateOf(first), "draining");
        assert.deepEqual(await answering(8), new Set([second]));
        leaving.release();
        assert.equal((await slow).body, first);
    });

    it("takes a target back that was on its way out, as a new one", async () => {
        const pod = await world.pod(first, port);
        await open({ deregistrationSeconds: 20 });
        ready(first);
        await healthy(1);
        ready();
        await world.until("a leaving target", () => stateOf(first) === "draining");
        await refused();
        pod.behaviour = "unready";
        ready(first);
        await world.until("its return", () => stateOf(first) === "initial");
        await assert.rejects(knock());
        pod.behaviour = "well";
        await healthy(1);
        assert.deepEqual(await answering(3), new Set([first]));
        assert.equal(wayIn.targets(door).length, 1);
    });

    it("ends what is left after the deregistration delay", async () => {
        const leaving = await world.pod(first, port);
        await open({ deregistrationSeconds: 1 });
        ready(first);
        await healthy(1);
        const slow = knock("/slow");
        await world.until("the request", () => leaving.asked.includes("/slow"));
        ready();
        await assert.rejects(slow, /socket hang up|ECONNRESET/u);
        await world.until("an empty slot", () => wayIn.targets(door).length === 0);
    });

    it("sends to all when none is healthy, where the cloud's does so, and to none elsewhere", async () => {
        const pod = await world.pod(first, port);
        for (const failsOpen of [true, false]) {
            pod.behaviour = "well";
            await open({ mode: "http", failsOpen });
            ready(first);
            await healthy(1);
            pod.behaviour = "unready";
            await healthy(0);
            const { body } = await knock();
            assert.equal(body === first, failsOpen, body);
            if (failsOpen) {
                await wayIn.stop();
            }
        }
    });

    it("takes TLS off, routes by host, and sends plain requests on to HTTPS", async () => {
        await world.pod(first, port);
        const [plain, secure] = [await portEverywhere(), await portEverywhere()];
        door = quickDoor({
            object: "Ingress",
            name: "shop",
            mode: "http",
            listens: [
                { port: plain, tls: false, redirect: true },
                { port: secure, tls: true, servicePort: "http" },
            ],
            hosts: ["shop.example.com"],
        });
        wayIn = await world.open(door);
        ready(first);
        await healthy(1);
        const over = (host: string): Promise<Answer> => ask({ tls: true, host: "127.1.0.1", port: secure, path: "/", headers: { host }, servername: "shop.example.com", ca: world.authority.certificate });
        assert.deepEqual(await over("shop.example.com"), { status: 200, body: first, location: undefined });
        assert.equal((await over("Shop.Example.com:443")).status, 200);
        assert.equal((await over("other.example.com")).status, 404);
        const redirect = await ask({ host: "127.1.0.1", port: plain, path: "/cart", headers: { host: "shop.example.com" } });
        assert.deepEqual([redirect.status, redirect.location], [301, "https://shop.example.com/cart"]);
    });

    it("keeps to its zones where it does not cross them, and leaves a zone without targets out of its name", async () => {
        await Promise.all([world.pod(first, port), world.pod(second, port), world.pod(third, port)]);
        await open({ spread: "one a zone", crossZone: false });
        const all = { [first]: { ready: true }, [second]: { ready: true, zone: "b" }, [third]: { ready: true, zone: "b" } };
        world.cluster.put(service(port), endpoints(port, all));
        await healthy(3);
        const bodies = async (host: string): Promise<readonly string[]> => [...new Set((await Promise.all([...Array(40).keys()].map(() => knock("/", host)))).map(({ body }) => body))].sort();
        assert.deepEqual(await bodies("127.1.0.1"), [first]);
        assert.deepEqual(await bodies("127.1.0.2"), [second, third]);
        const name = "web.shop.service.east.us-east-1.elb.holdfast.invalid";
        assert.deepEqual(wayIn.lookup(name), { addresses: ["127.1.0.1", "127.1.0.2"], ttlSeconds: 60 });
        assert.equal(wayIn.lookup("other.invalid"), undefined);
        world.cluster.put(endpoints(port, { [first]: { ready: true } }));
        await healthy(1);
        assert.deepEqual(wayIn.lookup(name)?.addresses, ["127.1.0.1"]);
    });

    it("says where it is, and silences what is in a zone", async () => {
        await world.pod(first, port);
        const [zonal, one] = [quickDoor({ listens: [{ port: await portEverywhere(), tls: false, servicePort: 80 }], spread: "one a zone" }), quickDoor({ name: "other", service: "web", listens: [{ port: await portEverywhere(), tls: false, servicePort: 80 }] })];
        door = zonal;
        wayIn = await world.open(zonal, one);
        ready(first);
        world.cluster.put({ ...service(port), metadata: { name: "other", namespace: "shop" } });
        await wayIn.ready;
        assert.deepEqual(Object.fromEntries(world.cluster.statuses), {
            "Service web": { status: { loadBalancer: { ingress: [{ hostname: "web.shop.service.east.us-east-1.elb.holdfast.invalid" }] } } },
            "Service other": { status: { loadBalancer: { ingress: [{ ip: "127.1.1.1" }] } } },
        });
        await wayIn.zoneDown("b");
        await wayIn.down();
        await wayIn.up();
        await wayIn.zoneUp("b");
        assert.deepEqual(world.silenced, [["127.1.0.2"], ["127.1.0.1", "127.1.0.2", "127.1.1.1"], ["127.1.0.2"], []]);
    });
});

describe("silence", () => {
    it("drops what comes to an address and what it says, and refuses nothing, in a network of its own", function () {
        this.timeout(80_000);
        if (process.getuid?.() !== 0 || spawnSync("unshare", ["--net", "nft", "list", "tables"], { timeout: 10_000 }).status !== 0) {
            console.log("      left out: it needs root, network namespaces and nft (apt-get install nftables util-linux iproute2)");
            this.skip();
        }
        const script = join(__dirname, "wayInSilence.ts");
        const { stdout, stderr } = spawnSync("unshare", ["--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", process.execPath, "--require", "tsx/cjs", script], { encoding: "utf8", timeout: 50_000 });
        assert.equal(stdout.trim(), "heard heard, silent heard, silent silent, heard heard", stderr);
    });
});
