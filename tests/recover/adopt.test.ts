// What this can't prove: that the engine takes the state: tests/recover/recover.test.ts asks it.
import assert from "node:assert/strict";

import { adopt, inOrder } from "../../recover/adopt";
import type { Fate, Finding } from "../../recover/finding";
import type { Present } from "../../recover/reading";
import { type Exported, type StateResource, resourcesOf } from "../../recover/state";
import { operation, providers, resource } from "./support";

const vpc = "aws:ec2/vpc:Vpc";
const subnet = "aws:ec2/subnet:Subnet";

function state(resources: readonly StateResource[]): Exported {
    return { version: 3, deployment: { manifest: { magic: "m" }, resources: [...providers, ...resources], pending_operations: [{ type: "creating", resource: resource(vpc, "new") }] } };
}

function reading(id: string, more: Partial<Present> = {}): Present {
    return { is: "there", id, inputs: { read: true }, outputs: { arn: `arn of ${id}` }, initErrors: [], ...more };
}

function finding(fate: Fate, of: StateResource, read?: Present): Finding {
    return { operation: operation("creating", of), fate, how: "by a test", ...(read === undefined ? {} : { reading: read }) };
}

/** What the state has beside its providers, as "name id", with a note where the next update deletes it. */
function names(after: Exported): readonly string[] {
    return resourcesOf(after)
        .slice(providers.length)
        .map(({ urn, id, delete: replaced }) => `${urn.split("::").at(-1) ?? ""} ${id ?? "–"}${replaced === true ? " to be deleted" : ""}`);
}

describe("a state with what was found", () => {
    it("has what was being made, as the program wanted it, with the id and the outputs that were read", () => {
        const made = resource(vpc, "new", { inputs: { cidrBlock: "10.0.0.0/16" }, protect: true, dependencies: [] });
        const after = adopt(state([]), [finding("adopted", made, reading("vpc-1"))]);
        assert.deepEqual(resourcesOf(after).at(-1), { ...made, id: "vpc-1", outputs: { arn: "arn of vpc-1" } });
        assert.deepEqual(after.deployment.pending_operations, []);
        assert.deepEqual(after.deployment["manifest"], { magic: "m" });
    });

    it("says what is not as it should be yet, so that the next update waits for it", () => {
        const after = adopt(state([]), [finding("adopted", resource(vpc, "new"), reading("vpc-1", { initErrors: ["not ready"] }))]);
        assert.deepEqual(resourcesOf(after).at(-1)?.initErrors, ["not ready"]);
    });

    it("has what was to be replaced still, to be deleted, before what depends on its name", () => {
        const old = resource(vpc, "net", { id: "vpc-old" });
        const child = resource(subnet, "sub", { id: "subnet-1", dependencies: [old.urn] });
        const after = adopt(state([old, child]), [finding("adopted", resource(vpc, "net", { inputs: { cidrBlock: "new" } }), reading("vpc-new"))]);
        assert.deepEqual(names(after), ["net vpc-old to be deleted", "net vpc-new", "sub subnet-1"]);
    });

    it("has no more of what was deleted before its replacement was made", () => {
        const gone = resource(vpc, "net", { id: "vpc-old", pendingReplacement: true });
        const child = resource(subnet, "sub", { id: "subnet-1", propertyDependencies: { vpcId: [gone.urn] } });
        const after = adopt(state([gone, child]), [finding("adopted", resource(vpc, "net"), reading("vpc-new"))]);
        assert.deepEqual(names(after), ["net vpc-new", "sub subnet-1"]);
    });

    it("has what is there twice, to be deleted, beside the one that is used", () => {
        const used = resource(vpc, "net", { id: "vpc-2" });
        const after = adopt(state([used]), [finding("spare", resource(vpc, "net"), reading("vpc-1"))]);
        assert.deepEqual(names(after), ["net vpc-2", "net vpc-1 to be deleted"]);
    });

    it("has what was being changed as it is now", () => {
        const changing = resource(vpc, "net", { id: "vpc-1", inputs: { old: true }, outputs: { old: true } });
        const after = adopt(state([changing]), [{ ...finding("refreshed", changing, reading("vpc-1")), operation: operation("updating", changing) }]);
        assert.deepEqual(resourcesOf(after).at(-1), { ...changing, inputs: { read: true }, outputs: { arn: "arn of vpc-1" }, initErrors: [] });
    });

    for (const fate of ["absent", "known", "no thing", "repeated", "unsolved"] as const) {
        it(`is as it was where something is "${fate}"`, () => {
            const before = state([resource(vpc, "net", { id: "vpc-1" })]);
            assert.deepEqual(resourcesOf(adopt(before, [finding(fate, resource(vpc, "new"))])), resourcesOf(before));
        });
    }
});

describe("the order of a state", () => {
    const a = resource(vpc, "a", { id: "1" });
    const b = resource(vpc, "b", { id: "2", dependencies: [a.urn] });
    const c = resource(subnet, "c", { id: "3", parent: b.urn, deletedWith: a.urn });

    it("stays where it is sound", () => {
        assert.deepEqual(inOrder([...providers, a, b, c]), [...providers, a, b, c]);
    });

    it("puts everything after its provider, its parent and all that it depends on", () => {
        const names = inOrder([c, b, a, ...providers]).map(({ urn }) => urn.split("::").at(-1));
        assert.deepEqual(names, ["east-aws", "a", "b", "c", "central-gcp", "east-kubernetes"]);
    });

    it("ends where resources name each other", () => {
        const x = resource(vpc, "x", { dependencies: [b.urn] });
        const y = { ...b, dependencies: [x.urn] };
        assert.equal(inOrder([x, y]).length, 2);
    });
});
