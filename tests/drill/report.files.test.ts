// What this cannot prove: what a disk that fills up leaves behind.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { drillJson } from "../../drill/report/json";
import { renderDrillPage } from "../../drill/report/page";
import { clearReport, writeReport } from "../../drill/report/write";
import { WriteError } from "../../plan/write";
import { BROKEN, KEPT, report } from "./fixtures";
import { LIVE } from "./live/liveReport";

/** The same, with the keys of every object the other way round. */
function reversed<T>(value: T): T;
function reversed(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(item => reversed(item as unknown));
    }
    return typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).reverse().map(([key, item]) => [key, reversed(item as unknown)]))
        : value;
}

describe("drill.json", () => {
    it("says the whole report", () => {
        for (const given of [KEPT, BROKEN, LIVE, report([])]) {
            assert.deepEqual(JSON.parse(drillJson(given)), JSON.parse(JSON.stringify(given)));
        }
    });

    it("is the same text for the same report, in whichever order its keys came", () => {
        for (const given of [BROKEN, LIVE]) {
            assert.equal(drillJson(reversed(given)), drillJson(structuredClone(given)));
        }
    });

    it("has samples packed in lines, keys in the contract's order and a last newline", () => {
        const text = drillJson(KEPT);
        assert.ok(text.startsWith('{\n  "formatVersion": 1,\n  "project": "holdfast",\n  "stack": "prod",\n'));
        assert.ok(text.endsWith("  ]\n}\n"));
        assert.match(text, /\n {12}\[0,3\], \[0\.5,3\], \[1,3\], /);
        assert.deepEqual(text.split("\n").filter(line => line.length > 200), []);
    });
});

describe("writeReport", () => {
    let folder = "";
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "holdfast-drill-"));
    });
    afterEach(() => {
        rmSync(folder, { recursive: true, force: true });
    });

    it("writes both files and nothing else", () => {
        const directory = join(folder, "out", "prod");
        writeReport(directory, KEPT);
        assert.deepEqual(readdirSync(directory), ["drill.html", "drill.json"]);
        assert.equal(readFileSync(join(directory, "drill.json"), "utf8"), drillJson(KEPT));
        assert.equal(readFileSync(join(directory, "drill.html"), "utf8"), renderDrillPage(KEPT));
        writeReport(directory, BROKEN);
        assert.equal(readFileSync(join(directory, "drill.json"), "utf8"), drillJson(BROKEN));
    });

    it("writes the live drills' report beside that of the others, and clears each alone", () => {
        writeReport(folder, KEPT);
        writeReport(folder, LIVE);
        assert.deepEqual(readdirSync(folder), ["drill.html", "drill.json", "live.html", "live.json"]);
        assert.equal(readFileSync(join(folder, "live.json"), "utf8"), drillJson(LIVE));
        assert.equal(readFileSync(join(folder, "live.html"), "utf8"), renderDrillPage(LIVE));
        clearReport(folder, KEPT);
        assert.deepEqual(readdirSync(folder), ["live.html", "live.json"]);
        clearReport(folder, { live: true });
        assert.deepEqual(readdirSync(folder), []);
    });

    it("clears an earlier run's report and leaves the plan", () => {
        writeReport(folder, KEPT);
        writeFileSync(join(folder, "plan.json"), "{}");
        clearReport(folder, {});
        assert.deepEqual(readdirSync(folder), ["plan.json"]);
        clearReport(join(folder, "never made"), {});
        assert.equal(existsSync(join(folder, "never made")), false);
    });

    it("says where and why it can't write", () => {
        const file = join(folder, "a file");
        writeFileSync(file, "");
        const says = (error: unknown): boolean => error instanceof WriteError && error.message.startsWith(`the drills' report can't be written to ${join(file, "prod")}: `);
        assert.throws(() => {
            writeReport(join(file, "prod"), KEPT);
        }, says);
    });

    it("says so too where an earlier report can't be removed", () => {
        mkdirSync(join(folder, "drill.json"));
        assert.throws(() => {
            clearReport(folder, {});
        }, WriteError);
    });
});
