// What this cannot prove: how the page looks in a browser, or that a real live drill's report is of this shape.
import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";

import { drawChart } from "../../../drill/report/chart";
import { describe as inWords } from "../../../drill/report/chart/describe";
import { legend } from "../../../drill/report/chart/legend";
import { panelsOf } from "../../../drill/report/chart/panels";
import { clientPairs, span } from "../../../drill/report/clients";
import { pairsOf, type Pair } from "../../../drill/report/compare";
import { drillJson } from "../../../drill/report/json";
import { renderDrillPage } from "../../../drill/report/page";
import { renderDrillText } from "../../../drill/report/text";
import { grouped } from "../../../drill/report/words";
import type { Traffic } from "../../../drill/result";
import { KEPT, promise, report, result, steps } from "../fixtures";
import { LIVE, ingress, requests, service } from "./liveReport";

function zoneLoss(): Pair {
    const [pair] = pairsOf(LIVE, "zone loss");
    assert.ok(pair !== undefined);
    return pair;
}

function seen(client: string, rest: Partial<Traffic> = {}): Traffic {
    return { client, sent: 10, failed: 0, longestGapSeconds: 0.1, p99Seconds: 0.01, errors: [], ...rest };
}

/** The lines of "What clients saw", cells two spaces apart. */
function clientLines(text: string): string[] {
    const lines = stripVTControlCharacters(text).split("\n");
    const from = lines.indexOf("What clients saw");
    assert.notEqual(from, -1, "the table is not there");
    return lines.slice(from + 1, lines.indexOf("", from)).map(line => line.trim().replace(/\s{2,}/g, "  "));
}

/** The cells of a table's rows, without their elements. */
function rows(html: string, caption: string): string[] {
    const [, table = ""] = new RegExp(`<caption class="unseen">${caption}</caption>(.*?)</table>`, "s").exec(html) ?? [];
    return [...table.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = ""]) => [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = ""]) => cell.replace(/<[^>]*>/g, "")).join("|"));
}

describe("what clients saw, in a terminal", () => {
    it("has a line for each client, the naive stack's below, and says a run's own figures once", () => {
        assert.deepEqual(clientLines(renderDrillText(LIVE, { color: true, width: 1000 })), [
            "Cluster  Client  Sent  Failed  Longest gap  p99 of answers  Full strength after  Writes read back",
            "rolling update",
            "east  Ingress  1,200  0  71 ms  12 ms  \u2013  240 of 240",
            "naive  Ingress  1,200  18  340 ms  12 ms  \u2013  \u2013",
            "central  Ingress  1,200  0  71 ms  12 ms  \u2013  240 of 240",
            "zone loss",
            "east  Ingress  3,000  171  1.2 s  340 ms  62 s  600 of 600",
            "Service  3,000  171  1.2 s  340 ms",
            "naive  Ingress  3,000  1,840  92 s  15 ms  94 s  \u2013",
            "loss of a cluster",
            "all  Ingress  4,800  1,720  86 s  12 ms  never seen  408 of 410",
            "naive, east  Ingress  4,800  2,420  2 min 1 s  12 ms  \u2013  \u2013",
        ]);
    });

    it("is left out of the drills on fake nodes, and of a drill without a client", () => {
        assert.doesNotMatch(renderDrillText(KEPT, { color: false, width: 120 }), /What clients saw|live drills/);
        const text = renderDrillText(report([result("a", "stack", "east", { traffic: [seen("x")] }), result("b", "stack", "east")], { live: true }), { color: false, width: 120 });
        assert.deepEqual(clientLines(text).slice(1), ["a", "east  x  10  0  100 ms  10 ms  \u2013  \u2013"]);
        assert.ok(text.startsWith("holdfast prod: quick set of live drills on east; "));
    });

    it("shows a run that no client watched, by its writes and its strength", () => {
        const text = renderDrillText(report([result("a", "stack", "east", { fullStrengthSeconds: 0.9996, writes: { acknowledged: 1000, readBack: 999, lost: ["7"] } })]), { color: true, width: 200 });
        assert.equal(clientLines(text)[2], "east  \u2013  \u2013  \u2013  \u2013  1 s  999 of 1,000");
        assert.ok(text.includes("\u001b[1m\u001b[31m999 of 1,000"), "lost writes are not red");
    });

    it("has a dash where nobody was answered, and cuts no cell's end", () => {
        const both = result("a", "stack", "east", { traffic: [seen("Ingress"), seen("Service", { p99Seconds: undefined })] });
        assert.equal(clientLines(renderDrillText(report([both]), { color: false, width: 200 }))[3], "Service  10  0  100 ms  \u2013");
    });

    it("says why requests failed where a promise was broken", () => {
        const broken = result("a", "stack", "east", { promises: [promise("failed", "0", "1,200", false)], traffic: [seen("x", { failed: 1200, errors: [{ error: "connection refused", count: 1200 }] })] });
        assert.match(renderDrillText(report([broken]), { color: false, width: 120 }), /\n {4}x: 1,200 \u00d7 connection refused\n/);
    });

    it("lets no client's name or error move the cursor", () => {
        const evil = "a\u001b[2J\u0007\r\nb";
        const text = renderDrillText(report([result("a", "stack", "east", { promises: [promise("p", "0", "1", false)], traffic: [seen(evil, { failed: 1, errors: [{ error: evil, count: 1 }] })] })]), { color: false, width: 120 });
        assert.doesNotMatch(text, /(?!\n)\p{Cc}/u);
    });

    it("has units that fit the size, and thousands apart", () => {
        const spans = [0, 0.0004, 0.0124, 0.34, 0.9994, 0.9996, 1.24, 9.96, 57.4, 119.4, 125].map(span);
        assert.deepEqual(spans, ["0 s", "<1 ms", "12 ms", "340 ms", "999 ms", "1 s", "1.2 s", "10 s", "57 s", "119 s", "2 min 5 s"]);
        assert.deepEqual([0, 999, 1000, 19320, 1234567].map(grouped), ["0", "999", "1,000", "19,320", "1,234,567"]);
    });
});

describe("what clients saw, on the page", () => {
    const html = renderDrillPage(LIVE);

    it("sums up the stack's clients and writes, and not the naive stack's", () => {
        assert.ok(html.includes("<title>Holdfast live drills: prod</title>"));
        assert.ok(html.includes("<dt>Requests failed</dt><dd>2,062 of 13,200</dd>"));
        assert.ok(html.includes('<dt>Writes lost</dt><dd class="broken">2 of 1,490</dd>'));
    });

    it("has a row for each client of each drill", () => {
        const found = rows(html, "What clients saw in each drill");
        assert.equal(found.length, 1 + 3 + 3 + 2);
        assert.equal(found[4], "zone loss|east|Ingress|3,000|171|1.2 s|340 ms|62 s|600 of 600");
        assert.equal(found[5], "zone loss|east|Service|3,000|171|1.2 s|340 ms|as above|as above");
        assert.equal(found[6], "zone loss|naive|Ingress|3,000|1,840|92 s|15 ms|94 s|\u2013");
    });

    it("sets the figures of a drill beside the naive stack's, and leaves out what neither has", () => {
        assert.deepEqual(rows(html, "Figures of zone loss, east"), [
            "Figure|Stack|Naive stack",
            "Full strength after|62 s|94 s",
            "Writes read back|600 of 600|\u2013",
            `Client|${ingress}|${ingress}`,
            "Sent|3,000|3,000",
            "Failed|171|1,840",
            "Longest gap|1.2 s|92 s",
            "p99 of answers|340 ms|15 ms",
            "Why they failed|171 \u00d7 no answer within 5 s|1,840 \u00d7 no answer within 5 s",
            `Client|${service}|\u2013`,
            "Sent|3,000|\u2013",
            "Failed|171|\u2013",
            "Longest gap|1.2 s|\u2013",
            "p99 of answers|340 ms|\u2013",
            "Why they failed|171 \u00d7 no answer within 5 s|\u2013",
        ]);
        const found = rows(html, "Figures of loss of a cluster, all");
        assert.deepEqual([found[0], found[3]], ["Figure|Stack|Naive stack (east)", "Writes lost|w-107, w-108|\u2013"]);
        assert.ok(!rows(html, "Figures of rolling update, east").some(row => row.startsWith("Full strength")));
    });

    it("names the first lost writes, and counts the rest", () => {
        const lost = Array.from({ length: 1025 }, (_, index) => `w${index}`);
        const own = result("a", "stack", "b", { writes: { acknowledged: 2000, readBack: 975, lost } });
        const [, , named = ""] = rows(renderDrillPage(report([own], { live: true })), "Figures of a, b");
        assert.equal(named, `Writes lost|${lost.slice(0, 20).join(", ")} and 1,005 more`);
    });

    it("pairs clients by name, and those that are left in their order", () => {
        const side = (...clients: string[]): ReturnType<typeof result> => result("a", "stack", "b", { traffic: clients.map(client => seen(client)) });
        const names = (ours: readonly string[], naive: readonly string[]): (string | undefined)[][] =>
            clientPairs({ drill: "a", cluster: "b", ours: side(...ours), naive: side(...naive) }).map(pair => pair.map(traffic => traffic?.client));
        assert.deepEqual(names(["x", "y"], ["y", "z", "w"]), [["x", "z"], ["y", "y"], [undefined, "w"]]);
        assert.deepEqual(names(["x"], []), [["x", undefined]]);
    });

    it("says what happened once to both, with its length, before anything else of the drill", () => {
        const { ours } = zoneLoss();
        const told = html.slice(html.indexOf('id="drill-2"'), html.indexOf('id="drill-3"'));
        assert.equal(told.split((ours?.what ?? "").replaceAll("'", "&#39;")).length, 2);
        assert.ok(told.indexOf("The drill took 2 min 30 s.") < told.indexOf("<svg"));
        assert.equal(told.split('<ol class="timeline">').length - 1, 2);
    });

    it("leaves the page of the drills on fake nodes as it was", () => {
        assert.doesNotMatch(renderDrillPage(KEPT), /incident|What clients saw|\.fall|class="fall"|Requests failed/);
    });
});

describe("a live drill's chart", () => {
    it("has requests first, a panel for each subject and client on one scale, then what is ready", () => {
        const panels = panelsOf(zoneLoss());
        assert.deepEqual(panels.map(({ title, subject, unit, lines }) => [title, subject, unit, lines.length]), [
            [ingress, "stack", "requests a second", 2],
            [ingress, "naive", "requests a second", 2],
            [service, "stack", "requests a second", 2],
            ["ready replicas", undefined, "replicas", 2],
        ]);
        assert.deepEqual(panels.map(({ peak }) => peak), [21, 21, 21, 3]);
        const [stack = "", naive = ""] = ["the stack", "naive stack"].map(whose => `>${whose}: ${ingress}, requests a second<`);
        const svg = drawChart(zoneLoss(), "chart")?.svg.source ?? "";
        assert.ok(svg.indexOf(stack) > 0 && svg.indexOf(naive) > svg.indexOf(stack));
    });

    it("fills what failed in one outline, over the seconds in which it did, and draws none where nothing failed", () => {
        const svg = drawChart(zoneLoss(), "chart")?.svg.source ?? "";
        const fills = [...svg.matchAll(/<path class="fall" d="([^"]*)"/g)].map(([, d = ""]) => d);
        assert.deepEqual(fills.map(d => d.split("M").length - 1), [1, 1, 1]);
        const [, from = NaN, to = NaN] = /^M([\d.]+) .*H([\d.]+)V[\d.]+Z$/.exec(fills[0] ?? "")?.map(Number) ?? [];
        const marks = [...svg.matchAll(/<path class="mark" d="M([\d.]+) /g)].map(([, x]) => Number(x));
        assert.ok(Math.abs(from - (marks[0] ?? NaN)) <= 1, `failures begin at ${from}, the zone dies at ${marks[0]}`);
        assert.ok(Math.abs((to - from) / ((marks[4] ?? NaN) - (marks[0] ?? NaN)) - 25 / 90) < 0.01, `failures are ${to - from} wide`);
        const [central] = pairsOf(LIVE, "rolling update").filter(({ cluster }) => cluster === "central");
        assert.ok(central !== undefined);
        assert.doesNotMatch(drawChart({ ...central, naive: undefined }, "chart")?.svg.source ?? "", /class="fall"/);
    });

    it("shows a single failed request of a long drill", () => {
        const ours = result("a", "stack", "b", { seconds: 3600, series: [{ ...steps("failed", "requests a second", [[0, 0], [100, 1], [101, 0], [200, 500], [201, 0]]), tone: "broken" }] });
        const svg = drawChart({ drill: "a", cluster: "b", ours, naive: undefined }, "chart")?.svg.source ?? "";
        const [, left = NaN, ground = NaN, top = NaN, right = NaN] = /class="fall" d="M([\d.]+) ([\d.]+)V([\d.]+)H([\d.]+)V/.exec(svg)?.map(Number) ?? [];
        assert.ok(right - left >= 2 && ground - top >= 2, `${right - left} wide and ${ground - top} high`);
    });

    it("explains the filled once, and takes no looks from the lines for it", () => {
        const pair = zoneLoss();
        const texts = [...legend(pair).source.matchAll(/<\/svg>([^<]*)<\/span>/g)].map(([, text]) => text);
        assert.deepEqual(texts, ["the stack", "naive stack", "failed", "promised", "event", "event, naive stack"]);
        const svg = drawChart(pair, "chart")?.svg.source ?? "";
        assert.deepEqual([...new Set([...svg.matchAll(/class="(line [^"]*)"/g)].map(([, look]) => look))].sort(), ["line naive look0", "line stack look0"]);
    });

    it("puts the naive stack's events on its own panel, and ours through all", () => {
        const svg = drawChart(zoneLoss(), "chart")?.svg.source ?? "";
        const grounds = [...svg.matchAll(/<path class="axis" d="M40 ([\d.]+)H/g)].map(([, y]) => Number(y));
        const notches = [...svg.matchAll(/<path class="naive-mark" d="M[\d.]+ ([\d.]+)v-9"/g)].map(([, y]) => Number(y));
        assert.equal(grounds.length, 4);
        assert.ok(notches.length === 2 && notches.every(y => Math.abs(y - (grounds[1] ?? NaN)) <= 0.5), `${notches.join()} on ${grounds.join()}`);
        const ends = [...svg.matchAll(/<path class="mark" d="M[\d.]+ [\d.]+V([\d.]+)"/g)].map(([, y]) => Number(y));
        assert.ok(ends.length === 5 && ends.every(y => Math.abs(y - (grounds[3] ?? NaN)) <= 0.5));
    });

    it("says in words which client's requests it means", () => {
        const words = inWords(zoneLoss());
        assert.ok(words.includes(`${ingress}: failed (requests a second), stack: 0 at first, highest 8 from 23.0 s, 0 at the end since 45.0 s.`), words);
        assert.ok(words.includes(`${service}: answered (requests a second), stack: 20 at first, lowest 12 from 20.0 s`), words);
    });
});

describe("live.json", () => {
    it("says what only live drills have, in the contract's order, and leaves out what was not measured", () => {
        const text = drillJson(report([result("a", "stack", "east", { series: requests("x", 2, []), traffic: [seen("x", { p99Seconds: undefined })], fullStrengthSeconds: "never", writes: { copies: 3, acknowledged: 1, readBack: 1, lost: [] } })], { live: true, leftOut: [{ lacking: true, why: "no", cluster: "east", drill: "b" }] }));
        assert.ok(text.startsWith('{\n  "formatVersion": 1,\n  "live": true,\n  "project": "holdfast",'));
        const keys = [...text.slice(text.indexOf('"drills"')).matchAll(/"(\w+)":/g)].map(([, key]) => key);
        assert.match(text, /"leftOut": \[\n {4}\{\n {6}"drill": "b",\n {6}"cluster": "east",\n {6}"why": "no",\n {6}"lacking": true\n/);
        const series = ["name", "unit", "panel"];
        assert.deepEqual(keys, [
            ...["drills", "drill", "subject", "cluster", "what", "seconds", "promises", "series"],
            ...[...series, "samples", ...series, "tone", "samples"],
            ...["marks", "notes", "traffic", "client", "sent", "failed", "longestGapSeconds", "errors"],
            ...["fullStrengthSeconds", "writes", "acknowledged", "readBack", "lost", "copies"],
        ]);
    });
});
