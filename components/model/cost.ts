import { prices as priceTable } from "./prices";

/** Hours in a month, as clouds reckon: 8760 / 12. */
export const hoursPerMonth = 730;

/** One price. */
export interface Price {
    /** What is sold; its last part says the unit where the name alone does not. */
    readonly sku: string;
    /** The cloud's region, "global", or "any". */
    readonly region: string;
    /** US dollars for one unit (an hour, a GB-month, a check-month). */
    readonly usd: number;
    /** Date of the source's copy, YYYY-MM-DD. */
    readonly asOf: string;
    readonly source: string;
}

/** Something to pay for. */
export interface BillLine {
    /** What people call it: "nodes", "load balancers". */
    readonly part: string;
    readonly sku: string;
    readonly region: string;
    /** Units a month: hours for what is sold by the hour. */
    readonly quantity: number;
}

/** Something that is sold by the hour and runs all month. */
export function hourly(part: string, sku: string, region: string, count = 1): BillLine {
    return { part, sku, region, quantity: count * hoursPerMonth };
}

/** A bill, as far as it has prices. */
export interface PricedBill {
    readonly parts: readonly { readonly name: string; readonly monthlyUsd: number }[];
    readonly totalMonthlyUsd: number;
    /** "sku in region" of what has no price, each once. */
    readonly unpriced: readonly string[];
    /** Date of the oldest price used; undefined where none was. */
    readonly oldest: string | undefined;
}

/** Prices a bill. What the table lacks is named, and costs nothing in the total. */
export function priceBill(lines: readonly BillLine[], table: readonly Price[] = priceTable): PricedBill {
    const byPart = new Map<string, number>();
    const unpriced = new Set<string>();
    const dates: string[] = [];
    for (const line of lines) {
        const price = table.find(({ sku, region }) => sku === line.sku && (region === line.region || region === "any"));
        if (price === undefined) {
            unpriced.add(`${line.sku} in ${line.region}`);
            continue;
        }
        dates.push(price.asOf);
        byPart.set(line.part, (byPart.get(line.part) ?? 0) + price.usd * line.quantity);
    }
    const parts = [...byPart].map(([name, monthlyUsd]) => ({ name, monthlyUsd }));
    return {
        parts: parts.sort((a, b) => b.monthlyUsd - a.monthlyUsd),
        totalMonthlyUsd: parts.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0),
        unpriced: [...unpriced].sort(),
        oldest: dates.sort()[0],
    };
}
