// What this can't prove: that Kubernetes' autoscaler does as its source says. It is about what is promised of it and how its steps are
// judged; the steps here are made up, those of the drills come from a control plane.
import assert from "node:assert/strict";

import { type AutoscalerManifest, autoscalerManifest } from "../../drill/drills/disruption/manifest";
import { atTarget, demandOf, errorPromise, judgeSteps, longestScaleUp, percentOfRequest, stepsPromise } from "../../drill/drills/scaling/judge";
import { type Behavior, type ScalingRules, behaviorFor, behaviorOf, leastAfter, mostAfter, policiesInWords, turnsAllowed } from "../../drill/drills/scaling/rules";
import { type Look, stepsIn } from "../../drill/drills/scaling/watch";
import { factsOf } from "../../drill/stage/facts";
import { stackSubjects } from "../../drill/stage/subject";
import { planProjectStack } from "../support/plan";

const manifest = (behavior?: AutoscalerManifest["spec"]["behavior"]): AutoscalerManifest => ({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "shop" },
    spec: { maxReplicas: 12, scaleTargetRef: { kind: "Deployment", name: "shop" }, ...(behavior === undefined ? {} : { behavior }) },
});

const pods = (value: number, periodSeconds: number): ScalingRules["policies"][number] => ({ type: "Pods", value, periodSeconds });
const percent = (value: number, periodSeconds: number): ScalingRules["policies"][number] => ({ type: "Percent", value, periodSeconds });

const up: ScalingRules = { windowSeconds: 0, select: "Max", policies: [pods(4, 15), percent(100, 15)] };
const down: ScalingRules = { windowSeconds: 300, select: "Max", policies: [pods(1, 60), percent(10, 60)] };
const behavior: Behavior = { up, down };

const facts = { name: "shop", min: 3, max: 12, targetPercent: 60 };

/** A look after which it changes the replicas, or leaves them. */
const look = (at: number, from: number, to: number, read: number | undefined): Look => ({ at, from, to, percent: read, scaledAt: from === to ? undefined : `at ${at}` });

/** Looks as they come: each has the time of the last step. */
function looks(...each: readonly Look[]): readonly Look[] {
    let scaledAt: string | undefined;
    return each.map(one => ({ ...one, scaledAt: (scaledAt = one.scaledAt ?? scaledAt) }));
}

describe("the policies of an autoscaler", () => {
    it("are Kubernetes' defaults where it does not say, one by one", () => {
        const defaults = behaviorOf(manifest());
        assert.deepEqual(defaults.up, up);
        assert.deepEqual(defaults.down, { windowSeconds: 300, select: "Max", policies: [percent(100, 15)] });
        const own = behaviorOf(manifest({ scaleDown: { policies: [pods(1, 60)] }, scaleUp: { stabilizationWindowSeconds: 30, selectPolicy: "Min" } }));
        assert.deepEqual(own.up, { ...up, windowSeconds: 30, select: "Min" });
        assert.deepEqual(own.down, { windowSeconds: 300, select: "Max", policies: [pods(1, 60)] });
        assert.throws(() => behaviorOf(manifest({ scaleUp: { selectPolicy: "Median" } })), /Median/);
    });

    it("allow the most, the least, or nothing, percentages rounded away from none", () => {
        const at = 100;
        assert.deepEqual([3, 5, 9].map(from => mostAfter({ at, from }, [], up)), [7, 10, 18]);
        assert.deepEqual([3, 5, 9].map(from => mostAfter({ at, from }, [], { ...up, select: "Min" })), [6, 9, 13]);
        assert.equal(mostAfter({ at, from: 5 }, [], { ...up, select: "Disabled" }), 5);
        assert.equal(mostAfter({ at, from: 5 }, [], { ...up, policies: [percent(10, 15)] }), 6);
        assert.deepEqual([3, 6, 25].map(from => leastAfter({ at, from }, [], down)), [2, 5, 22]);
        assert.equal(leastAfter({ at, from: 25 }, [], { ...down, select: "Min" }), 24);
        assert.equal(leastAfter({ at, from: 25 }, [], { ...down, select: "Disabled" }), 25);
    });

    it("reckon from the replicas at the period's beginning, and never ask for the way back", () => {
        const earlier = [{ at: 90, from: 3, to: 7 }];
        assert.equal(mostAfter({ at: 100, from: 7 }, earlier, up), 7);
        assert.equal(mostAfter({ at: 106, from: 7 }, earlier, up), 14);
        assert.equal(mostAfter({ at: 100, from: 6 }, [{ at: 95, from: 7, to: 6 }], up), 14);
        assert.equal(leastAfter({ at: 100, from: 6 }, [{ at: 60, from: 7, to: 6 }], down), 6);
        assert.equal(leastAfter({ at: 130, from: 6 }, [{ at: 60, from: 7, to: 6 }], down), 5);
    });

    it("read as people say them", () => {
        assert.equal(policiesInWords(up), "4 replicas or 100 % in 15 s");
        assert.equal(policiesInWords(down), "1 replica or 10 % in 60 s");
        assert.equal(policiesInWords({ ...up, select: "Min", policies: [pods(4, 15), percent(100, 60)] }), "4 replicas in 15 s and 100 % in 60 s");
        assert.equal(policiesInWords({ ...up, select: "Disabled" }), "no step");
    });

    it("let replicas turn only once a window is over, and without windows once a look", () => {
        assert.deepEqual([240, 314, 315, 629, 630].map(seconds => turnsAllowed(seconds, behavior)), [0, 0, 2, 2, 4]);
        assert.equal(turnsAllowed(60, { up, down: { ...down, windowSeconds: 0 } }), 4);
    });

    it("are config's where there is one, so that an autoscaler that is let turn more often is seen", async () => {
        const [east] = stackSubjects(await planProjectStack("prod"));
        assert.ok(east !== undefined);
        const hasty = east.objects.map(object => (object.kind === "HorizontalPodAutoscaler" ? { ...object, spec: { ...(object["spec"] as object), behavior: { scaleDown: { stabilizationWindowSeconds: 0 } } } } : object));
        const stage = { subject: { ...east, objects: hasty }, app: factsOf(hasty) };
        assert.equal(behaviorOf(autoscalerManifest(stage)).down.windowSeconds, 0);
        assert.deepEqual(behaviorFor(stage), behavior);
        assert.equal(turnsAllowed(240, behaviorFor(stage)), 0);
        assert.equal(behaviorFor({ ...stage, subject: { ...stage.subject, expected: undefined } }).down.windowSeconds, 0);
    });
});

describe("a load on an app", () => {
    const burden = { replicas: 3, requestCores: 0.25, autoscaler: facts, rules: up, scrapeSeconds: 15 };

    it("asks for what the law says, and is content within the tolerance", () => {
        assert.deepEqual(demandOf({ ...burden, cores: 0.855 }), { percent: 114, most: 6, enough: 6, longest: 95 });
        assert.deepEqual(demandOf({ ...burden, cores: 0.95 }), { percent: 126, most: 7, enough: 6, longest: 95 });
        assert.deepEqual(demandOf({ ...burden, cores: 0.4275 }), { percent: 57, most: 3, enough: 3, longest: 40 });
        assert.deepEqual([demandOf({ ...burden, cores: 9 })].map(({ most, enough }) => [most, enough]), [[12, 12]]);
    });
});

describe("the way up", () => {
    it("takes a measurement, a look and a start, and for each step that policies make necessary the wait for the last one's replicas", () => {
        const climb = { from: 3, rules: up, scrapeSeconds: 15 };
        assert.equal(longestScaleUp({ ...climb, to: 3 }), 15 + 15 + 10);
        assert.equal(longestScaleUp({ ...climb, to: 7 }), 15 + 15 + (10 + 15 + 15 + 15) + 10);
        assert.equal(longestScaleUp({ ...climb, to: 12 }), 15 + 15 + 2 * (10 + 15 + 15 + 15) + 10);
        assert.equal(longestScaleUp({ ...climb, rules: { ...up, windowSeconds: 60 }, to: 7 }), 90 + 115 + 10);
        assert.equal(longestScaleUp({ ...climb, rules: { ...up, select: "Disabled" }, to: 7 }), Infinity);
    });
});

describe("a step of an autoscaler", () => {
    const lawful = (...each: readonly Look[]): readonly boolean[] => judgeSteps(looks(...each), facts, behavior).map(step => step.lawful);

    it("is told from a look that changed nothing, and from what was there before", () => {
        const steps = stepsIn(looks(look(0, 2, 3, 57), look(10, 3, 3, 57), look(15, 3, 6, 114), look(30, 6, 6, 97), look(45, 6, 7, 70)));
        assert.deepEqual(steps.map(({ from, to }) => [from, to]), [[3, 6], [6, 7]]);
    });

    it("up is at most what the law asks for, what policies let, and the maximum", () => {
        const before = look(0, 3, 3, 57);
        assert.deepEqual(lawful(before, look(15, 3, 6, 114)), [true]);
        assert.deepEqual(lawful(before, look(15, 3, 5, 114)), [true]);
        assert.deepEqual(lawful(before, look(15, 3, 7, 114)), [false]);
        assert.deepEqual(lawful(before, look(15, 3, 4, 63)), [false]);
        assert.deepEqual(lawful(before, look(15, 3, 7, 400)), [true]);
        assert.deepEqual(lawful(before, look(15, 3, 8, 400)), [false]);
        assert.deepEqual(lawful(before, look(15, 3, 7, 400), look(22, 7, 12, 200)), [true, false]);
        assert.deepEqual(lawful(before, look(15, 3, 7, 400), look(30, 7, 12, 200)), [true, true]);
        assert.deepEqual(lawful(before, look(15, 3, 7, 400), look(30, 7, 13, 200)), [true, false]);
        assert.deepEqual(lawful(before, look(15, 3, 6, undefined)), [false]);
    });

    it("down goes no lower than any advice of the window, what policies let, and the minimum", () => {
        const climbed = [look(0, 3, 3, 57), look(15, 3, 6, 114), look(45, 6, 6, 57)];
        const calm = look(105, 6, 6, 28);
        // The advice of 6 held until the look before it sank: from 90 s on nothing asked for more than 3.
        assert.deepEqual(lawful(...climbed, calm, look(300, 6, 5, 28)), [true, false]);
        assert.deepEqual(lawful(...climbed, calm, look(405, 6, 5, 28)), [true, true]);
        assert.deepEqual(lawful(...climbed, calm, look(405, 6, 4, 28)), [true, false]);
        assert.deepEqual(lawful(...climbed, calm, look(405, 6, 5, 28), look(420, 5, 4, 34)), [true, true, false]);
        assert.deepEqual(lawful(...climbed, calm, look(405, 6, 5, 28), look(466, 5, 4, 34)), [true, true, true]);
        assert.deepEqual(judgeSteps(looks(...climbed, calm, look(405, 3, 2, 10)), facts, behavior).map(step => step.lawful), [true, false]);
    });

    it("that is unlawful is told", () => {
        const steps = judgeSteps(looks(look(0, 3, 3, 57), look(15, 3, 9, 114)), facts, behavior);
        const { kept, measured } = stepsPromise(steps, behavior);
        assert.equal(kept, false);
        assert.equal(measured, "0 of 1 steps; not 3 → 9 at 15.0 s: 114 % of 60 % asks for 6, policies let 7");
    });
});

describe("the control error", () => {
    it("is what the target is over the use, and within the tolerance at the end", () => {
        assert.deepEqual(errorPromise(look(0, 6, 6, 57), facts), { name: "control error at the end", promised: "within ±6 points of 60 %", measured: "+3 points", kept: true });
        assert.deepEqual([54, 66, 67, 53].map(read => atTarget(look(0, 6, 6, read), facts)), [true, true, false, false]);
        assert.equal(errorPromise(undefined, facts).kept, false);
    });

    it("is of whole percents, cut off", () => {
        assert.deepEqual([percentOfRequest(0.4275, 0.75), percentOfRequest(0.855, 0.75), percentOfRequest(0.8624, 0.75)], [57, 114, 114]);
    });
});
