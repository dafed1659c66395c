// What this can't prove: that a pace is kept on a machine that is busy with other processes; how long this one was away is all that it knows.
import assert from "node:assert/strict";

import { type Pace, startPace, startSender } from "../../../drill/live/clients/pace";
import { now, soon } from "./clientsServers";

/** Time that goes by when a test says so, in seconds, and a timer on it. */
class Time {
    #now = 100;
    #timer: { readonly at: number; readonly call: () => void } | undefined;

    readonly now = (): number => this.#now;

    readonly after = (ms: number, call: () => void): (() => void) => {
        const timer = { at: this.#now + ms / 1000, call };
        this.#timer = timer;
        return () => {
            this.#timer = this.#timer === timer ? undefined : this.#timer;
        };
    };

    /** The timer comes when it is due. */
    pass(seconds: number): void {
        const end = this.#now + seconds;
        while (this.#timer !== undefined && this.#timer.at <= end) {
            this.#now = this.#timer.at;
            this.ring();
        }
        this.#now = end;
    }

    /** The process does something else all the while: the timer comes after it. */
    stall(seconds: number): void {
        this.#now += seconds;
        this.ring();
    }

    /** The timer comes now, due or not. */
    ring(): void {
        const timer = this.#timer;
        this.#timer = undefined;
        timer?.call();
    }
}

/** Does nothing else. */
const stall = (seconds: number): void => {
    const until = now() + seconds;
    while (now() < until) {
        // Nothing else happens.
    }
};

describe("a client's pace", () => {
    let ending = new AbortController();
    let time = new Time();
    let beats: (readonly [number: number, at: number])[] = [];
    beforeEach(() => {
        ending = new AbortController();
        time = new Time();
        beats = [];
    });
    afterEach(() => {
        ending.abort(new Error("the test is over"));
    });

    /** Eight a second, so that no time has to be rounded; beats are dated from the start. */
    const start = (): Pace => {
        const from = time.now();
        return startPace({ perSecond: 8, now: time.now, after: time.after, signal: ending.signal, beat: number => beats.push([number, time.now() - from]) });
    };

    it("is even, and no beat is missed, as long as nothing is in the way; no beat is early, though a timer may be", () => {
        const pace = start();
        time.pass(0.3125);
        time.ring();
        time.pass(0.1875);
        assert.deepEqual([beats, pace.missed()], [[[0, 0], [1, 0.125], [2, 0.25], [3, 0.375], [4, 0.5]], 0]);
    });

    it("makes up for no beat of a time at which nobody looked: it is a gap, and said", () => {
        const pace = start();
        time.pass(0.25);
        // Ten fall due, from 0.375 on. The last one comes late, and is dated by when it came.
        time.stall(1.3125);
        assert.deepEqual([beats.slice(3), pace.missed()], [[[3, 1.5625]], 9]);
        time.pass(0.3125);
        assert.deepEqual([beats.slice(4), pace.missed()], [[[4, 1.625], [5, 1.75], [6, 1.875]], 9]);
    });

    it("ends by a stop, and with the run", () => {
        const pace = start();
        time.pass(0.125);
        pace.stop();
        time.pass(1);
        assert.equal(beats.length, 2);
        start();
        time.pass(0.125);
        ending.abort(new Error("the run is over"));
        time.pass(1);
        assert.equal(beats.length, 4);
        start();
        time.pass(1);
        assert.equal(beats.length, 4);
    });

    it("says how long this process did nothing else, and what it missed meanwhile", async () => {
        let sent = 0;
        const from = now();
        const pace = startPace({ perSecond: 20, now, signal: ending.signal, beat: () => sent++ });
        await soon("three beats", () => sent >= 3);
        stall(0.5);
        await soon("the stall to be known", () => pace.lag() > 0.45);
        await soon("a beat after it", () => sent >= 5);
        pace.stop();
        const took = now() - from;
        assert.ok(pace.lag() <= took, `${pace.lag()} of ${took} s`);
        // Ten fell due in it, give or take one, of which one came.
        assert.ok(pace.missed() >= 8, `${pace.missed()} missed`);
        assert.ok(sent + pace.missed() <= took * 20 + 1, `${sent} and ${pace.missed()} in ${took} s`);
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
        // A timer that is overdue comes before one that is set now.
        await new Promise(resolve => setTimeout(resolve, 1));
        end();
        await stop;
        assert.deepEqual([stopped, sent], [true, before]);
    });
});
