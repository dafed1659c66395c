/**
 * The prod stack as a whole: what there is, whose child it is, and where it goes. A mock cannot prove
 * that a cloud makes any of it. The inventory in golden/prod.txt is written by
 * `UPDATE_GOLDEN=1 npx mocha tests/prod.test.ts`, and read by people in the change that changes it.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";

import type { RecordedResource } from "../plan/recorder";
import type { PlannedStack } from "../plan/run";
import { planProjectStack, projectDirectory } from "./support/plan";
import { shortUrn } from "./support/kubernetes";

const golden = `${projectDirectory}/tests/golden/prod.txt`;
const stackType = "pulumi:pulumi:Stack";
const providerPrefix = "pulumi:providers:";

/** Where each top-level component's resources go, by the provider's package. */
const homes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    east: { aws: "east-aws", kubernetes: "east-kubernetes" },
    "east-shop": { aws: "east-aws", kubernetes: "east-kubernetes" },
    // AWS takes its service accounts' tokens: cert-manager proves names in Route 53.
    central: { gcp: "central-gcp", kubernetes: "central-kubernetes", aws: "failover-aws" },
    "central-shop": { gcp: "central-gcp", kubernetes: "central-kubernetes" },
    "east-platform": { aws: "east-aws", kubernetes: "east-kubernetes" },
    "central-platform": { aws: "failover-aws", kubernetes: "central-kubernetes" },
    failover: { aws: "failover-aws" },
};

describe("prod", () => {
    let plan: PlannedStack;
    let byUrn: ReadonlyMap<string, RecordedResource>;

    before(async () => {
        plan = await planProjectStack("prod");
        byUrn = new Map(plan.recording.resources.map(resource => [resource.urn, resource]));
    });

    const managed = (): RecordedResource[] =>
        plan.recording.resources.filter(({ custom, type }) => custom && type !== stackType && !type.startsWith(providerPrefix));

    const isStack = (urn: string | null): boolean => urn !== null && byUrn.get(urn)?.type === stackType;

    /** The component right below the stack that a resource belongs to. */
    function top(resource: RecordedResource): RecordedResource {
        const parent = resource.parent === null ? undefined : byUrn.get(resource.parent);
        return parent === undefined || isStack(resource.parent) ? resource : top(parent);
    }

    it("has the resources of the golden inventory, and no others", () => {
        const inventory = plan.recording.resources.map(({ type, name }) => `${type} ${name}`).sort();
        const text = `${inventory.join("\n")}\n`;
        if (process.env["UPDATE_GOLDEN"] === "1") {
            writeFileSync(golden, text);
        }
        assert.equal(text, readFileSync(golden, "utf8"));
    });

    it("gives no two resources one URN", () => {
        const urns = plan.recording.resources.map(({ urn }) => urn);
        assert.deepEqual(urns.filter((urn, index) => urns.indexOf(urn) !== index), []);
    });

    it("has a parent for everything but the stack", () => {
        const orphans = plan.recording.resources.filter(({ parent, type }) => type !== stackType && (parent === null || !byUrn.has(parent)));
        assert.deepEqual(orphans.map(({ urn }) => shortUrn(urn)), []);
    });

    it("has only components and clouds' providers right below the stack", () => {
        const below = plan.recording.resources.filter(({ parent }) => isStack(parent));
        assert.deepEqual(below.map(({ type, name }) => `${type} ${name}`).sort(), [
            "holdfast:app:HaApp central-shop",
            "holdfast:app:HaApp east-shop",
            "holdfast:aws:EksCluster east",
            "holdfast:failover:Failover failover",
            "holdfast:gcp:GkeCluster central",
            "holdfast:platform:Platform central-platform",
            "holdfast:platform:Platform east-platform",
            "pulumi:providers:aws east-aws",
            "pulumi:providers:aws failover-aws",
            "pulumi:providers:gcp central-gcp",
        ]);
    });

    it("has a component for the parent of every other resource", () => {
        const wrong = plan.recording.resources.filter(({ parent }) => parent !== null && !isStack(parent) && byUrn.get(parent)?.custom !== false);
        assert.deepEqual(wrong.map(({ urn }) => shortUrn(urn)), []);
    });

    it("uses no default provider", () => {
        const homeless = managed().filter(({ provider }) => provider === null || byUrn.get(provider)?.type.startsWith(providerPrefix) !== true);
        assert.ok(managed().length > 100);
        assert.deepEqual(homeless.map(({ urn }) => shortUrn(urn)), []);
    });

    it("sends every resource to the cluster and the cloud that it is of", () => {
        for (const resource of managed()) {
            const [cloud = ""] = resource.type.split(":");
            const provider = byUrn.get(resource.provider ?? "");
            assert.equal(provider?.name.replace(/-keep$/, ""), homes[top(resource).name]?.[cloud], shortUrn(resource.urn));
            assert.equal(provider?.type, `${providerPrefix}${cloud}`, shortUrn(resource.urn));
        }
    });

    it("puts the same app on both clusters: the same objects but for what each cloud's door needs", () => {
        const objects = (component: string): string[] =>
            managed()
                .filter(resource => resource.type.startsWith("kubernetes:") && byUrn.get(resource.parent ?? "")?.name === component)
                .map(({ type, name }) => `${type} ${name.replace(component, "")}`)
                .sort();
        assert.ok(objects("east-shop").length >= 20);
        assert.deepEqual(objects("east-shop"), objects("central-shop"));
    });

    it("prefixes every name with its component's, so that no two clusters meet", () => {
        // An add-on's begin with the cluster's and its own: "east-monitoring".
        const wrong = managed().filter(resource => !resource.name.startsWith(top(resource).name.replace(/-platform$/, "-")));
        assert.deepEqual(wrong.map(({ urn }) => shortUrn(urn)), []);
    });

    it("depends on nothing that is not there", () => {
        const missing = plan.recording.resources.flatMap(({ urn, dependencies }) => dependencies.filter(needed => !byUrn.has(needed)).map(needed => [urn, needed]));
        assert.deepEqual(missing, []);
    });

    it("protects both clusters", () => {
        const clusters = managed().filter(({ type }) => ["aws:eks/cluster:Cluster", "gcp:container/cluster:Cluster"].includes(type));
        assert.deepEqual(clusters.map(({ name, protect }) => [name, protect]).sort(), [["central", true], ["east", true]]);
    });
});
