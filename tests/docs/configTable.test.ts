// What this cannot prove: that what a table says of a key, or of a feature, is true. It proves that
// nothing is left out, and that the tests named are there.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { z } from "zod";

import { clusterKinds } from "../../components/cluster";
import { configSchema, parseConfig } from "../../components/config";
import { docOf, optionsFor, shapeOf, unwrap } from "../../components/config/fields";
import { configRows, configTable } from "../../docs/configTable";
import { withTable } from "../../docs/readme";
import { clusterConfigs, minimalApp, projectDirectory } from "../support/plan";

const begin = "<!-- config table: npm run docs -->";
const end = "<!-- end of config table -->";
const readmePath = join(projectDirectory, "README.md");

/** Keys with what is said of them, by a walk that knows nothing of the table's. */
function documented(schema: z.core.$ZodType, path: string, found: Set<string>): Set<string> {
    for (const option of optionsFor(schema, undefined)) {
        if (option._zod.def.type === "array") {
            documented(elementOf(option), `${path}[]`, found);
        }
        for (const [key, child] of Object.entries(shapeOf(option) ?? {})) {
            const below = path === "holdfast" ? `holdfast:${key}` : `${path}.${key}`;
            const about = docOf(child)?.about;
            if (about !== undefined) {
                found.add(`${below} ${about}`);
            }
            documented(child, below, found);
        }
    }
    return found;
}

function elementOf(schema: z.core.$ZodType): z.core.$ZodType {
    return (unwrap(schema) as z.core.$ZodArray)._zod.def.element;
}

function row(key: string): ReturnType<typeof configRows>[number] {
    const found = configRows().filter(one => one.key === key);
    const [only] = found;
    assert.ok(only !== undefined && found.length === 1, `${found.length} rows of ${key}`);
    return only;
}

describe("the config table", () => {
    it("has every documented key of the schema once, and no other", () => {
        const rows = configRows().map(({ key, doc }) => `${key} ${doc.about}`);
        assert.ok(rows.length > 80, `${rows.length} rows`);
        assert.deepEqual([...rows].sort(), [...documented(configSchema, "holdfast", new Set())].sort());
        assert.equal(new Set(rows).size, rows.length);
    });

    for (const key of ["holdfast:app.name", "holdfast:app.image", "holdfast:clusters[].kind", "holdfast:clusters[].name", "holdfast:clusters[].project", "holdfast:failover.domain", "holdfast:failover.members[].stack"]) {
        it(`says that ${key} must be given`, () => {
            assert.deepEqual([row(key).required, row(key).fallback], [true, undefined]);
        });
    }

    /** The defaults, as a config that leaves them out gets them. */
    const filled = parseConfig({ clusters: [clusterConfigs.gke, { ...clusterConfigs.gke, name: "b", cidr: "10.48.0.0/16" }], app: { ...minimalApp, state: { image: "docker.io/library/redis:8.2.1", port: 6379 } }, failover: { domain: "shop.example.com", zone: "example.com", primary: "b" } });
    const [cluster] = filled.clusters;
    const { app, failover } = filled;
    const defaults: readonly (readonly [string, unknown])[] = [
        ["holdfast:clusters[].channel", cluster?.kind === "gke" ? cluster.channel : undefined],
        ["holdfast:app.port", app?.port],
        ["holdfast:app.replicas.min", app?.replicas.min],
        ["holdfast:app.replicas.max", app?.replicas.max],
        ["holdfast:app.scaling.cpu", app?.scaling.cpu],
        ["holdfast:app.health.ready", app?.health.ready],
        ["holdfast:app.state.size", app?.state?.size],
        ["holdfast:app.state.mountPath", app?.state?.mountPath],
        ["holdfast:failover.mode", failover?.mode],
        ["holdfast:failover.ttl", failover?.ttl],
        ["holdfast:failover.check.interval", failover?.check.interval],
        ["holdfast:failover.failback.holdMinutes", failover?.failback === "manual" ? undefined : failover?.failback.holdMinutes],
    ];
    for (const [key, value] of defaults) {
        it(`has the default of ${key} that a config without it gets`, () => {
            assert.notEqual(value, undefined);
            assert.deepEqual([row(key).required, row(key).fallback], [false, JSON.stringify(value)]);
        });
    }

    it("has no default where a key may simply be absent", () => {
        for (const key of ["holdfast:app.ingress", "holdfast:failover", "holdfast:failover.primary", "holdfast:clusters[].context"]) {
            assert.deepEqual([row(key).required, row(key).fallback], [false, undefined], key);
        }
    });

    it("names the kinds of cluster that have a key, and none where all do", () => {
        const kinds = Object.keys(clusterKinds);
        assert.deepEqual(row("holdfast:clusters[].channel").kinds, ["gke"]);
        assert.deepEqual(row("holdfast:clusters[].admins").kinds, ["eks"]);
        assert.deepEqual(row("holdfast:clusters[].cidr").kinds, ["eks", "gke"]);
        assert.deepEqual(row("holdfast:clusters[].name").kinds, []);
        for (const { key, kinds: own } of configRows()) {
            assert.ok(own.every(kind => kinds.includes(kind)) && new Set(own).size === own.length, key);
            assert.ok(own.length === 0 || key.startsWith("holdfast:clusters[]"), key);
        }
    });

    it("is Markdown of four cells a row, which nothing in a cell breaks", () => {
        const [head, rule, ...lines] = configTable().split("\n");
        assert.equal(head, "| Key | Meaning | Allowed | Default |");
        assert.equal(rule, "| --- | --- | --- | --- |");
        const rows = configRows();
        assert.equal(lines.length, rows.length);
        for (const [index, line] of lines.entries()) {
            const cells = line.split(/(?<!\\)\|/).slice(1, -1).map(cell => cell.trim());
            assert.equal(cells.length, 4, line);
            assert.equal(cells[0], `\`${rows[index]?.key ?? ""}\``);
            assert.ok(cells.every(cell => cell !== ""), line);
            assert.equal(cells[3] === "required", rows[index]?.required, line);
        }
    });
});

describe("a README", () => {
    it("gets the table between its marks, and keeps the rest", () => {
        const text = `# A\n\n${begin}\nold\n${end}\n\n| b |\n`;
        const written = withTable(text, "| new |");
        assert.equal(written, `# A\n\n${begin}\n\n| new |\n\n${end}\n\n| b |\n`);
        assert.equal(withTable(written, "| new |"), written);
        assert.ok(withTable(text, "$& $1").includes("\n$& $1\n"));
    });

    it("without the marks, or with them the wrong way round, is refused", () => {
        for (const text of ["", begin, end, `${end}\n${begin}`]) {
            assert.throws(() => withTable(text, "| new |"), /README\.md lacks <!-- config table: npm run docs --> … <!-- end of config table -->/);
        }
    });
});

describe("README.md", () => {
    let readme = "";

    before(function () {
        if (!existsSync(readmePath)) {
            this.skip();
        }
        readme = readFileSync(readmePath, "utf8");
    });

    it("holds the table as it is generated, once", () => {
        assert.equal(readme.split(begin).length, 2);
        assert.equal(readme.split(end).length, 2);
        assert.equal(readme, withTable(readme, configTable()), "run `npm run docs`");
    });

    it("has 33 features, in order, each with a test that is there or said to be open", () => {
        const rows = readme.split("\n").filter(line => /^\| \d+ \|/.test(line));
        assert.deepEqual(rows.map(line => Number(line.split("|")[1])), Array.from({ length: 33 }, (_, index) => index + 1));
        for (const line of rows) {
            const tests = line.match(/[\w./-]+\.test\.ts/g) ?? [];
            assert.ok(tests.length > 0 || /\bopen\b/i.test(line), `neither a test nor "open": ${line}`);
            for (const test of tests) {
                assert.ok(existsSync(join(projectDirectory, test)), `${test} does not exist: ${line}`);
            }
        }
    });
});
