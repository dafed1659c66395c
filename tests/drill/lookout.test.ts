// What this can't prove: how far a real watch lags. Here an API's answers and its watch's news come when a test lets them.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { ApiError, type Kind } from "../../drill/api";
import type { Observation } from "../../drill/api/observe";
import { type Lookout, keepLooking } from "../../drill/stage/lookout";

interface Thing {
    readonly metadata: { readonly resourceVersion: string };
    readonly ready: number;
}

const kind: Kind<Thing> = { apiVersion: "v1", kind: "Thing" };
const thing = (version: number, ready: number): Thing => ({ metadata: { resourceVersion: String(version) }, ready });

/** Longer than the time between two looks, in milliseconds. */
const aLookMs = 500;

describe("a lookout", () => {
    let answer: () => Promise<readonly Thing[]>;
    let tell: (things: readonly Thing[]) => void = () => undefined;
    let seen: number[] = [];
    let failures: string[] = [];
    let lookout: Lookout | undefined;

    const look = (): Lookout => {
        const api = {
            list: () => answer(),
            observe: (_kind: unknown, _where: unknown, changed: (things: readonly Thing[]) => void): Observation => {
                tell = changed;
                return { started: Promise.resolve(), ended: new Promise(() => undefined), stop: () => undefined };
            },
        } as unknown as Parameters<typeof keepLooking<Thing>>[0];
        lookout = keepLooking<Thing>(
            api,
            {
                kind,
                where: {},
                seen: things => {
                    seen.push(things.reduce((sum, { ready }) => sum + ready, 0));
                },
            },
            error => {
                failures.push(error.message);
            },
        );
        return lookout;
    };

    beforeEach(() => {
        [seen, failures] = [[], []];
        answer = () => Promise.resolve([thing(1, 3)]);
    });
    afterEach(() => lookout?.stop());

    it("sees each change that it is told", () => {
        look();
        tell([thing(1, 3)]);
        tell([thing(2, 2)]);
        tell([thing(3, 3)]);
        assert.deepEqual(seen, [3, 2, 3]);
    });

    it("sees what a watch that lags does not tell, and is not taken back by what that tells late", async () => {
        look();
        tell([thing(1, 3)]);
        answer = () => Promise.resolve([thing(4, 1)]);
        await sleep(aLookMs);
        assert.deepEqual(seen, [3, 1]);
        tell([thing(2, 2)]);
        tell([thing(3, 3)]);
        assert.deepEqual(seen, [3, 1]);
        tell([thing(5, 2)]);
        assert.deepEqual(seen, [3, 1, 2]);
    });

    it("leaves out an answer that was on its way while something newer was told", async () => {
        look();
        let give: (things: readonly Thing[]) => void = () => undefined;
        answer = () => new Promise(resolve => (give = resolve));
        await sleep(aLookMs);
        tell([thing(7, 2)]);
        give([thing(6, 3)]);
        await sleep(0);
        assert.deepEqual(seen, [2]);
    });

    it("sees nothing while the API server is away, knows for how long, and fails for other errors", async () => {
        const { longestGap, stop } = look();
        tell([thing(1, 3)]);
        answer = () => Promise.reject(new ApiError("GET", 503, "ServiceUnavailable", ""));
        await sleep(2 * aLookMs);
        assert.deepEqual([seen, failures], [[3], []]);
        assert.ok(longestGap() >= (2 * aLookMs - 20) / 1000);
        answer = () => Promise.reject(new ApiError("GET", 403, "Forbidden", "no"));
        await sleep(aLookMs);
        assert.deepEqual(failures, ["GET: 403 Forbidden: no"]);
        stop();
        const gap = longestGap();
        await sleep(20);
        assert.equal(longestGap(), gap);
    });

    it("sees nothing more once it is stopped", async () => {
        const { stop } = look();
        let give: (things: readonly Thing[]) => void = () => undefined;
        answer = () => new Promise(resolve => (give = resolve));
        await sleep(aLookMs);
        stop();
        give([thing(8, 3)]);
        tell([thing(9, 3)]);
        await sleep(aLookMs);
        assert.deepEqual([seen, failures], [[], []]);
    });
});
