// What this can't prove: that containers go on without their kubelet. What comes of its end is made up here, and it is about how that is judged.
import assert from "node:assert/strict";

import { kubeletRestartDrill } from "../../../drill/live/drills/kubeletRestart";
import type { DrillResult } from "../../../drill/result";
import { type Happening, Scene, all, assertBroken, fails, later, promisedOf, ready, zones } from "./drillScene";
import { leaseOf, podOf } from "./drillSceneObjects";

/** How it goes, where that is not well. */
interface Course {
    /** Seconds from its start until its node is heard of again; Infinity: never. @default 8 */
    readonly heardAfter?: number;
    /** What happens beside, when it ends and when it is started. */
    readonly ends?: Happening;
    readonly starts?: Happening;
}

describe("a kubelet that is restarted", () => {
    const restart = async ({ heardAfter = 8, ends, starts }: Course = {}, scene = new Scene()): Promise<readonly DrillResult[]> => {
        const moments: number[] = [];
        // The node with the most replicas.
        scene.cluster.put("Pod", ...scene.cluster.of("Pod"), podOf({ app: "shop", name: "shop-3", namespace: "shop", node: "b1" }));
        scene.cluster.put("Lease", ...zones.map(zone => leaseOf(`${zone}1`, "before")));
        scene.happens = {
            end: program => {
                assert.equal(program, "kubelet of b1");
                moments.push(scene.now());
                ends?.(scene);
            },
            start: program => {
                assert.equal(program, "kubelet of b1");
                moments.push(scene.now());
                if (heardAfter !== Infinity) {
                    scene.after(heardAfter, ({ cluster }) => { cluster.put("Lease", ...zones.map(zone => leaseOf(`${zone}1`, "after"))); });
                }
                starts?.(scene);
            },
        };
        const results = await scene.perform(kubeletRestartDrill);
        const [endedAt = 0, startedAt = 0] = moments;
        assert.ok(moments.length === 2 && startedAt - endedAt >= 20 && startedAt - endedAt < 21, `it was away from ${moments.join(" to ")} s`);
        return results;
    };

    it("keeps all promises where it goes well", async () => {
        const [result, ...others] = await restart();
        assertBroken(result, []);
        assert.deepEqual(others, []);
        assert.deepEqual(promisedOf(result), ["failed requests by Ingress none", "failed requests by Service none", "ready replicas never under 3 of 3", "pods that were replaced or restarted none", "its node is heard of again within 60 s"]);
        assert.equal(result?.what, "the kubelet of b1 ended, and was started again after 20 s");
    });

    const pods = (change: (pods: readonly object[]) => readonly object[]): Happening => ({ cluster }) => { cluster.put("Pod", ...change(cluster.of("Pod"))); };
    const changed = (rest: object): readonly object[] => [podOf({ app: "shop", name: "shop-3", namespace: "shop", node: "b1", ...rest })];
    const rows: readonly (readonly [what: string, course: Course, broken: readonly string[]])[] = [
        ["a request by the Ingress fails while it is away", { ends: later(10, fails(0.2, "Ingress")) }, ["failed requests by Ingress: 1"]],
        ["a request by the Service fails once it works again", { starts: later(30, fails(0.2, "Service")) }, ["failed requests by Service: 1"]],
        ["a replica is not ready for a while", { starts: all(later(3, ready({ a: 1, c: 1 })), later(9, ready({ a: 1, b: 1, c: 1 }))) }, ["ready replicas never under: 2 of 3"]],
        ["a container is restarted", { starts: pods(were => [...were.slice(0, -1), ...changed({ restarts: 1 })]) }, ["pods that were replaced or restarted: shop-3"]],
        ["a pod is replaced", { starts: pods(were => [...were.slice(0, -1), ...changed({ uid: "another" })]) }, ["pods that were replaced or restarted: shop-3"]],
        ["a pod is gone", { ends: pods(were => were.slice(0, -1)) }, ["pods that were replaced or restarted: shop-3"]],
        ["its node is not heard of again", { heardAfter: Infinity }, ["its node is heard of again within: nothing was heard of it for 60 s"]],
    ];
    for (const [what, course, broken] of rows) {
        it(`breaks that promise alone where ${what}`, async () => {
            const [result] = await restart(course);
            assertBroken(result, broken);
        });
    }

    it("is not heard of again by what was said before it ended", async () => {
        const [result] = await restart({ heardAfter: Infinity, ends: ({ cluster }) => { cluster.put("Lease", leaseOf("a1", "after"), leaseOf("b1", "before"), leaseOf("c1", "after")); } });
        assert.equal(result?.promises.at(-1)?.kept, false);
    });

    it("says how long the app was short of a replica", async () => {
        const [back, never] = await Promise.all([restart({ ends: all(later(5, ready({ a: 1, c: 1 })), later(15, ready({ a: 1, b: 1, c: 1 }))) }), restart({ ends: later(5, ready({ a: 1, c: 1 })) })]);
        assert.deepEqual([back[0]?.fullStrengthSeconds, never[0]?.fullStrengthSeconds], [15, "never"]);
    });

    it("is judged of each app by itself", async () => {
        const scene = new Scene({}, true);
        const [ours, naive] = await restart({ ends: () => scene.naive?.fail(0.3, "Ingress"), starts: pods(were => were.filter(pod => (pod as { metadata: { name: string } }).metadata.name !== "beginner-1")) }, scene);
        assertBroken(ours, []);
        assertBroken(naive, ["failed requests by Ingress: 2", "pods that were replaced or restarted: beginner-1"]);
    });
});
