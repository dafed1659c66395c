/** Numbers as Kubernetes' objects have them. */

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const units: Readonly<Record<string, number>> = {
    "": 1,
    n: 1e-9,
    u: 1e-6,
    m: 1e-3,
    k: 1e3,
    M: 1e6,
    G: 1e9,
    T: 1e12,
    P: 1e15,
    E: 1e18,
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
    Ti: 2 ** 40,
    Pi: 2 ** 50,
    Ei: 2 ** 60,
};

/**
 * A quantity as a number: "250m" is 0.25, "1Gi" is 1073741824. Unlike config, which takes the plainest form
 * only, this reads every form that the API server writes. NaN for anything else, which no comparison holds for.
 */
export function amountOf(quantity: unknown): number {
    if (typeof quantity === "number") {
        return quantity;
    }
    const [, digits, unit = ""] = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([numkMGTPE]|[KMGTPE]i)?$/.exec(typeof quantity === "string" ? quantity : "") ?? [];
    return digits === undefined ? NaN : Number(digits) * (units[unit] ?? NaN);
}

/** Amounts are sums of decimal fractions: this much apart they are the same. */
const rounding = 1e-9;

/** Whether an amount is more than another. */
export function exceeds(amount: number, bound: number): boolean {
    return amount > bound * (1 + rounding);
}

/** A number, or a percentage of a total, rounded as Kubernetes does for the field. NaN where it is neither. */
export function shareOf(value: unknown, total: number, round: (exact: number) => number): number {
    const [, percent] = /^(\d+)%$/.exec(typeof value === "string" ? value : "") ?? [];
    return percent === undefined ? numberOf(value, NaN) : round((total * Number(percent)) / 100);
}

/** A number that may be left out; NaN where only an update knows it. */
export function numberOf(value: unknown, fallback: number): number {
    if (value === undefined || value === null) {
        return fallback;
    }
    return typeof value === "number" ? value : NaN;
}
