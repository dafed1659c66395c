// What this cannot prove: that an engine takes what is recorded here; the engine tests run Pulumi's own runner.
import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { cloudAnswers } from "../../plan/mocks";
import { type CloudAnswers, type RecordedResource, type Recording, record } from "../../plan/recorder";
import { isSecret, revealSecrets } from "../../plan/wire";
import { planConfig } from "../support/plan";

const stage = { project: "holdfast", stack: "test", config: { "holdfast:greeting": "hello" } };
const answers: CloudAnswers = { outputs: () => ({}), call: token => unknown(token) };

function unknown(token: string): never {
    throw new Error(`${token} is not known here`);
}

class Thing extends pulumi.CustomResource {
    declare public readonly size: pulumi.Output<number>;

    constructor(name: string, inputs: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
        super("test:index:Thing", name, { size: undefined, ...inputs }, opts);
    }
}

class Cloud extends pulumi.ProviderResource {
    constructor(name: string, inputs: pulumi.Inputs) {
        super("test", name, inputs);
    }
}

class Bracket extends pulumi.ComponentResource {
    constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
        super("test:index:Bracket", name, {}, opts);
    }
}

function thing({ resources }: Recording, name: string): RecordedResource {
    const found = resources.find(resource => resource.name === name);
    assert.ok(found !== undefined, `${name} was not recorded`);
    return found;
}

function names({ resources }: Recording): string[] {
    return resources.map(({ name }) => name).sort();
}

/**
 * The error that a run ends in. The SDK also leaves its promises rejected with nobody to hear it,
 * which is no matter of the test's.
 */
async function failure(run: () => Promise<unknown>): Promise<Error> {
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", () => undefined);
    try {
        const error: unknown = await run().then(
            () => undefined,
            (reason: unknown) => reason,
        );
        await new Promise(setImmediate);
        assert.ok(error instanceof Error, "it did not fail");
        return error;
    } finally {
        process.removeAllListeners("unhandledRejection");
        for (const listener of listeners) {
            process.on("unhandledRejection", listener);
        }
    }
}

const program = (name: string) => (): Promise<unknown> => {
    new Thing(name, {});
    return Promise.resolve({ name });
};

describe("the recorder", () => {
    it("records what is registered: inputs, options, parent, provider and what is waited for", async () => {
        const recording = await record(
            () => {
                const bracket = new Bracket("bracket");
                const provider = new Cloud("cloud", { region: "north" });
                const first = new Thing("first", { size: 1 }, { parent: bracket, provider });
                new Thing("second", { of: first.id }, { parent: bracket, protect: true, retainOnDelete: true, dependsOn: [first], ignoreChanges: ["of"] });
                return Promise.resolve({});
            },
            stage,
            answers,
        );
        const below = "urn:pulumi:test::holdfast::test:index:Bracket";
        const first = thing(recording, "first");
        assert.equal(first.urn, `${below}$test:index:Thing::first`);
        assert.deepEqual([first.parent, first.provider], [`${below}::bracket`, "urn:pulumi:test::holdfast::pulumi:providers:test::cloud"]);
        assert.deepEqual([first.custom, first.protect, first.retainOnDelete, first.dependencies, first.inputs], [true, false, false, [], { size: 1 }]);
        const second = thing(recording, "second");
        assert.deepEqual([second.protect, second.retainOnDelete, second.ignoreChanges, second.dependencies], [true, true, ["of"], [first.urn]]);
        assert.deepEqual(second.inputs, { of: "${first.id}" });
        assert.equal(second.provider, null);
        assert.equal(thing(recording, "bracket").custom, false);
    });

    it("records what decides of a change: what replaces, what goes first, and names of before", async () => {
        const recording = await record(
            () => {
                const bracket = new Bracket("bracket");
                new Thing("plain", {});
                const aliases = ["urn:pulumi:other::holdfast::test:index:Thing::given", { name: "former" }, { type: "test:index:Old", parent: pulumi.rootStackResource }, { stack: "elsewhere", project: "other" }];
                new Thing("told", { size: 1 }, { parent: bracket, replaceOnChanges: ["size"], deleteBeforeReplace: false, aliases });
                return Promise.resolve({});
            },
            stage,
            answers,
        );
        const { replaceOnChanges, deleteBeforeReplace, aliases } = thing(recording, "told");
        assert.deepEqual([replaceOnChanges, deleteBeforeReplace], [["size"], false]);
        assert.deepEqual(aliases, [
            "urn:pulumi:other::holdfast::test:index:Thing::given",
            "urn:pulumi:test::holdfast::test:index:Bracket$test:index:Thing::former",
            "urn:pulumi:test::holdfast::test:index:Old::told",
            "urn:pulumi:elsewhere::other::test:index:Bracket$test:index:Thing::told",
        ]);
        assert.deepEqual([thing(recording, "plain").deleteBeforeReplace, thing(recording, "plain").aliases], [null, []]);
    });

    it("hands a program its stack, config and what the answers say, and keeps its outputs", async () => {
        const recording = await record(
            () => {
                const made = new Thing("made", { colour: pulumi.secret("red") });
                return Promise.resolve({ size: made.size, greeting: new pulumi.Config("holdfast").require("greeting"), where: [pulumi.getProject(), pulumi.getStack()] });
            },
            stage,
            { ...answers, outputs: ({ type, name, inputs, parent }) => (type === "test:index:Thing" ? { size: `${name} ${String(inputs["colour"])} ${parent ?? "none"}`.length } : {}) },
        );
        const { parent } = thing(recording, "made");
        assert.deepEqual(revealSecrets(recording.outputs), { size: `made red ${parent ?? ""}`.length, greeting: "hello", where: ["holdfast", "test"] });
    });

    it("marks secrets on the wire and masks them in inputs, at any depth", async () => {
        const recording = await record(
            () => {
                new Thing("safe", { plain: "seen", key: pulumi.secret("canary"), deep: { list: ["seen", pulumi.secret({ token: "canary" })] } });
                return Promise.resolve({ open: 1, hidden: pulumi.secret("canary") });
            },
            stage,
            answers,
        );
        const { inputs, wireInputs } = thing(recording, "safe");
        assert.deepEqual(inputs, { plain: "seen", key: "[secret]", deep: { list: ["seen", { token: "[secret]" }] } });
        assert.ok(isSecret((wireInputs as { key: unknown }).key));
        assert.deepEqual(revealSecrets(wireInputs), { plain: "seen", key: "canary", deep: { list: ["seen", { token: "canary" }] } });
        const outputs = recording.outputs as { readonly open: unknown; readonly hidden: unknown };
        assert.deepEqual([isSecret(outputs.open), isSecret(outputs.hidden)], [false, true]);
    });

    it("answers provider functions that are known", async () => {
        const asked: unknown[] = [];
        const call: CloudAnswers["call"] = (token, args) => {
            asked.push([token, args]);
            return { zoneId: "Z1" };
        };
        const recording = await record(async () => pulumi.runtime.invoke("test:index:getZone", { name: pulumi.secret("example.com") }), stage, { ...answers, call });
        assert.deepEqual(asked, [["test:index:getZone", { name: "example.com" }]]);
        assert.equal((revealSecrets(recording.outputs) as { zoneId?: unknown }).zoneId, "Z1");
    });

    it("fails with the name of a provider function that is not known", async () => {
        const ask = (): Promise<unknown> => pulumi.runtime.invoke("aws:ec2/getVpc:getVpc", {});
        const error = await failure(() => record(ask, stage, cloudAnswers({ clusters: [], stackOutputs: () => undefined })));
        assert.match(error.message, /aws:ec2\/getVpc:getVpc/);
    });

    it("fails with it too where only a resource's input waits for the answer", async () => {
        const error = await failure(() =>
            record(
                () => {
                    new Thing("waits", { vpc: pulumi.output(pulumi.runtime.invoke("aws:ec2/getVpc:getVpc", {})) });
                    return Promise.resolve({});
                },
                stage,
                cloudAnswers({ clusters: [], stackOutputs: () => undefined }),
            ),
        );
        assert.match(error.message, /aws:ec2\/getVpc:getVpc/);
    });

    it("fails where the answers fail for a resource", async () => {
        const error = await failure(() => record(program("odd"), stage, { ...answers, outputs: ({ type }) => (type.startsWith("test:") ? unknown(type) : {}) }));
        assert.match(error.message, /test:index:Thing is not known here/);
    });

    it("fails with a program's own error, and with one that an apply throws", async () => {
        const thrown = await failure(() => record(() => Promise.reject(new Error("boom")), stage, answers));
        assert.match(thrown.message, /boom/);
        const applied = await failure(() =>
            record(
                () => {
                    new Thing("never", {
                        size: pulumi.output(1).apply((): number => {
                            throw new Error("in the apply");
                        }),
                    });
                    return Promise.resolve({});
                },
                stage,
                answers,
            ),
        );
        assert.match(applied.message, /in the apply/);
    });

    it("fails for a member that its stack does not have, with what to do about it", async () => {
        const members = [{ name: "west", stack: "acme/holdfast/prod-east" }, { name: "central", stack: "acme/holdfast/prod-central" }];
        const error = await failure(() => planConfig({ failover: { domain: "shop.example.com", zone: "example.com", primary: "west", members } }));
        assert.match(error.message, /failover\.members\[0\]\.name: received "west"; allowed: a cluster of acme\/holdfast\/prod-east: east; fix: /);
    });

    it("keeps runs apart, after a failure too", async () => {
        const first = await record(program("first"), stage, answers);
        const kept = JSON.stringify(first);
        await failure(() => record(() => Promise.reject(new Error("boom")), stage, answers));
        const second = await record(program("second"), { ...stage, stack: "other", config: {} }, answers);
        assert.deepEqual(names(first), ["first", "holdfast-test"]);
        assert.deepEqual(names(second), ["holdfast-other", "second"]);
        assert.deepEqual([first.outputs, second.outputs], [{ name: "first" }, { name: "second" }]);
        assert.equal(JSON.stringify(first), kept);
        assert.match(thing(second, "second").urn, /^urn:pulumi:other::/);
        const config = await record(() => Promise.resolve({ greeting: new pulumi.Config("holdfast").get("greeting") ?? "none" }), { ...stage, config: {} }, answers);
        assert.deepEqual(config.outputs, { greeting: "none" });
    });

    it("collects warnings, each run its own, and lets other words through", async () => {
        const heard: unknown[][] = [];
        const original = console.warn;
        const listen = (...parts: unknown[]): void => {
            heard.push(parts);
        };
        console.warn = listen;
        try {
            const { warnings } = await record(
                async () => {
                    await pulumi.log.warn("mind the gap");
                    console.warn("not", "ours");
                    await pulumi.log.warn("and the step");
                    return {};
                },
                stage,
                answers,
            );
            assert.deepEqual(warnings, ["mind the gap", "and the step"]);
            assert.deepEqual(heard, [["not", "ours"]]);
            assert.equal(console.warn, listen);
            assert.deepEqual((await record(program("quiet"), stage, answers)).warnings, []);
        } finally {
            console.warn = original;
        }
    });

    it("leaves the process as it was, whether the program ends or throws", async () => {
        const limit = Error.stackTraceLimit;
        const warn = console.warn;
        Error.stackTraceLimit = 17;
        try {
            let during: number | undefined;
            await record(
                () => {
                    during = Error.stackTraceLimit;
                    return Promise.resolve({});
                },
                stage,
                answers,
            );
            assert.deepEqual([during, Error.stackTraceLimit, console.warn], [0, 17, warn]);
            await failure(() => record(() => Promise.reject(new Error("boom")), stage, answers));
            assert.deepEqual([Error.stackTraceLimit, console.warn], [17, warn]);
        } finally {
            Error.stackTraceLimit = limit;
        }
    });
});
