// What this can't prove: that a cluster goes on without its API server. What comes of its end is made up here, and it is about how that is judged.
import assert from "node:assert/strict";

import { apiServerLossDrill } from "../../../drill/live/drills/apiServerLoss";
import type { DrillResult } from "../../../drill/result";
import { type Happening, Scene, all, assertBroken, fails, later, promisedOf, ready, zones } from "./drillScene";
import { leaseOf, nodeOf, podOf, whole } from "./drillSceneObjects";

/** How it goes, where that is not well. */
interface Course {
    /** Seconds from its start until all nodes are heard of again; Infinity: one never is. @default 12 */
    readonly heardAfter?: number;
    /** What happens beside, when it ends and when it is started. */
    readonly ends?: Happening;
    readonly starts?: Happening;
}

describe("an API server that is away", () => {
    const lose = async ({ heardAfter = 12, ends, starts }: Course = {}, scene = new Scene()): Promise<readonly DrillResult[]> => {
        const moments: number[] = [];
        scene.cluster.put("Lease", ...zones.map(zone => leaseOf(`${zone}1`, "before")));
        scene.happens = {
            end: program => {
                assert.equal(program, "kube-apiserver");
                moments.push(scene.now());
                ends?.(scene);
            },
            start: program => {
                assert.equal(program, "kube-apiserver");
                moments.push(scene.now());
                scene.after(heardAfter === Infinity ? 5 : heardAfter, ({ cluster }) => { cluster.put("Lease", ...zones.map(zone => leaseOf(`${zone}1`, heardAfter === Infinity && zone === "b" ? "before" : "after"))); });
                starts?.(scene);
            },
        };
        const results = await scene.perform(apiServerLossDrill);
        const [endedAt = 0, startedAt = 0] = moments;
        assert.ok(moments.length === 2 && startedAt - endedAt >= 60 && startedAt - endedAt < 61, `it was away from ${moments.join(" to ")} s`);
        return results;
    };

    it("keeps all promises where it goes well", async () => {
        const [result, ...others] = await lose();
        assertBroken(result, []);
        assert.deepEqual(others, []);
        assert.deepEqual(promisedOf(result), [
            "failed requests by Ingress none",
            "failed requests by Service none",
            "ready replicas never under, before and after 3 of 3",
            "pods that were replaced or restarted none",
            "nodes that were given up none",
            "at rest again within 120 s",
        ]);
    });

    const nodes = (...of: readonly object[]): Happening => ({ cluster }) => { cluster.put("Node", ...of); };
    const restarted: Happening = ({ cluster }) => { cluster.put("Pod", ...cluster.of("Pod").filter(({ metadata: { name } }) => name !== "shop-1"), podOf({ app: "shop", name: "shop-1", namespace: "shop", node: "b1", restarts: 1 })); };
    const healthy = nodes(...zones.map(zone => nodeOf(zone)));
    const rows: readonly (readonly [what: string, course: Course, broken: readonly (string | RegExp)[]])[] = [
        ["a request by the Ingress fails while it is away", { ends: later(30, fails(0.2, "Ingress")) }, ["failed requests by Ingress: 1"]],
        // It is at rest after 12 s, and watched for a minute more.
        ["a request by the Service fails in what follows", { starts: later(60, fails(0.2, "Service")) }, ["failed requests by Service: 1"]],
        ["a replica is not ready for a while", { starts: all(later(3, ready({ a: 1, c: 1 })), later(9, ready({ a: 1, b: 1, c: 1 }))) }, ["ready replicas never under, before and after: 2 of 3"]],
        ["a container was restarted", { starts: restarted }, ["pods that were replaced or restarted: shop-1"]],
        ["a node is called not ready for a while", { starts: all(later(20, nodes(nodeOf("a"), nodeOf("b", false), nodeOf("c"))), later(25, healthy)) }, ["nodes that were given up: b1"]],
        ["a node is called unreachable for a while", { starts: all(later(20, nodes(nodeOf("a", true, [{ key: "node.kubernetes.io/unreachable" }]), nodeOf("b"), nodeOf("c"))), later(25, healthy)) }, ["nodes that were given up: a1"]],
        ["the app does not come to rest", { starts: ({ cluster }) => { cluster.change("Deployment", "shop", { status: { ...whole, readyReplicas: 2 } }); } }, ["at rest again within: shop: 3 new, 2 ready, 3 in all, of 3"]],
        ["nothing is heard of a node, however well it looked when the API server ended", { heardAfter: Infinity }, ["at rest again within: nothing was heard of b1"]],
    ];
    for (const [what, course, broken] of rows) {
        it(`breaks that promise alone where ${what}`, async () => {
            const [result] = await lose(course);
            assertBroken(result, broken);
        });
    }

    it("is judged of each app by itself", async () => {
        const scene = new Scene({}, true);
        const [ours, naive] = await lose({ ends: () => scene.naive?.fail(0.3, "Ingress"), starts: ({ cluster }) => { cluster.change("Deployment", "beginner", { status: { ...whole, readyReplicas: 2 } }); } }, scene);
        assertBroken(ours, []);
        assertBroken(naive, ["failed requests by Ingress: 2", "at rest again within: beginner: 3 new, 2 ready, 3 in all, of 3"]);
    });
});
