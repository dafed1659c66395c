// What this cannot prove: that a cloud charges what the table says. A price is as good as its source
// was on its date.
import assert from "node:assert/strict";

import fc from "fast-check";

import { type BillLine, type Price, hourly, hoursPerMonth, priceBill } from "../../components/model/cost";
import { prices } from "../../components/model/prices";

const price = (sku: string, region: string, usd: number, asOf = "2026-01-01"): Price => ({ sku, region, usd, asOf, source: "test" });

const sku = fc.constantFrom("disk", "node", "key");
const region = fc.constantFrom("north", "south", "west");
const bills = fc.array(fc.record<BillLine>({ part: fc.constantFrom("a", "b", "c"), sku, region, quantity: fc.nat(1000) }), { maxLength: 12 });
/** Tables with a price at most for each sku and region, as the real one has. */
const tables = fc.uniqueArray(
    fc.record<Price>({
        sku,
        region,
        usd: fc.integer({ min: 1, max: 500 }).map(cents => cents / 100),
        asOf: fc.constantFrom("2023-05-01", "2024-12-31", "2026-02-03"),
        source: fc.constant("test"),
    }),
    { selector: row => `${row.sku} ${row.region}`, maxLength: 9 },
);

function near(actual: number | undefined, expected: number): void {
    assert.ok(actual !== undefined && Math.abs(actual - expected) < 1e-6, `${actual ?? "nothing"} is not ${expected}`);
}

describe("a month", () => {
    it("has 8760 / 12 hours, and what runs all month is billed for each", () => {
        assert.equal(hoursPerMonth, 730);
        assert.deepEqual(hourly("nodes", "node", "north", 3), { part: "nodes", sku: "node", region: "north", quantity: 2190 });
        assert.equal(hourly("nodes", "node", "north").quantity, 730);
    });
});

describe("a bill", () => {
    it("is priced by sku and region, summed by part, dearest first", () => {
        const table = [price("node", "north", 0.5, "2025-03-01"), price("node", "south", 1, "2024-07-01"), price("disk", "north", 0.1, "2026-01-01")];
        const lines = [
            { part: "volumes", sku: "disk", region: "north", quantity: 10 },
            { part: "nodes", sku: "node", region: "north", quantity: 4 },
            { part: "nodes", sku: "node", region: "south", quantity: 3 },
        ];
        assert.deepEqual(priceBill(lines, table), {
            parts: [
                { name: "nodes", monthlyUsd: 5 },
                { name: "volumes", monthlyUsd: 1 },
            ],
            totalMonthlyUsd: 6,
            unpriced: [],
            oldest: "2024-07-01",
        });
    });

    it("names what has no price once, and takes nothing for it", () => {
        const line = { part: "nodes", sku: "node", region: "south", quantity: 9 };
        const priced = priceBill([line, { part: "volumes", sku: "disk", region: "north", quantity: 2 }, line, { ...line, sku: "key" }], [price("disk", "north", 3)]);
        assert.deepEqual(priced.unpriced, ["key in south", "node in south"]);
        assert.deepEqual(priced.parts, [{ name: "volumes", monthlyUsd: 6 }]);
        assert.equal(priced.totalMonthlyUsd, 6);
    });

    it("takes a price of any region where the region has none of its own", () => {
        const line = { part: "keys", sku: "key", region: "south", quantity: 2 };
        assert.equal(priceBill([line], [price("key", "any", 7)]).totalMonthlyUsd, 14);
        assert.deepEqual(priceBill([line], [price("key", "north", 7)]).unpriced, ["key in south"]);
    });

    it("of nothing is nothing, of no date", () => {
        assert.deepEqual(priceBill([]), { parts: [], totalMonthlyUsd: 0, unpriced: [], oldest: undefined });
    });

    it("is what adding up line by line gives", () => {
        fc.assert(
            fc.property(bills, tables, (lines, table) => {
                const priced = priceBill(lines, table);
                let total = 0;
                const byPart: Record<string, number> = {};
                const missing = new Set<string>();
                const dates: string[] = [];
                for (const line of lines) {
                    let found = false;
                    for (const row of table) {
                        if (row.sku === line.sku && row.region === line.region) {
                            found = true;
                            total += row.usd * line.quantity;
                            byPart[line.part] = (byPart[line.part] ?? 0) + row.usd * line.quantity;
                            dates.push(row.asOf);
                        }
                    }
                    if (!found) {
                        missing.add(`${line.sku} in ${line.region}`);
                    }
                }
                near(priced.totalMonthlyUsd, total);
                assert.deepEqual(priced.parts.map(({ name }) => name).sort(), Object.keys(byPart).sort());
                for (const { name, monthlyUsd } of priced.parts) {
                    near(monthlyUsd, byPart[name] ?? -1);
                }
                const amounts = priced.parts.map(({ monthlyUsd }) => monthlyUsd);
                assert.deepEqual(amounts, [...amounts].sort((a, b) => b - a));
                assert.deepEqual(priced.unpriced, [...missing].sort());
                assert.equal(priced.oldest, dates.reduce<string | undefined>((least, date) => (least === undefined || date < least ? date : least), undefined));
            }),
        );
    });
});

describe("the price table", () => {
    for (const { sku: name, region: where, usd, asOf, source } of prices) {
        it(`has ${name} in ${where} with a price, a date and a source`, () => {
            assert.ok(Number.isFinite(usd) && usd > 0, String(usd));
            assert.match(asOf, /^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/);
            assert.equal(new Date(`${asOf}T00:00:00Z`).toISOString().slice(0, 10), asOf);
            assert.ok(new Date(asOf).getTime() <= Date.now(), `${asOf} is yet to come`);
            assert.match(source, /^https:\/\/[^\s,]+\.[a-z]+\//);
            assert.match(where, /^([a-z]+-[a-z]+-?[0-9]|global|any)$/);
            assert.match(name, /^(aws|gcp)(\.[-a-z0-9]+)+$/);
        });
    }

    it("has no price twice, nor one of any region beside one of a region", () => {
        const keys = prices.map(row => `${row.sku} ${row.region}`);
        assert.deepEqual(keys.filter((key, index) => keys.indexOf(key) !== index), []);
        const everywhere = new Set(prices.filter(row => row.region === "any").map(row => row.sku));
        assert.deepEqual(prices.filter(row => row.region !== "any" && everywhere.has(row.sku)), []);
    });

    it("has what each cloud's cluster can't do without, in one region at least", () => {
        for (const name of ["aws.eks.control-plane.standard", "aws.nat.hour", "gcp.gke.management-fee", "gcp.nat.vm-hour", "gcp.pd.balanced", "aws.ebs.gp3.storage"]) {
            assert.ok(prices.some(row => row.sku === name), name);
        }
    });
});
