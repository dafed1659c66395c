// What this can't prove: that a state is true of a cloud. It proves that each way in which it is not is found.
import assert from "node:assert/strict";

import { type NewThing, World } from "../cloud/world";
import { type StateResource, audit, canonical, clean } from "./audit";

const type = "aws:ec2/vpc:Vpc";
const urnOf = (name: string): string => `urn:pulumi:prod::holdfast::${type}::${name}`;
const idOf = (number: number): string => `vpc-${number.toString(16).padStart(17, "0")}`;

const thing = (name: string, number: number, more: Partial<NewThing> = {}): NewThing => ({ place: "aws", type, id: idOf(number), urn: urnOf(name), inputs: {}, outputs: {}, ...more });
const resource = (name: string, number: number, more: Partial<StateResource> = {}): StateResource => ({ urn: urnOf(name), type, id: idOf(number), custom: true, ...more });

function worldOf(...things: readonly NewThing[]): World {
    const world = new World();
    for (const each of things) {
        world.add(each);
    }
    return world;
}

describe("the audit", () => {
    it("finds nothing where state and clouds agree", () => {
        assert.deepEqual(audit(worldOf(thing("a", 1), thing("b", 2)), { resources: [resource("a", 1), resource("b", 2)] }), clean);
        assert.deepEqual(audit(new World(), {}), clean);
    });

    it("finds orphans", () => {
        const world = worldOf(thing("a", 1), thing("b", 2));
        assert.deepEqual(audit(world, { resources: [resource("a", 1)] }), { ...clean, orphans: [`${urnOf("b")} ${idOf(2)}`] });
    });

    it("finds an orphan beside its successor, which is a duplicate too", () => {
        const world = worldOf(thing("a", 1), thing("a", 2), thing("a", 3));
        assert.deepEqual(audit(world, { resources: [resource("a", 3)] }), { ...clean, orphans: [`${urnOf("a")} ${idOf(1)}`, `${urnOf("a")} ${idOf(2)}`], duplicates: [urnOf("a")] });
    });

    it("finds what is missing", () => {
        assert.deepEqual(audit(worldOf(thing("a", 1)), { resources: [resource("a", 1), resource("b", 2)] }), { ...clean, missing: [`${urnOf("b")} ${idOf(2)}`] });
    });

    it("finds operations that were never ended", () => {
        assert.deepEqual(audit(new World(), { pending_operations: [{ type: "creating", resource: resource("a", 1) }] }), { ...clean, pending: [`creating ${urnOf("a")}`] });
    });

    it("counts what controllers and people made as no one's", () => {
        assert.deepEqual(audit(worldOf(thing("a", 1, { urn: undefined })), {}), clean);
    });

    it("counts components, providers and charts as nothing in a cloud", () => {
        const none = [resource("c", 1, { type: "holdfast:aws:Network", custom: false }), resource("p", 2, { type: "pulumi:providers:aws" }), resource("h", 3, { type: "kubernetes:helm.sh/v4:Chart" })];
        assert.deepEqual(audit(new World(), { resources: none }), clean);
    });

    it("takes several stacks together", () => {
        const world = worldOf(thing("a", 1), thing("b", 2));
        assert.deepEqual(audit(world, { resources: [resource("a", 1)] }, { resources: [resource("b", 2)] }), clean);
    });

    it("has nothing against two resources that stand for one thing", () => {
        assert.deepEqual(audit(worldOf(thing("a", 1)), { resources: [resource("a", 1), resource("b", 1)] }), clean);
    });
});

describe("the canonical form", () => {
    const subnet = (name: string, number: number, vpc: number, more: Partial<NewThing> = {}): NewThing =>
        thing(name, number, { type: "aws:ec2/subnet:Subnet", urn: `urn:pulumi:prod::holdfast::aws:ec2/subnet:Subnet::${name}`, inputs: { vpcId: idOf(vpc), tags: { a: "1", b: "2" } }, ...more });

    it("is the same of worlds that were made in another order, with other ids", () => {
        const one = worldOf(thing("a", 1), thing("b", 2), subnet("s", 3, 1));
        const other = worldOf(thing("b", 7), thing("a", 8), subnet("s", 9, 8, { inputs: { tags: { b: "2", a: "1" }, vpcId: idOf(8) } }));
        assert.deepEqual(canonical(one), canonical(other));
    });

    it("is the same whatever names were made up, and differs by which is meant", () => {
        const role = (name: string, digits: string): NewThing => thing(name, 1, { type: "aws:iam/role:Role", id: `${name}-${digits}`, inputs: { name: `${name}-${digits}` } });
        const policy = (of: string): NewThing => thing("p", 1, { type: "aws:iam/rolePolicy:RolePolicy", id: `${of}:p`, inputs: { role: of } });
        const [a, b] = [role("a", "0123abc"), role("b", "4567def")];
        assert.deepEqual(canonical(worldOf(a, b, policy("a-0123abc"))), canonical(worldOf(policy("a-89abcde"), role("b", "fedcba9"), role("a", "89abcde"))));
        assert.notDeepEqual(canonical(worldOf(a, b, policy("a-0123abc"))), canonical(worldOf(a, b, policy("b-4567def"))));
    });

    it("is the same whatever names were made up of objects, and of what names them", () => {
        const world = (digits: string): World =>
            worldOf(
                { place: "https://c", type: "kubernetes:core/v1:ConfigMap", id: `shop/env-${digits}`, urn: "urn:env", inputs: { metadata: { name: `env-${digits}`, namespace: "shop" } }, outputs: {} },
                { place: "https://c", type: "kubernetes:apps/v1:Deployment", id: "shop/shop", urn: "urn:shop", inputs: { spec: { configMap: `env-${digits}` } }, outputs: {} },
            );
        assert.deepEqual(canonical(world("0123abc")), canonical(world("4567def")));
    });

    it("is the same whatever addresses were given, and differs by which is meant", () => {
        const entry = (ip: string): NewThing => thing("entry", 1, { type: "gcp:compute/globalAddress:GlobalAddress", id: "entry", outputs: { address: ip } });
        const record = (ip: string): NewThing => thing("record", 1, { type: "aws:route53/record:Record", id: "shop", inputs: { records: [ip] } });
        assert.deepEqual(canonical(worldOf(entry("34.100.0.1"), record("34.100.0.1"))), canonical(worldOf(record("34.100.0.9"), entry("34.100.0.9"))));
        assert.notDeepEqual(canonical(worldOf(entry("34.100.0.1"), record("34.100.0.1"))), canonical(worldOf(entry("34.100.0.1"), record("34.100.0.9"))));
    });

    const base = (): readonly NewThing[] => [thing("a", 1), thing("b", 2), subnet("s", 3, 1)];
    const others: Readonly<Record<string, readonly NewThing[]>> = {
        "a thing more": [...base(), thing("c", 4)],
        "a thing less": base().slice(1),
        "a duplicate": [...base(), thing("a", 4)],
        "another value": [thing("a", 1, { inputs: { enableDnsSupport: true } }), ...base().slice(1)],
        "a value deep inside": [...base().slice(0, 2), subnet("s", 3, 1, { inputs: { vpcId: idOf(1), tags: { a: "1", b: "3" } } })],
        "a reference to another": [...base().slice(0, 2), subnet("s", 3, 2)],
        "another place": [thing("a", 1, { place: "gcp" }), ...base().slice(1)],
        "no resource that it is of": [thing("a", 1, { urn: undefined }), ...base().slice(1)],
    };
    for (const [title, things] of Object.entries(others)) {
        it(`differs by ${title}`, () => {
            assert.notDeepEqual(canonical(worldOf(...things)), canonical(worldOf(...base())));
        });
    }

    it("differs by what is not made to the end", () => {
        const world = worldOf(...base());
        const [first] = world.all();
        assert.ok(first !== undefined);
        first.ready = false;
        assert.notDeepEqual(canonical(world), canonical(worldOf(...base())));
    });
});
