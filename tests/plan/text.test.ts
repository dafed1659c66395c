// What this cannot prove: that a terminal shows the box characters, or counts columns as JavaScript does.
import assert from "node:assert/strict";

import fc from "fast-check";

import { summarise } from "../../plan/summarise";
import type { PlanSummary } from "../../plan/summary";
import { renderText } from "../../plan/text";
import { planProjectStack } from "../support/plan";
import { DEV, GLOBAL, PROD, SIX } from "./fixtures";

/** So wide that nothing is wrapped. */
const unwrapped = 100_000;
const fixtures: readonly (readonly [string, PlanSummary])[] = [
    ["two clouds", PROD],
    ["an existing cluster", DEV],
    ["DNS alone", GLOBAL],
    ["six clusters", SIX],
];

function plain(summary: PlanSummary, width = unwrapped): string {
    return renderText(summary, { color: false, width });
}

function words(text: string): string[] {
    return text.split(/\s+/).filter(word => word !== "");
}

function linesOf(text: string): string[] {
    return text.trimEnd().split("\n");
}

/** The lines from the one that starts with `heading` to the next empty one. */
function section(text: string, heading: string): string[] {
    const lines = linesOf(text);
    const from = lines.findIndex(line => line.startsWith(heading));
    assert.notEqual(from, -1, `there is no ${heading}`);
    const end = lines.indexOf("", from);
    return lines.slice(from, end === -1 ? undefined : end);
}

/** Every text in a summary, with its path; of a group's types only the three that the tree has room for, of a rule no reason, of an add-on no charts. */
function textsIn(value: unknown, path = ""): [path: string, text: string][] {
    if (typeof value === "string") {
        return [[path, value]];
    }
    if (typeof value !== "object" || value === null) {
        return [];
    }
    const shown = path.endsWith(".types") ? Object.entries(value).slice(0, 3) : Object.entries(value).filter(([key]) => key !== "why" && key !== "charts");
    return shown.flatMap(([key, item]) => textsIn(item, `${path}.${key}`));
}

/** Every count in a summary as the words it must come with. */
function countsIn({ resourceCount, clouds, global, failover, cost, policy, warnings }: PlanSummary): string[] {
    const clusters = clouds.flatMap(cloud => cloud.clusters);
    const groups = [...global, ...clusters.flatMap(cluster => cluster.groups)];
    const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
    return [
        plural(resourceCount, "resource"),
        ...clusters.flatMap(({ zones }) => zones.flatMap(({ name, replicas, volumes }) => [name, `${plural(replicas, "replica")}${volumes > 0 ? ` and ${plural(volumes, "volume")}` : ""}`])),
        ...clusters.flatMap(({ app }) => (app === undefined ? [] : [`${app.minReplicas}–${app.maxReplicas} replicas`])),
        ...clusters.flatMap(({ app }) => (app?.state === undefined ? [] : [`state ${app.state.replicas} × ${app.state.size} at ${app.state.mountPath}`])),
        ...groups.flatMap(({ name, count }) => `${name} ${count} `),
        ...groups.flatMap(({ types }) => types.slice(0, 3).map(([type, count]) => (count === 1 ? type : `${type} × ${count}`))),
        ...(failover === undefined ? [] : [`answers live ${failover.ttlSeconds} s`]),
        ...cost.parts.map(({ name, monthlyUsd }) => `${name} $${monthlyUsd < 10 ? monthlyUsd.toFixed(2) : monthlyUsd.toFixed(0)}`),
        ...(policy.violations.length === 0 ? [`all ${plural(policy.rules, "policy rule")} kept`] : []),
        ...(warnings.length > 0 ? [plural(warnings.length, "warning")] : []),
    ];
}

function holdsEveryFact(summary: PlanSummary): void {
    const text = plain(summary).replace(/\s+/g, " ");
    const texts = textsIn(summary);
    assert.ok(texts.length > 5);
    for (const [path, fact] of texts) {
        assert.ok(text.includes(fact), `${path} is missing: ${fact}`);
    }
    for (const fact of countsIn(summary)) {
        assert.ok(text.includes(fact), `missing: ${fact}`);
    }
}

describe("the plan as text", () => {
    let prod: PlanSummary;

    before(async function () {
        this.timeout(20_000);
        prod = summarise(await planProjectStack("prod"));
    });

    it("of prod is one screen: at most 60 lines of at most 120 columns", () => {
        const lines = linesOf(plain(prod, 120));
        assert.deepEqual(lines.filter(line => line.length > 120), []);
        assert.ok(lines.length <= 60, `${lines.length} lines`);
    });

    it("of prod holds every fact of its summary", () => {
        holdsEveryFact(prod);
    });
    for (const [name, summary] of fixtures) {
        it(`of ${name} holds every fact of its summary`, () => {
            holdsEveryFact(summary);
        });
    }

    it("says what has no price, though nothing else has one either", () => {
        const cost = { parts: [], totalMonthlyUsd: 0, unpriced: ["aws.nat.hour in eu-central-1", "by use: traffic"], basis: "nothing here has a price in the table" };
        holdsEveryFact({ ...DEV, cost });
    });

    it("has the total where there are prices, and no price where there is none", () => {
        assert.match(plain(PROD), /^Cost at least \$1919 a month \(list prices as of 2026-08, 730 hours a month\)$/m);
        assert.match(plain(GLOBAL), /^Cost at least \$1\.50 a month/m);
        assert.doesNotMatch(plain(DEV), /\$/);
    });

    it("comes without control codes, and with colour differs in nothing but them", () => {
        for (const [, summary] of fixtures) {
            const text = plain(summary, 120);
            assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
            const colored = renderText(summary, { color: true, width: 120 });
            assert.notEqual(colored, text);
            assert.equal(colored.replace(/\u001b\[\d+m/g, ""), text);
        }
    });

    it("ends in one line break and has no spaces at any line's end", () => {
        for (const summary of [prod, PROD, GLOBAL, SIX]) {
            assert.match(plain(summary, 120), /[^\n]\n$/);
            assert.doesNotMatch(plain(summary, 120), /[^\n] +$/m);
        }
    });

    it("leaves out what a stack has none of", () => {
        const text = plain({ ...DEV, warnings: [] });
        for (const heading of ["Failover", "Over all clusters", "warning", "zones"]) {
            assert.equal(linesOf(text).some(line => line.trim().startsWith(heading)), false, heading);
        }
        assert.match(plain(GLOBAL), /^Over all clusters$/m);
    });

    it("counts one as one and more as many", () => {
        const [zone] = SIX.clouds.flatMap(cloud => cloud.clusters.flatMap(cluster => cluster.zones));
        assert.ok(zone !== undefined);
        const { clouds } = PROD;
        const withZone = (replicas: number, volumes: number): string =>
            plain({ ...PROD, clouds: clouds.map(cloud => ({ ...cloud, clusters: cloud.clusters.map(cluster => ({ ...cluster, zones: [{ name: "z", replicas, volumes }] })) })) });
        assert.match(withZone(1, 1), /z: 1 replica and 1 volume$/m);
        assert.match(withZone(2, 3), /z: 2 replicas and 3 volumes$/m);
        assert.match(withZone(0, 0), /z: 0 replicas$/m);
        assert.match(plain({ ...DEV, resourceCount: 1, warnings: ["one"] }), /^holdfast dev: 1 resource, [^]*\n1 warning\n {2}! one\n$/);
        assert.match(plain({ ...DEV, warnings: ["one", "two"] }), /\n2 warnings\n {2}! one\n {2}! two\n$/);
    });

    it("says in its first line how many violations stop an update, and nothing of kinds that there are none of", () => {
        const [mandatory, advisory] = DEV.policy.violations;
        assert.ok(mandatory !== undefined && advisory !== undefined);
        const first = (...violations: PlanSummary["policy"]["violations"]): string => linesOf(plain({ ...DEV, policy: { rules: 297, violations } }))[0]?.split(", ")[1] ?? "";
        assert.equal(first(mandatory, advisory, advisory), "1 mandatory and 2 advisory policy violations");
        assert.equal(first(mandatory), "1 mandatory policy violation");
        assert.equal(first(advisory), "1 advisory policy violation");
        assert.equal(first(advisory, advisory), "2 advisory policy violations");
        assert.equal(first(), "all 297 policy rules kept");
    });

    it("counts the rules that must be kept, and marks them", () => {
        const text = section(plain(DEV), "2 policy violations,");
        assert.deepEqual(text, [
            "2 policy violations, 1 mandatory",
            "  ✗ local-hello-deployment: image nginx has no tag; fix: name the version that was tested [image-pinned, mandatory]",
            "  ! local-hello-migrate: ttlSecondsAfterFinished is nothing; fix: set it [job-ttl, advisory]",
        ]);
    });

    it("draws each group's branch, and the last one's as the last", () => {
        const branches = linesOf(plain(PROD)).filter(line => /^ {4}[├└] /.test(line)).map(line => line.trim()[0]);
        assert.deepEqual(branches, ["├", "├", "└", "├", "├", "└"]);
        assert.match(plain(PROD), /network +24 {2}Subnet × 6, Route × 6, RouteTable × 4$/m);
        assert.match(plain({ ...GLOBAL, global: [{ name: "g", count: 4, types: [["A", 1], ["B", 1], ["C", 1], ["D", 1]] }] }), /└ g {2}4 {2}A, B, C, …$/m);
    });

    it("wraps sentences at a narrow width, losing no word", () => {
        for (const width of [80, 100, 120]) {
            const text = plain(prod, width);
            const sentences = [...section(text, "Objectives").slice(1), ...section(text, "Cost").slice(1)];
            assert.deepEqual(sentences.filter(line => line.length > width), []);
            assert.deepEqual(words(text), words(plain(prod)));
        }
        assert.ok(linesOf(plain(prod, 80)).length > linesOf(plain(prod, 120)).length);
    });

    it("wraps any warning at any width: no word is lost, and only a long word is too wide", () => {
        fc.assert(
            fc.property(fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1, maxLength: 40 }), fc.integer({ min: 20, max: 140 }), (sentence, width) => {
                const [, ...lines] = section(plain({ ...DEV, warnings: [sentence.join(" ")] }, width), "1 warning");
                assert.deepEqual(words(lines.join(" ")).slice(1), sentence);
                for (const line of lines) {
                    assert.ok(line.length <= width || words(line.slice(4)).length === 1, line);
                    assert.equal(line.slice(0, 4).trim(), line === lines[0] ? "!" : "");
                }
            }),
        );
    });
});
