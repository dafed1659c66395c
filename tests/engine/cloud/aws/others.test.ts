// What this can't prove: that IAM, ACM and Route 53 refuse in these words. It proves that the emulated ones refuse at all.
import assert from "node:assert/strict";

import { type Desk, awsDesk } from "../desk";
import { World } from "../world";
import { addHostedZone } from "./invokes";

const certificateType = "aws:acm/certificate:Certificate";
const validationType = "aws:acm/certificateValidation:CertificateValidation";
const recordType = "aws:route53/record:Record";

describe("the emulated AWS beside networks and clusters", () => {
    let desk: Desk;

    beforeEach(() => {
        desk = awsDesk(new World());
    });

    it("keeps a role while it has policies", async () => {
        const role = await desk.make("aws:iam/role:Role", { name: "east" });
        const attached = await desk.make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { role: "east", policyArn: "arn:aws:iam::aws:policy/P" });
        await assert.rejects(desk.remove(role), /RolePolicyAttachment east\/arn:aws:iam::aws:policy\/P uses it/);
        await desk.remove(attached);
        const inline = await desk.make("aws:iam/rolePolicy:RolePolicy", { role: "east", name: "zones" });
        await assert.rejects(desk.remove(role), /RolePolicy east:zones uses it/);
        await desk.remove(inline);
        await desk.remove(role);
    });

    it("keeps a rule while it has targets", async () => {
        const rule = await desk.make("aws:cloudwatch/eventRule:EventRule", { name: "nightly" });
        const target = await desk.make("aws:cloudwatch/eventTarget:EventTarget", { rule: "nightly", targetId: "go" });
        await assert.rejects(desk.remove(rule), /uses it/);
        await desk.remove(target);
        await desk.remove(rule);
    });

    it("proves a certificate only once each of its records says what it asks for", async () => {
        const certificate = await desk.make(certificateType, { domainName: "a.example.com", subjectAlternativeNames: ["b.example.com"] });
        const proofs = certificate.outputs["domainValidationOptions"] as readonly { readonly resourceRecordName: string; readonly resourceRecordValue: string }[];
        const prove = (index: number, value?: string): Promise<unknown> => {
            const proof = proofs[index];
            return desk.make(recordType, { zoneId: "Z1", type: "CNAME", name: proof?.resourceRecordName, records: [value ?? proof?.resourceRecordValue], allowOverwrite: true }, `proof-${index}`);
        };
        const validation = desk.make(validationType, { certificateArn: certificate.id });
        const isReady = (): boolean | undefined => desk.world.ofType(validationType)[0]?.ready;
        assert.equal(proofs.length, 2);
        await prove(0);
        await prove(1, "something else");
        assert.equal(isReady(), false);
        await prove(1);
        await validation;
        assert.equal(isReady(), true);
    });

    it("keeps a certificate while a load balancer has it", async () => {
        const certificate = await desk.make(certificateType, { domainName: "a.example.com" });
        await desk.make("aws:route53/healthCheck:HealthCheck", { tags: { certificateArn: certificate.id } });
        const balancer = desk.world.add({ place: "aws", type: "aws:loadBalancer", id: "k8s-1", urn: undefined, inputs: { certificateArn: certificate.id }, outputs: {} });
        await assert.rejects(desk.remove(certificate), /a load balancer uses it/);
        desk.world.remove(balancer);
        await desk.remove(certificate);
    });

    it("has a record once, and records of a name under one policy", async () => {
        const record = { zoneId: "Z1", name: "shop.example.com", type: "A" };
        const failover = (setIdentifier: string): object => ({ ...record, setIdentifier, failoverRoutingPolicies: [{ type: setIdentifier }] });
        await desk.make(recordType, { ...failover("primary") }, "primary");
        await desk.make(recordType, { ...failover("secondary") }, "secondary");
        await assert.rejects(desk.make(recordType, { ...failover("primary") }, "twin"), /record shop.example.com A exists already/);
        await assert.rejects(desk.make(recordType, { ...record, setIdentifier: "east", weightedRoutingPolicies: [{ weight: 1 }] }, "weighted"), /exists under another routing policy/);
        await desk.make(recordType, { ...record, type: "AAAA" }, "of another type");
        await desk.make(recordType, { ...record, name: "other.example.com" }, "of another name");
        assert.equal(desk.world.ofType(recordType).length, 4);
    });

    it("takes over a record that may be overwritten", async () => {
        const record = { zoneId: "Z1", name: "a", type: "CNAME", allowOverwrite: true };
        await desk.make(recordType, record);
        await desk.make(recordType, record, "again");
        assert.deepEqual(desk.world.all().map(({ urn }) => urn), [desk.asked(recordType, "again").urn]);
    });

    it("finds hosted zones that are there, and says no to what it does not know", async () => {
        addHostedZone(desk.world, "example.com");
        const zone = await desk.provider.invoke("session", "aws:route53/getZone:getZone", { name: "example.com" });
        assert.equal(zone["zoneId"], desk.world.all()[0]?.id);
        assert.throws(() => desk.provider.invoke("session", "aws:route53/getZone:getZone", { name: "example.org" }), /no matching Route 53 Hosted Zone found for example.org/);
        assert.throws(() => desk.provider.invoke("session", "aws:route53/getZone:getZone", { nam: "example.com" }), /nam is no property of it/);
        assert.throws(() => desk.provider.invoke("session", "aws:index/getRegion:getRegion", {}), /knows no aws:index\/getRegion/);
    });

    it("finds what has tags, those of its provider included, until it is gone", async () => {
        desk.provider.configure("session", { region: "us-east-1", defaultTags: JSON.stringify({ tags: { stack: "prod" } }) });
        const vpc = await desk.make("aws:ec2/vpc:Vpc", { tags: { name: "east" } });
        const find = async (...tagFilters: readonly object[]): Promise<unknown> => (await desk.provider.invoke("session", "aws:resourcegroupstaggingapi/getResources:getResources", { tagFilters }))["resourceTagMappingLists"];
        const found = [{ resourceArn: vpc.outputs["arn"], tags: { stack: "prod", name: "east" }, complianceDetails: [] }];
        assert.deepEqual(await find({ key: "stack", values: ["prod"] }, { key: "name" }), found);
        assert.deepEqual(await find({ key: "stack", values: ["dev"] }), []);
        assert.deepEqual(await find({ key: "owner" }), []);
        await desk.remove(vpc);
        assert.deepEqual(await find({ key: "name" }), []);
    });
});
