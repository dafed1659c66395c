// Strings prove what the page says and that no name leaves its place. They cannot prove how it looks, in a browser or on paper.
import assert from "node:assert/strict";

import { drillsOf, pairsOf } from "../../drill/report/compare";
import { renderDrillPage } from "../../drill/report/page";
import { duration, moment } from "../../drill/report/words";
import { isKept, type DrillReport } from "../../drill/result";
import { escapeText } from "../../plan/page/markup";
import { BROKEN, KEPT, promise, report, result, steps } from "./fixtures";
import { LIVE } from "./live/liveReport";

const evil = `"><script>alert('1')</script>&<b onclick=x>\u0007]]>`;

/** A report each of whose names and messages tries to leave its place. */
const HOSTILE = report(
    (["stack", "naive"] as const).map(subject =>
        result(evil, subject, evil, {
            what: evil,
            promises: [promise(evil, evil, evil, false)],
            series: [steps(evil, evil, [[0, 1], [2, 0]], 1)],
            marks: Array.from({ length: 12 }, (_, at) => ({ at: at / 10, text: evil })),
            notes: [evil],
        }),
    ),
    { project: evil, stack: evil, setting: [evil], unproved: [evil] },
);

/** The same of what only a live drill has. */
const HOSTILE_LIVE: DrillReport = {
    ...HOSTILE,
    live: true,
    drills: HOSTILE.drills.map(own => ({
        ...own,
        series: own.series.map(series => ({ ...series, panel: evil, tone: "broken" as const })),
        traffic: [{ client: evil, sent: 2, failed: 1, longestGapSeconds: 1, p99Seconds: undefined, errors: [{ error: evil, count: 1 }] }],
        writes: { acknowledged: 2, readBack: 1, lost: [evil] },
    })),
};

const reports: readonly (readonly [string, DrillReport])[] = [
    ["all kept", KEPT],
    ["one broken", BROKEN],
    ["hostile names", HOSTILE],
    ["live", LIVE],
    ["live, hostile names", HOSTILE_LIVE],
    ["nothing drilled", report([])],
];

/** Every text of a report, but those of a fixed choice. */
function strings(value: unknown, key = ""): string[] {
    if (typeof value === "string") {
        return key === "subject" || (key === "cluster" && value === "all") || (key === "unit" && value === "replicas") ? [] : [value];
    }
    return typeof value === "object" && value !== null ? Object.entries(value).flatMap(([own, item]) => strings(item, Array.isArray(value) ? key : own)) : [];
}

/** Elements that are closed wrongly or not at all. */
function unbalanced(html: string): string[] {
    const open: string[] = [];
    const wrong: string[] = [];
    for (const [, close, name = ""] of html.replace(/<style>.*<\/style>/s, "").matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
        if (close === "" && name !== "meta") {
            open.push(name);
        } else if (close === "/" && open.pop() !== name) {
            wrong.push(name);
        }
    }
    return [...wrong, ...open];
}

function all(html: string, pattern: RegExp): string[] {
    return [...html.matchAll(pattern)].map(([, found = ""]) => found);
}

/** The cells of every row, without their elements. */
function rows(html: string): string[] {
    return all(html, /<tr>(.*?)<\/tr>/gs).map(row => all(row, /<t[hd][^>]*>(.*?)<\/t[hd]>/gs).map(cell => cell.replace(/<[^>]*>/g, "")).join("|"));
}

describe("the drills' page", () => {
    for (const [name, given] of reports) {
        describe(name, () => {
            const html = renderDrillPage(given);

            it("says every text and every moment of the report", () => {
                for (const text of strings(given)) {
                    assert.ok(html.includes(escapeText(text)), `missing: ${text}`);
                }
                for (const { marks, seconds } of given.drills) {
                    for (const at of [...marks.map(mark => moment(mark.at)), duration(seconds)]) {
                        assert.ok(html.includes(at), `missing: ${at}`);
                    }
                }
            });

            it("closes every element it opens, and knows them all", () => {
                assert.deepEqual(unbalanced(html), []);
                const known =
                    /^(html|head|meta|title|style|body|header|main|footer|section|article|figure|figcaption|h[1-4]|p|a|div|span|strong|dl|dt|dd|ul|ol|li|table|caption|thead|tbody|tr|th|td|svg|rect|path|text|desc)$/;
                assert.deepEqual(all(html, /<([a-z][^\s>]*)/gi).filter(element => !known.test(element)), []);
            });

            it("asks for nothing from outside and runs nothing", () => {
                const unquoted = html.replace(/="[^"]*"/g, "=");
                assert.doesNotMatch(unquoted, /<[^>]*\s(src|srcset|xlink:href|action|on\w+)=/i);
                assert.doesNotMatch(html, /<[^>]*https?:\/\/|@import|url\(/);
                assert.ok(html.includes(`content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"`));
            });

            it("leads nowhere but to its own sections, and gives no name twice", () => {
                const ids = all(html, /\sid="([^"]*)"/g);
                assert.equal(new Set(ids).size, ids.length);
                for (const target of [...all(html, /\shref="#([^"]*)"/g), ...all(html, /aria-labelledby="([^"]*)"/g).flatMap(own => own.split(" "))]) {
                    assert.ok(ids.includes(target), `nothing is called ${target}`);
                }
                assert.equal(all(html, /\s(href)=/g).length, all(html, /\shref="#(drill-\d+)"/g).length);
            });

            it("gives the same bytes for the same report, and leaves it alone", () => {
                const before = structuredClone(given);
                assert.equal(renderDrillPage(structuredClone(given)), html);
                assert.deepEqual(given, before);
            });

            it("has one h1, no heading left out, and a scope on every table header", () => {
                const levels = all(html, /<h([1-4])[ >]/g).map(Number);
                assert.equal(levels.filter(level => level === 1).length, 1);
                assert.ok(levels.every((level, index) => level <= (levels[index - 1] ?? 0) + 1));
                assert.equal(all(html, /<(th)[ >]/g).length, all(html, /<th (scope)=/g).length);
            });
        });
    }

    it("has a chart for each drill and cluster, said in words", () => {
        const html = renderDrillPage(KEPT);
        const charts = drillsOf(KEPT).flatMap(drill => pairsOf(KEPT, drill));
        assert.equal(charts.length, 19);
        assert.equal(all(html, /<(svg) class="chart"[^>]* role="img"/g).length, 19);
        assert.equal(all(html, /<(title) id="chart-\d+-\d+-title">[^<]+<\/title><desc id="chart-\d+-\d+-desc">[^<]+</g).length, 19);
    });

    it("sets the naive stack's result beside ours", () => {
        const found = rows(renderDrillPage(BROKEN));
        for (const row of [
            "zone loss|ready replicas never under|2 of 3|east, central|\u2713 kept: 2 of 3|\u2717 broken: 0 of 3",
            "zone loss|full strength again within|95 s|east|\u2713 kept: 76.6 s|\u2717 broken: not within 107 s",
            "zone loss|full strength again within|95 s|central|\u2717 broken: not within 107 s|\u2717 broken: not within 107 s",
            "loss of a cluster|failback after|30 min of health|all clusters|\u2713 kept: 30 min|\u2013",
        ]) {
            assert.ok(found.includes(row), `${row} is not in\n${found.join("\n")}`);
        }
    });

    it("begins with what was broken, and says so where nothing was", () => {
        const html = renderDrillPage(BROKEN);
        const [alarms = ""] = all(html, /<ul class="warnings alarms">(.*?)<\/ul>/gs);
        assert.equal(
            alarms.replace(/<\/div>/g, "\n").replace(/<[^>]*>/g, ""),
            "zone loss, central: full strength again within: promised 95 s, measured not within 107 s\n" +
                "us-central1-a fell silent, and came back after 95 s\n" +
                "5.0 s zone us-central1-a dies; 48.1 s its nodes are not ready; 78.8 s lost replicas are asked for anew; 100.0 s zone us-central1-a returns\n",
        );
        assert.ok(html.indexOf("warnings alarms") < html.indexOf("<table"));
        assert.ok(html.includes('<dt>Promises kept</dt><dd class="broken">35 of 36</dd>'));
        assert.ok(html.includes("1 of 2 promises kept"));
        assert.ok(KEPT.drills.filter(({ subject }) => subject === "stack").every(isKept));
        assert.ok(renderDrillPage(KEPT).includes("None: the stack kept every promise."));
    });

    it("says which drills were not seen to fail", () => {
        const own = [promise("pods lost", "0", "0")];
        const html = renderDrillPage(report([result("b", "stack", "east", { promises: own }), result("b", "naive", "east", { promises: own })]));
        assert.ok(html.includes("<li>The naive stack kept every promise of b: nothing here shows that this drill can fail.</li>"));
        assert.ok(!renderDrillPage(KEPT).includes("Doubts"));
    });

    it("tells a naive run once that stands beside several of ours", () => {
        const html = renderDrillPage(
            report([
                result("a", "stack", "east", { series: [steps("ready", "pods", [[0, 1]])] }),
                result("a", "stack", "central", { series: [steps("ready", "pods", [[0, 1]])] }),
                result("a", "naive", "east", { series: [steps("ready", "pods", [[0, 0]])], notes: ["a note of the naive run"] }),
            ]),
        );
        assert.equal(all(html, /(a note of the naive run)/g).length, 1);
        assert.ok(html.includes("The run that is told beside east."));
        assert.ok(html.includes("naive stack (east)"));
    });

    it("numbers events that are too many to be named in the chart", () => {
        const [timeline = ""] = all(renderDrillPage(HOSTILE), /<ol class="timeline">(.*?)<\/ol>/gs);
        assert.deepEqual(all(timeline, /<strong>(\d+) <\/strong>/g), Array.from({ length: 12 }, (_, index) => String(index + 1)));
        assert.doesNotMatch(renderDrillPage(KEPT), /<strong>\d/);
    });

    it("stays small over ten minutes of samples each half second", () => {
        const long = result("a", "stack", "b", { seconds: 600, series: [steps("ready", "pods", Array.from({ length: 1201 }, (_, index) => [index / 2, Math.floor(index / 400)]))] });
        assert.ok(renderDrillPage(report([long])).length < 20_000);
    });
});
