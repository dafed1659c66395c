// What this can't prove: that a write is on a disk once it is acknowledged. The stores here keep theirs in memory; the stand-in's own
// tests are about its file.
import assert from "node:assert/strict";

import { readBack } from "../../../drill/live/clients/readBack";
import { type Replica, majorityOf } from "../../../drill/live/clients/replicas";
import { type Writes, type WritesOptions, startWrites } from "../../../drill/live/clients/writes";
import { Opened, loopback, now, soon } from "./clientsServers";

/** A replica whose behaviour a test sets. */
class Store {
    readonly kept = new Map<string, string>();
    /** Of a write that came. */
    does: "keeps" | "forgets" | "fails" | "hangs" = "keeps";
    readonly held: (() => void)[] = [];

    constructor(readonly replica: Replica) {}
}

const openStore = async (opened: Opened, name: string): Promise<Store> => {
    const port = await opened.http((request, response) => {
        const id = request.url?.split("/").at(-1) ?? "";
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => {
            if (request.method === "GET") {
                response.statusCode = store.kept.has(id) ? 200 : 404;
                response.end(store.kept.get(id));
                return;
            }
            const acknowledge = (): void => {
                if (store.does !== "forgets") {
                    store.kept.set(id, Buffer.concat(chunks).toString());
                }
                response.statusCode = store.does === "fails" ? 500 : 201;
                response.end();
            };
            if (store.does === "hangs") {
                store.held.push(acknowledge);
            } else {
                acknowledge();
            }
        });
    });
    const store = new Store({ name, address: loopback, port });
    return store;
};

describe("writes to a replicated store", () => {
    const opened = new Opened();
    let stores: readonly [Store, Store, Store];
    let ending = new AbortController();
    beforeEach(async () => {
        ending = new AbortController();
        stores = [await openStore(opened, "store-0"), await openStore(opened, "store-1"), await openStore(opened, "store-2")];
    });
    afterEach(async () => {
        ending.abort(new Error("the test is over"));
        await opened.close();
    });

    const replicas = (): readonly Replica[] => stores.map(({ replica }) => replica);
    const start = (rest: Partial<WritesOptions> = {}): Writes => startWrites({ replicas, of: 3, perSecond: 50, timeoutSeconds: 20, signal: ending.signal, now, ...rest });
    const some = async (writes: Writes, count = 5): Promise<void> => {
        await soon("writes", () => writes.outcomes.length >= count);
        await writes.stop();
    };
    /** One that nobody listens on. */
    const down = ({ replica }: Store): Replica => ({ ...replica, port: 1 });

    it("need more than half", () => {
        assert.deepEqual([1, 2, 3, 4, 5].map(majorityOf), [1, 2, 2, 3, 3]);
    });

    it("are acknowledged, and read back from each replica that said it keeps them", async () => {
        const writes = start();
        await some(writes);
        const { length } = writes.acknowledged;
        assert.ok(length >= 5 && writes.outcomes.every(({ ok }) => ok));
        assert.deepEqual(new Set(writes.acknowledged).size, length);
        assert.deepEqual(await readBack(writes, replicas()), { acknowledged: length, readBack: length, lost: [], silent: [], copies: 3 * length });
        assert.deepEqual([...writes.acknowledgedBy(writes.acknowledged[0] ?? "")].sort(), ["store-0", "store-1", "store-2"]);
        assert.equal(writes.acknowledgedBy("never written").size, 0);
    });

    it("go on without one of three", async () => {
        const left = (): readonly Replica[] => [stores[0].replica, down(stores[1]), stores[2].replica];
        const writes = start({ replicas: left });
        await some(writes);
        const { length } = writes.acknowledged;
        assert.ok(length >= 5 && writes.outcomes.every(({ ok }) => ok));
        // The third gave no word, so nobody asks it: neither now that it is down, nor later.
        for (const asked of [left(), replicas()]) {
            assert.deepEqual(await readBack(writes, asked), { acknowledged: length, readBack: length, lost: [], silent: [], copies: 2 * length });
        }
    });

    it("fail without two, whether they refuse, say no, are silent or have no address", async () => {
        const errors = async (writes: Writes): Promise<readonly (string | undefined)[]> => {
            await some(writes, 3);
            assert.deepEqual(writes.acknowledged, []);
            return [...new Set(writes.outcomes.map(({ error }) => error))];
        };
        assert.deepEqual(await errors(start({ replicas: () => [stores[0].replica, down(stores[1]), down(stores[2])] })), ["connection refused"]);
        assert.deepEqual(await errors(start({ replicas: () => [stores[0].replica] })), ["only 1 of 3 replicas have an address"]);
        // The same replica twice is one.
        assert.deepEqual(await errors(start({ replicas: () => [stores[0].replica, stores[0].replica] })), ["only 1 of 3 replicas have an address"]);
        stores[1].does = "fails";
        stores[2].does = "fails";
        assert.deepEqual(await errors(start()), ["status 500"]);
        stores[1].does = "hangs";
        stores[2].does = "hangs";
        assert.deepEqual(await errors(start({ timeoutSeconds: 0.2 })), ["not acknowledged within 0.2 s"]);
    });

    it("are acknowledged when the majority is there and not before, nor when the last one is", async () => {
        for (const store of stores) {
            store.does = "hangs";
        }
        const writes = start({ perSecond: 0.01 });
        await soon("the first write", () => stores.every(({ held }) => held.length === 1));
        const answer = (store: Store): void => {
            store.held[0]?.();
        };
        answer(stores[0]);
        await soon("the first replica", () => stores[0].kept.size === 1);
        assert.deepEqual([writes.acknowledged, writes.outcomes], [[], []]);
        answer(stores[2]);
        await soon("the acknowledgement", () => writes.acknowledged.length === 1);
        assert.deepEqual([stores[1].kept.size, writes.outcomes.map(({ ok }) => ok)], [0, [true]]);
        let stopped = false;
        const stop = writes.stop().then(() => (stopped = true));
        await new Promise(resolve => setImmediate(resolve));
        assert.equal(stopped, false);
        answer(stores[1]);
        await stop;
        assert.equal(writes.outcomes.length, 1);
    });

    it("are found lost where replicas acknowledged and forgot", async () => {
        stores[0].does = "forgets";
        stores[1].does = "forgets";
        const writes = start({ replicas: () => [stores[0].replica, stores[1].replica, down(stores[2])] });
        await some(writes);
        const { acknowledged, readBack: back, lost } = await readBack(writes, replicas());
        assert.ok(acknowledged >= 5);
        assert.deepEqual([back, lost], [0, [...writes.acknowledged]]);
    });

    it("are lost where one replica broke its word, though the others have them: it is gone, or has another value", async () => {
        const writes = start();
        await some(writes);
        const [first = "", second = "", third = ""] = writes.acknowledged;
        stores[0].kept.delete(first);
        stores[2].kept.set(second, "torn");
        for (const store of stores) {
            store.kept.set(third, "torn");
        }
        const { length } = writes.acknowledged;
        assert.deepEqual(await readBack(writes, replicas()), { acknowledged: length, readBack: length - 3, lost: [first, second, third], silent: [], copies: 3 * length });
    });

    it("are held against a replica that answered after the majority, not against one that never said so", async () => {
        for (const store of stores) {
            store.does = "hangs";
        }
        const writes = start({ perSecond: 0.01 });
        await soon("the first write", () => stores.every(({ held }) => held.length === 1));
        stores[0].held[0]?.();
        stores[1].held[0]?.();
        await soon("the acknowledgement", () => writes.acknowledged.length === 1);
        const [id = ""] = writes.acknowledged;
        assert.equal((await readBack(writes, replicas())).lost.length, 0);
        stores[2].held[0]?.();
        await writes.stop();
        assert.equal(writes.acknowledgedBy(id).size, 3);
        assert.equal((await readBack(writes, replicas())).readBack, 1);
        stores[2].kept.delete(id);
        assert.deepEqual((await readBack(writes, replicas())).lost, [id]);
    });

    it("are neither read back nor lost where a replica that has given its word can't be asked", async () => {
        const writes = start();
        await some(writes);
        const { length } = writes.acknowledged;
        const [first = ""] = writes.acknowledged;
        stores[0].kept.delete(first);
        const refused = await readBack(writes, [stores[0].replica, stores[1].replica, down(stores[2])]);
        assert.deepEqual([refused.readBack, refused.lost], [0, [first]]);
        assert.match(refused.silent.join(), /^store-2: .*ECONNREFUSED/);
        const gone = await readBack(writes, [stores[0].replica, stores[1].replica]);
        assert.deepEqual(gone, { acknowledged: length, readBack: 0, lost: [first], silent: ["store-2: it has no address"], copies: 3 * length });
    });

    it("can be read back again later, each client's by themselves", async () => {
        const [one, other] = [start(), start()];
        await Promise.all([some(one), some(other)]);
        for (const writes of [one, other]) {
            const { length } = writes.acknowledged;
            assert.deepEqual(await readBack(writes, replicas()), { acknowledged: length, readBack: length, lost: [], silent: [], copies: 3 * length });
        }
        const [early = ""] = one.acknowledged;
        stores[1].kept.delete(early);
        assert.deepEqual([(await readBack(other, replicas())).lost, (await readBack(one, replicas())).lost], [[], [early]]);
    });

    it("need the only replica where there is one", async () => {
        const writes = start({ replicas: () => [stores[0].replica], of: 1 });
        await some(writes);
        assert.ok(writes.acknowledged.length >= 5);
        stores[0].does = "fails";
        const failing = start({ replicas: () => [stores[0].replica], of: 1 });
        await some(failing);
        assert.deepEqual(failing.acknowledged, []);
    });

    it("of two clients have different ids", async () => {
        const [one, other] = [start(), start()];
        await Promise.all([some(one), some(other)]);
        assert.equal(new Set([...one.acknowledged, ...other.acknowledged]).size, one.acknowledged.length + other.acknowledged.length);
    });
});
