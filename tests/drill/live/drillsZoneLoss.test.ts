// What this can't prove: that a zone is lost so, and what comes of it. Both are made up here, and it is about how they are judged.
import assert from "node:assert/strict";

import { zoneLossDrill } from "../../../drill/live/drills/zoneLoss";
import type { LiveOptions } from "../../../drill/live/drills";
import type { LiveSite } from "../../../drill/live/site";
import type { DrillResult } from "../../../drill/result";
import { Opened } from "./clientsServers";
import { type Happening, Scene, all, assertBroken, fails, keeping, later, openStore, promisedOf, ready, zones } from "./drillScene";

/** How it goes, where that is not well. */
interface Course {
    /** Seconds until requests by the Ingress and by the Service are answered again. @default 9 and 19 */
    readonly fail?: readonly [ingress: number, service: number];
    /** Seconds until the lost replica is made up for; undefined: it never is. @default 70 */
    readonly fullAfter?: number | undefined;
    /** What happens beside: before it all, when the zone is lost, and when it is back. */
    readonly before?: Happening;
    readonly lost?: Happening;
    readonly back?: Happening;
}

describe("the loss of a zone", () => {
    const opened = new Opened();
    let storePort: number;
    before(async () => {
        storePort = await openStore(opened);
    });
    after(() => opened.close());

    /** A zone is lost, after 50 s its replicas are not ready any more, and what keeps data comes back with the zone. */
    const lose = (course: Course = {}, options: Partial<LiveOptions> = {}, scene = new Scene({ storePort })): Promise<readonly DrillResult[]> => {
        const { fail = [9, 19], before: first, lost, back } = course;
        const fullAfter = "fullAfter" in course ? course.fullAfter : 70;
        const { ours } = scene;
        scene.happens = {
            loseZone: zone => {
                const [one = "", other = ""] = zones.filter(each => each !== zone);
                ours.fail(fail[0], "Ingress");
                ours.fail(fail[1], "Service");
                scene.after(50, all(ready({ [one]: 1, [other]: 1 }), keeping({ [one]: 1, [other]: 1 })));
                if (fullAfter !== undefined) {
                    scene.after(fullAfter, ready({ [one]: 2, [other]: 1 }));
                }
                lost?.(scene);
            },
            bringBackZone: () => {
                if (fullAfter === undefined) {
                    ours.ready({ a: 1, b: 1, c: 1 });
                }
                ours.keeping({ a: 1, b: 1, c: 1 });
                back?.(scene);
            },
        };
        first?.(scene);
        return scene.perform(zoneLossDrill, options);
    };

    it("keeps all promises where it goes well", async () => {
        const [result, ...others] = await lose();
        assertBroken(result, []);
        assert.deepEqual(others, []);
        assert.deepEqual(promisedOf(result), [
            "requests by Ingress fail no longer than 10 s",
            "requests by Service fail no longer than 20 s",
            "replicas that answer never under 2 of 3",
            // 50 s until the node is given up, 10 s that pods tolerate, and 15 s until the replacement answers.
            "all replicas answer again within 75 s",
            "replicas that keep data never under their quorum 2 of 3",
            "failed writes none",
            "whole again after the return within 180 s",
            "acknowledged writes lost none",
        ]);
        assert.deepEqual([result?.drill, result?.cluster, result?.fullStrengthSeconds], ["zone loss", "east", 70]);
        assert.match(result?.what ?? "", /^a lost its power with 3 replicas of the app running, and came back after 75(\.\d)? s$/);
    });

    const rows: readonly (readonly [what: string, course: Course, broken: readonly (string | RegExp)[]])[] = [
        ["requests by the Ingress fail for too long", { fail: [11, 19] }, ["requests by Ingress fail no longer than: 10.9 s"]],
        ["requests by the Service fail for too long", { fail: [9, 21] }, ["requests by Service fail no longer than: 20.9 s"]],
        ["a request fails when the zone is back", { back: fails(0.5, "Ingress") }, [/^requests by Ingress fail no longer than: 7[5-9](\.\d)? s$/]],
        ["requests fail to the end", { back: fails(1000, "Service") }, [/^requests by Service fail no longer than: \d\d(\.\d)? s, and to the end$/]],
        ["another replica goes", { lost: later(20, ready({ a: 1, b: 1 })) }, ["replicas that answer never under: 1 of 3"]],
        ["the lost replica is made up for late", { fullAfter: 76 }, ["all replicas answer again within: 76 s"]],
        ["the lost replica is not made up for", { fullAfter: undefined }, [/^all replicas answer again within: 2 of 3 after 95(\.\d)? s$/]],
        ["another that keeps data goes", { lost: later(20, keeping({ a: 1, b: 1 })) }, ["replicas that keep data never under their quorum: 1 of 3"]],
        ["a write fails", { lost: fails(0.2, "writes") }, ["failed writes: 1"]],
        ["what keeps data stays away", { back: keeping({ b: 1, c: 1 }) }, ["whole again after the return within: 3 replicas ready, and 2 that keep data"]],
        ["a replica goes when the zone is back, and stays away", { back: ready({ b: 1, c: 1 }) }, ["whole again after the return within: 2 replicas ready, and 3 that keep data"]],
    ];
    for (const [what, course, broken] of rows) {
        it(`breaks that promise alone where ${what}`, async () => {
            const [result] = await lose(course);
            assertBroken(result, broken);
        });
    }

    it("says that full strength was never seen where a replica is only there again with its zone", async () => {
        const [[late], [never]] = [await lose({ fullAfter: 76 }), await lose({ fullAfter: undefined })];
        assert.deepEqual([late?.fullStrengthSeconds, never?.fullStrengthSeconds], [76, "never"]);
    });

    it("does not count what was before it, nor how many answer once the zone is back", async () => {
        const weak = all(ready({ a: 1 }), keeping({ a: 1 }));
        const strong = all(ready({ a: 1, b: 1, c: 1 }), keeping({ a: 1, b: 1, c: 1 }));
        const [result] = await lose({ before: all(fails(0.5, "Ingress"), fails(0.5, "writes"), weak, later(1, strong)), back: all(weak, later(3, strong)) });
        assertBroken(result, []);
    });

    it("must not move the app's name", async () => {
        const moves: string[][] = [["east"]];
        const route53 = {
            rotation: () => moves.at(-1) ?? [],
            get rotations() {
                return moves.map(clusters => ({ at: 0, clusters }));
            },
        };
        const names = { domain: "shop.example.com", route53 } as unknown as LiveOptions["names"];
        const [stays] = await lose({}, { names });
        assertBroken(stays, []);
        assert.ok(promisedOf(stays).includes("shop.example.com leads to east"));
        const [goes] = await lose({ lost: () => moves.push(["central"]) }, { names });
        assertBroken(goes, ["shop.example.com leads to: east, then central"]);
    });

    it("holds the naive stack against the same, by its own replicas, and ours against nothing of it", async () => {
        const scene = new Scene({ storePort }, true);
        const lost = all(() => scene.naive?.fail(30, "Service"), later(50, () => scene.naive?.ready({ b: 1, c: 1 })));
        const [ours, naive] = await lose({ lost, back: () => scene.naive?.ready({ a: 1, b: 1, c: 1 }) }, {}, scene);
        assertBroken(ours, []);
        assert.deepEqual([naive?.subject, naive?.cluster], ["naive", "naive"]);
        // What config gives an app that says nothing of it: 50 s and 30 s, and 15 s to start.
        assert.deepEqual(promisedOf(naive), [
            "requests by Ingress fail no longer than 10 s",
            "requests by Service fail no longer than 20 s",
            "replicas that answer never under 2 of 3",
            "all replicas answer again within 95 s",
            "whole again after the return within 180 s",
        ]);
        assertBroken(naive, ["requests by Service fail no longer than: 29.9 s", /^all replicas answer again within: 2 of 3 after /]);
    });

    it("does not wait with ours for a naive stack that never is whole again", async () => {
        const scene = new Scene({ storePort }, true);
        const [ours, naive] = await lose({ lost: all(), back: () => scene.naive?.ready({ a: 1, b: 1 }) }, {}, scene);
        assertBroken(ours, []);
        assert.ok(naive?.promises.some(({ name, kept }) => name === "whole again after the return within" && !kept));
    });

    it("is the loss of the zone with the most replicas in the quick set, and of each in the full one", async () => {
        const quick = new Scene({ storePort });
        quick.ours.ready({ a: 1, b: 2, c: 1 });
        const [result] = await lose({}, {}, quick);
        assert.match(result?.what ?? "", /^b lost its power/);

        const full = new Scene({ storePort });
        const lost = (scene: Scene): unknown => scene.cluster.done.push("a zone is lost");
        const results = await lose({ lost, back: ready({ a: 1, b: 1, c: 1 }) }, { full: true }, full);
        assert.deepEqual(results.map(({ what }) => what.slice(0, 1)), ["a", "b", "c"]);
        assertBroken(results[1], []);
        // It begins with a site that is as it was.
        const once = ["revive", "a zone is lost"];
        assert.deepEqual(full.cluster.done.filter(what => once.includes(what)), [...once, ...once, ...once]);
    });

    it("is left out on one zone", () => {
        const obstacle = (...names: readonly string[]) => zoneLossDrill.obstacle({ zones: names } as unknown as LiveSite, {} as unknown as LiveOptions);
        assert.deepEqual([obstacle("a"), obstacle("a", "b")], ["the cluster has one zone", undefined]);
    });
});
