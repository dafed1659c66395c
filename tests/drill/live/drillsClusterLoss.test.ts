// What this can't prove: that a cluster is lost so, that checkers find it out, and where clients then go. All is made up here, and it is about how it is judged.
import assert from "node:assert/strict";

import type { FailoverConfig } from "../../../components/config";
import type { LiveOptions } from "../../../drill/live/drills";
import { clusterLossDrill } from "../../../drill/live/drills/clusterLoss";
import type { LiveSite, Tenant, Watch } from "../../../drill/live/site";
import type { DrillResult } from "../../../drill/result";
import type { Rotation } from "../../../drill/standIns/route53";
import { Opened } from "./clientsServers";
import { type Happening, Scene, all, assertBroken, fails, later, openStore, promisedOf, ready, zones } from "./drillScene";
import { Clock } from "./drillSceneApi";
import { type When, leaseOf, startedPod, whole } from "./drillSceneObjects";

/** Recovery time objective of the plan, in seconds. */
const rtoSeconds = 60;

const domain = "shop.example.com";

type Failover = Pick<FailoverConfig, "mode" | "failback" | "members">;

const held: Failover = { mode: "active-passive", failback: { holdMinutes: 30 }, members: [] };

/** Where a name leads, and how many checkers find "east" healthy. */
class MadeUpRoute53 {
    /** It has been through such a drill before. */
    readonly rotations: Rotation[] = [["east"], ["central"], ["east"]].map(clusters => ({ at: 0, clusters }));
    /** The cluster that a question is answered with, of those that it leads to. */
    answers = 0;
    healthy = 16;

    lead(...clusters: readonly string[]): void {
        this.rotations.push({ at: 0, clusters });
    }

    readonly rotation = (): readonly string[] => this.rotations.at(-1)?.clusters ?? [];

    readonly answer = (): object => ({ cluster: this.rotation()[this.answers] });

    checkers(cluster: string): number {
        return cluster === "east" ? this.healthy : 16;
    }
}

/** Two clusters that one name leads to: "east", which is lost, and "central". */
class System {
    readonly clock = new Clock();
    readonly east: Scene;
    readonly central = new Scene({}, false, { name: "central", clock: this.clock });
    readonly route53 = new MadeUpRoute53();
    /** Whose watches were begun, and what they ask; and whose were ended. */
    readonly watched: unknown[] = [];
    readonly stopped: string[] = [];

    constructor(storePort: number, naive = false) {
        this.east = new Scene({ storePort }, naive, { clock: this.clock });
    }

    perform(failover: Failover, objectives: object = { rtoSeconds }): Promise<readonly DrillResult[]> {
        const scenes = [this.central, this.east];
        const watch = (tenant: Tenant, urls?: readonly string[]): Promise<Watch> => {
            const app = scenes.flatMap(({ apps }) => apps).find(candidate => candidate.tenant === tenant);
            assert.ok(app !== undefined, "nobody's app");
            this.watched.push([tenant.cluster, urls]);
            return Promise.resolve({ ...app.begin(urls), stop: () => Promise.resolve(void this.stopped.push(tenant.cluster)) });
        };
        const planned = { config: { clusters: [{ name: "east" }, { name: "central" }], failover }, recording: { outputs: { objectives } } };
        const options = { planned, names: { domain, route53: this.route53 }, say: () => undefined, watch };
        return clusterLossDrill.run(scenes.map(({ site }) => site), options as unknown as LiveOptions);
    }
}

/** How it goes, where that is not well. Times are in seconds: from the loss, and from when the cluster begins to come back. */
interface Course {
    /** Until requests by the name are answered again. @default 60: just so long as is promised */
    readonly fail?: number;
    /** Where the name leads, and from when on. @default "central" after 30 s */
    readonly moves?: readonly (readonly [after: number, ...clusters: string[]])[];
    /** A node that nothing is heard of since it is back. @default all are after 12 s */
    readonly silent?: string;
    /** A pod whose container runs on, says etcd. @default all are started anew after 15 s */
    readonly old?: string;
    /** Until all checkers find it healthy. @default 20 */
    readonly healthyAfter?: number;
    /** What happens beside: before it all, when the cluster is lost, and when it is back. */
    readonly first?: Happening;
    readonly lost?: SystemHappening;
    readonly back?: SystemHappening;
    readonly failover?: Failover;
}

type SystemHappening = (system: System) => unknown;

const inEast = (happens: Happening): SystemHappening => ({ east }) => happens(east);
const inCentral = (happens: Happening): SystemHappening => ({ central }) => happens(central);
/** The name leads elsewhere, so many seconds later. */
const leads = (after: number, ...clusters: readonly string[]): SystemHappening => ({ east, route53 }) => { east.after(after, () => { route53.lead(...clusters); }); };

describe("the loss of a cluster", () => {
    const opened = new Opened();
    let storePort: number;
    before(async () => {
        storePort = await openStore(opened);
    });
    after(() => opened.close());

    const perform = (course: Course = {}, system = new System(storePort)): Promise<readonly DrillResult[]> => {
        const { fail = rtoSeconds, moves = [[30, "central"]], silent = "none", old, healthyAfter = 20, first, lost, back, failover = held } = course;
        const { clock, east, route53 } = system;
        const { cluster } = east;
        // What is known of a silent one stays.
        const heard = (when: When): void => { cluster.put("Lease", ...cluster.of("Lease", { fields: `metadata.name=${silent}` }), ...zones.map(zone => `${zone}1`).filter(node => node !== silent || when === "now").map(node => leaseOf(node, when))); };
        const started = (when: When, not?: string): void => { cluster.put("Pod", ...cluster.of("Pod").map(pod => startedPod(pod, pod.metadata.name === not ? "before" : when))); };
        started("before");
        east.happens = {
            // Its power goes before its API server: until then etcd hears of its nodes. And be it a millisecond, it is away.
            lose: () => {
                heard("now");
                for (const last = Date.now(); Date.now() === last;);
                east.ours.fail(fail, "the app's name");
                moves.forEach(([after, ...clusters]) => leads(after, ...clusters)(system));
                route53.healthy = 0;
                lost?.(system);
            },
            bringBack: () => {
                east.after(12, () => { heard("after"); });
                east.after(15, () => { started("after", old); });
                east.after(healthyAfter, () => { route53.healthy = 16; });
                back?.(system);
                clock.pass(2);
            },
        };
        first?.(east);
        return system.perform(failover);
    };

    it("keeps all promises where it goes well", async () => {
        const [result, ...others] = await perform();
        assertBroken(result, []);
        assert.deepEqual(others, []);
        assert.deepEqual(promisedOf(result), [
            "requests by the app's name fail no longer than 60 s",
            "the name leads to east, then central",
            "east is found healthy again within 300 s",
            "the name goes back to east by itself no",
            "central: ready replicas never under 3 of 3",
            "at rest again within 300 s",
            "acknowledged writes lost none",
        ]);
        assert.deepEqual([result?.drill, result?.subject, result?.cluster], ["cluster loss", "stack", "all"]);
        assert.match(result?.what ?? "", /^east was lost as a whole, with its control plane and load balancers, and came back after 75(\.\d)? s$/);
        assert.deepEqual(result?.marks.map(({ text }) => text), ["east is lost", "the name leads to central", "east is back", "the app is at rest in east", "east is healthy again"]);
        assert.ok(result.series.some(({ name }) => name === "ready replicas in central"));
    });

    it("asks ours by the app's name, and the cluster that is left by none, and ends all", async () => {
        const system = new System(storePort, true);
        await perform({}, system);
        assert.deepEqual(system.watched, [["east", [`https://${domain}/`]], ["naive", undefined], ["central", []]]);
        assert.deepEqual([...system.stopped].sort(), ["central", "east", "naive"]);
    });

    const falls = inCentral(all(ready({ a: 1, b: 1 }), later(1, ready({ a: 1, b: 1, c: 1 }))));
    const late = "east is found healthy again within";
    const rows: readonly (readonly [what: string, course: Course, broken: readonly (string | RegExp)[]])[] = [
        ["requests by the app's name fail longer than the RTO", { fail: rtoSeconds + 1 }, ["requests by the app's name fail no longer than: 60.9 s"]],
        ["one fails again before the cluster is back", { lost: inEast(later(74, fails(0.5, "the app's name"))) }, ["requests by the app's name fail no longer than: 74.4 s"]],
        ["one fails when it is back", { back: inEast(later(30, fails(0.5, "the app's name"))) }, [/^requests by the app's name fail no longer than: 10[5-7](\.\d)? s$/]],
        ["they fail to the end", { fail: 1000 }, [/^requests by the app's name fail no longer than: \d+(\.\d)? s, and to the end$/]],
        ["the name leads elsewhere only when the cluster is back", { moves: [[76, "central"]] }, ["the name leads to: east"]],
        ["the name leads nowhere else", { moves: [] }, ["the name leads to: east"]],
        ["the name leads to no cluster that is left", { moves: [[30, "west"]] }, ["the name leads to: east, then west"]],
        ["the name wavers", { moves: [[30, "central"], [40, "east"], [50, "central"]] }, ["the name leads to: east, then central, then east, then central"]],
        ["the name goes back before the cluster is healthy", { back: leads(10, "east") }, ["the name goes back to east by itself: yes"]],
        ["the name goes back once the cluster is healthy", { back: leads(34, "central", "east") }, ["the name goes back to east by itself: yes"]],
        ["the cluster that is left falls under its replicas with the loss", { lost: falls }, ["central: ready replicas never under: 2 of 3"]],
        ["the cluster that is left falls under its replicas with the return", { back: falls }, ["central: ready replicas never under: 2 of 3"]],
        ["a checker does not find the cluster healthy", { back: ({ east, route53 }) => { east.after(20, () => { route53.healthy = 15; }); } }, [`${late}: 15 of 16 checkers find it so`]],
        ["the checkers find the cluster healthy late", { healthyAfter: 301 }, [`${late}: 301 s`]],
        ["the checkers find the cluster healthy when that is not waited for any more", { healthyAfter: 310 }, [`${late}: 0 of 16 checkers find it so`]],
        ["nothing is heard of a node since the return", { silent: "b1" }, ["at rest again within: nothing was heard of b1"]],
        ["a container was not started since", { old: "shop-1" }, ["at rest again within: shop-1 not started anew"]],
        ["a container of what keeps data was not started since", { old: "shop-store-2" }, ["at rest again within: shop-store-2 not started anew"]],
        ["a replica is not ready again", { back: ({ east }) => { east.cluster.change("Deployment", "shop", { status: { ...whole, readyReplicas: 2 } }); } }, ["at rest again within: shop: 3 new, 2 ready, 3 in all, of 3"]],
    ];
    for (const [what, course, broken] of rows) {
        it(`breaks that promise alone where ${what}`, async () => {
            const [result] = await perform(course);
            assertBroken(result, broken);
        });
    }

    it("counts full strength from the return, and says that it was never seen where the app is not at rest", async () => {
        const strength = async (course: Course): Promise<unknown> => (await perform(course))[0]?.fullStrengthSeconds;
        for (const course of [{}, { moves: [] }, { healthyAfter: 100 }]) {
            const seconds = await strength(course);
            // The last containers are started 15 s after it, however long it was away, and whenever checkers find it healthy. Who waits at the same time moves the clock on too.
            assert.ok(typeof seconds === "number" && seconds > 14.9 && seconds < 18, String(seconds));
        }
        assert.deepEqual([await strength({ silent: "c1" }), await strength({ old: "shop-0" })], ["never", "never"]);
    });

    it("promises nothing on staying where a cluster is led to again at once", async () => {
        const again: Course = { back: leads(20, "east") };
        const [none] = await perform({ ...again, failover: { ...held, failback: { holdMinutes: 0 } } });
        assertBroken(none, []);
        const stays = "the name goes back to east by itself no";
        assert.ok(!promisedOf(none).includes(stays));

        // A question is answered with the second of those that it leads to.
        const system = new System(storePort);
        system.route53.lead("central", "east");
        system.route53.answers = 1;
        const [active] = await perform({ back: leads(20, "central", "east"), failover: { ...held, mode: "active-active" } }, system);
        assertBroken(active, []);
        assert.ok(promisedOf(active).includes("the name leads to central and east, then central") && !promisedOf(active).includes(stays));

        const [manual] = await perform({ ...again, failover: { ...held, failback: "manual" } });
        assertBroken(manual, ["the name goes back to east by itself: yes"]);
    });

    it("holds the naive stack on the lost cluster against the same RTO, and ours against nothing of it", async () => {
        const system = new System(storePort, true);
        const naiveOf = ({ east: { naive } }: System): NonNullable<Scene["naive"]> => naive ?? assert.fail("there is none");
        const [ours, naive, ...others] = await perform({ lost: it => { naiveOf(it).fail(80, "Ingress"); naiveOf(it).fail(rtoSeconds, "Service"); }, old: "beginner-1" }, system);
        assertBroken(ours, []);
        assert.deepEqual([naive?.subject, naive?.cluster, others], ["naive", "naive", []]);
        assert.deepEqual(promisedOf(naive), [
            "requests by Ingress fail no longer than 60 s",
            "requests by Service fail no longer than 60 s",
            "at rest again within 300 s",
        ]);
        assertBroken(naive, ["requests by Ingress fail no longer than: 79.9 s", "at rest again within: beginner-1 not started anew"]);
    });

    it("is not begun where requests fail, or nobody knows what is lost or how long that may take", async () => {
        await assert.rejects(perform({ first: fails(1000, "the app's name") }), /^Error: east: 1 of 1 clients are not answered: no answer within 5 s$/);
        const nobody = new System(storePort);
        nobody.route53.lead("west");
        await assert.rejects(nobody.perform(held), /the app's name leads to no cluster of the stack/);
        await assert.rejects(new System(storePort).perform(held, { rtoSeconds: null }), /the plan has no recovery time/);
    });

    it("is left out without failover, and where that leads to clusters that are not there", () => {
        const obstacle = (config: object, ...there: readonly string[]) => clusterLossDrill.obstacle(there.map(name => ({ name })) as unknown as LiveSite[], { planned: { config } } as unknown as LiveOptions);
        const clusters = [{ name: "east" }, { name: "central" }];
        const west: Failover = { ...held, members: [{ name: "west", stack: "acme/shop/west" }] };
        assert.deepEqual(
            [obstacle({ clusters }, "east", "central"), obstacle({ clusters, failover: west }, "east", "central"), obstacle({ clusters, failover: held }, "east", "central")],
            ["the stack has no failover", "failover leads to clusters of other stacks: west", undefined],
        );
    });
});
