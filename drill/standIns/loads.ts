/** CPU work that comes in, in cores, at a time in seconds since the load began. */
export type Load = (seconds: number) => number;

export function steady(cores: number): Load {
    return () => cores;
}

/** Jumps once. */
export function step(before: number, after: number, atSeconds: number): Load {
    return seconds => (seconds < atSeconds ? before : after);
}

/** High for the first half of each period, low for the second. */
export function squareWave(low: number, high: number, periodSeconds: number): Load {
    return seconds => (seconds % periodSeconds < periodSeconds / 2 ? high : low);
}

/**
 * A load that is off by up to a share of itself, with a new draw every so often. The same seed gives the same noise.
 *
 * @param share 0.1 for ±10 %.
 */
export function noisy(load: Load, { share, seed, everySeconds }: { readonly share: number; readonly seed: number; readonly everySeconds: number }): Load {
    return seconds => load(seconds) * (1 + share * (2 * draw(seed, Math.floor(seconds / everySeconds)) - 1));
}

/** The n-th number of a seed's row, evenly spread from 0 to 1. Mixing is MurmurHash3's (https://github.com/aappleby/smhasher, fmix32). */
export function draw(seed: number, n: number): number {
    let hash = Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(n | 0, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
