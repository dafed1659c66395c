// What this can't prove: what Autopilot does to a request; its bounds are by Google's documentation.
import assert from "node:assert/strict";

import { ConfigError, parseConfig } from "../../components/config";
import { clusterConfigs, minimalApp, poolNodes } from "../support/plan";

function pathsOf(cluster: object, app: object): string[] {
    try {
        parseConfig({ clusters: [cluster], app: { ...minimalApp, ...app } });
        return [];
    } catch (error) {
        assert.ok(error instanceof ConfigError);
        return error.problems.map(({ path }) => path);
    }
}

describe("the shape of a pod", () => {
    const autopilot = clusterConfigs.gke;
    const table: readonly (readonly [string, string, boolean])[] = [
        ["500m", "512Mi", true],
        ["500m", "511Mi", false],
        ["500m", "256Mi", false],
        ["1", "6656Mi", true],
        ["1", "6657Mi", false],
    ];
    for (const [cpu, memory, accepted] of table) {
        it(`${cpu} with ${memory} is ${accepted ? "kept" : "refused"} on Autopilot, where it would be raised`, () => {
            const resources = { cpu, memory };
            assert.deepEqual(pathsOf(autopilot, { resources }), accepted ? [] : ["holdfast:app.resources.memory"]);
        });
    }

    it("is free on every other kind of cluster and node", () => {
        const resources = { cpu: "1", memory: "64Mi" };
        for (const cluster of [clusterConfigs.eks, clusterConfigs.existing, { ...autopilot, nodes: poolNodes.gke }]) {
            assert.deepEqual(pathsOf(cluster, { resources }), []);
        }
    });
});

describe("the name of a job without a schedule", () => {
    it("fits a label together with cluster and app", () => {
        const long = "a".repeat(20);
        // 63 − 20 − 20 − what Pulumi and Holdfast add, "--job--" and eight more.
        const app = { name: long, jobs: [{ name: "b".repeat(8), command: ["./run"] }] };
        assert.deepEqual(pathsOf({ ...clusterConfigs.existing, name: long }, app), []);
    });
});
