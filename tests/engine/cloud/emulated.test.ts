// What this can't prove: at which points a real provider fails, and what it then tells. Each point that there is in one of
// these is tried here.
import assert from "node:assert/strict";

import { PartlyMade } from "../provider/provider";
import { audit, clean } from "../support/audit";
import { Desk, awsDesk } from "./desk";
import { gcp } from "./gcp/package";
import { type Moment, Refused, World } from "./world";

const vpcType = "aws:ec2/vpc:Vpc";
const roleType = "aws:iam/role:Role";
const attachmentType = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const block = { cidrBlock: "10.0.0.0/16" };

/** Fails the next call that comes to a moment. */
function failAt(world: World, at: Moment): void {
    world.interference = (_call, moment) => {
        if (moment === at) {
            world.interference = undefined;
            throw new Error(`failed when ${at}`);
        }
    };
}

/** What a thing of the state is. */
const stateOf = (type: string, urn: string, id: string): object => ({ resources: [{ urn, type, id, custom: true }] });

describe("an emulated cloud", () => {
    let world: World;
    let desk: Desk;

    beforeEach(() => {
        world = new World();
        desk = awsDesk(world);
    });

    it("makes nothing in a preview, and changes nothing", async () => {
        const preview = desk.asked(vpcType, "it", true);
        assert.deepEqual(await desk.provider.create(preview, block), { id: "", inputs: block, outputs: block });
        const made = await desk.make(vpcType, block);
        await desk.provider.update(preview, made.id, block, { cidrBlock: "10.1.0.0/16" });
        assert.deepEqual(world.all().map(({ inputs }) => inputs), [block]);
        assert.deepEqual(world.calls.map(({ kind }) => kind), ["create"]);
    });

    it("knows nothing of a type that it has no rules for", async () => {
        await assert.rejects(desk.make("aws:rds/instance:Instance", {}), /the emulated AWS knows no aws:rds\/instance:Instance/);
        await assert.rejects(new Desk(world, gcp).make("gcp:sql/databaseInstance:DatabaseInstance", {}), /knows no gcp:sql/);
        assert.deepEqual(world.all(), []);
    });

    it("makes nothing of what is not known yet", async () => {
        await assert.rejects(desk.make(vpcType, { tags: { a: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } }), /is to be made from what is not known yet/);
        assert.deepEqual(world.all(), []);
    });

    it("refuses a name that is taken, and gives it once it is free", async () => {
        const first = await desk.make(roleType, { name: "east", assumeRolePolicy: "{}" });
        await assert.rejects(desk.make(roleType, { name: "east", assumeRolePolicy: "{}" }, "other"), new Refused(`${roleType} east exists already`));
        assert.equal(world.all()[0]?.urn, first.asked.urn);
        await desk.remove(first);
        await desk.make(roleType, { name: "east", assumeRolePolicy: "{}" }, "other");
        assert.deepEqual(world.all().map(({ urn }) => urn), [desk.asked(roleType, "other").urn]);
    });

    it("takes over what is there where making it again means the same", async () => {
        const attached = { role: "east", policyArn: "arn:aws:iam::aws:policy/P" };
        await desk.make(attachmentType, attached, "before");
        const again = await desk.make(attachmentType, attached, "again");
        assert.deepEqual(world.all().map(({ urn, id }) => [urn, id]), [[again.asked.urn, "east/arn:aws:iam::aws:policy/P"]]);
    });

    it("refuses inputs that name what is gone, wherever they do", async () => {
        const vpc = await desk.make(vpcType, block);
        const other = await desk.make(vpcType, block, "other");
        await desk.remove(vpc);
        await assert.rejects(desk.make("aws:ec2/subnet:Subnet", { vpcId: vpc.id }), new Refused(`${vpc.id} is no longer there`));
        await assert.rejects(desk.make(roleType, { name: "r", tags: { of: [{ vpc: vpc.id }] } }), /is no longer there/);
        await assert.rejects(desk.change(other, { tags: { peer: vpc.id } }), /is no longer there/);
        assert.deepEqual(world.all().map(({ inputs }) => inputs), [block]);
        await desk.change(other, { tags: { peer: other.id } });
    });

    it("changes only what is there", async () => {
        const vpc = await desk.make(vpcType, block);
        const after = await desk.change(vpc, { tags: { a: "1" } });
        assert.deepEqual(after["tags"], { a: "1" });
        assert.equal(after["arn"], vpc.outputs["arn"]);
        await desk.remove(vpc);
        await assert.rejects(desk.change(vpc, {}), new Refused(`there is no ${vpcType} ${vpc.id}`));
    });

    it("reads what is there, by the form of an import too, and nothing that is not", async () => {
        const vpc = await desk.make(vpcType, block);
        assert.deepEqual(await desk.provider.read(vpc.asked, vpc.id), { id: vpc.id, inputs: block, outputs: vpc.outputs });
        const target = await desk.make("aws:cloudwatch/eventTarget:EventTarget", { rule: "nightly", targetId: "go", arn: "a" });
        assert.equal((await desk.provider.read(target.asked, "nightly/go"))?.id, "nightly-go");
        await desk.remove(vpc);
        assert.equal(await desk.provider.read(vpc.asked, vpc.id), undefined);
        assert.equal(await desk.provider.read(target.asked, "nightly/stop"), undefined);
    });

    it("has nothing against removing what is not there", async () => {
        const vpc = await desk.make(vpcType, block);
        await desk.remove(vpc);
        await desk.remove(vpc);
        assert.deepEqual(world.all(), []);
    });

    describe("that fails a creation", () => {
        it("before it is begun has made nothing", async () => {
            failAt(world, "begun");
            await assert.rejects(desk.make(vpcType, block), error => error instanceof Error && !(error instanceof PartlyMade) && error.message === "failed when begun");
            assert.deepEqual(world.all(), []);
        });

        it("once the thing is there says which it is", async () => {
            failAt(world, "made");
            const error: unknown = await desk.make(vpcType, block).catch((caught: unknown) => caught);
            assert.ok(error instanceof PartlyMade);
            assert.equal(error.message, "failed when made");
            const [left] = world.all();
            assert.equal(left?.ready, false);
            assert.deepEqual([error.made.id, error.made.inputs], [left.id, block]);
            assert.deepEqual(audit(world, stateOf(vpcType, left.urn ?? "", left.id)), clean);
            // The engine asks for an update, or a new one in its place.
            await desk.provider.update(desk.asked(vpcType), left.id, block, block);
            assert.equal(left.ready, true);
        });

        it("before its answer leaves a thing that nobody knows of", async () => {
            failAt(world, "answering");
            await assert.rejects(desk.make(vpcType, block), error => !(error instanceof PartlyMade));
            assert.deepEqual(world.all().map(({ ready }) => ready), [true]);
            assert.equal(audit(world, {}).orphans.length, 1);
        });
    });

    describe("that fails a change or a removal", () => {
        const done: Readonly<Record<Moment, boolean>> = { begun: false, made: false, answering: true };
        for (const moment of ["begun", "made", "answering"] as const) {
            it(`when ${moment} has ${done[moment] ? "done" : "not done"} it`, async () => {
                const vpc = await desk.make(vpcType, block);
                failAt(world, moment);
                await assert.rejects(desk.change(vpc, { tags: { a: "1" } }), new RegExp(`failed when ${moment}`));
                assert.equal(world.all()[0]?.inputs["tags"] !== undefined, done[moment]);
                failAt(world, moment);
                await assert.rejects(desk.remove(vpc), new RegExp(`failed when ${moment}`));
                assert.equal(desk.has(vpc), !done[moment]);
            });
        }
    });

    it("lets nothing wait any longer once it is closed", async () => {
        const proof = desk.make("aws:acm/certificateValidation:CertificateValidation", { certificateArn: (await desk.make("aws:acm/certificate:Certificate", { domainName: "a.example.com" })).id });
        desk.provider.close();
        await assert.rejects(proof, error => error instanceof PartlyMade);
        await world.atRest();
    });
});
