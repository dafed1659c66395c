// What this can't prove: that the facts are true: each names the source that it was read from, and a provider may change.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { conditionOf, conditions } from "../../../plan/change/conditions";
import { differingPaths } from "../../../plan/change/differences";
import { type Facts, factsOf, inputsFromProvider, knownTypes } from "../../../plan/change/facts";
import { covers, formatPath, namesOf, parsePath } from "../../../plan/change/paths";
import { weightedTypes } from "../../../plan/change/weight";
import type { RecordedResource } from "../../../plan/recorder";
import { projectDirectory } from "../../support/plan";
import { everyPlan } from "./everyPlan";

/** Types that no provider compares: a bracket around objects, and what is only read. */
const withoutFacts = ["kubernetes:helm.sh/v4:Chart", "pulumi:pulumi:StackReference"];

/** Types that components make: `new aws.eks.Cluster(` as "aws.eks.Cluster". */
function typesInSource(): readonly string[] {
    const sources = readdirSync(join(projectDirectory, "components"), { recursive: true, encoding: "utf8" }).filter(file => file.endsWith(".ts"));
    return sources.flatMap(file => [...readFileSync(join(projectDirectory, "components", file), "utf8").matchAll(/new ((?:aws|gcp|k8s)\.[\w.]+)\(/g)].map(([, type]) => type ?? ""));
}

/** The facts of a type that has some. */
function facts(type: string): Facts {
    const found = factsOf(type);
    assert.ok(found !== undefined, type);
    return found;
}

function pathsOf({ replace, conditional, inPlace }: Facts): readonly string[] {
    return [...replace, ...Object.keys(conditional ?? {}), ...(inPlace ?? [])];
}

describe("the facts of replacement", () => {
    let resources: readonly RecordedResource[] = [];

    before(async function () {
        this.timeout(120_000);
        resources = (await everyPlan()).flatMap(({ recording }) => recording.resources).filter(({ custom, type }) => custom || type.startsWith("kubernetes:"));
    });

    it("are of plans that make all that the components can make", () => {
        const names = new Set(resources.map(({ type }) => type.split(":").at(-1)?.toLowerCase()));
        const last = (type: string): string => type.split(".").at(-1) ?? type;
        const made = typesInSource().map(last).filter(name => !["Provider", "CustomResource"].includes(name));
        assert.ok(made.length > 80);
        assert.deepEqual(made.filter(name => !names.has(name.toLowerCase())), []);
    });

    it("have an entry for every type that a plan may register", () => {
        const types = new Set(resources.map(({ type }) => type));
        assert.ok(types.size > 100);
        assert.deepEqual([...types].filter(type => !knownTypes.includes(type) && !withoutFacts.includes(type)), []);
    });

    it("have no entry that no plan asks for", () => {
        const types = new Set(resources.map(({ type }) => type));
        assert.deepEqual(knownTypes.filter(type => !types.has(type)), []);
    });

    it("say of every input of an AWS resource that a plan sets what its change does", () => {
        const unknown = resources
            .filter(({ type }) => type.startsWith("aws:"))
            .flatMap(({ type, inputs }) => {
                const known = pathsOf(facts(type)).map(path => namesOf(parsePath(path)));
                return differingPaths({}, inputs)
                    .map(namesOf)
                    .filter(path => !known.some(one => covers(one, path)))
                    .map(path => `${type} ${formatPath(path)}`);
            });
        assert.deepEqual([...new Set(unknown)], []);
    });

    it("each name their source, and say no two things of one path", () => {
        for (const type of knownTypes) {
            const { source, replace, inPlace = [] } = facts(type);
            assert.ok(source.length > 20, type);
            assert.equal(new Set(replace).size, replace.length, type);
            assert.deepEqual(replace.filter(path => inPlace.includes(path)), [], type);
        }
    });

    it("have each condition decided, and no other", () => {
        for (const type of knownTypes) {
            const named = Object.keys(facts(type).conditional ?? {});
            assert.deepEqual(named.filter(path => conditionOf(type, path) === undefined), [], type);
            assert.deepEqual(Object.keys(conditions[type] ?? {}).filter(path => !named.includes(path)), [], type);
        }
        assert.deepEqual(Object.keys(conditions).filter(type => !knownTypes.includes(type)), []);
    });

    it("name inputs that are taken from the provider only where their change replaces", () => {
        for (const type of knownTypes) {
            const paths = pathsOf(facts(type));
            assert.deepEqual(inputsFromProvider(type).filter(input => !paths.includes(input)), [], type);
        }
        assert.deepEqual([inputsFromProvider("aws:ec2/vpc:Vpc"), inputsFromProvider("gcp:compute/network:Network"), inputsFromProvider("aws:iam/role:Role")], [["region"], ["project"], []]);
    });

    it("hold for every Kubernetes object, and for one without an entry too", () => {
        assert.deepEqual(facts("kubernetes:example.com/v1:Widget").replace, ["metadata.name", "metadata.namespace"]);
        assert.ok(facts("kubernetes:apps/v1:Deployment").replace.includes("metadata.name"));
        assert.equal(factsOf("kubernetes:helm.sh/v4:Chart"), undefined);
        assert.equal(factsOf("aws:ec2/instance:Instance"), undefined);
    });

    it("rest on providers that let no ConfigMap and no Secret be changed", () => {
        const providers = resources.filter(({ type }) => type === "pulumi:providers:kubernetes");
        assert.ok(providers.length > 10);
        assert.deepEqual(providers.filter(({ inputs }) => Object.keys(inputs as object).some(key => key.endsWith("Mutable"))), []);
    });

    it("weigh only types that there are", () => {
        assert.deepEqual(weightedTypes.filter(type => !knownTypes.includes(type) && !withoutFacts.includes(type)), []);
    });
});
