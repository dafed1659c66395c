// What this can't prove: that a real API server's watch tells of every change; the API here says what a test has it say.
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";

import { ApiError, type Kind } from "../../drill/api";
import type { Observation } from "../../drill/api/observe";
import { actSeconds, reconcile } from "../../drill/standIns/reconcile";

describe("a stand-in's duty", () => {
    const unexpected = (error: Error): void => {
        assert.fail(error);
    };

    interface Thing {
        readonly metadata: { readonly uid: string; readonly name: string };
        readonly done: boolean;
    }
    const kind: Kind<Thing> = { apiVersion: "v1", kind: "Thing" };
    const thing = (uid: string, done = false): Thing => ({ metadata: { uid, name: uid }, done });

    /** Longest times that were waited for, in seconds. */
    const patience: number[] = [];

    /** An API whose watch is told what to say. */
    function fakeApi(): { readonly api: Parameters<typeof reconcile<Thing>>[0]; readonly change: (things: readonly Thing[]) => Promise<void>; readonly fall: (error: Error) => void } {
        let changed: (objects: readonly never[]) => void = () => undefined;
        let fall: (error: Error) => void = () => undefined;
        return {
            api: {
                observe: (_kind, _where, callback): Observation => {
                    changed = callback;
                    const ended = new Promise<void>((_, reject) => (fall = reject));
                    return { started: Promise.resolve(), ended, stop: () => undefined };
                },
                until: async (_what, probe, { seconds }) => {
                    patience.push(seconds);
                    return (await probe()) as never;
                },
            },
            change: async things => {
                changed(things as readonly never[]);
                await setImmediate();
            },
            fall: error => {
                fall(error);
            },
        };
    }

    it("is done once for each object that needs it, and again when that has changed and still does", async () => {
        const { api, change } = fakeApi();
        const acted: string[] = [];
        const act = ({ metadata }: Thing): Promise<void> => {
            acted.push(metadata.uid);
            return Promise.resolve();
        };
        reconcile<Thing>(api, { what: "it", kind, needs: ({ done }) => !done, act }, unexpected);
        const [a, b] = [thing("a"), thing("b", true)];
        await change([a, b]);
        assert.deepEqual(acted, ["a"]);
        await change([thing("a", true), b]);
        assert.deepEqual(acted, ["a"]);
        await change([thing("a"), b]);
        assert.deepEqual(acted, ["a", "a"]);
    });

    it("is done one at a time for an object, with its latest state", async () => {
        const { api, change } = fakeApi();
        const acted: Thing[] = [];
        let finish: () => void = () => undefined;
        const act = (object: Thing): Promise<void> => {
            acted.push(object);
            return new Promise(resolve => (finish = resolve));
        };
        reconcile<Thing>(api, { what: "it", kind, needs: () => true, act }, unexpected);
        const [first, second, third] = [thing("a"), thing("a"), thing("a")];
        await change([first]);
        await change([second]);
        await change([third]);
        assert.deepEqual(acted.length, 1);
        finish();
        await setImmediate();
        assert.deepEqual(acted.length, 2);
        assert.equal(acted[1], third);
    });

    it("has twice the time that a lost cluster is away", async () => {
        const { api, change } = fakeApi();
        patience.length = 0;
        reconcile<Thing>(api, { what: "it", kind, needs: () => true, act: () => Promise.resolve() }, unexpected);
        await change([thing("a")]);
        assert.deepEqual([patience, actSeconds >= 2 * 112], [[actSeconds], true]);
    });

    it("lets go of what was deleted meanwhile, and fails the run for other errors, unless it was stopped", async () => {
        const failures: string[] = [];
        const fail = (error: Error): void => {
            failures.push(error.message);
        };
        const { api, change, fall } = fakeApi();
        const errors = [new ApiError("PATCH", 404, "NotFound", ""), new ApiError("PATCH", 403, "Forbidden", "no")];
        const duty = reconcile<Thing>(api, { what: "it", kind, needs: () => true, act: () => Promise.reject(errors.shift() ?? new Error("once too often")) }, fail);
        await change([thing("a")]);
        assert.deepEqual(failures, []);
        await change([thing("b")]);
        assert.deepEqual(failures, ["PATCH: 403 Forbidden: no"]);
        duty.stop();
        fall(new Error("the run is over"));
        await setImmediate();
        assert.equal(failures.length, 1);
    });
});
