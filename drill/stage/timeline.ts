/** A number over time: it holds from one sample until the next. */
export class Timeline {
    readonly #samples: (readonly [seconds: number, value: number])[] = [];

    /** In the order of time. */
    get samples(): readonly (readonly [seconds: number, value: number])[] {
        return this.#samples;
    }

    /** The last value; undefined where there is none yet. */
    get last(): number | undefined {
        return this.#samples.at(-1)?.[1];
    }

    /** Samples come in the order of time. One that is late counts as now. */
    add(seconds: number, value: number): void {
        this.#samples.push([Math.max(seconds, this.#samples.at(-1)?.[0] ?? seconds), value]);
    }

    /** The value at a time; undefined before the first sample. */
    at(seconds: number): number | undefined {
        return this.#samples.filter(([since]) => since <= seconds).at(-1)?.[1];
    }

    /** The least value from one time until another, that at the beginning included. Throws where nothing was sampled. */
    min(from = 0, to = Infinity): number {
        return Math.min(...this.#within(from, to));
    }

    /** The greatest, likewise. */
    max(from = 0, to = Infinity): number {
        return Math.max(...this.#within(from, to));
    }

    /** When the value was for the first time at least so much, at a time or later; undefined where it never was. */
    firstAtLeast(value: number, from = 0): number | undefined {
        return this.#first(seen => seen >= value, from);
    }

    /** When it was for the first time under so much. */
    firstUnder(value: number, from = 0): number | undefined {
        return this.#first(seen => seen < value, from);
    }

    /**
     * When the value was at least so much and stayed so, from a time on: that time itself where it never was less; undefined where it is less at the end, or
     * nothing was sampled.
     */
    atLeastForGood(value: number, from = 0): number | undefined {
        const then = this.at(from);
        const samples = [...(then === undefined ? [] : [[from, then] as const]), ...this.#samples.filter(([since]) => since > from)];
        const lastUnder = samples.filter(([, seen]) => seen < value).at(-1);
        return (lastUnder === undefined ? samples[0] : samples[samples.lastIndexOf(lastUnder) + 1])?.[0];
    }

    /** How often the value turned from rising to falling or back. */
    reversals(from = 0, to = Infinity): number {
        const values = this.#within(from, to);
        const moves = values.slice(1).map((value, index) => Math.sign(value - (values[index] ?? value))).filter(sign => sign !== 0);
        return moves.slice(1).filter((sign, index) => sign !== moves[index]).length;
    }

    #first(is: (value: number) => boolean, from: number): number | undefined {
        const then = this.at(from);
        if (then !== undefined && is(then)) {
            return from;
        }
        return this.#samples.find(([since, value]) => since > from && is(value))?.[0];
    }

    #within(from: number, to: number): readonly number[] {
        const then = this.at(from);
        const values = [...(then === undefined ? [] : [then]), ...this.#samples.filter(([since]) => since > from && since <= to).map(([, value]) => value)];
        if (values.length === 0) {
            throw new Error(`nothing was sampled from ${from} s to ${to} s`);
        }
        return values;
    }
}

/** The longest time between two moments that follow each other. */
export function longestGap(moments: readonly number[]): number {
    return Math.max(0, ...moments.slice(1).map((moment, index) => moment - (moments[index] ?? moment)));
}
