// What this can't prove: what AWS, Google and Kubernetes answer. The engine, its states and its locks are real; the cloud is a row of shelves.
import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";

import { resourceLabel } from "../../components/aws/resourceTag";
import { Locked } from "../../recover/pulumi";
import { operationsOf, resourcesOf } from "../../recover/state";
import { Site } from "./site";

class AnyProvider extends pulumi.ProviderResource {}
class AnyResource extends pulumi.CustomResource {}
class Part extends pulumi.ComponentResource {}

const cluster = { region: "us-east-1", kubeconfig: pulumi.secret("a kubeconfig") };

/** A network, an object in a component that names the network, and one that names that. */
function program(cidrBlock: string): PulumiFn {
    return () => {
        const aws = new AnyProvider("aws", "east-aws", { region: "us-east-1" });
        const kubernetes = new AnyProvider("kubernetes", "east-kubernetes", cluster);
        const part = new Part("holdfast:test:Part", "part");
        const vpc = new AnyResource("aws:ec2/vpc:Vpc", "network", { cidrBlock, tags: { "holdfast:resource": resourceLabel("holdfast", "prod", "network") } }, { provider: aws });
        const object = (name: string, data: pulumi.Input<unknown>) =>
            new AnyResource("kubernetes:core/v1:ConfigMap", name, { metadata: { namespace: "shop", name }, data }, { parent: part, provider: kubernetes });
        const one = object("first", { vpc: vpc.id, token: pulumi.secret("hunter2") });
        object("second", { after: one.id });
        return Promise.resolve({});
    };
}

const first = program("10.0.0.0/16");
const changed = program("10.1.0.0/16");

/** An object of whatever name. */
function named(name: string): PulumiFn {
    return () => {
        const kubernetes = new AnyProvider("kubernetes", "east-kubernetes", cluster);
        new AnyResource("kubernetes:core/v1:ConfigMap", "first", { metadata: { namespace: "shop", name } }, { provider: kubernetes });
        return Promise.resolve({});
    };
}

/** A network and an object that have nothing to do with each other. */
const both: PulumiFn = () => {
    const aws = new AnyProvider("aws", "east-aws", { region: "us-east-1" });
    const kubernetes = new AnyProvider("kubernetes", "east-kubernetes", cluster);
    new AnyResource("aws:ec2/vpc:Vpc", "network", { tags: { "holdfast:resource": resourceLabel("holdfast", "prod", "network") } }, { provider: aws });
    new AnyResource("kubernetes:core/v1:ConfigMap", "beside", { metadata: { namespace: "shop", name: "beside" } }, { provider: kubernetes });
    return Promise.resolve({});
};

describe("recovery of a killed update, on the real engine", function () {
    this.timeout(120_000);
    let site: Site;

    beforeEach(async () => {
        site = await Site.open();
    });
    afterEach(() => {
        site.close();
    });

    it("takes in what was made under an id that the cloud made up, and takes away the lock", async () => {
        await site.killedUp(first, "after", "network");
        await assert.rejects(site.up(first), /locked/);
        const untouched = await site.sealedState();
        assert.equal((await site.recover({ confirm: () => Promise.resolve(false) })).written, false);
        assert.deepEqual(await site.sealedState(), untouched);
        const { findings, written, unlocked } = await site.recover();
        assert.deepEqual(findings.map(({ fate, id, how }) => [fate, id, how]), [["adopted", "vpc-1", "its tag holdfast:resource"]]);
        assert.ok(written);
        assert.match(unlocked ?? "", /locked by 1 lock/);
        assert.deepEqual(await site.up(first), { same: 5, create: 2 });
        assert.deepEqual(site.shelves.inventory(), ["first shop/first", "network vpc-1", "second shop/second"]);
        assert.deepEqual(operationsOf(await site.sealedState()), []);
    });

    it("takes in what has a name, below a component, with its secrets sealed", async () => {
        await site.killedUp(first, "after", "first");
        const { findings } = await site.recover();
        assert.deepEqual(findings.map(({ fate, id }) => [fate, id]), [["adopted", "shop/first"]]);
        const state = await site.sealedState();
        assert.ok(!JSON.stringify(state).includes("hunter2") && !JSON.stringify(state).includes("a kubeconfig"));
        assert.deepEqual(await site.up(first), { same: 6, create: 1 });
        assert.deepEqual(site.shelves.inventory(), ["first shop/first", "network vpc-1", "second shop/second"]);
    });

    it("leaves to the next update what was not made yet", async () => {
        await site.killedUp(first, "before", "first");
        assert.deepEqual((await site.recover()).findings.map(({ fate }) => fate), ["absent"]);
        assert.deepEqual(await site.up(first), { same: 5, create: 2 });
        assert.deepEqual(site.shelves.inventory(), ["first shop/first", "network vpc-1", "second shop/second"]);
    });

    it("goes on with a replacement whose first half was done", async () => {
        await site.up(first);
        await site.killedUp(changed, "after", "network");
        // It may also be left from before the program was changed: people say which.
        assert.deepEqual((await site.recover()).findings.map(({ fate, id }) => [fate, id]), [["unsolved", "vpc-2"]]);
        assert.deepEqual((await site.recover({ given: { network: "vpc-2" } })).findings.map(({ fate, id }) => [fate, id]), [["adopted", "vpc-2"]]);
        const [old, current] = resourcesOf(await site.sealedState()).filter(({ type }) => type === "aws:ec2/vpc:Vpc");
        assert.deepEqual([old?.id, old?.delete, current?.id, current?.delete], ["vpc-1", true, "vpc-2", undefined]);
        await site.up(changed);
        assert.deepEqual(site.shelves.inventory(), ["first shop/first", "network vpc-2", "second shop/second"]);
    });

    it("has the next update delete what an update that was not recovered made twice", async () => {
        await site.killedUp(first, "after", "network");
        // What is done today: take the lock away, and go on.
        await site.cancel();
        await site.up(first);
        assert.deepEqual(site.shelves.inventory(), ["first shop/first", "network vpc-1", "network vpc-2", "second shop/second"]);
        assert.deepEqual((await site.recover()).findings.map(({ fate, id }) => [fate, id]), [["spare", "vpc-1"]]);
        await site.up(first);
        assert.deepEqual(site.shelves.inventory(), ["first shop/first", "network vpc-2", "second shop/second"]);
    });

    it("deletes nothing that is in use where the program was changed between a kill and an update that was not recovered", async () => {
        await site.killedUp(first, "after", "network");
        await site.cancel();
        await site.up(changed);
        const untouched = await site.sealedState();
        assert.deepEqual((await site.recover()).findings.map(({ fate, id }) => [fate, id]), [["unsolved", "vpc-1"]]);
        assert.deepEqual(await site.sealedState(), untouched);
    });

    it("takes in the newest of what two killed updates made under names made up anew, and has the other deleted", async () => {
        await site.killedUp(named("first-1"), "after", "first");
        await site.cancel();
        await site.killedUp(named("first-2"), "after", "first");
        assert.deepEqual(site.shelves.inventory(), ["first shop/first-1", "first shop/first-2"]);
        assert.deepEqual((await site.recover()).findings.map(({ fate, id }) => [fate, id]), [["adopted", "shop/first-2"], ["spare", "shop/first-1"]]);
        await site.up(named("first-2"));
        assert.deepEqual(site.shelves.inventory(), ["first shop/first-2"]);
    });

    it("asks before it takes a lock away, and says whose that is", async () => {
        await site.killedUp(first, "after", "network");
        const holders: string[] = [];
        const refused = await site.recover({ confirmUnlock: holder => Promise.resolve(holders.push(holder) === 0) });
        assert.equal(refused.written, false);
        assert.match(holders.join(), /^created by \S+@\S+ \(pid \d+\) at /);
        await assert.rejects(site.up(first), /locked/);
    });

    it("writes nothing over what somebody else has written meanwhile", async () => {
        await site.killedUp(first, "after", "first");
        const meanwhile = async (): Promise<boolean> => {
            await site.cancel();
            await site.up(program("10.0.0.0/16")).catch(() => undefined);
            return true;
        };
        await assert.rejects(site.recover({ confirm: meanwhile }), /has changed the stack meanwhile/);
    });

    it("writes nothing while the update still runs", async () => {
        const { goOn, ended } = await site.pausedUp(first, "first");
        await assert.rejects(site.recover(), error => error instanceof Locked && /Process \d+ of this machine is alive/.test(error.message));
        goOn();
        await ended;
        assert.deepEqual(operationsOf(await site.sealedState()), []);
    });

    it("writes nothing while one of several can't be read, and all of it later", async () => {
        await site.killedUp(both, "after", "beside", "network");
        const untouched = await site.sealedState();
        const findings = async (): Promise<unknown> => (await site.recover()).findings.map(({ operation, fate, how }) => [operation.resource.urn.split("::").at(-1), fate, how]).sort();
        site.shelves.unreadable = { type: "kubernetes:core/v1:ConfigMap", why: "the cluster is unreachable" };
        assert.deepEqual(await findings(), [["beside", "unsolved", "it can't be read: the cluster is unreachable"], ["network", "adopted", "its tag holdfast:resource"]]);
        assert.deepEqual(await site.sealedState(), untouched);
        site.shelves.unreadable = undefined;
        assert.deepEqual(await findings(), [["beside", "adopted", "its name alone: nothing tells who made it"], ["network", "adopted", "its tag holdfast:resource"]]);
        assert.deepEqual(await site.up(both), { same: 5 });
    });

    it("is a command, which asks where it can and else wants to be told", async () => {
        await site.killedUp(first, "after", "network");
        const asked = await site.command();
        assert.equal(asked.code, 1);
        assert.match(asked.stdout, /network \(Vpc\) +creating +vpc-1 +there, taken into the state +its tag holdfast:resource/);
        assert.match(asked.stdout, /Nothing was written: nobody is here to be asked, so say --yes/);
        const unknown = await site.command("--stack", "nowhere");
        assert.equal(unknown.code, 1);
        assert.match(unknown.stderr, /^pulumi stack export failed:\n.*no stack named 'nowhere'/s);
        const done = await site.command("--yes", "--gone", "network");
        assert.equal(done.code, 0, done.stderr);
        assert.match(done.stdout, /network \(Vpc\) .* not there, the next update makes it +you said so/);
        assert.match(done.stdout, /took away the lock .* wrote the state, .* Next: npx pulumi up --stack prod/);
    });

    it("changes nothing of a stack that is sound, and leaves no notes of its own", async () => {
        await site.up(first);
        const sound = await site.shownState();
        const notes = site.notes();
        const { findings, written, unlocked } = await site.recover();
        assert.deepEqual([findings, written, unlocked], [[], true, undefined]);
        assert.deepEqual(resourcesOf(await site.shownState()), resourcesOf(sound));
        assert.deepEqual(site.notes(), notes);
        assert.deepEqual(await site.up(first), { same: 7 });
    });
});
