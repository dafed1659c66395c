/**
 * Availability as a share of time (0.9995 = 99.95 %), and how it composes. The formulas assume that
 * parts fail independently; a shared cause (a bad release, an expired certificate) is not in them.
 */

const minutesPerYear = 365.25 * 24 * 60;

/** A = 1 − D / U: downtime over the whole period, in the same unit. */
export function availability(downtime: number, period: number): number {
    return 1 - downtime / period;
}

/** P_failure = 1 − P_success. */
export function failureProbability(success: number): number {
    return 1 - success;
}

/** Parts that must all work: their availabilities multiply. No parts: 1. */
export function series(parts: readonly number[]): number {
    return parts.reduce((product, part) => product * part, 1);
}

/** Independent sites of which one is enough: 1 − Π(1 − A_i). No sites: 0. */
export function parallel(sites: readonly number[]): number {
    return 1 - sites.reduce((product, site) => product * (1 - site), 1);
}

/** Expected downtime, in minutes a year of 365.25 days. */
export function downtimeMinutesPerYear(share: number): number {
    return (1 - share) * minutesPerYear;
}

/** "99.95 %", never rounded up to a promise: digits past the sixth are cut, and only 1 is 100 %. */
export function formatAvailability(share: number): string {
    const digits = 6;
    const scale = 10 ** digits;
    // The nearest double of a share such as 0.9995 may lie just under it: forgive one part in 10^12.
    const nearest = Math.floor(share * 100 * scale * (1 + 1e-12)) / scale;
    const cut = share < 1 ? Math.min(nearest, 100 - 1 / scale) : nearest;
    return `${cut.toFixed(digits).replace(/0+$/, "").replace(/\.$/, "")} %`;
}
