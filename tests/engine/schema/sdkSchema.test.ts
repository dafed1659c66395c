// What this can't prove: that a cloud takes what its SDK declares. SDKs say nothing of formats, lengths, or of inputs that
// exclude one another; and the names here are those of the SDKs that are installed, which another version may change.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { UndeclaredType } from "./places";
import { sdkSchema } from "./sdkSchema";
import { anyOf, outputNames, type Property, type Schema, typeIn } from "./shape";

const vpc = "aws:ec2/vpc:Vpc";
const role = "aws:iam/role:Role";
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const loadBalancer = "aws:alb/loadBalancer:LoadBalancer";
const certificate = "aws:acm/certificateValidation:CertificateValidation";
const getZone = "aws:route53/getZone:getZone";
const getIdentity = "aws:index/getCallerIdentity:getCallerIdentity";
const sslPolicy = "gcp:compute/sSLPolicy:SSLPolicy";
const gke = "gcp:container/cluster:Cluster";
const clientConfig = "gcp:organizations/getClientConfig:getClientConfig";
const deployment = "kubernetes:apps/v1:Deployment";
const service = "kubernetes:core/v1:Service";
const chart = "kubernetes:helm.sh/v4:Chart";
const issuer = "kubernetes:cert-manager.io/v1:ClusterIssuer";
const frontend = "kubernetes:networking.gke.io/v1beta1:FrontendConfig";
const snapshotClass = "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass";
const definition = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
const provider = "pulumi:providers:aws";

/** A property of a type, or by further names of what that consists of. */
function property(schema: Schema, type: string, ...names: readonly string[]): Property | undefined {
    let { properties } = typeIn(schema, type) as { properties: Readonly<Record<string, Property>> };
    let found: Property | undefined;
    for (const name of names) {
        found = properties[name];
        const object = /"object":"(.*?)"/.exec(JSON.stringify(found?.type ?? ""))?.[1];
        properties = object === undefined ? {} : (schema.objects[object]?.properties ?? {});
    }
    return found;
}

describe("what the SDKs declare of a type", () => {
    let schema: Schema;

    before(() => {
        schema = sdkSchema([vpc, role, attachment, loadBalancer, certificate, getZone, getIdentity, sslPolicy, gke, clientConfig, deployment, service, chart, issuer, frontend, snapshotClass, definition, provider]);
    });

    it("is of AWS: text, numbers, mappings, and what is required", () => {
        assert.deepEqual(property(schema, vpc, "cidrBlock"), { type: "string", required: false });
        assert.deepEqual(property(schema, vpc, "ipv4NetmaskLength"), { type: "number", required: false });
        assert.deepEqual(property(schema, vpc, "enableDnsSupport"), { type: "boolean", required: false });
        assert.deepEqual(property(schema, vpc, "tags"), { type: { mapOf: "string" }, required: false });
        assert.deepEqual(property(schema, certificate, "certificateArn"), { type: "string", required: true });
        assert.deepEqual(property(schema, certificate, "validationRecordFqdns"), { type: { listOf: "string" }, required: false });
    });

    it("says where a document or a resource may stand for text", () => {
        assert.deepEqual(property(schema, role, "assumeRolePolicy"), {
            type: { anyOf: ["string", { object: "aws/types/input#iam.PolicyDocument" }] },
            required: true,
        });
        assert.deepEqual(property(schema, role, "assumeRolePolicy", "Version")?.type, { oneOf: ["2012-10-17", "2008-10-17"] });
        assert.deepEqual(property(schema, attachment, "role"), { type: { anyOf: ["string", { resource: role }] }, required: true });
    });

    it("takes any text where an enumeration is a proposal, and only its values where it is all there is", () => {
        assert.deepEqual(property(schema, loadBalancer, "ipAddressType"), { type: "string", required: false });
        assert.deepEqual(property(schema, loadBalancer, "loadBalancerType"), { type: { oneOf: ["application", "network"] }, required: false });
    });

    it("is of Google Cloud, whose files write some names differently", () => {
        assert.deepEqual(property(schema, sslPolicy, "minTlsVersion"), { type: "string", required: false });
        assert.deepEqual(property(schema, gke, "ipAllocationPolicy", "additionalIpRangesConfigs", "subnetwork"), { type: "string", required: true });
        assert.deepEqual(property(schema, gke, "nodeLocations"), { type: { listOf: "string" }, required: false });
    });

    it("is of Kubernetes: its kind, what may be a number or text, and what contains itself", () => {
        assert.deepEqual(property(schema, deployment, "kind"), { type: { oneOf: ["Deployment"] }, required: false });
        assert.equal(property(schema, deployment, "spec")?.required, true);
        assert.deepEqual(property(schema, deployment, "spec", "strategy", "rollingUpdate", "maxSurge")?.type, { anyOf: ["number", "string"] });
        assert.deepEqual(property(schema, service, "spec", "ports", "port"), { type: "number", required: true });
        const self = { object: "kubernetes/types/input#apiextensions.v1.JSONSchemaProps" };
        assert.deepEqual(property(schema, definition, "spec", "versions", "schema", "openAPIV3Schema", "not")?.type, self);
    });

    it("is of charts, whose values may be anything, and which take files", () => {
        assert.deepEqual(property(schema, chart, "values")?.type, { mapOf: "any" });
        assert.deepEqual(property(schema, chart, "valueYamlFiles")?.type, { listOf: { anyOf: ["asset", "archive"] } });
        assert.deepEqual(property(schema, chart, "chart"), { type: "string", required: true });
    });

    it("is open for objects that a custom definition describes, but for what all objects have", () => {
        for (const type of [issuer, frontend, snapshotClass]) {
            const [, apiVersion = "", kind = ""] = type.split(":");
            const { others, properties } = typeIn(schema, type);
            assert.equal(others, "any", type);
            assert.deepEqual(properties, {
                apiVersion: { type: { oneOf: [apiVersion] }, required: true },
                kind: { type: { oneOf: [kind] }, required: true },
                metadata: { type: { object: "kubernetes/types/input#meta.v1.ObjectMeta" }, required: false },
            });
        }
        assert.equal(typeIn(schema, deployment).others, undefined);
    });

    it("is of functions, and of providers with the version that the engine adds", () => {
        assert.deepEqual(property(schema, getZone, "privateZone"), { type: "boolean", required: false });
        assert.deepEqual(property(schema, getIdentity, "id"), { type: "string", required: false });
        assert.deepEqual(typeIn(schema, clientConfig).properties, {});
        assert.equal(typeIn(schema, provider).encoded, true);
        assert.deepEqual(property(schema, provider, "defaultTags", "tags")?.type, { mapOf: "string" });
        assert.deepEqual(property(schema, provider, "version"), { type: "string", required: false });
        assert.equal(property(schema, vpc, "version"), undefined);
    });

    it("names what comes out of a resource and of a function", () => {
        const outputs = outputNames(schema, vpc);
        assert.ok(outputs.includes("arn") && outputs.includes("mainRouteTableId") && outputs.includes("cidrBlock"));
        assert.ok(!outputs.includes("isInstance") && !outputs.includes("get"));
        assert.ok(outputNames(schema, deployment).includes("status"));
        assert.ok(outputNames(schema, getZone).includes("nameServers"));
        assert.deepEqual(outputNames(schema, chart), ["resources"]);
        assert.deepEqual(outputNames(schema, issuer), ["apiVersion", "kind", "metadata"]);
    });

    it("holds the types that were asked for and no others", () => {
        assert.throws(() => typeIn(schema, "aws:ec2/subnet:Subnet"), /not made for aws:ec2\/subnet:Subnet/);
        assert.throws(() => typeIn(schema, "constructor"), /not made for constructor/);
        assert.deepEqual(Object.keys(sdkSchema([vpc]).types), [vpc]);
    });

    it("takes anything where anything is among the choices", () => {
        assert.equal(anyOf(["string", { listOf: "any" }, "any"]), "any");
        assert.deepEqual(anyOf(["number", { anyOf: ["number", { oneOf: ["a"] }] }, { oneOf: ["a", "b"] }]), { anyOf: ["number", { oneOf: ["a", "b"] }] });
    });

    for (const type of [
        "aws:ec2/vpcc:Vpcc",
        "aws:ec2/vpc:VPC",
        "aws:nowhere/vpc:Vpc",
        "kubernetes:apps/v1:Deploymentt",
        "kubernetes:apps/v9:Deployment",
        "kubernetes:networking.k8s.io/v1:Ingres",
        "kubernetes:networking.k8s.io/v9:Ingress",
        "kubernetes:nowhere/v1:Thing",
        "kubernetes:cert-manager.io/v1",
        "azure:compute:Machine",
        "pulumi:providers:azure",
        "pulumi:pulumi:Stack",
        "aws",
        "",
    ]) {
        it(`is nothing of "${type}": there is no such type`, () => {
            assert.throws(() => sdkSchema([vpc, type]), (error: unknown) => error instanceof UndeclaredType && error.type === type);
        });
    }
});

describe("the cache of what SDKs declare", () => {
    let folder: string;
    const type = "aws:ec2/thing:Thing";

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "holdfast-schema-"));
    });

    afterEach(() => {
        rmSync(folder, { recursive: true, force: true });
    });

    const read = (): Schema => sdkSchema([type], { packages: folder, cache: join(folder, "cache") });
    const cached = (): readonly string[] => readdirSync(join(folder, "cache")).map(file => join(folder, "cache", file));

    /** Puts an SDK of one resource there. */
    function install(version: string, declarations: string): void {
        const files = {
            "aws/package.json": JSON.stringify({ version }),
            "aws/ec2/thing.js": `Thing.__pulumiType = '${type}';`,
            "aws/ec2/thing.d.ts": `import * as pulumi from "@pulumi/pulumi";\nexport declare class Thing extends pulumi.CustomResource {}\n${declarations}`,
        };
        for (const [path, text] of Object.entries(files)) {
            mkdirSync(dirname(join(folder, path)), { recursive: true });
            writeFileSync(join(folder, path), text);
        }
    }

    it("gives what was read, without reading it again", () => {
        install("1.0.0", "export interface ThingArgs { size: pulumi.Input<number>; }");
        const first = read();
        assert.deepEqual(property(first, type, "size"), { type: "number", required: true });
        const [file = "", ...others] = cached();
        assert.deepEqual(others, [], "what was written beside was moved");
        assert.match(file, /aws-1\.0\.0-[0-9a-f]{12}\.json$/);
        install("1.0.0", "export interface ThingArgs { other: pulumi.Input<number>; }");
        assert.deepEqual(read(), first);
    });

    it("reads another version anew", () => {
        install("1.0.0", "export interface ThingArgs { size: pulumi.Input<number>; }");
        read();
        install("2.0.0", "export interface ThingArgs { size?: pulumi.Input<string | undefined>; }");
        assert.deepEqual(property(read(), type, "size"), { type: "string", required: false });
        assert.equal(cached().length, 2);
    });

    for (const text of ["", "{\"types\":", "{}", "null"]) {
        it(`reads anew where a file of it holds ${JSON.stringify(text)}`, () => {
            install("1.0.0", "export interface ThingArgs { size: pulumi.Input<number>; }");
            const first = read();
            const [file = ""] = cached();
            writeFileSync(file, text);
            assert.deepEqual(read(), first);
            assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), first);
        });
    }

    it("keeps what it had when it reads more, and gives the same for one at a time as for all at once", () => {
        const types = ["kubernetes:core/v1:ConfigMap", "kubernetes:core/v1:Secret", "kubernetes:core/v1:Service"];
        const cache = join(folder, "cache");
        for (const one of types) {
            sdkSchema([one], { cache });
        }
        const [file = ""] = cached();
        assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), sdkSchema(types, { cache: join(folder, "other") }));
    });

    for (const [form, declarations] of Object.entries({
        "a function": "export interface ThingArgs { make: () => string; }",
        "what has a function in it": "interface Inner { make: () => string; }\nexport interface ThingArgs { inner: pulumi.Input<Inner>; }",
        "a method": "export interface ThingArgs { make(): string; }",
        "what extends another": "interface Base { a: string; }\nexport interface ThingArgs extends Base { b: string; }",
        "a type that is nowhere": "export interface ThingArgs { a: pulumi.Input<inputs.ec2.Nothing>; }",
        "a type of Pulumi's that no value has": "export interface ThingArgs { a: pulumi.CustomResource; }",
        "an object without a name": "export interface ThingArgs { a: { b: string; c: string; }; }",
    })) {
        it(`takes no declaration for what it is not: ${form}`, () => {
            install("1.0.0", declarations);
            for (const time of ["the first time", "and again"]) {
                assert.throws(read, { message: /thing\.d\.ts:\d+: declarations like this one can't be read: / }, time);
            }
        });
    }

    it("says where a type's inputs are not declared", () => {
        install("1.0.0", "");
        assert.throws(read, { message: /thing\.d\.ts declares no interface ThingArgs/ });
    });
});
