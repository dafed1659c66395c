// What this can't prove: that AWS keeps the tags, and lists them. It proves that they tell every resource from all others.
import assert from "node:assert/strict";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { resourceLabel, resourceTag, tagResources } from "../../components/aws/resourceTag";
import { record } from "../../plan/recorder";
import type { PlannedStack } from "../../plan/run";
import { revealSecrets } from "../../plan/wire";
import { identityOf } from "../../recover/ids";
import { everyPlan } from "../plan/change/everyPlan";
import { inputsOf } from "../support/plan";

interface Tagged {
    readonly tags?: Readonly<Record<string, string>>;
}

describe("the tag that tells a resource of AWS from all others", () => {
    let plans: readonly PlannedStack[] = [];
    before(async function () {
        this.timeout(120_000);
        plans = await everyPlan();
    });

    it("is on everything whose id is found by it, and there for one resource of a type alone", () => {
        let seen = 0;
        for (const { file, recording } of plans) {
            const sought = recording.resources.filter(({ type }) => {
                const way = identityOf(type)?.way;
                return type.startsWith("aws:") && way?.by === "lookup" && way.lookup.title.includes(resourceTag);
            });
            const labels = sought.map(resource => `${resource.type} ${inputsOf<Tagged>(resource).tags?.[resourceTag] ?? "without"}`);
            assert.deepEqual(labels, sought.map(({ type, name }) => `${type} ${file.project}/${file.stack}/${name}`));
            assert.equal(new Set(labels).size, labels.length, file.stack);
            seen += labels.length;
        }
        assert.ok(seen > 150, `${seen}`);
    });

    it("is on nothing of another cloud", () => {
        const others = plans.flatMap(({ recording }) => recording.resources).filter(({ type }) => !type.startsWith("aws:"));
        assert.deepEqual(others.filter(({ wireInputs }) => JSON.stringify(wireInputs).includes(resourceTag) && JSON.stringify(wireInputs).includes('"tags"')).map(({ name }) => name), []);
    });

    it("has only what AWS takes, and is no longer than it takes", () => {
        assert.equal(resourceLabel("holdfast", "prod", "east-admin-1-user/a,b"), "holdfast/prod/east-admin-1-user/a-b");
        assert.equal(resourceLabel("holdfast", "prod", "x".repeat(300)).length, 256);
    });

    it("stands beside tags that are known only during an update", async () => {
        const { resources } = await record(
            () => {
                tagResources();
                new aws.ec2.Vpc("a", { cidrBlock: "10.0.0.0/16", tags: pulumi.output({ team: "shop" }) });
                new aws.ec2.Vpc("b", { cidrBlock: "10.1.0.0/16" });
                return Promise.resolve({});
            },
            { project: "holdfast", stack: "test", config: {} },
            { outputs: () => ({}), call: token => assert.fail(token) },
        );
        const tags = (name: string): unknown => (revealSecrets(resources.find(resource => resource.name === name)?.wireInputs) as Tagged).tags;
        assert.deepEqual(tags("a"), { team: "shop", [resourceTag]: "holdfast/test/a" });
        assert.deepEqual(tags("b"), { [resourceTag]: "holdfast/test/b" });
    });
});
