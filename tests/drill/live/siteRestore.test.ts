// What this can't prove: that Kubernetes does what is asked of it. It is about what is asked, in which order, and what is waited for.
import assert from "node:assert/strict";

import { restoreSite, spreadSite } from "../../../drill/live/site";
import { steady } from "../../../drill/standIns/loads";
import { Scene, zones } from "./drillScene";
import { nodeOf, podOf, scaling, whole } from "./drillSceneObjects";

const opened = zones.map(zone => `patch Node ${zone}1 {"spec":{"unschedulable":null}}`);

describe("a site that is restored", () => {
    it("has its programs and its nodes back, and every node open", async () => {
        const scene = new Scene({}, true);
        await restoreSite(scene.site);
        assert.deepEqual(scene.cluster.done, ["revive", ...opened]);
    });

    it("is waited for until its nodes are ready and take pods again", async () => {
        for (const unwell of [nodeOf("b", false), nodeOf("b", true, [{ key: "node.kubernetes.io/unreachable", effect: "NoExecute" }])]) {
            const scene = new Scene();
            scene.cluster.put("Node", nodeOf("a"), unwell, nodeOf("c"));
            scene.after(30, ({ cluster }) => { cluster.put("Node", ...zones.map(zone => nodeOf(zone))); });
            await restoreSite(scene.site);
            assert.ok(scene.now() >= 30 && scene.now() < 31, `restored after ${scene.now()} s`);
        }
    });

    it("is not restored where a node does not come back", async () => {
        const scene = new Scene();
        scene.cluster.put("Node", nodeOf("a"), nodeOf("b", false), nodeOf("c"));
        await assert.rejects(restoreSite(scene.site), /^Error: east: nodes: b1 not ready$/);
    });

    it("is waited for until every app on it is at rest, the naive one too", async () => {
        for (const name of ["shop", "beginner"]) {
            const scene = new Scene({}, true);
            scene.cluster.change("Deployment", name, { status: { ...whole, readyReplicas: 2 } });
            scene.after(40, ({ cluster }) => { cluster.change("Deployment", name, { status: whole }); });
            await restoreSite(scene.site);
            assert.ok(scene.now() >= 40 && scene.now() < 42, `restored after ${scene.now()} s`);
        }
    });

    it("is not restored where an app does not come to rest", async () => {
        const scene = new Scene();
        scene.cluster.change("Deployment", "shop", { status: { ...whole, readyReplicas: 2 } });
        await assert.rejects(restoreSite(scene.site), /^Error: east: the app at rest again: shop: 3 new, 2 ready, 3 in all, of 3$/);
    });

    it("has no pod left that ends: nobody waits for that between two drills", async () => {
        const scene = new Scene();
        const ending = podOf({ app: "shop", name: "old", namespace: "shop", node: "a1" }) as { metadata: object };
        scene.cluster.put("Pod", ...scene.cluster.of("Pod"), { ...ending, metadata: { ...ending.metadata, deletionTimestamp: "2026-03-02T09:00:00Z" } });
        await restoreSite(scene.site);
        assert.deepEqual(scene.cluster.done.slice(-1), ["delete Pod old within 0 s"]);
    });

    it("has the load that it has at rest, which an autoscaler that no drill has disturbed need not forget", async () => {
        const scene = new Scene({ scales: true });
        await restoreSite(scene.site);
        assert.deepEqual(scene.cluster.done, ["revive", ...opened]);
    });

    it("has the replicas that it has at rest, with an autoscaler that knows of no other load", async () => {
        const scene = new Scene({ scales: true });
        const { load } = scene.ours.tenant;
        const rest = load.now();
        load.set(steady(9));
        let printed = "";
        let looks = 0;
        const now = Date.now();
        scene.happens = {
            delete: (kind, name) => {
                assert.equal(load.now(), rest, "the load is at rest before the autoscaler forgets");
                scene.after(15, () => { printed = `"Horizontal Pod Autoscaler has been deleted" HPA="shop/${name}" ${kind}`; });
            },
            printed: () => printed,
            // What was measured under that load is told for a while.
            metrics: () => ({ items: [{ timestamp: new Date(now + (looks++ < 3 ? 5_000 : 60_000)).toISOString(), window: "10s" }] }),
            apply: ({ kind, metadata: { name } }) => { scene.after(20, ({ cluster }) => { cluster.change(kind, name, { status: scaling }); }); },
        };
        await restoreSite(scene.site);
        assert.deepEqual(scene.cluster.done, ["revive", ...opened, "delete HorizontalPodAutoscaler shop", 'patch Deployment shop {"spec":{"replicas":3}}', "apply HorizontalPodAutoscaler shop"]);
        assert.deepEqual([looks, load.now(), load.disturbed], [4, rest, false]);
        assert.ok(scene.now() >= 15 + 20, `restored after ${scene.now()} s`);
    });

    it("has its replicas back where they are fixed, too", async () => {
        const scene = new Scene();
        scene.ours.tenant.load.set(steady(9));
        scene.happens = { metrics: () => ({ items: [] }) };
        await restoreSite(scene.site);
        assert.deepEqual(scene.cluster.done, ["revive", ...opened, 'patch Deployment shop {"spec":{"replicas":3}}']);
    });
});

describe("a site that is spread", () => {
    /** Pods of an app on some nodes. */
    const on = (app: string, ...nodes: readonly string[]): readonly object[] => nodes.map((node, n) => podOf({ app, name: `${app}-${n}`, namespace: app, node }));

    it("is left alone where no zone has two replicas more than another", async () => {
        for (const nodes of [["a1", "b1", "c1"], ["a1", "a1", "b1", "c1"]]) {
            const scene = new Scene();
            scene.cluster.put("Pod", ...on("shop", ...nodes));
            await spreadSite(scene.site);
            assert.deepEqual(scene.cluster.done, []);
        }
    });

    it("has all replicas of an app placed anew that are not even, and waits for them", async () => {
        const scene = new Scene({}, true);
        scene.cluster.put("Pod", ...on("shop", "a1", "a1", "b1"), ...on("beginner", "a1", "b1", "c1"));
        scene.happens = {
            delete: (_, name) => {
                scene.cluster.change("Deployment", "shop", { status: { ...whole, readyReplicas: 0 } });
                if (name === "shop-2") {
                    scene.after(25, ({ cluster }) => { cluster.change("Deployment", "shop", { status: whole }); });
                }
            },
        };
        await spreadSite(scene.site);
        assert.deepEqual(scene.cluster.done, [0, 1, 2].map(n => `delete Pod shop-${n} within 0 s`));
        assert.ok(scene.now() >= 25 && scene.now() < 27, `spread after ${scene.now()} s`);
    });

    it("is so with a zone that has none, and leaves what keeps data where its volumes are", async () => {
        const scene = new Scene({ storePort: 1 });
        const store = scene.cluster.of("Pod", { labels: "app=shop-store" });
        scene.cluster.put("Pod", ...store, ...on("shop", "a1", "a1", "b1", "b1"));
        await spreadSite(scene.site);
        assert.deepEqual(scene.cluster.done, [0, 1, 2, 3].map(n => `delete Pod shop-${n} within 0 s`));
    });

    it("is no good where the replicas do not come back", async () => {
        const scene = new Scene();
        scene.cluster.put("Pod", ...on("shop", "a1", "a1", "b1"));
        scene.cluster.change("Deployment", "shop", { status: { ...whole, availableReplicas: 2 } });
        await assert.rejects(spreadSite(scene.site), /^Error: east: the app at rest: shop: /);
    });
});
