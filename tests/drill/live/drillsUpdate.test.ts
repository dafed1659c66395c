// What this can't prove: that a rollout goes so. What becomes of a release is made up here, and it is about how that is judged.
import assert from "node:assert/strict";

import { updateDrill } from "../../../drill/live/drills/update";
import type { DrillResult } from "../../../drill/result";
import { type Happening, Scene, all, assertBroken, ending, fails, later, promisedOf, ready } from "./drillScene";

const strong = ready({ a: 1, b: 1, c: 1 });

describe("a rolling update", () => {
    /** An app's replicas are others from now on. */
    const replace = (scene: Scene, name: string): void => {
        scene.cluster.put("Pod", ...scene.cluster.of("Pod").map(pod => (pod.metadata.namespace === name ? { ...pod, metadata: { ...pod.metadata, uid: `${name} at ${scene.now()}` } } : pod)));
    };
    /** Image of the app by its Deployment. */
    const image = (scene: Scene): unknown => scene.cluster.of("Deployment", { fields: "metadata.name=shop" }).map(({ spec }) => (spec as { template: { spec: { containers: readonly { image: string }[] } } }).template.spec.containers[0]?.image)[0];
    /** A release that is out after a while, in seconds; Infinity: never. */
    const update = (happens: Happening = () => undefined, outAfter = 20, scene = new Scene()): Promise<readonly DrillResult[]> => {
        scene.happens = {
            apply: ({ metadata: { name } }) => {
                const app = scene.apps.find(candidate => candidate.name === name);
                app?.out(false);
                if (outAfter !== Infinity) {
                    scene.after(outAfter, () => {
                        app?.out(true);
                        replace(scene, name);
                    });
                }
                if (app === scene.ours) {
                    happens(scene);
                }
            },
        };
        return scene.perform(updateDrill);
    };

    it("keeps all promises where it goes well", async () => {
        const scene = new Scene();
        const [result, ...others] = await update(undefined, 20, scene);
        assertBroken(result, []);
        assert.deepEqual(others, []);
        assert.deepEqual(promisedOf(result), ["failed requests by Ingress none", "failed requests by Service none", "old replicas that are left none", "ready replicas never under 3 of 3", "rolled out within 120 s"]);
        assert.match(result?.promises.at(-1)?.measured ?? "", /^20(\.\d)? s$/);
        assert.deepEqual([result?.what, result?.notes, result?.fullStrengthSeconds], ["3 replicas got a new release", [], 0]);
        assert.equal(image(scene), "shop:1-next");
    });

    it("is to the first release again where the next one runs, so that all replicas are replaced each time", async () => {
        const scene = new Scene();
        const images: unknown[] = [];
        for (const time of ["first", "second", "third"]) {
            const [result] = await update(undefined, 20, scene);
            assertBroken(result, []);
            images.push(`${time}: ${String(image(scene))}`);
        }
        assert.deepEqual(images, ["first: shop:1-next", "second: shop:1", "third: shop:1-next"]);
    });

    it("breaks its promise where a replica is what it was", async () => {
        const scene = new Scene();
        const stays = later(21, ({ cluster }) => { cluster.put("Pod", ...cluster.of("Pod").map(pod => (pod.metadata.name === "shop-1" ? { ...pod, metadata: { ...pod.metadata, uid: "shop-1" } } : pod))); });
        const [result] = await update(all(ending(60), stays), 20, scene);
        assertBroken(result, ["old replicas that are left: shop-1"]);
    });

    const rows: readonly (readonly [what: string, happens: Happening, broken: readonly string[]])[] = [
        ["a request by the Ingress fails", fails(0.2, "Ingress"), ["failed requests by Ingress: 1"]],
        ["a request by the Service fails", fails(0.2, "Service"), ["failed requests by Service: 1"]],
        ["a request fails while the last old replica ends", all(ending(60), later(50, fails(0.2, "Ingress"))), ["failed requests by Ingress: 1"]],
        ["a replica is missing for a while", all(later(5, ready({ b: 1, c: 1 })), later(9, strong)), ["ready replicas never under: 2 of 3"]],
    ];
    for (const [what, happens, broken] of rows) {
        it(`breaks that promise alone where ${what}`, async () => {
            const [result] = await update(happens);
            assertBroken(result, broken);
        });
    }

    it("breaks its promise where the release is not out in time, and notes what is missing", async () => {
        const [result] = await update(undefined, Infinity);
        assertBroken(result, ["old replicas that are left: shop-0, shop-1, shop-2", "rolled out within: not rolled out"]);
        assert.match(result?.notes.join() ?? "", /^not at rest after 120 s: shop: 1 new, 3 ready/);
    });

    it("counts replicas from the release until it is out, and not before or after", async () => {
        const scene = new Scene();
        scene.ours.ready({ a: 1 });
        scene.after(1, strong);
        const [result] = await update(all(ending(60), later(40, ready({ a: 1 })), later(45, strong)), 20, scene);
        assertBroken(result, []);
    });

    it("is judged of each app by itself", async () => {
        const scene = new Scene({}, true);
        const [ours, naive] = await update(() => scene.naive?.fail(0.3, "Service"), 20, scene);
        assertBroken(ours, []);
        assert.deepEqual([naive?.subject, promisedOf(naive)], ["naive", promisedOf(ours)]);
        assert.deepEqual(naive?.promises.map(({ kept }) => kept), [true, false, true, true, true]);
    });
});
