// What this cannot prove: that a terminal counts columns as JavaScript does, or that a real run's report is of this shape.
import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";

import fc from "fast-check";

import { grid, type Cell } from "../../drill/report/grid";
import { renderDrillText } from "../../drill/report/text";
import type { DrillReport } from "../../drill/result";
import { BROKEN, KEPT, promise, report, result } from "./fixtures";
import { LIVE } from "./live/liveReport";

/** So wide that nothing is wrapped. */
const unwrapped = 100_000;
const fixtures: readonly (readonly [string, DrillReport])[] = [
    ["all kept", KEPT],
    ["one broken", BROKEN],
    ["live", LIVE],
];

function plain(given: DrillReport, width = unwrapped): string {
    return renderDrillText(given, { color: false, width });
}

function linesOf(text: string): string[] {
    return text.trimEnd().split("\n");
}

/** The table's lines of a drill: those after its name. */
function rowsOf(text: string, drill: string): string[] {
    const lines = linesOf(text);
    const from = lines.indexOf(drill);
    assert.notEqual(from, -1, `${drill} is not in the table`);
    const end = lines.findIndex((line, index) => index > from && !/^[ \u2717] /.test(line));
    return lines.slice(from + 1, end).map(line => line.trim().replace(/\s{2,}/g, "  "));
}

describe("the drills' report in a terminal", () => {
    for (const [name, given] of fixtures) {
        it(`says each promise, what was promised, measured and done by the naive stack, ${name}`, () => {
            const text = plain(given);
            for (const { drill, subject, promises, notes } of given.drills) {
                assert.ok(linesOf(text).includes(drill), drill);
                const rows = rowsOf(text, drill).join("\n");
                for (const { name: promised, promised: amount, measured, kept } of promises) {
                    assert.ok(rows.includes(promised) && rows.includes(amount), promised);
                    assert.ok(rows.includes(`${kept ? "\u2713" : "\u2717"} ${measured}`), `${drill}: ${measured}`);
                }
                for (const note of subject === "stack" ? notes : []) {
                    assert.ok(text.includes(note), note);
                }
            }
            for (const fact of [given.project, given.stack, given.set, given.startedAt, "east, central", "8 min 32 s", ...given.setting, ...given.unproved]) {
                assert.ok(text.includes(fact), fact);
            }
        });

        for (const width of [80, 120]) {
            it(`fits ${width} columns and loses no word, ${name}`, () => {
                const text = plain(given, width);
                assert.deepEqual(linesOf(text).filter(line => line.length > width), []);
                const words = (own: string): string[] => own.split(/\s+/).sort();
                assert.deepEqual(words(text), words(plain(given)));
            });
        }

        it(`is the same with colours, but for the colours, ${name}`, () => {
            const colored = renderDrillText(given, { color: true, width: 80 });
            assert.notEqual(colored, plain(given, 80));
            assert.equal(stripVTControlCharacters(colored), plain(given, 80));
        });
    }

    it("names the stack's clusters first, and not what the naive one was drilled on", () => {
        const [first] = linesOf(plain(report([result("drain", "stack", "east"), result("drain", "naive", "naive"), result("drain", "stack", "central"), result("cluster loss", "stack", "all")])));
        assert.match(first ?? "", / drills on east, central; /);
    });

    it("fits ten drills on two clusters into one screen", () => {
        assert.ok(linesOf(plain(KEPT, 120)).length <= 60, `${linesOf(plain(KEPT, 120)).length} lines`);
        assert.ok(linesOf(plain(KEPT, 80)).length <= 70, `${linesOf(plain(KEPT, 80)).length} lines`);
    });

    it("says once what all clusters measured alike", () => {
        assert.deepEqual(rowsOf(plain(KEPT), "zone loss"), [
            "ready replicas never under  2 of 3  each  \u2713 2 of 3  \u2717 0 of 3",
            "full strength again within  95 s  east  \u2713 76.6 s  \u2717 not within 107 s",
            "central  \u2713 77.5 s  \u2717 not within 107 s",
        ]);
    });

    it("marks what was broken, and repeats it at the end with what happened", () => {
        const text = plain(BROKEN);
        assert.equal(rowsOf(text, "zone loss")[2], "\u2717  full strength again within  95 s  central  \u2717 not within 107 s  \u2717 not within 107 s");
        const end = linesOf(text).slice(linesOf(text).indexOf("1 broken promise"));
        assert.deepEqual(end.map(line => line.trim()), [
            "1 broken promise",
            "\u2717 zone loss, central: full strength again within: promised 95 s, measured not within 107 s",
            "us-central1-a fell silent, and came back after 95 s",
            "5.0 s  zone us-central1-a dies",
            "48.1 s  its nodes are not ready",
            "78.8 s  lost replicas are asked for anew",
            "100.0 s  zone us-central1-a returns",
            "",
            "35 of 36 promises kept. The naive stack broke 10 of 10 drills: zone loss, drain, rollout, bad image, load, noisy metrics, loss of components, loss of the API server, quota, loss of a cluster.",
        ]);
        assert.doesNotMatch(plain(KEPT), /broken promise/);
        assert.match(linesOf(plain(KEPT)).at(-1) ?? "", /^36 of 36 promises kept\. The naive stack broke 10 of 10 drills: zone loss, /);
    });

    it("says which drills were not seen to fail", () => {
        const kept = [promise("pods lost", "0", "0")];
        const text = plain(
            report([
                result("a", "stack", "east", { promises: kept }),
                result("a", "naive", "east", { promises: [promise("pods lost", "0", "3", false)] }),
                result("b", "stack", "east", { promises: kept }),
                result("b", "naive", "east", { promises: kept }),
                result("c", "stack", "east", { promises: kept }),
            ]),
        );
        assert.deepEqual(linesOf(text).slice(-5), [
            "! The naive stack kept every promise of b: nothing here shows that this drill can fail.",
            "",
            "! Not run on the naive stack: c.",
            "",
            "3 of 3 promises kept. The naive stack broke 1 of 2 drills: a.",
        ]);
        assert.equal(rowsOf(text, "c")[0], "pods lost  0  east  \u2713 0  \u2013");
    });

    it("says so where the naive stack was not drilled at all, or nothing was", () => {
        const alone = report([result("a", "stack", "east", { promises: [promise("pods lost", "0", "0")] })]);
        assert.equal(linesOf(plain(alone)).at(-1), "1 of 1 promise kept. The naive stack was not drilled, so nothing here shows that a drill can fail.");
        assert.equal(linesOf(plain(report([]))).at(-1), "0 of 0 promises kept. The naive stack was not drilled, so nothing here shows that a drill can fail.");
    });

    it("says where the naive stack was drilled elsewhere, or was promised something else", () => {
        const text = plain(
            report([
                result("a", "stack", "east", { promises: [promise("ready", "2 of 3", "2 of 3")] }),
                result("a", "stack", "central", { promises: [promise("ready", "2 of 3", "2 of 3")] }),
                result("a", "naive", "east", { promises: [promise("ready", "1 of 1", "0 of 1", false), promise("only here", "0", "1", false)] }),
            ]),
        );
        assert.deepEqual(rowsOf(text, "a"), [
            "ready  2 of 3  east  \u2713 2 of 3  \u2717 0 of 1 (promised 1 of 1)",
            "central  \u2713 2 of 3  \u2717 0 of 1 (promised 1 of 1, on east)",
            "only here  0  east  \u2013  \u2717 1",
            "central  \u2013  \u2717 1 (on east)",
        ]);
    });

    it("lets no name or message move the cursor", () => {
        const evil = "a\u001b[2J\u0007\r\nb";
        const text = plain(report([result(evil, "stack", evil, { what: evil, notes: [evil], marks: [{ at: 1, text: evil }], promises: [promise(evil, evil, evil, false)] })], { setting: [evil], unproved: [evil] }));
        assert.doesNotMatch(text, /(?!\n)\p{Cc}/u);
    });

    it("keeps any table in its width, and every character of it", () => {
        const cell = fc.string({ unit: fc.constantFrom("a", "b", " ", "\u2713"), maxLength: 40 }).map((text): Cell => ({ text: text.trim().replace(/ +/g, " ") }));
        const rows = fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 1, maxLength: 6 });
        fc.assert(
            fc.property(rows, fc.integer({ min: 30, max: 200 }), (given, width) => {
                const lines = grid(given, width, (_, text) => text);
                assert.equal(lines.length, given.length);
                assert.ok(lines.flat().every(line => line.length <= width));
                const characters = (text: string): string[] => Array.from(text.replaceAll(" ", "")).sort();
                assert.deepEqual(characters(lines.flat().join("")), characters(given.flat().map(({ text }) => text).join("")));
            }),
        );
    });
});
