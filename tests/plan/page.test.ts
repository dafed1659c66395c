// Strings prove what the page says and that no name leaves its place. They cannot prove how it looks:
// page.browser.test.ts measures that, in a browser.
import assert from "node:assert/strict";

import fc from "fast-check";

import { renderPage } from "../../plan/page";
import { el, escapeText } from "../../plan/page/markup";
import { fit, textWidth } from "../../plan/page/svg";
import { kubernetesVersion, usd } from "../../plan/page/words";
import type { PlanSummary, RecordSummary } from "../../plan/summary";
import {
    DEV,
    eksCluster,
    failover,
    FIFTY,
    GLOBAL,
    HOSTILE,
    HOSTILE_TEXT,
    PROD,
    resource,
    RESOURCES,
    SIX,
    zones,
} from "./fixtures";

const STACKS: readonly (readonly [name: string, summary: PlanSummary])[] = [
    ["two clouds", PROD],
    ["an existing cluster", DEV],
    ["only records", GLOBAL],
    ["six clusters", SIX],
    ["fifty clusters", FIFTY],
    ["hostile names", HOSTILE],
];

describe("renderPage", () => {
    for (const [name, summary] of STACKS) {
        describe(name, () => {
            const html = renderPage(summary, RESOURCES);

            it("says every text of the summary", () => {
                for (const text of strings(summary)) {
                    assert.ok(html.includes(escapeText(text)), `missing: ${text}`);
                }
            });

            it("closes every element it opens, and knows them all", () => {
                assert.deepEqual(unbalanced(html), []);
                const known =
                    /^(html|head|meta|title|style|body|header|main|footer|section|figure|figcaption|h[1-3]|p|div|span|dl|dt|dd|ul|li|code|table|caption|thead|tbody|tfoot|tr|th|td|details|summary|svg|g|rect|path|ellipse|text|desc)$/;
                assert.deepEqual(tags(html).filter(({ element }) => !known.test(element)), []);
            });

            it("asks for nothing from outside and runs nothing", () => {
                assert.doesNotMatch(html, /<[^>]*\s(src|srcset|href|xlink:href|action|on\w+)=/i);
                assert.doesNotMatch(html, /<[^>]*https?:\/\//);
                const style = between(html, "<style>", "</style>");
                assert.doesNotMatch(style, /@import|url\(|https?:/);
                assert.ok(html.includes(`content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"`));
            });

            it("gives the same bytes for the same summary, and leaves it alone", () => {
                const before = structuredClone(summary);
                assert.equal(renderPage(structuredClone(summary), structuredClone(RESOURCES)), html);
                assert.deepEqual(summary, before);
            });

            it("has one h1, a scope on every table header and a name on the picture", () => {
                assert.equal(occurrences(html, "<h1>"), 1);
                assert.equal(occurrences(html, "<th "), occurrences(html, "<th scope="));
                assert.equal(occurrences(html, "<th>"), 0);
                assert.match(picture(html), /^[^>]*role="img" aria-labelledby="picture-title picture-desc"/);
                assert.match(picture(html), /<title id="picture-title">.+?<\/title><desc id="picture-desc">.+?<\/desc>/s);
            });
        });
    }

    it("shows objectives, price and resources as tiles", () => {
        const tiles = between(renderPage(PROD, []), '<dl class="tiles">', "</dl>");
        const figures = [...tiles.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g)].map(([, name, value]) => [name, value]);
        assert.deepEqual(figures, [
            ["Availability", "99.9999 %"],
            ["RTO, cluster loss", "80 s"],
            ["Capacity after a zone loss", "67 %"],
            ["RPO", "unbounded"],
            ["List price a month, without 2 items", "$1,919"],
        ]);
    });

    it("says every number of the summary", () => {
        const html = renderPage(PROD, []);
        for (const row of [
            ["east", "<code>us-east-1a</code>", "2", "1"],
            ["west", "<code>europe-west4-a</code>", "3", "1"],
            ["east: nodes", "$1,234.50"],
            ["Total", "$1,918.75"],
        ]) {
            assert.ok(cells(html).some((own) => own.join("|") === row.join("|")), `no row ${row.join(" | ")}`);
        }
        const parts = ["east", "network", "24", "Subnet \u00d7 6, Route \u00d7 6, RouteTable \u00d7 4"];
        assert.ok(cells(html).some((own) => own.join("|") === parts.join("|")));
        assert.ok(html.includes("6 to 30 replicas"));
        assert.ok(html.includes("3 replicas, 20Gi each, at /var/lib/shop"));
        assert.ok(html.includes("<dt>TTL</dt><dd>30 s</dd>"));
    });

    it("says so where there is nothing to say", () => {
        const html = renderPage(DEV, []);
        assert.ok(html.includes("No warnings."));
        assert.ok(renderPage(PROD, []).includes("142 rules, none broken."));
        assert.ok(html.includes("No failover DNS in this stack."));
        assert.ok(renderPage(GLOBAL, []).includes("This stack has no clusters of its own."));
    });

    it("lists every broken rule with its reason", () => {
        const rows = cells(renderPage(DEV, []));
        for (const { rule, level, resource: changed, message, why } of DEV.policy.violations) {
            assert.ok(rows.some((own) => own.join("|") === [rule, level, changed, message, why].join("|")), rule);
        }
    });

    it("makes broken rules stand out where one of them stops an update", () => {
        const alarm = (html: string): string => between(html, '<p class="alarm">', "</p>");
        assert.equal(
            alarm(renderPage(DEV, [])),
            "1 mandatory and 1 advisory policy violations; 142 rules in all. A mandatory one stops every update.",
        );
        const advisory = DEV.policy.violations.filter(({ level }) => level === "advisory");
        const html = renderPage({ ...DEV, policy: { rules: 142, violations: advisory } }, []);
        assert.ok(html.includes('<p class="quiet">1 advisory policy violation; 142 rules in all.</p>'));
        assert.ok(!html.includes('class="alarm"'));
    });

    it("lists all resources, folded away, with what becomes of them", () => {
        const details = between(renderPage(PROD, RESOURCES), "<details>", "</details>");
        assert.deepEqual(cells(details), [
            ["Name", "Type", "Part of", "On destroy"],
            ["east-network", "holdfast:aws:Network", "stack", "deleted"],
            ["east-network-public-us-east-1a", "aws:ec2/subnet:Subnet", "<code>east-network</code>", "deleted"],
            ["east-cluster", "aws:eks/cluster:Cluster", "<code>east</code>", "protected"],
            ["east-log-group", "aws:cloudwatch/logGroup:LogGroup", "<span>\u2013</span>", "kept"],
        ]);
    });

    it("escapes what resources are called", () => {
        const html = renderPage(PROD, [
            resource(HOSTILE_TEXT, { type: HOSTILE_TEXT, parent: HOSTILE_TEXT }),
            resource("child", { parent: `urn:pulumi:prod::holdfast::a:b:C::${HOSTILE_TEXT}` }),
        ]);
        assert.ok(!html.includes("<script"));
        assert.deepEqual(unbalanced(html), []);
    });

    it("draws fifty clusters at once", () => {
        const started = performance.now();
        const html = renderPage(FIFTY, RESOURCES);
        assert.ok(performance.now() - started < 2000);
        assert.equal(occurrences(picture(html), 'class="box card"'), 50);
    });
});

describe("the picture", () => {
    it("draws one mark a replica and one a volume", () => {
        assert.equal(occurrences(drawn(PROD), 'class="pod"'), 13);
        assert.equal(occurrences(drawn(PROD), 'class="volume"'), 6);
    });

    it("draws six replicas and three volumes of many, and their number", () => {
        const svg = drawn(oneCluster([40, 7, 6], 4));
        assert.equal(occurrences(svg, 'class="pod"'), 18);
        assert.equal(occurrences(svg, 'class="volume"'), 9);
        assert.ok(svg.includes("\u00d7 40 replicas"));
        assert.ok(svg.includes("\u00d7 7 replicas"));
        assert.ok(svg.includes(">6 replicas<"));
        assert.equal(occurrences(svg, "\u00d7 4 volumes"), 3);
    });

    it("says when a zone gets nothing", () => {
        const svg = drawn(oneCluster([1, 0], 0));
        assert.ok(svg.includes("no replicas"));
        assert.ok(!svg.includes("volume"));
    });

    it("draws one area with the app's minimum where no zone is named", () => {
        const svg = drawn(DEV);
        assert.equal(occurrences(svg, 'class="zone"'), 1);
        assert.ok(svg.includes("zones not named"));
        assert.equal(occurrences(svg, 'class="pod"'), 2);
        assert.ok(svg.includes("no failover DNS: each cluster has its own address"));
    });

    it("leads a solid line to the primary and a dashed one to the secondary", () => {
        const svg = drawn(PROD);
        assert.deepEqual(ways(svg), ["active", "standby"]);
        assert.ok(svg.includes("PRIMARY \u00b7 alias"));
        assert.ok(svg.includes("SECONDARY \u00b7 A"));
        const style = between(renderPage(PROD, []), "<style>", "</style>");
        assert.match(style, /\.way\.standby \{[^}]*stroke-dasharray/);
        assert.doesNotMatch(style, /\.way\.active \{[^}]*stroke-dasharray/);
    });

    it("leads solid lines to all that take traffic, a dashed one to weight 0", () => {
        assert.deepEqual(ways(drawn(SIX)).filter((tone) => tone !== "bus"), [
            ...Array.from({ length: 5 }, () => "active"),
            "standby",
        ]);
    });

    it("leads no line to a cluster without a record", () => {
        const records: readonly RecordSummary[] = failover().records.slice(0, 1);
        assert.deepEqual(ways(drawn({ ...PROD, failover: failover({ records }) })), ["active"]);
    });

    it("draws the clusters of other stacks where only records name them", () => {
        const svg = drawn(GLOBAL);
        assert.equal(occurrences(svg, 'class="cluster foreign"'), 2);
        assert.equal(occurrences(svg, "Another stack owns this cluster."), 2);
        assert.deepEqual(ways(svg), ["active", "standby"]);
    });

    it("draws several records of one cluster as one line with all roles", () => {
        const [east, west] = failover().records;
        assert.ok(east !== undefined && west !== undefined);
        const records = [east, { ...east, type: "AAAA" }, west];
        const svg = drawn({ ...PROD, failover: failover({ records }) });
        assert.ok(svg.includes("PRIMARY \u00b7 alias, PRIMARY \u00b7 AAAA"));
        assert.equal(ways(svg).length, 2);
    });

    it("keeps a cut name's whole self as a tooltip", () => {
        const name = "a-cluster-with-a-very-long-name-that-nobody-should-choose";
        assert.match(drawn(SIX), new RegExp(`<title>${name}</title>a-cluster-with[a-z-]*\u2026</text>`));
    });

    it("draws a plan without clusters and records", () => {
        assert.equal(occurrences(drawn({ ...DEV, clouds: [] }), "<path"), 0);
    });
});

describe("the page's helpers", () => {
    it("escape any text so that it comes back the same and leaves nothing to break out with", () => {
        fc.assert(
            fc.property(fc.string({ unit: "binary" }), (text) => {
                const escaped = escapeText(text);
                assert.doesNotMatch(escaped, /[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
                assert.equal(unescape(escaped), text.replace(/(?![\t\n\r])\p{Cc}/gu, "\ufffd"));
            }),
        );
    });

    it("escape attributes as well", () => {
        assert.equal(el("p", { title: `a"b<c`, id: undefined }, "x & y").source, `<p title="a&quot;b&lt;c">x &amp; y</p>`);
    });

    it("cut any text to its room, from either end, without splitting a character", () => {
        const face = { size: 12 };
        fc.assert(
            fc.property(
                fc.string({ unit: "grapheme" }),
                fc.integer({ min: 20, max: 200 }),
                fc.constantFrom("start", "end"),
                (text, width, keep) => {
                    const shown = fit(text, face, width, keep);
                    assert.ok(textWidth(shown, face) <= width);
                    assert.doesNotMatch(shown, /\p{Surrogate}/u);
                    assert.equal(shown === text, textWidth(text, face) <= width);
                },
            ),
        );
        assert.equal(fit("australia-southeast1-a", { size: 10, mono: true }, 60, "end"), "\u2026heast1-a");
    });

    it("write money and versions", () => {
        assert.equal(usd(0), "$0.00");
        assert.equal(usd(1234567.891), "$1,234,567.89");
        assert.equal(usd(999.6, 0), "$1,000");
        assert.equal(kubernetesVersion("1.35"), "Kubernetes 1.35");
        assert.equal(kubernetesVersion("v1.34.2"), "Kubernetes 1.34.2");
        assert.equal(kubernetesVersion("as it is"), "as it is");
    });
});

function oneCluster(replicas: readonly number[], volumes: number): PlanSummary {
    const cluster = eksCluster("east", { zones: zones("us-east-1", replicas, volumes) });
    return { ...PROD, clouds: [{ name: "AWS", clusters: [cluster] }] };
}

function drawn(summary: PlanSummary): string {
    return picture(renderPage(summary, []));
}

function picture(html: string): string {
    return between(html, '<svg class="picture"', "</svg>");
}

/** The tones of the lines, in the order they are drawn. */
function ways(svg: string): readonly (string | undefined)[] {
    return [...svg.matchAll(/class="way (\w+)"/g)].map(([, tone]) => tone);
}

function between(text: string, from: string, to: string): string {
    const start = text.indexOf(from);
    const end = text.indexOf(to, start);
    assert.ok(start >= 0 && end > start, `no ${from} \u2026 ${to}`);
    return text.slice(start + from.length, end);
}

function occurrences(text: string, part: string): number {
    return text.split(part).length - 1;
}

/** Every table row as the content of its cells. */
function cells(html: string): readonly (readonly string[])[] {
    return [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = ""]) =>
        [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = ""]) => cell),
    );
}

function strings(value: unknown): readonly string[] {
    if (typeof value === "string") {
        return [value];
    }
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
}

function tags(html: string): readonly { readonly element: string; readonly closes: boolean }[] {
    return [...html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/gi)].map(([, slash, element = ""]) => ({
        element: element.toLowerCase(),
        closes: slash === "/",
    }));
}

/** Elements left open, or closed out of turn. */
function unbalanced(html: string): readonly string[] {
    const open: string[] = [];
    const wrong: string[] = [];
    for (const { element, closes } of tags(html)) {
        if (closes && open.pop() !== element) {
            wrong.push(element);
        } else if (!closes && element !== "meta") {
            open.push(element);
        }
    }
    return [...wrong, ...open];
}

function unescape(text: string): string {
    const characters: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };
    return text.replace(/&(lt|gt|quot|#39|amp);/g, (whole, name: string) => characters[name] ?? whole);
}
