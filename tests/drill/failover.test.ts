// What this can't prove: that a lost cluster's load goes where its name leads, and that the survivors scale for it; that takes control
// planes. It is about what is promised of a move and a return, with Route 53 played on a clock that is turned here.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import type { FailoverConfig } from "../../components/config";
import { failbackPromise, holdOf, moveOn, movePromise } from "../../drill/drills/failure/failover";
import { Site } from "../../drill/drills/failure/site";
import { sharesOf } from "../../drill/drills/failure/takeover";
import { type NotYet, until } from "../../drill/process/until";
import type { Sampler, Stage } from "../../drill/stage";
import type { EndpointLook } from "../../drill/stage/sampler";
import { Timeline } from "../../drill/stage/timeline";
import { checkersOfEach } from "../../drill/standIns/route53";
import type { Check } from "../../drill/standIns/route53Records";
import { twoClouds } from "../support/kubernetes";
import { planConfig } from "../support/plan";
import { World, activePassive, central, east, held, latched, weighted } from "./world";

describe("what is promised of a failover", () => {
    let failover: FailoverConfig;
    before(async () => {
        const { config } = await planConfig(twoClouds);
        assert.ok(config.failover !== undefined);
        ({ failover } = config);
    });

    it("is one move to the survivors", () => {
        const to = (...clusters: string[]): { readonly at: number; readonly clusters: readonly string[] } => ({ at: 20, clusters });
        assert.equal(movePromise(["east"], [to("central")], ["central"]).kept, true);
        assert.equal(movePromise(["east"], [], ["central"]).kept, false);
        const wavering = movePromise(["east"], [to("central"), to("east"), to("central")], ["central"]);
        assert.deepEqual([wavering.kept, wavering.measured], [false, "east, then central, then east, then central"]);
    });

    it("puts a lost cluster's load where the name leads, by weight", () => {
        const answers = [weighted("east", east), { ...weighted("central", central), weight: 30 }, { ...weighted("west", central), weight: 10 }];
        assert.deepEqual([...sharesOf(answers, ["central", "west"])], [["central", 0.75], ["west", 0.25]]);
        assert.deepEqual([...sharesOf(activePassive(held).answers, ["central"])], [["central", 1]]);
    });

    it("holds back for as long as config says: by the mode, by people, or by minutes", () => {
        assert.equal(holdOf(failover), 30);
        assert.equal(holdOf({ ...failover, failback: "manual" }), "manual");
        assert.equal(holdOf({ ...failover, mode: "active-active" }), 0);
    });

    /** A return of what is deployed, as a drill moves the clock on for it, held against what config says. */
    const judge = (check: Check, hold: number | "manual"): readonly [promised: string, measured: string, kept: boolean] => {
        const world = new World(activePassive(check));
        world.pass(600);
        world.replies.set("east", "silent");
        world.pass(120);
        world.replies.delete("east");
        const backAt = world.now;
        world.until(() => world.route53.endpoint("east").healthy, 60);
        const healthyAt = world.now;
        world.until(() => world.route53.endpoint("east").count === checkersOfEach, 60);
        const endedAt = moveOn(world.route53, { lost: "east", hold, healthyAt, from: world.now });
        const { promised, measured, kept } = failbackPromise({ hold, lost: "east", back: world.route53.rotations.filter(({ at }) => at >= backAt), healthyAt, endedAt });
        return [promised, measured, kept];
    };
    const heldFor = (minutes: number): Check => ({ kind: "calculated", threshold: 2, children: [east, { kind: "alarm", of: east, windowSeconds: minutes * 60 }] });

    it("is that a primary stays out for its hold-down and no longer, which one of a minute does not, nor one of an hour", () => {
        const [promised, measured, kept] = judge(held, 30);
        assert.deepEqual([promised, kept], ["30 to 32 min after it is healthy", true]);
        assert.match(measured, /^30(\.\d)? min after it is healthy$/);
        assert.deepEqual(judge(heldFor(1), 30).slice(2), [false]);
        assert.match(judge(heldFor(1), 30)[1], /^(0\.\d|1(\.\d)?) min after/);
        assert.deepEqual(judge(heldFor(60), 30).slice(1), ["not in 40 min", false]);
        assert.equal(judge(latched, 30)[2], false);
        assert.equal(judge(east, 30)[2], false);
    });

    it("is that people decide, within six hours as ever", () => {
        assert.deepEqual(judge(latched, "manual"), ["by hand alone, so not within 6 h", "not in 6 h", true]);
        assert.equal(judge(heldFor(240), "manual")[2], false);
        assert.equal(judge(east, "manual")[2], false);
    });

    it("is that nothing holds it back", () => {
        assert.deepEqual(judge(east, 0), ["at once", "0 s after it is healthy", true]);
        assert.equal(judge(heldFor(1), 0)[2], false);
        assert.equal(judge(latched, 0)[2], false);
    });

    it("is that it stays", () => {
        const back = [{ at: 1900, clusters: ["east"] }, { at: 2000, clusters: ["central"] }];
        const { measured, kept } = failbackPromise({ hold: 30, lost: "east", back, healthyAt: 70, endedAt: 2500 });
        assert.deepEqual([measured, kept], ["30.5 min after it is healthy, then to central", false]);
    });
});

describe("a cluster that is lost and back", () => {
    it("is silent until its endpoints were looked at anew: those of before count for nothing", async () => {
        const endpoints: EndpointLook[] = [{ at: 1, ready: new Map() }];
        const ready = new Timeline();
        ready.add(1, 3);
        let now = 2;
        const stage = {
            cluster: "east",
            zones: ["a"],
            controlPlane: { components: [], zones: { stop: () => undefined, resume: () => undefined } },
            api: { until: (what: string, probe: () => Promise<true | NotYet>) => until(what, probe, { seconds: 5, everyMs: 5, signal: new AbortController().signal }) },
        } as unknown as Stage;
        const site = new Site(stage, { now: () => now, ready, endpoints } as unknown as Sampler);
        assert.equal(site.reply(), "answers");
        await site.lose();
        assert.equal(site.reply(), "silent");
        now = 90;
        const back = site.bringBack();
        await sleep(20);
        assert.equal(site.reply(), "silent");
        ready.add(91, 0);
        endpoints.push({ at: 91, ready: new Map() });
        await back;
        assert.equal(site.reply(), "refuses");
    });
});
