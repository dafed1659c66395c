// What this can't prove: that GitHub renders its Markdown as its specification says, or that a terminal shows what it is sent.
import assert from "node:assert/strict";

import fc from "fast-check";

import { compare } from "../../../plan/change/compare";
import type { Change, PlanDiff } from "../../../plan/change/diff";
import { renderMarkdown } from "../../../plan/change/markdown";
import { renderDiff } from "../../../plan/change/text";
import { dangerOf, stakes, weightedTypes } from "../../../plan/change/weight";
import { countsInWords, shortType } from "../../../plan/change/words";
import { DEV, PROD } from "../fixtures";
import { made, plan, types } from "./documents";

const before = plan(
    made(types.cluster, "east", { name: "east", roleArn: "a" }, { protect: true }),
    made(types.vpc, "network", { cidrBlock: "10.0.0.0/16" }),
    made(types.claim, "kept", { metadata: { name: "a" } }, { retainOnDelete: true }),
    made(types.claim, "lost", { metadata: { name: "b" } }),
    made(types.configMap, "settings", { data: { a: "1" }, metadata: {} }),
    made(types.secret, "token", { stringData: { a: "[secret]" }, metadata: {} }),
    made(types.role, "old"),
    made(types.role, "role", { description: "a", tags: { a: "1", b: "1", c: "1" } }),
);
const after = plan(
    made(types.cluster, "east", { name: "east", roleArn: "b" }, { protect: true }),
    made(types.vpc, "network", { cidrBlock: "10.1.0.0/16" }),
    made(types.configMap, "settings", { data: { a: "2" }, metadata: {} }),
    made(types.secret, "token", { stringData: { a: "[secret]" }, metadata: {} }),
    made(types.role, "role", { description: "b", tags: { a: "2", b: "2", c: "2" } }),
    made(types.role, "new"),
);
const diff = compare(before, after, { base: "main (3f2a1bc)", notes: ["mind the gap"] });

function plain(of: PlanDiff, width = 200): string {
    return renderDiff(of, { color: false, width });
}

/** A diff with so many changes that nobody would miss, of one kind. */
function many(number: number): PlanDiff {
    const resources = Array.from({ length: number }, (_, index) => made(types.role, `role-${index}`));
    return compare(undefined, plan(...resources));
}

describe("a comparison as text", () => {
    it("has the dangerous changes first, what weighs most on top, then the others by what becomes of them", () => {
        assert.deepEqual(plain(diff).trimEnd().split("\n"), [
            "Against main (3f2a1bc): 3 replaced, 3 deleted, 1 created, 1 updated, 1 unchanged",
            "  Dangerous",
            "    east     eks.Cluster            replaced by roleArn; deleted first; protected: the engine refuses; takes with it everything that runs in it",
            "    network  ec2.Vpc                replaced by cidrBlock; takes with it everything in the network",
            "    lost     PersistentVolumeClaim  deleted; takes with it the volume, unless its class keeps it",
            "    kept     PersistentVolumeClaim  deleted; what is there is kept",
            "  Replaced",
            "    settings  ConfigMap  data.a",
            "  Deleted",
            "    old  iam.Role",
            "  Created",
            "    new  iam.Role",
            "  Updated",
            "    role  iam.Role  description, tags.a, tags.b and 1 more",
            "  ! mind the gap",
            "  ! 1 resource with secrets: their values are in no plan, so a changed value is not seen here (token)",
        ]);
    });

    it("is one line where nothing changes", () => {
        assert.equal(plain(compare(after, plan(...after.resources.filter(({ name }) => name !== "token")), {})).split("\n")[0], "Against the base: 1 deleted, 5 unchanged");
        assert.equal(plain(compare(plan(made(types.role, "a")), plan(made(types.role, "a")))), "Against the base: 1 unchanged\n");
    });

    it("cuts long lists, and says how many are left out", () => {
        const lines = plain(many(40)).trimEnd().split("\n");
        assert.equal(lines.length, 2 + 12 + 1);
        assert.equal(lines.at(-1), "    and 28 more (see diff.json)");
        assert.equal(plain(many(12)).includes("more"), false);
    });

    it("fits its width, losing no word, and comes without control codes; colour adds nothing else", () => {
        for (const width of [80, 100, 120]) {
            const text = plain(diff, width);
            assert.deepEqual(text.split("\n").filter(line => line.length > width), []);
            assert.deepEqual(text.split(/\s+/).sort(), plain(diff, 1000).split(/\s+/).sort());
            assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]| $/m);
            const colored = renderDiff(diff, { color: true, width });
            assert.notEqual(colored, text);
            assert.equal(colored.replace(/\u001b\[\d+m/g, ""), text);
        }
    });

    it("says types in short", () => {
        assert.deepEqual(["aws:eks/cluster:Cluster", "gcp:compute/sSLPolicy:SSLPolicy", "kubernetes:apps/v1:Deployment", "odd"].map(shortType), ["eks.Cluster", "compute.SSLPolicy", "Deployment", ".odd"]);
    });

    it("counts every change once", () => {
        const words = countsInWords(diff);
        const total = [...words.matchAll(/\d+/g)].reduce((sum, [number]) => sum + Number(number), 0);
        assert.equal(total, new Set([...before.resources, ...after.resources].map(({ urn }) => urn)).size);
    });
});

describe("a danger", () => {
    it("is a loss where a cluster, a network or data goes, and comes back by itself elsewhere", () => {
        for (const type of weightedTypes) {
            const danger = dangerOf(type, { type: "A", addonName: "aws-ebs-csi-driver", spec: { type: "LoadBalancer" } });
            assert.ok(danger !== null, type);
            assert.ok(stakes.includes(danger.stake));
            assert.equal(danger.isLoss, ["cluster", "network", "data"].includes(danger.stake), type);
        }
        assert.equal(dangerOf(types.role, {}), null);
    });

    it("is in a Service only where users come in by it, in a record only where it answers them, in an add-on only where it drives volumes", () => {
        assert.equal(dangerOf("kubernetes:core/v1:Service", { spec: { clusterIP: "None" } }), null);
        assert.equal(dangerOf("aws:route53/record:Record", { type: "CNAME" }), null);
        assert.equal(dangerOf("aws:eks/addon:Addon", { addonName: "coredns" }), null);
    });
});

/** What Markdown, HTML or a table would take for something else. */
const hostile = ["|", "\\", "`", "*", "_", "[", "]", "(", ")", "<", ">", "&", "\n", "\r", "\t", "#", "~", "!", "@", "a", "-"];

/** Cells of a row of a table, as GitHub splits them: at bars that no backslash escapes. */
function cellsIn(line: string): readonly string[] {
    return line.slice(1, -1).split(/(?<!\\)\|/);
}

describe("plan and comparison as Markdown", () => {
    it("say what the text says: counts, each change, and what is at stake", () => {
        const text = renderMarkdown(PROD, diff);
        assert.match(text, /^## holdfast prod\n\n98 resources, all \d+ policy rules kept, at least \$1919 a month\n/);
        for (const part of ["### Against main \\(3f2a1bc\\)", "3 replaced, 3 deleted, 1 created, 1 updated, 1 unchanged", "<details><summary>Updated: 1</summary>", "- mind the gap"]) {
            assert.ok(text.includes(`\n${part}\n`), part);
        }
        assert.ok(text.includes("\n| east | eks.Cluster | replaced by roleArn; deleted first; protected: the engine refuses; takes with it everything that runs in it |\n"));
        for (const { name } of diff.changes) {
            assert.ok(text.includes(`| ${name} |`), name);
        }
        assert.match(text, /[^\n]\n$/);
    });

    it("leave out the comparison where there is none, and list what the policy pack found", () => {
        const text = renderMarkdown(DEV, undefined);
        assert.equal(text.includes("Against"), false);
        assert.ok(text.includes("\n| Policy | Resource | Found |\n| --- | --- | --- |\n| image\\-pinned (mandatory)".replace("(mandatory)", "\\(mandatory\\)")));
    });

    it("cut long tables, and say so", () => {
        const text = renderMarkdown(DEV, many(60));
        assert.equal([...text.matchAll(/^\| role\\-\d+ \|/gm)].length, 50);
        assert.ok(text.includes("\nand 10 more, in diff.json\n"));
    });

    it("let no text break out of its cell, and no markup or HTML of it be", () => {
        const change = (text: string): Change => ({ urn: "u", type: "t:m:n", name: text, action: "update", properties: [text], forcedBy: [], after: [], deletedFirst: false, refused: false, kept: false, danger: null });
        const bare = renderMarkdown(DEV, { ...diff, changes: [change("plain")], unseen: [], notes: [] }).split("\n");
        fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...hostile), minLength: 1, maxLength: 12 }), text => {
            const lines = renderMarkdown(DEV, { ...diff, changes: [change(`a${text}b`)], unseen: [], notes: [] }).split("\n");
            assert.equal(lines.length, bare.length);
            const row = lines[bare.findIndex(line => line.startsWith("| plain |"))] ?? "";
            assert.equal(cellsIn(row.replace(/\\\\/g, "")).length, 3, row);
            assert.doesNotMatch(row, /[<>@]|(?<!\\)[`*_[\]~]/);
        }));
    });
});
