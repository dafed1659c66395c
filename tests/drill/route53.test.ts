// What this can't prove: that AWS does as it writes. It is the evaluator of the cluster drill, on a clock of its own; that clusters
// answer as they do here takes control planes.
import assert from "node:assert/strict";

import { recoveryTimeObjective } from "../../components/model/recovery";
import { checkersOfEach, failoverDns, leastHealthyCheckers, resolverCount } from "../../drill/standIns/route53";
import { PlayedEndpoint, type Reply } from "../../drill/standIns/route53Checks";
import { Reckoning } from "../../drill/standIns/route53Reckoning";
import type { DnsAnswer, EndpointCheck, FailoverDns } from "../../drill/standIns/route53Records";
import { twoClouds } from "../support/kubernetes";
import { planConfig, planProjectStack } from "../support/plan";
import { World, activePassive, central, east, endpoint, held, holdMinutes, latched, stepSeconds, weighted } from "./world";

const seeds = Array.from({ length: 40 }, (_, index) => index + 1);

describe("Route 53, as drills play it", () => {
    it("leads to a healthy primary, and so do all resolvers", () => {
        const world = new World(activePassive(held));
        world.pass(3600);
        assert.equal(world.way, "east");
        assert.equal(world.route53.resolversWith("east"), resolverCount);
    });

    it("leaves one that says at once that nobody is there within interval × failures, and resolvers a TTL later", () => {
        for (const seed of seeds) {
            const world = new World(activePassive(held), seed);
            world.pass(300 + seed);
            world.replies.set("east", "refuses");
            const left = world.until(() => world.leadsTo("central"), 60) ?? Infinity;
            assert.ok(left > 10 && left <= 2 * 10 + stepSeconds, `seed ${seed}: ${left} s`);
            const forgotten = world.until(() => world.route53.resolversWith("east") === 0, 120) ?? Infinity;
            assert.ok(forgotten <= 60 && left + forgotten <= 2 * 10 + 60 + stepSeconds, `seed ${seed}: ${left} + ${forgotten} s`);
        }
    });

    it("takes the time to connect on top where nothing answers, for each failure: longer than interval × failures + TTL, within the RTO", () => {
        const totals = seeds.map(seed => {
            const world = new World(activePassive(held), seed);
            world.pass(300 + seed);
            world.replies.set("east", "silent");
            const left = world.until(() => world.leadsTo("central"), 60) ?? Infinity;
            assert.ok(left > 18 && left <= 2 * (10 + 4) + stepSeconds, `seed ${seed}: ${left} s`);
            return left + (world.until(() => world.route53.resolversWith("east") === 0, 120) ?? Infinity);
        });
        assert.ok(Math.max(...totals) <= 2 * (10 + 4) + 60 + stepSeconds);
        assert.ok(Math.max(...totals) <= recoveryTimeObjective({ intervalSeconds: 10, failures: 2, ttlSeconds: 60 }));
        assert.ok(Math.min(...totals) > 2 * 10 + 60);
    });

    it("takes an endpoint for healthy while more than 18 % of its checkers do", () => {
        assert.equal(leastHealthyCheckers, 3);
        for (const [reached, healthy] of [[0, false], [2, false], [3, true], [16, true]] as const) {
            let asked = 0;
            const health = new PlayedEndpoint(endpoint("east", 1), { at: 0, seed: 1, ask: () => (asked++ < reached ? "answers" : "refuses") });
            health.advance(0);
            assert.equal(asked, checkersOfEach);
            assert.deepEqual([health.count, health.healthy], [reached, healthy]);
        }
    });

    it("needs as many answers in a row to change its mind as config says, either way", () => {
        let met: Reply = "answers";
        const health = new PlayedEndpoint(endpoint("east", 3), { at: 0, seed: 1, ask: () => met });
        const countAt = (now: number, reply: Reply): number => {
            met = reply;
            health.advance(now);
            return health.count;
        };
        // The first answer is at once, the second within an interval, and then one comes every interval.
        assert.deepEqual([countAt(0, "refuses"), countAt(9.9, "refuses"), countAt(20, "refuses")], [checkersOfEach, checkersOfEach, 0]);
        assert.deepEqual([countAt(39.9, "answers"), countAt(50, "answers")], [0, checkersOfEach]);
    });

    it("does not move for one failure in between", () => {
        const world = new World(activePassive(east));
        for (let minute = 0; minute < 20; minute++) {
            world.replies.set("east", "refuses");
            world.pass(5);
            world.replies.delete("east");
            world.pass(55);
        }
        assert.equal(world.way, "east");
    });

    it("answers with the primary where both are lost", () => {
        const world = new World(activePassive(east));
        world.replies.set("east", "silent").set("central", "silent");
        world.pass(120);
        assert.equal(world.leadsTo("east"), true);
    });
});

describe("a record that goes by its load balancer's targets too", () => {
    const [primary, secondary] = activePassive(east).answers;
    assert.ok(primary !== undefined && secondary !== undefined);
    const leadsTo = (answers: readonly DnsAnswer[], healthy: readonly string[]): string => {
        const dns = { domain: "shop.example.com", answers };
        const reckoning = new Reckoning({ dns, at: 0, endpoint: (check, seed) => new PlayedEndpoint(check, { at: 0, seed, ask: () => "answers" }), targetsHealthy: cluster => healthy.includes(cluster) });
        reckoning.advance(0);
        return reckoning.rotation().join();
    };
    const both = [{ ...primary, evaluateTargetHealth: true }, secondary];

    it("is left when the load balancer has no healthy target, though its check passes", () => {
        assert.equal(leadsTo(both, ["east", "central"]), "east");
        assert.equal(leadsTo(both, ["central"]), "central");
    });

    it("is alone in that: others do not look at targets", () => {
        assert.equal(leadsTo(both, []), "central");
        assert.equal(leadsTo([primary, secondary], []), "east");
    });
});

describe("failback", () => {
    const outage = (dns: FailoverDns, seconds: number, { seed = 1, before = 600 } = {}): World => {
        const world = new World(dns, seed);
        world.pass(before);
        world.replies.set("east", "silent");
        world.pass(seconds);
        world.replies.delete("east");
        return world;
    };

    it("waits for the whole hold-down and at most a minute more, and then leads back once", () => {
        for (const seed of seeds.slice(0, 10)) {
            const world = outage(activePassive(held), 120, { seed });
            world.until(() => world.route53.endpoint("east").healthy, 60);
            const back = world.until(() => world.leadsTo("east"), holdMinutes * 60 + 120) ?? Infinity;
            // A point of the metric is a minute: the last unhealthy one ended up to a minute after health began.
            assert.ok(back >= holdMinutes * 60 - stepSeconds && back <= (holdMinutes + 1) * 60, `seed ${seed}: ${back} s`);
            world.pass(7200);
            assert.equal(world.way, "east central east");
        }
    });

    it("begins the hold-down anew with another failure", () => {
        const world = outage(activePassive(held), 120);
        world.pass((holdMinutes - 5) * 60);
        world.replies.set("east", "refuses");
        world.pass(120);
        world.replies.delete("east");
        world.pass((holdMinutes - 5) * 60);
        assert.equal(world.way, "east central");
    });

    it("lets a primary in again whose failure was over before the metric's minute was told: the hold-down has that gap", () => {
        const ways = Array.from({ length: 12 }, (_, index) => {
            const world = outage(activePassive(held), 30, { before: 600 + index * 5 });
            world.pass(300);
            return world.way;
        });
        assert.ok(ways.includes("east central east central"), ways.join("; "));
        assert.ok(ways.includes("east central"), ways.join("; "));
    });

    it("never comes by itself where people decide", () => {
        const world = outage(activePassive(latched), 120);
        world.pass(6 * 3600);
        assert.equal(world.way, "east central");
        assert.equal(world.route53.endpoint("east").healthy, true);
    });

    it("comes as soon as the check passes where nothing holds it", () => {
        const world = outage(activePassive(east), 120);
        const back = world.until(() => world.leadsTo("east"), 60) ?? Infinity;
        assert.ok(back <= 2 * 14, `${back} s`);
        assert.equal(world.way, "east central east");
    });

    it("is at once in active-active, where answers are shared out", () => {
        const world = new World({ domain: "shop.example.com", answers: [weighted("east", east), weighted("central", central)] });
        world.pass(600);
        assert.ok(Math.abs(world.route53.resolversWith("east") / resolverCount - 0.5) < 0.2);
        world.replies.set("east", "silent");
        assert.ok((world.until(() => world.route53.resolversWith("east") === 0, 120) ?? Infinity) <= 2 * 14 + 60);
        world.replies.delete("east");
        world.pass(120);
        assert.equal(world.way, "east+central central east+central");
    });
});

describe("the records that a drill reads", () => {
    const answersWith = async (failover: object): Promise<readonly DnsAnswer[]> => {
        const { recording } = await planConfig({ ...twoClouds, failover: { ...twoClouds.failover, ...failover } });
        return failoverDns(recording.resources, twoClouds.failover.domain).answers;
    };
    const asked = (cluster: string): EndpointCheck => ({
        kind: "endpoint",
        cluster,
        protocol: "https",
        fqdn: `${cluster}.shop.example.com`,
        port: 443,
        path: "/readyz",
        sni: true,
        intervalSeconds: 10,
        failures: 2,
    });

    it("lead to each cluster, by its own endpoint, for an alias's TTL, and by the targets where Route 53 knows the load balancer", async () => {
        const [first, second, ...others] = await answersWith({ failback: { holdMinutes: 0 } });
        assert.deepEqual(first, { cluster: "east", role: "PRIMARY", weight: 0, ttlSeconds: 60, check: asked("east"), evaluateTargetHealth: true });
        assert.deepEqual(second, { cluster: "central", role: "SECONDARY", weight: 0, ttlSeconds: 60, check: asked("central") });
        assert.deepEqual(others, []);
    });

    it("hold a primary back by an alarm on the very check that it goes by", async () => {
        const [first] = await answersWith({ failback: { holdMinutes: 45 } });
        assert.ok(first?.check.kind === "calculated");
        const [own, memory] = first.check.children;
        assert.deepEqual(first.check, { kind: "calculated", threshold: 2, children: [asked("east"), { kind: "alarm", of: asked("east"), windowSeconds: 2700 }] });
        assert.ok(memory?.kind === "alarm" && memory.of === own);
    });

    it("keep it out by a switch that the alarm's event throws", async () => {
        const [first] = await answersWith({ failback: "manual" });
        const thrownBy = [{ kind: "alarm", of: asked("east"), windowSeconds: 60 }];
        assert.deepEqual(first?.check, { kind: "calculated", threshold: 2, children: [asked("east"), { kind: "switch", inverted: false, thrownBy }] });
    });

    it("share the answers out in active-active", async () => {
        const answers = await answersWith({ mode: "active-active", primary: undefined, failback: undefined });
        assert.deepEqual(answers.map(({ cluster, role, weight, check }) => [cluster, role, weight, check.kind]), [["east", undefined, 100, "endpoint"], ["central", undefined, 100, "endpoint"]]);
    });

    it("are not read where they lead to clusters of other stacks, or an alarm is of another form", async () => {
        const { recording } = await planProjectStack("prod-global");
        assert.throws(() => failoverDns(recording.resources, "shop.example.com"), /leads to no cluster of this stack/);
        const planned = await planConfig(twoClouds);
        const changed = planned.recording.resources.map(resource => (resource.type === "aws:cloudwatch/metricAlarm:MetricAlarm" ? { ...resource, inputs: { ...(resource.inputs as object), statistic: "Average" } } : resource));
        assert.throws(() => failoverDns(changed, twoClouds.failover.domain), /Minimum/);
    });
});
