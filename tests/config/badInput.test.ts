// What this cannot prove: that a value which is accepted exists (a region, an image, a DNS zone).
import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";
import { setMockOptions } from "@pulumi/pulumi/runtime/settings";

import main = require("../../index");

import { ConfigError, parseConfig } from "../../components/config";
import { engineConfig } from "../../plan/stackFile";
import { cloudAnswers } from "../../plan/mocks";
import { Recorder } from "../../plan/recorder";
import { zonedCluster } from "../support/kubernetes";
import { type RawConfig, clusterConfigs, minimalApp, planConfig } from "../support/plan";
import { badApps } from "./badInput/app";
import { badClusters } from "./badInput/clusters";
import { badFailovers } from "./badInput/failover";
import { badPlatforms } from "./badInput/platform";
import type { BadInput } from "./badInput/row";
import { assertLines, change, changeAll, errorOf, full, pathsOf } from "./support";

const tables: Readonly<Record<string, readonly BadInput[]>> = { clusters: badClusters, app: badApps, failover: badFailovers, platform: badPlatforms };
const rows = Object.values(tables).flat();

/** The config of a row. */
function configOf([, changes, , unusual]: BadInput): unknown {
    return changeAll(unusual?.base ?? full, changes);
}

describe("bad input", () => {
    it("is a table of many rows, each of them another", () => {
        assert.ok(rows.length >= 60, `${rows.length} rows`);
        assert.equal(new Set(rows.map(([title]) => title)).size, rows.length);
        assert.equal(new Set(rows.map(row => JSON.stringify(configOf(row)))).size, rows.length);
    });

    it("is put into configs that are sound", () => {
        const bases = new Set(rows.filter(([, changes]) => Object.keys(changes).length > 0).map(([, , , unusual]) => unusual?.base ?? full));
        for (const base of bases) {
            assert.ok(parseConfig(base).clusters.length > 0);
        }
    });

    for (const [table, entries] of Object.entries(tables)) {
        describe(`in ${table} is refused, with the fix`, () => {
            for (const row of entries) {
                const [title, changes, fix, unusual] = row;
                it(title, () => {
                    const raw = configOf(row);
                    const error = errorOf(raw);
                    assert.deepEqual(pathsOf(error), [...(unusual?.paths ?? Object.keys(changes))].sort());
                    assertLines(error);
                    assertFixes(error, fix);
                    assertExamples(error, raw);
                });
            }
        });
    }

    for (const raw of [undefined, null, "shop", 5, []]) {
        it(`as the whole config: ${raw === undefined ? "nothing" : JSON.stringify(raw)}`, () => {
            const error = errorOf(raw);
            assert.deepEqual(pathsOf(error), ["holdfast"]);
            assertLines(error);
        });
    }
});

/** Each problem's fix has the row's words, in the order of the paths. */
function assertFixes(error: ConfigError, words: string | readonly string[]): void {
    const fixes = [...error.problems].sort((a, b) => (a.path < b.path ? -1 : 1)).map(problem => problem.fix);
    const wanted = typeof words === "string" ? fixes.map(() => words) : words;
    assert.equal(wanted.length, fixes.length);
    for (const [index, fix] of fixes.entries()) {
        const word = wanted[index] ?? "";
        assert.ok(word.length > 5 && fix.includes(word), `${fix} has not: ${word}`);
    }
}

/** An example that a fix shows is accepted at its place. It may clash with the rest of the config. */
function assertExamples(error: ConfigError, raw: unknown): void {
    for (const { path, allowed, fix } of error.problems) {
        const example = /(?:for example \w+: |^write it like )(["[{\d].*|true|false)$/.exec(fix)?.[1];
        if (example !== undefined) {
            const mended = change(raw, path.replace("holdfast:", ""), JSON.parse(example));
            assert.ok(!allowedAt(mended, path).includes(allowed), `${fix} is refused`);
        }
    }
}

/** What a config is told at a path; nothing where it is accepted. */
function allowedAt(raw: unknown, path: string): readonly string[] {
    try {
        parseConfig(raw);
        return [];
    } catch (error) {
        assert.ok(error instanceof ConfigError);
        return error.problems.filter(problem => problem.path === path).map(problem => problem.allowed);
    }
}

describe("the program, given bad input", () => {
    /** How the program ended, and what it asked the engine for by then. */
    async function run(raw: unknown): Promise<{ readonly error: unknown; readonly registered: number }> {
        const stage = { project: "holdfast", stack: "test" };
        const recorder = new Recorder(stage, cloudAnswers({ clusters: [], stackOutputs: () => undefined }));
        await pulumi.runtime.setMocks({ newResource: ({ name }) => ({ id: name, state: {} }), call: () => ({}) }, stage.project, stage.stack);
        setMockOptions(recorder, stage.project, stage.stack);
        pulumi.runtime.setAllConfig(engineConfig(Object.fromEntries(Object.entries(raw as RawConfig).map(([key, value]) => [`holdfast:${key}`, value]))));
        let error: unknown;
        await pulumi.runtime.runInPulumiStack(main).catch((thrown: unknown) => {
            error = thrown;
        });
        await pulumi.runtime.disconnect();
        // The stack itself is there before the program is run.
        return { error, registered: recorder.recorded.filter(({ type }) => type !== "pulumi:pulumi:Stack").length };
    }

    it("would register what a sound config asks for", async () => {
        const { error, registered } = await run({ clusters: [zonedCluster], app: minimalApp });
        assert.equal(error, undefined);
        assert.ok(registered > 5, `${registered} resources`);
    });

    // A sample: all rows take the one way in, and a run takes longer than a look.
    it("registers nothing before it says what is wrong", async () => {
        for (const row of rows.filter((_, index) => index % 5 === 0)) {
            const { error, registered } = await run(configOf(row));
            assert.ok(error instanceof ConfigError, `${row[0]}: ${String(error)}`);
            assert.equal(registered, 0, row[0]);
        }
    });

    it("only warns of clusters without protection in a stack named prod, and makes them", async () => {
        const { recording } = await planConfig({ clusters: [{ ...clusterConfigs.gke, protect: false }] }, "prod");
        assert.deepEqual(recording.warnings, ["central: protect is false in stack prod: one command destroys the cluster"]);
        assert.ok(recording.resources.some(({ type }) => type === "gcp:container/cluster:Cluster"));
    });
});
