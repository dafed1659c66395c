// What this can't prove: that a rollout goes so. What becomes of a release is made up here, and it is about how that is judged.
import assert from "node:assert/strict";

import type { KubeObject } from "../../../drill/api";
import { slowStartDrill } from "../../../drill/live/drills/slowStart";
import type { DrillResult } from "../../../drill/result";
import { type Happening, Scene, all, assertBroken, ending, fails, later, promisedOf, ready } from "./drillScene";
import { podOf } from "./drillSceneObjects";

const strong = ready({ a: 1, b: 1, c: 1 });

/** How it goes, where that is not well. */
interface Course {
    /** Seconds until the slow release is out, and until the one before is out again; Infinity: never. @default 100 and 30 */
    readonly out?: readonly [slow: number, back: number];
    /** What happens beside, when one or the other is applied. */
    readonly slow?: Happening;
    readonly back?: Happening;
}

function imageOf({ spec }: KubeObject): string | undefined {
    return (spec as { template: { spec: { containers: readonly { image: string }[] } } }).template.spec.containers[0]?.image;
}

describe("a release that is slow to start", () => {
    const release = async ({ out = [100, 30], slow, back }: Course = {}, scene = new Scene()): Promise<DrillResult | undefined> => {
        const images: (string | undefined)[] = [];
        scene.happens = {
            apply: object => {
                images.push(imageOf(object));
                const outAfter = out[images.length - 1] ?? 0;
                scene.ours.out(false);
                if (outAfter !== Infinity) {
                    scene.after(outAfter, ({ ours }) => { ours.out(true); });
                }
                (images.length === 1 ? slow : back)?.(scene);
            },
        };
        const [result] = await scene.perform(slowStartDrill);
        assert.deepEqual(images, ["shop:1-slow", "shop:1"]);
        return result;
    };

    it("keeps all promises where it goes well", async () => {
        const result = await release();
        assertBroken(result, []);
        assert.deepEqual(promisedOf(result), [
            "failed requests by Ingress none",
            "failed requests by Service none",
            "ready replicas never under 3 of 3",
            "slow containers that were restarted none",
            "the slow release rolled out within 120 s",
            "taken back within 120 s",
        ]);
        // Each by itself.
        assert.deepEqual(result?.promises.slice(-2).map(({ measured }) => Math.round(Number.parseFloat(measured))), [100, 30]);
        assert.deepEqual([result.notes, result.fullStrengthSeconds], [[], 0]);
    });

    /** Pods of a release, of which one was restarted. */
    const restarted = (image: string): Happening => ({ cluster }) => { cluster.put("Pod", ...[0, 1, 2].map(n => podOf({ app: "shop", name: `shop-${n}`, namespace: "shop", node: "a1", image, restarts: n === 1 ? 1 : 0 }))); };

    const rows: readonly (readonly [what: string, course: Course, broken: readonly string[]])[] = [
        ["a request by the Ingress fails on the way there", { slow: later(50, fails(0.2, "Ingress")) }, ["failed requests by Ingress: 1"]],
        ["a request by the Service fails on the way back", { back: later(10, fails(0.2, "Service")) }, ["failed requests by Service: 1"]],
        ["a request fails while the last slow replica ends", { back: all(ending(60), later(50, fails(0.2, "Ingress"))) }, ["failed requests by Ingress: 1"]],
        ["a replica is missing on the way there", { slow: all(later(50, ready({ b: 1, c: 1 })), later(55, strong)) }, ["ready replicas never under: 2 of 3"]],
        ["a replica is missing on the way back", { back: all(later(10, ready({ b: 1, c: 1 })), later(15, strong)) }, ["ready replicas never under: 2 of 3"]],
        ["a probe kills a program that starts", { slow: restarted("shop:1-slow") }, ["slow containers that were restarted: shop-1"]],
        ["the slow release does not get out", { out: [Infinity, 30] }, ["the slow release rolled out within: not rolled out"]],
    ];
    for (const [what, course, broken] of rows) {
        it(`breaks that promise alone where ${what}`, async () => {
            assertBroken(await release(course), broken);
        });
    }

    it("breaks its promise where it is not taken back in time, and notes what is missing", async () => {
        const result = await release({ out: [100, Infinity] });
        assertBroken(result, ["taken back within: not taken back"]);
        assert.match(result?.notes.join() ?? "", /^not at rest after 120 s: shop: 1 new, 3 ready/);
    });

    it("does not count what is restarted of another release, nor what was missing before or is when all is over", async () => {
        const scene = new Scene();
        scene.ours.ready({ a: 1 });
        scene.after(1, strong);
        assertBroken(await release({ slow: restarted("shop:1"), back: all(ending(60), later(40, ready({ a: 1 })), later(45, strong)) }, scene), []);
    });
});
