// What this can't prove: that providers answer so. Here a table stands for them; tests/recover/recover.test.ts asks the real engine.
import assert from "node:assert/strict";

import type { Fate, Finding } from "../../recover/finding";
import { UsageError } from "../../recover/given";
import type { Answer, Question } from "../../recover/ids";
import type { Candidate, Present, Reading } from "../../recover/reading";
import type { Scratch } from "../../recover/scratch";
import { type Patience, seek } from "../../recover/seek";
import type { Exported, Operation, Properties, StateResource } from "../../recover/state";
import { operation, providers, refs, resource } from "./support";

const configMap = "kubernetes:core/v1:ConfigMap";
const vpc = "aws:ec2/vpc:Vpc";

function there(id: string, outputs: Properties = { found: id }): Present {
    return { is: "there", id, inputs: { read: id }, outputs, initErrors: [] };
}

const absent: Reading = { is: "absent" };

/** Clouds that answer by a table: by id, one reading after the other. */
class Clouds implements Scratch {
    readonly asked: Question[] = [];
    readonly read_: string[] = [];
    readonly candidates: Candidate[] = [];
    /** Answers that list nothing, before any that does. */
    unlisted = 0;

    constructor(
        private readonly readings: Readonly<Record<string, readonly Reading[]>>,
        private readonly result: unknown = {},
        private readonly refusal?: string,
    ) {}

    ask(questions: readonly Question[]) {
        this.asked.push(...questions);
        const result = this.unlisted-- > 0 ? {} : this.result;
        const answers: Answer[] = this.refusal === undefined ? questions.map(question => ({ ...question, result })) : [];
        return Promise.resolve({ answers, unanswered: this.refusal === undefined ? [] : questions.map(question => ({ ...question, why: this.refusal ?? "" })) });
    }

    read(candidates: readonly Candidate[]): Promise<readonly Reading[]> {
        this.candidates.push(...candidates);
        return Promise.resolve(
            candidates.map(({ id }) => {
                const turn = this.read_.filter(other => other === id).length;
                this.read_.push(id);
                const all = this.readings[id] ?? [absent];
                return all[Math.min(turn, all.length - 1)] ?? absent;
            }),
        );
    }
}

function state(operations: readonly Operation[], resources: readonly StateResource[] = []): Exported {
    return { version: 3, deployment: { resources: [...providers, ...resources], pending_operations: operations.map(({ type, resource: of }) => ({ type, resource: of })) } };
}

const brief: Patience = { pauseMs: 0, longestMs: 60_000, listedMs: 0 };

async function found(before: Exported, clouds: Clouds, given: Readonly<Record<string, string | null>> = {}, patience = brief): Promise<readonly Finding[]> {
    return seek(before, { given, patience, say: () => undefined, withScratch: use => use(clouds) });
}

/** The only finding, as "fate id". */
async function only(before: Exported, clouds: Clouds, given: Readonly<Record<string, string | null>> = {}, patience = brief): Promise<readonly [fate: Fate, id: string | undefined, how: string]> {
    const [finding, ...others] = await found(before, clouds, given, patience);
    assert.deepEqual(others, []);
    assert.ok(finding !== undefined);
    return [finding.fate, finding.id, finding.how];
}

const shop = resource(configMap, "shop", { inputs: { metadata: { namespace: "shop", name: "shop-1f" } } });
const tags = { "holdfast:resource": "holdfast/prod/east-network" };
const network = resource(vpc, "east-network", { inputs: { cidrBlock: "10.16.0.0/16", tags } });

/** What AWS lists under the tag. */
function tagged(...ids: readonly string[]): Properties {
    return { resourceTagMappingLists: ids.map(id => ({ resourceArn: `arn:aws:ec2:us-east-1:1:vpc/${id}`, tags: { "holdfast:resource": "holdfast/prod/east-network" } })) };
}

describe("what was being made", () => {
    it("is adopted where its name is there, with what was read", async () => {
        const [finding] = await found(state([operation("creating", shop)]), new Clouds({ "shop/shop-1f": [there("shop/shop-1f")] }));
        assert.equal(finding?.fate, "adopted");
        assert.deepEqual(finding.reading, there("shop/shop-1f"));
    });

    it("is read as an import is: without an id of its own, and without outputs", async () => {
        const clouds = new Clouds({});
        await found(state([operation("creating", { ...shop, id: "stale", outputs: { stale: true } })]), clouds);
        assert.deepEqual(clouds.candidates.map(({ id, resource: of }) => [id, of.id, of.outputs, of.inputs]), [["shop/shop-1f", undefined, undefined, shop.inputs]]);
    });

    it("is absent where its name is not there", async () => {
        assert.deepEqual(await only(state([operation("creating", shop)]), new Clouds({})), ["absent", "shop/shop-1f", "its inputs"]);
    });

    it("is found by its tag where the cloud made up the id, and is there", async () => {
        const clouds = new Clouds({ "vpc-1": [there("vpc-1")] }, tagged("vpc-1"));
        assert.deepEqual(await only(state([operation("creating", network)]), clouds), ["adopted", "vpc-1", "its tag holdfast:resource"]);
        assert.equal(clouds.asked.length, 1);
    });

    it("is absent where nothing has its tag, or only what was deleted", async () => {
        assert.deepEqual((await only(state([operation("creating", network)]), new Clouds({}, tagged())))[0], "absent");
        assert.deepEqual((await only(state([operation("creating", network)]), new Clouds({}, tagged("vpc-1"))))[0], "absent");
    });

    it("is what is left of those with its tag after what was deleted, and what the state has", async () => {
        const known = resource(vpc, "another", { id: "vpc-3" });
        const clouds = new Clouds({ "vpc-2": [there("vpc-2")], "vpc-3": [there("vpc-3")] }, tagged("vpc-1", "vpc-2", "vpc-3"));
        assert.deepEqual((await only(state([operation("creating", network)], [known]), clouds)).slice(0, 2), ["adopted", "vpc-2"]);
    });

    it("is for people to tell where two that are there have its tag", async () => {
        const clouds = new Clouds({ "vpc-1": [there("vpc-1")], "vpc-2": [there("vpc-2")] }, tagged("vpc-1", "vpc-2"));
        const [fate, , how] = await only(state([operation("creating", network)]), clouds);
        assert.equal(fate, "unsolved");
        assert.match(how, /vpc-1 and vpc-2: say which it is, and delete the others/);
    });

    it("is for people to tell where the cloud could not be asked", async () => {
        const [fate, , how] = await only(state([operation("creating", network)]), new Clouds({}, {}, "no credentials"));
        assert.equal(fate, "unsolved");
        assert.match(how, /getResources could not be asked: no credentials/);
    });

    it("is for people to tell where it can't be read, such as while its cluster is down", async () => {
        const clouds = new Clouds({ "shop/shop-1f": [{ is: "unreadable", why: "unreachable cluster" }] });
        assert.deepEqual(await only(state([operation("creating", shop)]), clouds), ["unsolved", "shop/shop-1f", "it can't be read: unreachable cluster"]);
    });

    it("is absent where its importer says so by an error", async () => {
        const member = resource("gcp:projects/iAMMember:IAMMember", "rights", { inputs: { role: "r", member: "m" } });
        const clouds = new Clouds({ "acme-prod r m": [{ is: "unreadable", why: "Cannot find binding for …" }] });
        assert.deepEqual((await only(state([operation("creating", member)]), clouds)).slice(0, 2), ["absent", "acme-prod r m"]);
    });

    it("is asked for again where nothing new is listed under its tag yet", async () => {
        const clouds = new Clouds({ "vpc-1": [there("vpc-1")] }, tagged("vpc-1"));
        clouds.unlisted = 2;
        assert.deepEqual((await only(state([operation("creating", network)]), clouds, {}, { ...brief, listedMs: 60_000 })).slice(0, 2), ["adopted", "vpc-1"]);
        assert.equal(clouds.asked.length, 3);
    });

    it("is for people to tell where it was made without the tag", async () => {
        const [fate, , how] = await only(state([operation("creating", { ...network, inputs: { cidrBlock: "10.16.0.0/16" } })]), new Clouds({}, tagged()));
        assert.equal(fate, "unsolved");
        assert.match(how, /without the tag holdfast:resource/);
    });

    it("is for people to tell where it may be there, and have no tag yet", async () => {
        const check = resource("aws:route53/healthCheck:HealthCheck", "east-network", { inputs: { tags } });
        const before = state([operation("creating", check)]);
        const [fate, , how] = await only(before, new Clouds({}, tagged()));
        assert.equal(fate, "unsolved");
        assert.match(how, /look in Route 53 for one without tags/);
        assert.equal((await only(before, new Clouds({}, tagged()), { "east-network": null }))[0], "absent");
    });

    it("is known by its name alone where nothing tells who made it", async () => {
        const clouds = (id: string): Clouds => new Clouds({ [id]: [there(id)] });
        const role = resource("aws:iam/rolePolicy:RolePolicy", "p", { inputs: { role: "r", name: "p" } });
        assert.deepEqual(await only(state([operation("creating", role)]), clouds("r:p")), ["adopted", "r:p", "its name alone: nothing tells who made it"]);
        const named = { ...role, inputs: { ...role.inputs, __defaults: ["name"] } };
        assert.deepEqual(await only(state([operation("creating", named)]), clouds("r:p")), ["adopted", "r:p", "its inputs"]);
    });

    it("is absent where the one of its name has others' tag, unless people say that it is it", async () => {
        const cluster = resource("aws:eks/cluster:Cluster", "east", { inputs: { name: "east", tags: { "holdfast:resource": "holdfast/prod/east" } } });
        const before = state([operation("creating", cluster)]);
        const clouds = (): Clouds => new Clouds({ east: [there("east", { tags: { "holdfast:resource": "holdfast/test/east" } })] });
        const [fate, , how] = await only(before, clouds());
        assert.equal(fate, "absent");
        assert.match(how, /is holdfast\/test\/east: it belongs to others/);
        assert.equal((await only(before, clouds(), { east: "east" }))[0], "adopted");
    });

    it("is absent where the one of its name is not ours", async () => {
        const foreign = there("shop/shop-1f", { metadata: { managedFields: [{ manager: "kubectl", operation: "Apply" }] } });
        const [fate, , how] = await only(state([operation("creating", shop)]), new Clouds({ "shop/shop-1f": [foreign] }));
        assert.equal(fate, "absent");
        assert.match(how, /did not make it/);
    });

    it("is known where the state has that very thing", async () => {
        const current = { ...shop, id: "shop/shop-1f" };
        assert.deepEqual((await only(state([operation("creating", shop)], [current]), new Clouds({ "shop/shop-1f": [there("shop/shop-1f")] }))).slice(0, 2), ["known", "shop/shop-1f"]);
    });

    it("is not known by one of the same name in another cluster", async () => {
        const elsewhere = resource(configMap, "other", { id: "shop/shop-1f", provider: "another cluster" });
        assert.deepEqual((await only(state([operation("creating", shop)], [elsewhere]), new Clouds({ "shop/shop-1f": [there("shop/shop-1f")] })))[0], "adopted");
    });

    it("is waited for while it can't be used yet, and only it is read again", async () => {
        const cluster = resource("aws:eks/cluster:Cluster", "east", { inputs: { name: "east" } });
        const clouds = new Clouds({ east: [there("east", { status: "CREATING" }), there("east", { status: "ACTIVE" })], "shop/shop-1f": [there("shop/shop-1f")] });
        const findings = await found(state([operation("creating", cluster), operation("creating", shop)]), clouds);
        assert.deepEqual(findings.map(({ fate }) => fate), ["adopted", "adopted"]);
        assert.deepEqual(findings[0]?.reading?.outputs["status"], "ACTIVE");
        assert.deepEqual(clouds.read_, ["east", "shop/shop-1f", "east"]);
    });

    it("is for people to tell where that takes too long, or where it failed", async () => {
        const cluster = resource("aws:eks/cluster:Cluster", "east", { inputs: { name: "east" } });
        const slow = await only(state([operation("creating", cluster)]), new Clouds({ east: [there("east", { status: "CREATING" })] }), {}, { pauseMs: 0, longestMs: 0, listedMs: 0 });
        assert.deepEqual(slow, ["unsolved", "east", "it is still CREATING: recover again later"]);
        const failed = await only(state([operation("creating", cluster)]), new Clouds({ east: [there("east", { status: "FAILED" })] }));
        assert.equal(failed[0], "unsolved");
    });

    it("is repeated where that makes no second one, without a look", async () => {
        const group = resource("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "closed", { inputs: { vpcId: "vpc-1" } });
        const clouds = new Clouds({});
        assert.equal((await only(state([operation("creating", group)]), clouds))[0], "repeated");
        assert.deepEqual(clouds.read_, []);
    });

    it("is for people to tell where its type, its id or its provider is not known", async () => {
        const stranger = resource("aws:ec2/instance:Instance", "vm", { inputs: {} });
        const target = resource("aws:cloudwatch/eventTarget:EventTarget", "latch", { inputs: { rule: "latch-1" } });
        const orphan = { ...shop, provider: `${refs.kubernetes}9` };
        for (const one of [stranger, target, orphan]) {
            const [fate, , how] = await only(state([operation("creating", one)]), new Clouds({}));
            assert.equal(fate, "unsolved");
            assert.match(how, /look for it in the cloud/);
        }
    });
});

describe("what people say of what was being made", () => {
    const stranger = resource("aws:ec2/instance:Instance", "vm", { inputs: {} });

    it("is taken by name and by URN", async () => {
        for (const name of ["vm", stranger.urn]) {
            assert.deepEqual(await only(state([operation("creating", stranger)]), new Clouds({ "i-1": [there("i-1")] }), { [name]: "i-1" }), ["adopted", "i-1", "you said so"]);
        }
    });

    it("is looked up all the same", async () => {
        assert.deepEqual((await only(state([operation("creating", stranger)]), new Clouds({}), { vm: "i-1" }))[0], "absent");
    });

    it("is an error where nothing of the name was being made, or several things", async () => {
        const other = resource(vpc, "vm");
        for (const [operations, name, said] of [
            [[operation("creating", stranger)], "wm", /wm: nothing of that name was being made, but\n {2}urn:.*::vm/],
            [[operation("creating", stranger), operation("creating", other)], "vm", /several of that name.*\n {2}urn:.*instance.*\n {2}urn:.*vpc/],
            [[operation("updating", stranger)], "vm", /vm: nothing was being made/],
            [[], "vm", /vm: nothing was being made/],
        ] as const) {
            await assert.rejects(found(state(operations), new Clouds({}), { [name]: null }), error => error instanceof UsageError && said.test(error.message));
        }
    });

    it("is taken for something that is not there, also where a cluster is down", async () => {
        const clouds = new Clouds({ "shop/shop-1f": [{ is: "unreadable", why: "down" }] });
        assert.deepEqual(await only(state([operation("creating", shop)]), clouds, { shop: null }), ["absent", undefined, "you said so"]);
        assert.deepEqual(clouds.read_, []);
    });
});

describe("what was being made under a name that the state has", () => {
    const found1 = new Clouds({ "vpc-new": [there("vpc-new")] }, tagged("vpc-new"));

    it("is for people to tell where it was made from something else: it replaces that one, or was left before the program changed", async () => {
        const used = { ...network, id: "vpc-used", inputs: { cidrBlock: "10.0.0.0/16", tags } };
        const before = state([operation("creating", network)], [used]);
        const [fate, id, how] = await only(before, found1);
        assert.deepEqual([fate, id], ["unsolved", "vpc-new"]);
        assert.match(how, /the state has vpc-used.* say --id 'east-network=vpc-new'.* if vpc-used is the newer one, delete vpc-new by hand/);
        assert.deepEqual((await only(before, found1, { "east-network": "vpc-new" })).slice(0, 2), ["adopted", "vpc-new"]);
        assert.equal((await only(before, new Clouds({}, tagged())))[0], "absent");
    });

    it("replaces one that was deleted before", async () => {
        const gone = { ...network, id: "vpc-old", pendingReplacement: true };
        assert.deepEqual((await only(state([operation("creating", network)], [gone]), new Clouds({ "vpc-new": [there("vpc-new")] }, tagged("vpc-new")))).slice(0, 2), ["adopted", "vpc-new"]);
    });

    it("is left over where both were made from the same", async () => {
        const used = { ...network, id: "vpc-used" };
        const clouds = new Clouds({ "vpc-new": [there("vpc-new")], "vpc-used": [there("vpc-used")] }, tagged("vpc-used", "vpc-new"));
        const [fate, id, how] = await only(state([operation("creating", network)], [used]), clouds);
        assert.deepEqual([fate, id], ["spare", "vpc-new"]);
        assert.match(how, /has made another, vpc-used/);
    });

    it("is for people to delete where it is protected, or would be kept", async () => {
        for (const kept of [{ protect: true }, { retainOnDelete: true }]) {
            const made = { ...network, ...kept };
            const clouds = new Clouds({ "vpc-new": [there("vpc-new")] }, tagged("vpc-new"));
            const [fate, id, how] = await only(state([operation("creating", made)], [{ ...made, id: "vpc-used" }]), clouds);
            assert.deepEqual([fate, id], ["unsolved", "vpc-new"]);
            assert.match(how, /delete this one by hand/);
        }
    });

    it("is left over where they differ in names that were made up alone", async () => {
        const role = (id: string): StateResource => resource("aws:iam/role:Role", "nodes", { inputs: { __defaults: ["name"], name: id, path: "/" } });
        const object = (name: string): StateResource => resource(configMap, "shop", { inputs: { metadata: { namespace: "shop", name, annotations: { "pulumi.com/autonamed": "true" } } } });
        for (const [left, used, id, usedId] of [[role("nodes-1"), role("nodes-2"), "nodes-1", "nodes-2"], [object("shop-1"), object("shop-2"), "shop/shop-1", "shop/shop-2"]] as const) {
            const [fate, found, how] = await only(state([operation("creating", left)], [{ ...used, id: usedId }]), new Clouds({ [id]: [there(id)] }));
            assert.deepEqual([fate, found], ["spare", id]);
            assert.ok(how.includes(usedId), how);
        }
    });

    it("is new where one of the same name was deleted before", async () => {
        const gone = { ...shop, id: "shop/shop-1f", pendingReplacement: true };
        assert.equal((await only(state([operation("creating", shop)], [gone]), new Clouds({ "shop/shop-1f": [there("shop/shop-1f")] })))[0], "adopted");
    });
});

describe("what else was under way", () => {
    const current = { ...shop, id: "shop/shop-1f", outputs: { old: true } };

    it("is read as it is now where it was being changed, with all that is known of it", async () => {
        const clouds = new Clouds({ "shop/shop-1f": [there("shop/shop-1f")] });
        assert.deepEqual((await only(state([operation("updating", shop)], [current]), clouds)).slice(0, 2), ["refreshed", "shop/shop-1f"]);
        assert.deepEqual(clouds.candidates.map(({ resource: of }) => of), [current]);
    });

    it("is changed again where it can't be read, or is gone: no one need be asked", async () => {
        const down = new Clouds({ "shop/shop-1f": [{ is: "unreadable", why: "down" }] });
        assert.deepEqual(await only(state([operation("updating", shop)], [current]), down), ["repeated", "shop/shop-1f", "it can't be read: down"]);
        assert.deepEqual((await only(state([operation("updating", shop)], [current]), new Clouds({})))[0], "repeated");
    });

    it("is repeated where it was being deleted, read or imported", async () => {
        for (const type of ["deleting", "reading", "importing"]) {
            assert.equal((await only(state([operation(type, shop)], [current]), new Clouds({})))[0], "repeated");
        }
    });

    it("is nothing where it is a component or a provider", async () => {
        const component: StateResource = { urn: "urn:pulumi:prod::holdfast::holdfast:aws:EksCluster::east", type: "holdfast:aws:EksCluster", custom: false };
        const [provider] = providers;
        assert.ok(provider !== undefined);
        const findings = await found(state([operation("creating", component), operation("creating", provider)]), new Clouds({}));
        assert.deepEqual(findings.map(({ fate }) => fate), ["no thing", "no thing"]);
    });

    it("is for people to tell where it is of a kind that nobody knows", async () => {
        assert.equal((await only(state([operation("dreaming", shop)]), new Clouds({})))[0], "unsolved");
    });

    it("is there twice where two updates were killed at it under names made up anew: the newest is taken", async () => {
        const object = (name: string): Operation => operation("creating", resource(configMap, "shop", { inputs: { metadata: { namespace: "shop", name } } }));
        const clouds = new Clouds({ "shop/shop-2": [there("shop/shop-2")], "shop/shop-1": [there("shop/shop-1")] });
        const both = state([object("shop-2"), object("shop-1")]);
        assert.deepEqual((await found(both, clouds)).map(({ fate, id }) => [fate, id]), [["adopted", "shop/shop-2"], ["spare", "shop/shop-1"]]);
        const one = new Clouds({ "shop/shop-1": [there("shop/shop-1")] });
        assert.deepEqual((await found(both, one)).map(({ fate, id }) => [fate, id]), [["absent", "shop/shop-2"], ["adopted", "shop/shop-1"]]);
        assert.deepEqual((await found(both, clouds, { shop: "shop/shop-1" })).map(({ fate, id }) => [fate, id]), [["adopted", "shop/shop-2"], ["spare", "shop/shop-1"]]);
    });

    it("is one thing where two updates were killed at it, and only one of them had made it", async () => {
        const other = { ...network, inputs: { cidrBlock: "10.17.0.0/16", tags } };
        const clouds = new Clouds({ "vpc-1": [there("vpc-1")] }, tagged("vpc-1"));
        const findings = await found(state([operation("creating", network), operation("creating", other)]), clouds);
        assert.deepEqual(findings.map(({ fate, id }) => [fate, id]), [["adopted", "vpc-1"], ["known", "vpc-1"]]);
    });

    it("counts once where two updates were killed at it", async () => {
        const clouds = new Clouds({ "shop/shop-1f": [there("shop/shop-1f")] });
        assert.equal((await found(state([operation("creating", shop), operation("creating", shop)]), clouds)).length, 1);
        assert.deepEqual(clouds.read_, ["shop/shop-1f"]);
    });
});
