// What this can't prove: that the outcomes are true. It is arithmetic on made-up ones.
import assert from "node:assert/strict";

import { figuresOf, seriesOf } from "../../../drill/live/clients/figures";
import { type Outcome, addInOrder } from "../../../drill/live/clients/outcome";

const good = (at: number, took = 0.01): Outcome => ({ at, took, ok: true });
const bad = (at: number, error = "connection refused", took = 0): Outcome => ({ at, took, ok: false, error });

/** Ten requests a second, of which those of an outage fail. */
const outage = (from: number, to: number): readonly Outcome[] => Array.from({ length: 100 }, (_, index) => index / 10).map(at => (at >= from && at < to ? bad(at) : good(at)));

describe("figures of requests", () => {
    it("are how many were sent and failed, and by which fault, of those that began in a while", () => {
        const { sent, failed, errors } = figuresOf([bad(0, "early"), good(1), bad(1.5, "status 503"), bad(2), bad(2.5), bad(3, "late")], 1, 3);
        assert.deepEqual([sent, failed, [...errors]], [5 - 1, 3, [["connection refused", 2], ["status 503", 1]]]);
    });

    it("say how long nobody was answered", () => {
        assert.equal(figuresOf(outage(3, 5), 0, 10).longestGapSeconds.toFixed(2), "2.10");
        assert.equal(figuresOf(outage(20, 20), 0, 10).longestGapSeconds.toFixed(2), "0.10");
        assert.equal(figuresOf(outage(0, 4), 0, 10).longestGapSeconds.toFixed(2), "4.01");
        assert.equal(figuresOf(outage(7, 20), 0, 10).longestGapSeconds.toFixed(2), "2.99");
        // Until it is given up, a request may still be answered.
        assert.equal(figuresOf([good(0), bad(1, "no answer within 5 s", 5)], 0, 10).longestGapSeconds.toFixed(2), "5.99");
        // An answer that was long in coming ends a gap when it comes.
        assert.equal(figuresOf([good(0), good(0.1, 3), good(3.2)], 0, 10).longestGapSeconds.toFixed(2), "3.09");
        assert.equal(figuresOf([], 0, 10).longestGapSeconds, 0);
    });

    it("have the 99th percentile of those answered, by nearest rank", () => {
        const hundred = Array.from({ length: 100 }, (_, index) => good(index, (100 - index) / 1000));
        assert.equal(figuresOf([...hundred, bad(100, "no answer within 5 s", 5)], 0, 200).p99Seconds, 0.099);
        assert.equal(figuresOf([good(0, 0.5)], 0, 1).p99Seconds, 0.5);
        assert.equal(figuresOf([bad(0)], 0, 1).p99Seconds, undefined);
    });

    it("are drawn as two lines, where the requests began", () => {
        const [answered, failed] = seriesOf([good(2.1), good(2.9), bad(3.5, "no answer within 5 s", 5), good(5)], "Ingress");
        assert.deepEqual(answered, { name: "answered", unit: "requests a second", panel: "Ingress", samples: [[2, 2], [3, 0], [4, 0]] });
        assert.deepEqual(failed, { name: "failed", unit: "requests a second", panel: "Ingress", samples: [[2, 0], [3, 1], [4, 0], [5, 0]], tone: "broken" });
        assert.deepEqual(seriesOf([good(0), good(1), bad(1)], "Service", 2).map(({ samples }) => samples), [[[0, 1]], [[0, 0.5]]]);
        assert.deepEqual(seriesOf([], "Service").map(({ samples }) => samples), [[], []]);
    });

    it("know outcomes in the order in which their requests began", () => {
        const outcomes: Outcome[] = [];
        for (const at of [2, 1, 4, 3, 3, 0]) {
            addInOrder(outcomes, good(at));
        }
        assert.deepEqual(outcomes.map(({ at }) => at), [0, 1, 2, 3, 3, 4]);
    });
});
