// What this cannot prove: that a real program's CPU follows its load as the model says, and that a real autoscaler reads the
// model's numbers; `npm run drill` shows the latter.
import assert from "node:assert/strict";

import fc from "fast-check";

import { StageLoad } from "../../drill/stage/load";
import { LoadModel } from "../../drill/standIns/loadModel";
import { draw, noisy, squareWave, steady, step } from "../../drill/standIns/loads";
import { desiredReplicas } from "../../components/model/capacity";

/** A clock that a test turns. */
function clock(): { now: number; readonly read: () => number } {
    const turned = { now: 100, read: (): number => turned.now };
    return turned;
}

describe("the load on an app", () => {
    it("is steady, jumps, or swings", () => {
        assert.equal(steady(2)(1e6), 2);
        assert.deepEqual([0, 9.9, 10, 11].map(step(1, 3, 10)), [1, 1, 3, 3]);
        assert.deepEqual([0, 14, 15, 29, 30, 45].map(squareWave(1, 2, 30)), [2, 2, 1, 1, 2, 1]);
    });

    it("has noise that stays within its share, holds for a while, and is the same for the same seed", () => {
        const options = { share: 0.2, seed: 7, everySeconds: 15 };
        fc.assert(
            fc.property(fc.double({ min: 0, max: 1e5, noNaN: true }), seconds => {
                const load = noisy(steady(10), options)(seconds);
                assert.ok(load >= 8 && load < 12);
                assert.equal(load, noisy(steady(10), options)(seconds));
            }),
        );
        const at = noisy(steady(10), options);
        assert.equal(at(0), at(14.9));
        assert.notEqual(at(0), at(15));
        assert.notEqual(at(0), noisy(steady(10), { ...options, seed: 8 })(0));
    });

    it("draws evenly", () => {
        const draws = Array.from({ length: 10_000 }, (_, n) => draw(1, n));
        const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
        assert.ok(Math.abs(mean - 0.5) < 0.02, `mean ${mean}`);
        assert.ok(Math.min(...draws) < 0.01 && Math.max(...draws) > 0.99);
    });

    it("is shared evenly over the replicas, each up to its limit", () => {
        const model = new LoadModel(steady(3), clock().read);
        assert.deepEqual(model.usage([{ limitCores: 2 }, { limitCores: 2 }, { limitCores: undefined }], 15), [1, 1, 1]);
        assert.deepEqual(model.usage([{ limitCores: 2 }], 15), [2]);
        assert.deepEqual(model.usage([{ limitCores: undefined }], 15), [3]);
        assert.deepEqual(model.usage([], 15), []);
    });

    it("is measured as the mean of a window, across a change", () => {
        const time = clock();
        const model = new LoadModel(steady(1), time.read);
        time.now += 60;
        model.set(steady(4));
        assert.equal(model.now(), 4);
        assert.equal(model.mean(15), 1);
        time.now += 5;
        assert.ok(Math.abs(model.mean(15) - 2) < 0.05, `${model.mean(15)}`);
        time.now += 10;
        assert.equal(model.mean(15), 4);
    });

    it("counts a load's time from when it is set", () => {
        const time = clock();
        const model = new LoadModel(steady(1), time.read);
        time.now += 1000;
        model.set(step(1, 5, 10));
        assert.equal(model.now(), 1);
        time.now += 10;
        assert.equal(model.now(), 5);
    });
});

describe("a stage's load", () => {
    const facts = (replicas: number, targetPercent: number | undefined): ConstructorParameters<typeof StageLoad>[0] =>
        ({
            deployment: { replicas, requestCores: 0.25 },
            autoscaler: targetPercent === undefined ? undefined : { name: "shop", min: 1, max: 12, targetPercent },
        }) as ConstructorParameters<typeof StageLoad>[0];

    it("is told in replicas at the autoscaler's target, or at their request without one", () => {
        assert.equal(new StageLoad(facts(3, 60)).atTarget(4), 0.6);
        assert.equal(new StageLoad(facts(3, undefined)).atTarget(4), 1);
    });

    it("leaves the autoscaler nothing to do at rest, whatever the replicas", () => {
        for (const replicas of [1, 2, 3, 5, 8, 12, 50]) {
            const load = new StageLoad(facts(replicas, 50));
            const percent = (load.now() / replicas / 0.25) * 100;
            assert.equal(desiredReplicas(replicas, percent, 50), replicas);
        }
    });

    it("remembers that it was disturbed until the autoscaler has forgotten", () => {
        const load = new StageLoad(facts(3, 60));
        assert.equal(load.disturbed, false);
        load.set(steady(9));
        load.rest();
        assert.equal(load.disturbed, true);
        assert.ok(load.now() < 1);
        load.forgotten();
        assert.equal(load.disturbed, false);
    });
});
