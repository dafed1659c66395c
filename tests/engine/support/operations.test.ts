// What this can't prove: that the CLI prints its diagnostics in this form; the suites read what it prints. It proves how what was
// done and said is told.
import assert from "node:assert/strict";

import { type Asking, World } from "../cloud/world";
import { operations, shortName } from "./operations";
import { OperationFailed, told } from "./told";

const urn = (name: string): string => `urn:pulumi:prod::holdfast::holdfast:App$kubernetes:apps/v1:Deployment::${name}`;

describe("the operations of an update", () => {
    it("are told by what was asked for each resource", async () => {
        const world = new World();
        const asked: readonly (readonly [name: string, kind: Asking["kind"]])[] = [["new", "create"], ["old", "delete"], ["b", "update"], ["anew", "create"], ["anew", "delete"], ["a", "update"], ["a", "update"]];
        for (const [name, kind] of asked) {
            await world.during({ kind, urn: urn(name), type: "type", id: undefined }, () => Promise.resolve());
        }
        assert.deepEqual(operations(world), { created: ["Deployment new"], updated: ["Deployment a", "Deployment b"], replaced: ["Deployment anew"], deleted: ["Deployment old"] });
        world.forgetCalls();
        assert.deepEqual(operations(world), { created: [], updated: [], replaced: [], deleted: [] });
    });

    it("are of resources as people call them", () => {
        assert.equal(shortName(urn("east-shop-deployment")), "Deployment east-shop-deployment");
        assert.equal(shortName("urn:pulumi:prod::holdfast::aws:ec2/vpc:Vpc::east-network"), "Vpc east-network");
    });
});

describe("what the engine said", () => {
    const fail = (text: string): Promise<never> => Promise.reject(new Error(text));

    it("is its diagnostics alone", async () => {
        const printed = "Updating (prod)\n + created\nDiagnostics:\n  aws:ec2:Vpc (it):\n    error: no\nOutputs:\n  url: x\nResources:\n  1 created";
        await assert.rejects(told(fail(printed)), new OperationFailed("Diagnostics:\n  aws:ec2:Vpc (it):\n    error: no"));
    });

    it("is all of it where there are none", async () => {
        await assert.rejects(told(fail("spawn pulumi ENOENT")), new OperationFailed("spawn pulumi ENOENT"));
        assert.equal(await told(Promise.resolve(3)), 3);
    });
});
