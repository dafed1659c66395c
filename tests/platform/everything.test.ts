// What this can't prove: that add-ons live together in a cluster. It sees what the program asks for, with every one of them on.
import assert from "node:assert/strict";

import { charts } from "../../components/charts";
import { addOns } from "../../components/platform";
import { summarise } from "../../plan/summarise";
import { renderText } from "../../plan/text";
import type { PlanSummary } from "../../plan/summary";
import type { PlannedStack } from "../../plan/run";
import { readStackFile } from "../../plan/stackFile";
import { planConfig, poolNodes, projectDirectory, type RawConfig } from "../support/plan";

/** Lines of a terminal on a desk. */
const screen = 80;

describe("prod with every add-on on", () => {
    let plan: PlannedStack;
    let summary: PlanSummary;

    before(async () => {
        const { config } = readStackFile(projectDirectory, "prod");
        const clusters = config["holdfast:clusters"] as readonly RawConfig[];
        plan = await planConfig({
            // The mesh needs more of a node than Autopilot gives a pod.
            clusters: clusters.map(cluster => (cluster["kind"] === "gke" ? { ...cluster, nodes: poolNodes.gke } : cluster)),
            app: config["holdfast:app"],
            failover: config["holdfast:failover"],
            platform: Object.fromEntries(addOns.map(({ key }) => [key, key === "certificates" ? { email: "ops@example.com" } : true])),
        });
        summary = summarise(plan);
    });

    it("breaks no rule of the policy pack", () => {
        assert.deepEqual(summary.policy.violations, []);
        assert.ok(summary.policy.rules > 300);
    });

    it("is still a plan for one screen", () => {
        const lines = renderText(summary, { color: false, width: 120 }).trimEnd().split("\n");
        assert.ok(lines.length <= screen, `${lines.length} lines`);
        assert.deepEqual(lines.filter(line => line.length > 120), []);
    });

    it("names every add-on of each cluster, and in the summary each chart with its version", () => {
        const text = renderText(summary, { color: false, width: 200 });
        const pinned = new Set(Object.values(charts).map(({ chart, version }) => `${chart.split("/").at(-1) ?? chart} ${version}`));
        for (const { addOns: on } of summary.clouds.flatMap(({ clusters }) => clusters)) {
            assert.deepEqual(on.map(({ name }) => name), addOns.map(({ key }) => key));
            assert.ok(text.includes(`platform    ${on.map(({ name }) => name).join(", ")}`), text);
            const installed = on.flatMap(({ charts: of }) => of);
            assert.ok(installed.length >= 9);
            assert.deepEqual(installed.filter(chart => !pinned.has(chart)), []);
        }
    });

    it("costs more than without, by nodes and by volumes", async () => {
        const { config } = readStackFile(projectDirectory, "prod");
        const bare = summarise(await planConfig({ clusters: config["holdfast:clusters"], app: config["holdfast:app"], failover: config["holdfast:failover"] }));
        const of = ({ cost }: PlanSummary, part: string): number => cost.parts.find(({ name }) => name === part)?.monthlyUsd ?? 0;
        for (const part of ["nodes", "volumes"]) {
            assert.ok(of(summary, part) > of(bare, part), part);
        }
    });
});
