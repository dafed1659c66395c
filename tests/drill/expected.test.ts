// What this can't prove: that a stack whose objects say what config says survives. The drills on control planes are for that.
import assert from "node:assert/strict";

import { podsOf, refusedResult } from "../../drill/drills/admission";
import type { KubeObject } from "../../drill/api";
import { exitCodeOf, isSuccess, verdictOf } from "../../drill/report/compare";
import { doubts, leftOutLines } from "../../drill/report/words";
import { type Subject, stackSubjects } from "../../drill/stage";
import { contradictions } from "../../drill/stage/expected";
import { factsOf } from "../../drill/stage/facts";
import { change } from "../config/support";
import { planProjectStack } from "../support/plan";
import { promise, report, result } from "./fixtures";

describe("objects that say otherwise than config", () => {
    let subjects: readonly Subject[];

    before(async () => {
        subjects = stackSubjects(await planProjectStack("prod"));
    });

    /** What is found in a subject's objects once they were changed. */
    function found({ objects, expected }: Subject, plant: (object: KubeObject) => KubeObject | undefined): readonly string[] {
        assert.ok(expected !== undefined);
        const planted = objects.flatMap(object => plant(object) ?? []);
        return contradictions(planted, factsOf(planted), expected);
    }

    const without = (kind: string) => (object: KubeObject) => (object.kind === kind ? undefined : object);
    const set = (kind: string, path: string, value: unknown) => (object: KubeObject) => (object.kind === kind ? (change(object, path, value) as KubeObject) : object);

    it("are none in prod", () => {
        assert.deepEqual(subjects.map(({ cluster }) => cluster), ["east", "central"]);
        for (const subject of subjects) {
            assert.deepEqual(found(subject, object => object), []);
        }
    });

    const defects: readonly (readonly [what: string, plant: (object: KubeObject) => KubeObject | undefined, said: readonly string[]])[] = [
        ["no autoscaler", without("HorizontalPodAutoscaler"), ["replicas at rest: 1, and config says 3", "replicas at most: none, and config says 12", "the autoscaler's target, in percent: none, and config says 60"]],
        ["a lower maximum", set("HorizontalPodAutoscaler", "spec.maxReplicas", 10), ["replicas at most: 10, and config says 12"]],
        ["a higher target", set("HorizontalPodAutoscaler", "spec.metrics[0].resource.target.averageUtilization", 90), ["the autoscaler's target, in percent: 90, and config says 60"]],
        ["no calm on the way down", set("HorizontalPodAutoscaler", "spec.behavior.scaleDown.stabilizationWindowSeconds", 0), ["steps down: window 0 s;"]],
        ["no tolerations", set("Deployment", "spec.template.spec.tolerations", []), ["seconds until a silent node is given up: none, and config says 30"]],
        ["a rollout that may miss a replica", set("Deployment", "spec.strategy.rollingUpdate.maxUnavailable", 1), ["replicas that a rollout may miss: 1, and config says 0"]],
        ["no budget", without("PodDisruptionBudget"), ["replicas that the budget lets go: none, and config says 1"]],
        ["no StatefulSet", without("StatefulSet"), ["replicas that keep data: none, and config says 3"]],
        ["a namespace without Pod Security", set("Namespace", "metadata.labels", {}), ["the namespace's Pod Security level: none, and config says restricted"]],
    ];
    for (const [what, plant, said] of defects) {
        it(`are told of: ${what}`, () => {
            for (const subject of subjects) {
                const lines = found(subject, plant);
                for (const text of said) {
                    assert.ok(lines.some(line => line.startsWith(text)), `${text} is not in ${lines.join("; ")}`);
                }
            }
        });
    }

    it("come with every kind of pod that they would make", () => {
        for (const { objects } of subjects) {
            assert.deepEqual(podsOf(objects).map(({ from }) => from.split(" ")[0]).sort(), ["Deployment", "StatefulSet"]);
        }
    });

    it("are a broken promise where the API server takes fewer than all", () => {
        const [east] = subjects;
        assert.ok(east !== undefined);
        const { promises, notes } = refusedResult(east, [{ object: "Service shop/shop", said: "Invalid: spec.ports" }]);
        assert.deepEqual(promises.map(({ measured, kept }) => [measured, kept]), [[`${east.objects.length - 1} of ${east.objects.length}`, false]]);
        assert.deepEqual(notes, ["Service shop/shop: Invalid: spec.ports"]);
    });
});

describe("a run of the drills", () => {
    const kept = promise("ready", "3 of 3", "3 of 3", true);
    const broken = promise("ready", "3 of 3", "2 of 3", false);
    const ours = result("drain", "stack", "east", { promises: [kept] });
    const naive = (promises: readonly (typeof kept)[]) => result("drain", "naive", "naive", { promises });

    it("succeeds where all is kept and the naive stack broke what it must", () => {
        assert.equal(isSuccess(verdictOf(report([ours, naive([broken])], { mustBreak: ["drain"] }))), true);
    });

    it("fails where a promise was broken", () => {
        assert.equal(isSuccess(verdictOf(report([result("drain", "stack", "east", { promises: [kept, broken] })]))), false);
    });

    it("fails where the naive stack broke nothing of a drill that it must break, and says so", () => {
        const verdict = verdictOf(report([ours, naive([kept])], { mustBreak: ["drain"] }));
        assert.equal(isSuccess(verdict), false);
        assert.deepEqual(doubts(verdict), ["The naive stack must break drain, and kept all of it: what these drills say is worth nothing."]);
    });

    it("only doubts a drill that the naive stack may keep", () => {
        const verdict = verdictOf(report([ours, naive([kept])]));
        assert.equal(isSuccess(verdict), true);
        assert.deepEqual(doubts(verdict), ["The naive stack kept every promise of drain: nothing here shows that this drill can fail."]);
    });

    it("does not need the naive stack, which --no-naive leaves out", () => {
        assert.equal(isSuccess(verdictOf(report([ours], { mustBreak: ["drain"] }))), true);
    });

    it("ends with 2 where the machine lacks something for a drill, unless it is worse: and says what, and how to have it", () => {
        const lossyLink = { drill: "lossy link", cluster: "east", why: "wirefilter is missing: apt-get install vde2", lacking: true } as const;
        const noFailover = { drill: "cluster loss", cluster: "all", why: "the stack has no failover" };
        const codeOf = (...[drills, rest]: Parameters<typeof report>): number => exitCodeOf(verdictOf(report(drills, rest)));
        assert.deepEqual(leftOutLines(report([], { leftOut: [lossyLink] })), ["lossy link, east: can't be done here: wirefilter is missing: apt-get install vde2"]);
        const verdict = verdictOf(report([ours], { leftOut: [noFailover, lossyLink, { ...lossyLink, cluster: "central" }] }));
        assert.deepEqual(doubts(verdict), ["Not all that was asked for could be done: this machine lacks what lossy link wants."]);
        assert.equal(exitCodeOf(verdict), 2);
        assert.equal(codeOf([], { leftOut: [lossyLink] }), 2);
        assert.equal(codeOf([ours], { leftOut: [noFailover] }), 0);
        assert.equal(codeOf([], { leftOut: [noFailover] }), 1);
        assert.equal(codeOf([result("drain", "stack", "east", { promises: [kept, broken] })], { leftOut: [lossyLink] }), 1);
        assert.equal(codeOf([ours, naive([kept])], { mustBreak: ["drain"], leftOut: [lossyLink] }), 1);
    });

    it("fails where nothing was promised, and says what was left out", () => {
        const given = report([], { leftOut: [{ drill: "cluster loss", cluster: "all", why: "the stack has no failover" }] });
        assert.equal(isSuccess(verdictOf(given)), false);
        assert.deepEqual(leftOutLines(given), ["cluster loss, all clusters: the stack has no failover"]);
    });
});
