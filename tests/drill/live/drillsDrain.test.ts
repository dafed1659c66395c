// What this can't prove: that a drain goes so. What evictions come to is made up here, and it is about how that is judged.
import assert from "node:assert/strict";

import type { LiveOptions } from "../../../drill/live/drills";
import { drainDrill } from "../../../drill/live/drills/drain";
import type { LiveSite } from "../../../drill/live/site";
import type { DrillResult } from "../../../drill/result";
import { Opened } from "./clientsServers";
import { type Happening, Scene, all, assertBroken, fails, keeping, later, openStore, promisedOf, ready, zones } from "./drillScene";
import { whole } from "./drillSceneObjects";

describe("the drain of all nodes", () => {
    const opened = new Opened();
    let storePort: number;
    before(async () => {
        storePort = await openStore(opened);
    });
    after(() => opened.close());

    /** Pods that are evicted are on the next node at once. */
    const drain = (happens: Happening = () => undefined, scene = new Scene({ storePort }), mayGo: (pod: string) => boolean = () => true): Promise<readonly DrillResult[]> => {
        scene.happens = {
            evict: pod => {
                if (!mayGo(pod)) {
                    return false;
                }
                const [{ spec } = { spec: {} }] = scene.cluster.of("Pod", { fields: `metadata.name=${pod}` });
                const { nodeName } = spec as { nodeName: string };
                scene.cluster.change("Pod", pod, { spec: { ...(spec as object), nodeName: `${zones[zones.findIndex(zone => nodeName.startsWith(zone)) + 1] ?? "c"}9` } });
                if (pod === "shop-0") {
                    happens(scene);
                }
                return true;
            },
        };
        return scene.perform(drainDrill);
    };

    /** One replica is away for a while, as the budget allows. */
    const oneAway = all(ready({ b: 1, c: 1 }), keeping({ b: 1, c: 1 }), later(5, all(ready({ a: 1, b: 1, c: 1 }), keeping({ a: 1, b: 1, c: 1 }))));

    /** The Deployment is not whole for so many seconds. */
    const unrest = (seconds: number): Happening => all(
        ({ cluster }) => { cluster.change("Deployment", "shop", { status: { ...whole, availableReplicas: 2 } }); },
        later(seconds, ({ cluster }) => { cluster.change("Deployment", "shop", { status: whole }); }),
    );

    it("keeps all promises where it goes well", async () => {
        const [result, ...others] = await drain(oneAway);
        assertBroken(result, []);
        assert.deepEqual(others, []);
        assert.deepEqual(promisedOf(result), [
            "failed requests by Ingress none",
            "failed requests by Service none",
            "failed writes none",
            // As many as the budget leaves.
            "ready replicas never under 2 of 3",
            "ready replicas that keep data never under 2 of 3",
            "nodes whose drain ends 3 of 3",
            "acknowledged writes lost none",
        ]);
        assert.match(result?.what ?? "", /^3 nodes were drained one after another/);
    });

    const rows: readonly (readonly [what: string, happens: Happening, broken: readonly string[]])[] = [
        ["a request by the Ingress fails", fails(0.2, "Ingress"), ["failed requests by Ingress: 1"]],
        ["a request by the Service fails", fails(0.2, "Service"), ["failed requests by Service: 1"]],
        ["a write fails", fails(0.2, "writes"), ["failed writes: 1"]],
        ["two replicas are away at once", all(ready({ c: 1 }), later(5, ready({ a: 1, b: 1, c: 1 }))), ["ready replicas never under: 1 of 3"]],
        ["two that keep data are away at once", all(keeping({ c: 1 }), later(5, keeping({ a: 1, b: 1, c: 1 }))), ["ready replicas that keep data never under: 1 of 3"]],
    ];
    for (const [what, happens, broken] of rows) {
        it(`breaks that promise alone where ${what}`, async () => {
            // The app is not at rest before that is over.
            const [result] = await drain(all(happens, unrest(10)));
            assertBroken(result, broken);
        });
    }

    it("breaks its promise where a budget lets a pod never go, and goes on with the other nodes", async () => {
        const scene = new Scene({ storePort });
        const [result] = await drain(undefined, scene, pod => pod !== "shop-1");
        assertBroken(result, ["nodes whose drain ends: 2 of 3"]);
        assert.ok(scene.cluster.done.includes("evict shop-store-2"));
    });

    it("drains one node after another: each is open again, and the app at rest, before the next one is closed", async () => {
        const scene = new Scene({ storePort });
        let at = 0;
        await drain(all(unrest(30), () => { at = scene.now() + 30; }), scene, pod => {
            assert.ok(pod.endsWith("-0") || scene.now() >= at, `${pod} is evicted at ${scene.now()} s`);
            return true;
        });
        const closed = (zone: string): string => `patch Node ${zone}1 {"spec":{"unschedulable":true}}`;
        const open = (zone: string): string => `patch Node ${zone}1 {"spec":{"unschedulable":null}}`;
        const evicted = (n: number): readonly string[] => [`evict shop-${n}`, `evict shop-store-${n}`];
        assert.deepEqual(scene.cluster.done, zones.flatMap((zone, n) => [closed(zone), ...evicted(n), open(zone)]));
    });

    it("waits no longer for the app's rest than its rollout may take", async () => {
        const scene = new Scene();
        const [result] = await drain(unrest(1000), scene);
        assertBroken(result, []);
        assert.ok(scene.now() > 3 * 120 && scene.now() < 3 * 125, `${scene.now()} s`);
    });

    it("promises nothing of data where an app keeps none, and holds the naive stack against the same", async () => {
        const scene = new Scene({}, true);
        const [ours, naive] = await drain(() => { scene.naive?.fail(0.3, "Ingress"); }, scene);
        const same = ["failed requests by Ingress none", "failed requests by Service none", "ready replicas never under 2 of 3", "nodes whose drain ends 3 of 3"];
        assert.deepEqual([promisedOf(ours), promisedOf(naive)], [same, same]);
        assertBroken(ours, []);
        assertBroken(naive, ["failed requests by Ingress: 2"]);
    });

    it("is left out on one node", () => {
        const obstacle = (...nodes: readonly object[]) => drainDrill.obstacle({ cluster: { nodes } } as unknown as LiveSite, {} as unknown as LiveOptions);
        assert.deepEqual([obstacle({}), obstacle({}, {})], ["the cluster has one node", undefined]);
    });
});
