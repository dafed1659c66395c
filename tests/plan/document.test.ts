// What this cannot prove: that readers of plan.json elsewhere keep up with its shape: formatVersion is for them.
import assert from "node:assert/strict";

import { z } from "zod";

import { type PlanDocument, planDocument } from "../../plan/document";
import type { PlannedStack } from "../../plan/run";
import { summarise } from "../../plan/summarise";
import { planJson } from "../../plan/write";
import { fullApp } from "../support/kubernetes";
import { clusterConfigs, planConfig } from "../support/plan";

const urn = z.string().regex(/^urn:pulumi:test::holdfast::[^\s]+::[^\s]+$/);

/** A row of plan.json: exactly these keys. */
const row = z.strictObject({
    urn,
    type: z.string().regex(/^[a-z]+:[^:]+:[A-Za-z]+$|^pulumi:providers:[a-z]+$/),
    name: z.string().min(1),
    parent: urn.nullable(),
    provider: urn.nullable(),
    custom: z.boolean(),
    protect: z.boolean(),
    retainOnDelete: z.boolean(),
    ignoreChanges: z.array(z.string()),
    replaceOnChanges: z.array(z.string()),
    deleteBeforeReplace: z.boolean().nullable(),
    dependencies: z.array(urn),
    propertyDependencies: z.record(z.string(), z.array(urn).min(1)),
    inputs: z.record(z.string(), z.unknown()),
});

const schema = z.strictObject({
    formatVersion: z.literal(1),
    summary: z.looseObject({ project: z.literal("holdfast"), stack: z.literal("test"), resourceCount: z.int() }),
    resources: z.array(row),
    outputs: z.strictObject({
        endpoints: z.record(z.string(), z.looseObject({ url: z.string(), address: z.string() })),
        url: z.string().nullable(),
        kubeconfigs: z.record(z.string(), z.literal("[secret]")),
        clusters: z.record(z.string(), z.strictObject({ kind: z.string(), region: z.string(), zones: z.array(z.string()), version: z.string() })),
        objectives: z.looseObject({ rtoSeconds: z.number().nullable() }),
    }),
});

const canaries = ["canary-token", "canary-credential"];
const config = {
    clusters: [
        { name: "local", kind: "existing", kubeconfig: JSON.stringify({ apiVersion: "v1", kind: "Config", users: [{ name: "a", user: { token: canaries[1] } }] }) },
        { ...clusterConfigs.eks, protect: true },
        clusterConfigs.gke,
    ],
    app: { ...fullApp, secrets: { API_TOKEN: canaries[0] }, state: { ...fullApp.state, onDelete: "keep" } },
};

describe("plan.json", () => {
    let plan: PlannedStack;
    let text = "";
    let document: PlanDocument;

    before(async () => {
        plan = await planConfig(config);
        text = planJson(planDocument(plan, summarise(plan)));
        document = JSON.parse(text) as PlanDocument;
    });

    it("has its shape: every row all of its keys, and no other", () => {
        const { error } = schema.safeParse(document);
        assert.deepEqual(error?.issues ?? [], []);
    });

    it("holds the summary, as the terminal has it", () => {
        assert.deepEqual(document.summary, JSON.parse(JSON.stringify(summarise(plan))));
    });

    it("has every resource once, with what was recorded of it", () => {
        assert.ok(document.resources.length > 100);
        assert.equal(document.resources.length, plan.recording.resources.length);
        assert.equal(new Set(document.resources.map(resource => resource.urn)).size, document.resources.length);
        const byUrn = new Map(document.resources.map(resource => [resource.urn, resource]));
        for (const { dependencies, ...recorded } of plan.recording.resources) {
            const found = byUrn.get(recorded.urn);
            assert.ok(found !== undefined, recorded.urn);
            const { wireInputs: _, aliases: __, propertyDependencies, ...kept } = recorded;
            const sources = Object.entries(propertyDependencies).filter(([, urns]) => urns.length > 0);
            const expected = { ...kept, dependencies: [...dependencies].sort(), propertyDependencies: Object.fromEntries(sources.map(([input, urns]) => [input, [...urns].sort()])) };
            assert.deepEqual(found, JSON.parse(JSON.stringify(expected)));
        }
    });

    it("ends each URN in the resource's type and name", () => {
        for (const resource of document.resources) {
            const [, , types = "", name] = resource.urn.split("::");
            assert.deepEqual([types.split("$").at(-1), name], [resource.type, resource.name]);
        }
    });

    it("is sorted by URN, and dependencies within each row too", () => {
        const urns = document.resources.map(resource => resource.urn);
        assert.deepEqual(urns, [...urns].sort());
        for (const { dependencies } of document.resources) {
            assert.deepEqual(dependencies, [...dependencies].sort());
        }
    });

    it("refers to nothing that is not in it: parents, providers and dependencies", () => {
        const urns = new Set(document.resources.map(resource => resource.urn));
        const named = document.resources.flatMap(({ parent, provider, dependencies }) => [parent, provider, ...dependencies]).filter(one => one !== null);
        assert.ok(named.length > document.resources.length);
        assert.deepEqual(named.filter(one => !urns.has(one)), []);
    });

    it("tells what is protected and what outlives the stack", () => {
        const of = (choose: (resource: PlanDocument["resources"][number]) => boolean): string[] => document.resources.filter(choose).map(({ name }) => name);
        assert.deepEqual(of(({ type, protect }) => protect && type === "aws:eks/cluster:Cluster"), ["east"]);
        const claims = document.resources.filter(({ type }) => type === "kubernetes:core/v1:PersistentVolumeClaim");
        assert.ok(claims.length >= 9);
        assert.deepEqual(claims.filter(({ retainOnDelete }) => !retainOnDelete), []);
        assert.equal(of(({ retainOnDelete, type }) => retainOnDelete && type.endsWith(":Deployment")).length, 0);
    });

    it("tells what a comparison asks for: what is ignored, what replaces, what goes first, and where inputs come from", () => {
        const of = (type: string, name: string): PlanDocument["resources"][number] | undefined => document.resources.find(resource => resource.type === type && resource.name === name);
        assert.deepEqual(of("kubernetes:apps/v1:StatefulSet", "east-shop-state")?.ignoreChanges, ["spec.volumeClaimTemplates"]);
        assert.deepEqual(of("kubernetes:scheduling.k8s.io/v1:PriorityClass", "east-shop-priority")?.replaceOnChanges, ["value", "preemptionPolicy"]);
        assert.deepEqual([...new Set(document.resources.map(({ deleteBeforeReplace }) => deleteBeforeReplace))].sort(), [null, true]);
        const cluster = of("aws:eks/cluster:Cluster", "east");
        assert.deepEqual(of("pulumi:providers:kubernetes", "east-kubernetes")?.propertyDependencies["clusterIdentifier"], [cluster?.urn]);
        assert.deepEqual(document.resources.filter(({ custom, type }) => !custom && !/^(holdfast:|pulumi:pulumi:Stack$|kubernetes:helm)/.test(type)), []);
    });

    it("masks secrets wherever they are", () => {
        for (const canary of canaries) {
            assert.ok(JSON.stringify(plan.recording.resources.map(({ wireInputs }) => wireInputs)).includes(canary), `${canary} is not in the program`);
            assert.equal(text.includes(canary), false, canary);
        }
        const secret = document.resources.find(({ type }) => type === "kubernetes:core/v1:Secret");
        assert.ok(JSON.stringify(secret?.inputs).includes("[secret]"));
    });

    it("holds no mark of the wire's own", () => {
        assert.equal(text.includes("4dabf18193072939515e22adb298388d"), false);
    });

    it("is the same in a second run, to the byte, and ends in a line break", async () => {
        const again = await planConfig(config);
        assert.equal(planJson(planDocument(again, summarise(again))), text);
        assert.match(text, /\}\n$/);
    });
});
