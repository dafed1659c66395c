// What this can't prove: that a pace is kept on a machine that is busy with other processes; how long this one was away is all that it knows.
import assert from "node:assert/strict";

import { startPace, startSender } from "../../../drill/live/clients/pace";
import { now, soon } from "./clientsServers";

describe("a client's pace", () => {
    let ending = new AbortController();
    beforeEach(() => {
        ending = new AbortController();
    });
    afterEach(() => {
        ending.abort(new Error("the test is over"));
    });

    /** Does nothing else. */
    const stall = (seconds: number): void => {
        const until = now() + seconds;
        while (now() < until) {
            // Nothing else happens.
        }
    };

    it("is even, and no beat is missed, as long as nothing is in the way", async () => {
        const beats: number[] = [];
        const from = now();
        const pace = startPace({ perSecond: 10, now, signal: ending.signal, beat: number => beats.push(number) });
        await soon("five beats", () => beats.length >= 5);
        pace.stop();
        const took = now() - from;
        assert.deepEqual(beats, [0, 1, 2, 3, 4]);
        assert.ok(took > 0.39 && took < 0.6, `${took} s`);
        assert.equal(pace.missed(), 0);
    });

    it("makes up for no beat of a time at which nobody looked: it is a gap, and said", async () => {
        const beats: { readonly number: number; readonly at: number }[] = [];
        const pace = startPace({ perSecond: 20, now, signal: ending.signal, beat: number => beats.push({ number, at: now() }) });
        await soon("three beats", () => beats.length >= 3);
        const [before, stalledAt] = [beats.length, now()];
        stall(0.5);
        const overAt = now();
        await soon("more beats", () => beats.length >= before + 4);
        pace.stop();
        // Ten were due. The one that came late is dated by when it came.
        assert.ok(pace.missed() >= 8 && pace.missed() <= 10, `${pace.missed()} missed`);
        assert.deepEqual(beats.filter(({ at }) => at > stalledAt && at < overAt), []);
        assert.ok(beats.filter(({ at }) => at >= overAt && at < overAt + 0.04).length <= 2);
        assert.deepEqual(beats.map(({ number }) => number), [...beats.keys()]);
        assert.ok(pace.lag() > 0.4 && pace.lag() < 1, `${pace.lag()} s`);
        // What came and what did not is all that was due.
        const due = Math.floor(((beats.at(-1)?.at ?? 0) - (beats[0]?.at ?? 0)) * 20) + 1;
        assert.ok(Math.abs(beats.length + pace.missed() - due) <= 1, `${beats.length} and ${pace.missed()} of ${due}`);
    });

    it("does not wait for what it sends, but its end does", async () => {
        let end: () => void = () => undefined;
        const ended = new Promise<void>(resolve => (end = resolve));
        let sent = 0;
        const sender = startSender({ perSecond: 50, now, signal: ending.signal, send: () => (++sent, ended) });
        await soon("three are sent", () => sent >= 3);
        let stopped = false;
        const stop = sender.stop().then(() => (stopped = true));
        await new Promise(resolve => setImmediate(resolve));
        assert.equal(stopped, false);
        const before = sent;
        stall(0.1);
        end();
        await stop;
        assert.deepEqual([stopped, sent], [true, before]);
    });
});
