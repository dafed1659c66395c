/** Kubernetes quantities, as far as config writes them. */

const unitBytes: Readonly<Record<string, number>> = { Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** CPU in cores: "250m" is 0.25. Throws a `RangeError` for anything else than millicores or whole cores. */
export function cores(quantity: string): number {
    return millicores(quantity) / 1000;
}

/** CPU in millicores: "250m" is 250, "2" is 2000. */
export function millicores(quantity: string): number {
    const match = /^(\d+)(m?)$/.exec(quantity);
    if (match === null) {
        throw new RangeError(`${quantity} is no CPU quantity`);
    }
    return Number(match[1]) * (match[2] === "m" ? 1 : 1000);
}

/** Memory or storage in MiB: "1Gi" is 1024. */
export function mebibytes(quantity: string): number {
    const match = /^(\d+)(Mi|Gi|Ti)$/.exec(quantity);
    const unit = unitBytes[match?.[2] ?? ""];
    if (match === null || unit === undefined) {
        throw new RangeError(`${quantity} is no quantity of bytes`);
    }
    return (Number(match[1]) * unit) / 2 ** 20;
}
