// What this can't prove: that the engine hands a provider what the program registers. The plan's clouds answer with text for
// ids and addresses; tests/engine checks the same inputs as the engine gives them.
import assert from "node:assert/strict";

import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc";

import type { RecordedResource } from "../../../plan/recorder";
import { planProjectStack } from "../../support/plan";
import { type Problem, problems } from "./problems";
import { sdks } from "./places";
import { sdkSchema } from "./sdkSchema";
import { type Schema, typeIn } from "./shape";

type Inputs = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

/** Where a value is, as problems say it. */
function said(path: Path): string {
    return path.reduce<string>((sofar, step) => {
        if (typeof step === "number" || !/^[A-Za-z_$][\w$]*$/.test(step)) {
            return `${sofar}[${JSON.stringify(step)}]`;
        }
        return sofar === "" ? step : `${sofar}.${step}`;
    }, "");
}

/** All that is no object or list, and where it is. A secret counts as what is in it. */
function leaves(value: unknown, path: Path = []): readonly Path[] {
    if (typeof value !== "object" || value === null) {
        return [path];
    }
    if ((value as Inputs)[specialSigKey] === specialSecretSig) {
        return [path];
    }
    return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, Array.isArray(value) ? Number(key) : key]));
}

/** A copy in which another value is at a path. */
function planted<T>(value: T, [step, ...rest]: Path, other: unknown): T {
    if (step === undefined) {
        return other as T;
    }
    const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string | number, unknown>;
    copy[step] = planted(copy[step], rest, other);
    return copy as T;
}

/** A copy without an entry, and with another in its stead. */
function renamed(inputs: Inputs, name: string, other: string): Inputs {
    return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key === name ? other : key, value]));
}

describe("what stack prod plans", () => {
    let resources: readonly RecordedResource[];
    let schema: Schema;
    const inputsOf = ({ wireInputs }: RecordedResource): Inputs => wireInputs as Inputs;
    const found = ({ type }: RecordedResource, inputs: Inputs): readonly Problem[] => problems(schema, type, inputs);

    before(async () => {
        const { recording } = await planProjectStack("prod");
        resources = recording.resources.filter(({ type }) => sdks.some(sdk => type.startsWith(`${sdk}:`) || type === `pulumi:providers:${sdk}`));
        schema = sdkSchema([...new Set(resources.map(({ type }) => type))]);
    });

    it("is of more than sixty types, in more than a hundred and fifty resources", () => {
        assert.ok(Object.keys(schema.types).length > 60);
        assert.ok(resources.length > 150);
    });

    it("has no problems", () => {
        assert.deepEqual(resources.flatMap(resource => found(resource, inputsOf(resource)).map(problem => ({ urn: resource.urn, ...problem }))), []);
    });

    it("has one for each property that is misspelt, with what was meant", () => {
        let tried = 0;
        for (const resource of resources) {
            const { properties } = typeIn(schema, resource.type);
            for (const name of Object.keys(inputsOf(resource)).filter(known => Object.hasOwn(properties, known))) {
                const typo = `${name}Z`;
                const [problem, ...others] = found(resource, renamed(inputsOf(resource), name, typo)).filter(({ path }) => path !== name);
                if (typeIn(schema, resource.type).others === undefined) {
                    assert.deepEqual(problem, { path: typo, reason: `is no property of it; did you mean ${name}?` }, resource.urn);
                    tried += 1;
                }
                assert.deepEqual(others, [], resource.urn);
            }
        }
        assert.ok(tried > 500, `${tried}`);
    });

    it("has one for each required property that is missing", () => {
        let tried = 0;
        for (const resource of resources) {
            const required = Object.entries(typeIn(schema, resource.type).properties).filter(([, property]) => property.required);
            for (const [name] of required) {
                const inputs = Object.fromEntries(Object.entries(inputsOf(resource)).filter(([key]) => key !== name));
                const [problem, ...others] = found(resource, inputs);
                assert.equal(problem?.path, name, resource.urn);
                assert.match(problem.reason, /^is missing: it must be /);
                assert.deepEqual(others, [], resource.urn);
                tried += 1;
            }
        }
        assert.ok(tried > 100, `${tried}`);
    });

    it("has one for each value of another type, wherever it is, but for what may be anything", () => {
        const passed = new Set<string>();
        let tried = 0;
        for (const resource of resources) {
            for (const path of leaves(inputsOf(resource))) {
                const [problem, ...others] = found(resource, planted(inputsOf(resource), path, [[true]]));
                if (problem === undefined) {
                    passed.add(`${resource.type} ${path[0] ?? ""}`);
                } else {
                    assert.equal(problem.path, said(path), resource.urn);
                    tried += 1;
                }
                assert.deepEqual(others, [], resource.urn);
            }
        }
        assert.ok(tried > 1000, `${tried}`);
        // Values of charts, and what custom definitions describe.
        assert.deepEqual([...passed].sort(), [
            "kubernetes:cert-manager.io/v1:ClusterIssuer spec",
            "kubernetes:cloud.google.com/v1:BackendConfig spec",
            "kubernetes:eks.amazonaws.com/v1:IngressClassParams spec",
            "kubernetes:helm.sh/v4:Chart values",
            "kubernetes:networking.gke.io/v1beta1:FrontendConfig spec",
        ]);
    });
});
