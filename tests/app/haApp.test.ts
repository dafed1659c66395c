/**
 * The app as a whole: what is made, under which parent, by which provider, in which order. A mock
 * cannot prove that a cluster accepts it.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";

import ts from "typescript";

import type { RecordedResource } from "../../plan/recorder";
import type { PlannedStack } from "../../plan/run";
import { all, find, minimalApp, projectDirectory } from "../support/plan";
import { everyKind, first, fullApp, only, planApp, shortUrn, types } from "../support/kubernetes";

/** What is made of the app itself, without the cloud's own objects for an Ingress. */
function parts(plan: PlannedStack): string[] {
    const app = only(plan, "holdfast:app:HaApp");
    const ofApp = plan.recording.resources.filter(({ parent, custom }) => custom && parent === app.urn);
    return ofApp.map(({ name }) => name.replace(`${app.name}-`, "")).sort();
}

const minimalParts = [
    "account",
    "allow-clients",
    "allow-dns",
    "autoscaler",
    "budget",
    "deny-all",
    "deployment",
    "limits",
    "namespace",
    "priority",
    "quota",
    "service",
];

describe("parts of an app", () => {
    it("are these at the least", async () => {
        assert.deepEqual(parts(await planApp(minimalApp)), minimalParts);
    });

    for (const [part, made] of [
        ["env", ["env"]],
        ["secrets", ["secrets"]],
        ["files", ["files"]],
        ["ingress", ["ingress", "ingress-service"]],
        ["jobs", ["job-migrate", "job-priority", "job-report"]],
        ["network", ["allow-egress"]],
        ["state", ["allow-state", "allow-to-state", "state", "state-budget", "state-service", "volume-0", "volume-1", "volume-2"]],
    ] as const) {
        it(`gain ${made.join(", ")} with ${part}, and nothing else`, async () => {
            const plan = await planApp({ ...minimalApp, [part]: fullApp[part] });
            assert.deepEqual(parts(plan), [...minimalParts, ...made].sort());
        });
    }

    it("are the same on every kind of cluster, but for the storage class that some clusters define", async () => {
        const found = new Map<string, string[]>();
        for (const { label, cluster } of everyKind) {
            found.set(label, parts(await planApp(fullApp, cluster)).filter(part => part !== "storage"));
        }
        const expected = first([...found.values()]);
        assert.ok(expected.length > minimalParts.length);
        for (const [label, made] of found) {
            assert.deepEqual(made, expected, label);
        }
    });
});

for (const { label, cluster } of everyKind) {
    describe(`the app on ${label}`, () => {
        let plan: PlannedStack;
        let objects: readonly RecordedResource[];

        before(async () => {
            plan = await planApp(fullApp, cluster);
            const app = only(plan, "holdfast:app:HaApp");
            objects = plan.recording.resources.filter(({ parent, custom }) => custom && parent === app.urn);
        });

        it("goes to the cluster's own provider", () => {
            const providers = all(plan, "pulumi:providers:kubernetes");
            const keeper = providers.find(({ name }) => name.endsWith("-keep"));
            const provider = providers.find(({ name }) => !name.endsWith("-keep"));
            assert.equal(providers.length, 2);
            assert.ok(objects.length >= 25);
            for (const object of objects) {
                // What outlives a stack goes by the provider that takes over what is there.
                const outlives = [types.namespace, "kubernetes:core/v1:PersistentVolumeClaim"].includes(object.type);
                assert.equal(object.provider, (outlives ? keeper : provider)?.urn, object.name);
            }
        });

        it("waits for its namespace, and the namespace for what the cluster must have first", () => {
            const namespace = only(plan, types.namespace);
            const namespaced = objects.filter(({ inputs }) => {
                const { metadata } = inputs as { metadata: { namespace?: string } };
                return metadata.namespace !== undefined;
            });
            assert.ok(namespaced.length >= 20);
            for (const object of namespaced) {
                assert.ok(object.dependencies.includes(namespace.urn), object.name);
            }
            const existing = plan.config.clusters.every(({ kind }) => kind === "existing");
            assert.equal(namespace.dependencies.length > 0, !existing);
        });

        it("protects nothing of itself, so that the app can always be changed", () => {
            assert.deepEqual(objects.filter(({ protect }) => protect).map(({ name }) => name), []);
        });
    });
}

describe("the app's source", () => {
    const folder = `${projectDirectory}/components/app`;
    const files = readdirSync(folder).filter(file => file.endsWith(".ts"));

    /** The code without its comments, and with words of names set apart. */
    function words(file: string): string {
        const source = ts.createSourceFile(file, readFileSync(`${folder}/${file}`, "utf8"), ts.ScriptTarget.ES2022);
        const code = ts.createPrinter({ removeComments: true }).printFile(source);
        return code.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replaceAll("_", " ");
    }

    it("finds the files", () => {
        assert.ok(files.includes("haApp.ts") && files.includes("service.ts"));
    });

    it("would find a branch: the words are seen in names and texts, not in comments", () => {
        const cloud = /\b(eks|gke|aws|gcp|existing|alb|nlb)\b/i;
        const source = ts.createSourceFile("x.ts", "/** on EKS */ if (cluster.kind === \"eks\") {}", ts.ScriptTarget.ES2022);
        const code = ts.createPrinter({ removeComments: true }).printFile(source);
        assert.match(code, cloud);
        assert.doesNotMatch(code, /EKS/);
    });

    for (const file of files) {
        it(`has no branch on the cloud in ${file}`, () => {
            assert.doesNotMatch(words(file), /\b(eks|gke|aws|gcp|existing|alb|nlb)\b/i);
            assert.doesNotMatch(words(file), /cluster\.(kind|region)\b/);
        });
    }
});

describe("a name of the app", () => {
    it("prefixes every resource with cluster and app, so that two clusters never meet", async () => {
        const plan = await planApp(minimalApp);
        const app = find(plan, "holdfast:app:HaApp", "local-shop");
        const children = plan.recording.resources.filter(({ parent }) => parent === app.urn);
        assert.deepEqual(children.filter(({ name }) => !name.startsWith("local-shop-")).map(({ urn }) => shortUrn(urn)), []);
        assert.equal(children.length, minimalParts.length);
    });
});
