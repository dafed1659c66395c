// What this can't prove: that providers answer so. Here a table stands for them; tests/recover/recover.test.ts asks the real engine.
import assert from "node:assert/strict";

import type { Fate, Finding } from "../../recover/finding";
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

    constructor(
        private readonly readings: Readonly<Record<string, readonly Reading[]>>,
        private readonly result: unknown = {},
        private readonly refusal?: string,
    ) {}

    ask(questions: readonly Question[]) {
        this.asked.push(...questions);
        const answers: Answer[] = this.refusal === undefined ? questions.map(question => ({ ...question, result: this.result })) : [];
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

const brief: Patience = { pauseMs: 0, longestMs: 60_000 };

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
const network = resource(vpc, "east-network", { inputs: { cidrBlock: "10.16.0.0/16" } });

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
        const slow = await only(state([operation("creating", cluster)]), new Clouds({ east: [there("east", { status: "CREATING" })] }), {}, { pauseMs: 0, longestMs: 0 });
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

    it("is taken for something that is not there, also where a cluster is down", async () => {
        const clouds = new Clouds({ "shop/shop-1f": [{ is: "unreadable", why: "down" }] });
        assert.deepEqual(await only(state([operation("creating", shop)]), clouds, { shop: null }), ["absent", undefined, "you said so"]);
        assert.deepEqual(clouds.read_, []);
    });
});

describe("what was being made under a name that the state has", () => {
    const found1 = new Clouds({ "vpc-new": [there("vpc-new")] }, tagged("vpc-new"));

    it("replaces that one where it was made from something else", async () => {
        const old = { ...network, id: "vpc-old", inputs: { cidrBlock: "10.0.0.0/16" } };
        assert.deepEqual((await only(state([operation("creating", network)], [old]), found1)).slice(0, 2), ["adopted", "vpc-new"]);
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

    it("counts once where two updates were killed at it", async () => {
        const clouds = new Clouds({ "shop/shop-1f": [there("shop/shop-1f")] });
        assert.equal((await found(state([operation("creating", shop), operation("creating", shop)]), clouds)).length, 1);
        assert.deepEqual(clouds.read_, ["shop/shop-1f"]);
    });
});
