// What this can't prove: that curl gets to a page, and that disks keep what was written. The drills with real containers are for that.
import assert from "node:assert/strict";

import type { LiveOptions } from "../../../drill/live/drills";
import { endDrill } from "../../../drill/live/drills/end";
import type { LiveSite } from "../../../drill/live/site";
import type { DrillResult } from "../../../drill/result";
import type { Outcome } from "../../../tools/execute";
import { Opened } from "./clientsServers";
import { Scene, assertBroken, promisedOf } from "./drillScene";

type Ledger = ReturnType<LiveOptions["ledgers"]>[number];

/** What somebody was told is safe, each write by some replicas. */
function ledger(written: Readonly<Record<string, string>>, ...by: readonly string[]): Ledger {
    return { acknowledged: Object.keys(written), valueOf: id => written[id], acknowledgedBy: () => new Set(by) };
}

const well: Outcome = { code: 0, stdout: "Hello, World!\n", stderr: "" };

describe("at the end", () => {
    const opened = new Opened();
    const kept = new Map<string, string>();
    let storePort: number;
    let asked: readonly string[] = [];
    before(async () => {
        storePort = await opened.http((request, response) => {
            const value = kept.get(request.url?.replace("/writes/", "") ?? "");
            response.statusCode = value === undefined ? 404 : 200;
            response.end(value);
        });
    });
    beforeEach(() => {
        kept.clear();
    });
    after(() => opened.close());

    const end = async (said: Outcome, ledgers: readonly Ledger[] = [], { scene = new Scene({ storePort }), domain }: { readonly scene?: Scene; readonly domain?: string } = {}): Promise<DrillResult> => {
        const curl = (args: readonly string[]): Promise<Outcome> => {
            asked = args;
            return Promise.resolve(said);
        };
        const [result, ...others] = await endDrill.run([scene.site], { names: { domain }, curl, ledgers: () => ledgers } as unknown as LiveOptions);
        assert.ok(result !== undefined && others.length === 0);
        assert.deepEqual([result.drill, result.subject, result.cluster], ["at the end", "stack", "all"]);
        return result;
    };

    it("asks for the page of the app's name, or for that of the first cluster's load balancer where it has none", async () => {
        assertBroken(await end(well, [], { domain: "www.example.com" }), []);
        assert.deepEqual(asked, ["--silent", "--show-error", "--max-time", "10", "https://www.example.com/"]);
        assert.deepEqual(promisedOf(await end(well)), ["curl https://shop.example.com/ Hello, World!"]);
        assert.equal(asked.at(-1), "https://shop.example.com/");
    });

    const rows: readonly (readonly [what: string, said: Outcome, measured: string])[] = [
        ["another page", { ...well, stdout: "Hello!" }, "Hello!"],
        ["nothing", { ...well, stdout: "" }, ""],
        ["an error", { code: 28, stdout: "", stderr: "curl: (28) Connection timed out\n" }, "curl ended with 28: curl: (28) Connection timed out"],
        ["an error after the page", { code: 18, stdout: "Hello, World!", stderr: "" }, "curl ended with 18: Hello, World!"],
        ["no end", { code: null, stdout: "", stderr: "" }, "curl ended with a signal: "],
    ];
    for (const [what, said, measured] of rows) {
        it(`breaks its promise where curl has ${what}`, async () => {
            assertBroken(await end(said), [`curl https://shop.example.com/: ${measured}`]);
        });
    }

    it("promises that no write of the whole run is lost, whichever drill wrote it", async () => {
        const ledgers = [ledger({ "w-1": "one", "w-2": "two" }, "shop-store-0", "shop-store-1"), ledger({ "v-1": "three" }, "shop-store-2")];
        kept.set("w-1", "one").set("w-2", "two").set("v-1", "three");
        const result = await end(well, ledgers);
        assert.deepEqual(result.promises.slice(1), [{ name: "east: writes of the whole run lost", promised: "none", measured: "none of 3", kept: true }]);
        kept.delete("v-1");
        assertBroken(await end(well, ledgers), ["east: writes of the whole run lost: 1 of 3"]);
        kept.set("w-2", "torn");
        assertBroken(await end(well, ledgers), ["east: writes of the whole run lost: 2 of 3"]);
    });

    it("does not take it for kept where a replica can't be asked, or nothing was ever safe", async () => {
        const scene = new Scene({ storePort });
        scene.cluster.put("Pod", ...scene.cluster.of("Pod").filter(({ metadata: { name } }) => name !== "shop-store-2"));
        kept.set("w-1", "one");
        const ledgers = [ledger({ "w-1": "one" }, "shop-store-0", "shop-store-2"), ledger({ "w-1": "one" }, "shop-store-2")];
        // Both ledgers know of it; it is one replica.
        assertBroken(await end(well, ledgers, { scene }), ["replicas that can't be read: shop-store-2: it has no address"]);
        assertBroken(await end(well, [ledger({})]), ["east: writes of the whole run lost: none was acknowledged"]);
    });

    it("promises nothing of writes where no drill wrote, or the app keeps nothing", async () => {
        assert.equal((await end(well, [])).promises.length, 1);
        assert.equal((await end(well, [ledger({ "w-1": "one" }, "shop-store-0")], { scene: new Scene() })).promises.length, 1);
    });

    it("must have a load balancer to ask", async () => {
        await assert.rejects(endDrill.run([{ ours: { doors: [] } } as unknown as LiveSite], { names: {} } as unknown as LiveOptions), /^Error: no cluster has a load balancer$/);
    });
});
