// What this can't prove: that a cloud, or a provider, refuses the same. Some providers take text for a number: here what the
// SDK does not declare is wrong.
import assert from "node:assert/strict";

import { specialArchiveSig, specialAssetSig, specialOutputValueSig, specialResourceSig, specialSecretSig, specialSigKey, unknownValue } from "@pulumi/pulumi/runtime/rpc";

import { type Problem, problems } from "./problems";
import { sdkSchema } from "./sdkSchema";

const vpc = "aws:ec2/vpc:Vpc";
const role = "aws:iam/role:Role";
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const loadBalancer = "aws:alb/loadBalancer:LoadBalancer";
const getZone = "aws:route53/getZone:getZone";
const firewall = "gcp:compute/firewall:Firewall";
const service = "kubernetes:core/v1:Service";
const chart = "kubernetes:helm.sh/v4:Chart";
const issuer = "kubernetes:cert-manager.io/v1:ClusterIssuer";
const awsProvider = "pulumi:providers:aws";

const schema = sdkSchema([vpc, role, attachment, loadBalancer, getZone, firewall, service, chart, issuer, awsProvider]);

/** Problems as lines: `cidrBlock: must be a string, not a number`. */
function told(type: string, inputs: Readonly<Record<string, unknown>>, unknown?: (value: unknown) => boolean): readonly string[] {
    return problems(schema, type, inputs, unknown).map(({ path, reason }: Problem) => `${path}: ${reason}`);
}

const signed = (signature: string, more: object): object => ({ [specialSigKey]: signature, ...more });
const secret = (value: unknown): object => signed(specialSecretSig, { value });
const output = (more: object): object => signed(specialOutputValueSig, { dependencies: [], ...more });
const resource = (type: string): object => signed(specialResourceSig, { urn: `urn:pulumi:s::p::holdfast:aws:EksCluster$${type}::n`, id: "n" });

const ports = [{ port: 80 }];
const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["s3:Get*"], Principal: "*" }] };

interface Case {
    readonly title: string;
    readonly type: string;
    readonly inputs: Readonly<Record<string, unknown>>;
    readonly problems: readonly string[];
}

const cases: readonly Case[] = [
    { title: "none", type: vpc, inputs: { cidrBlock: "10.0.0.0/16", enableDnsSupport: true, tags: { "holdfast:stack": "prod" } }, problems: [] },
    { title: "no inputs at all", type: vpc, inputs: {}, problems: [] },

    { title: "AWS: a misspelt property", type: vpc, inputs: { cidrBlok: "10.0.0.0/16" }, problems: ["cidrBlok: is no property of it; did you mean cidrBlock?"] },
    { title: "AWS: an output in place of an input", type: vpc, inputs: { defaultNetworkAclId: "acl-1" }, problems: ["defaultNetworkAclId: is no property of it"] },
    { title: "AWS: a property like JavaScript's own", type: vpc, inputs: { constructor: "x", toString: "y" }, problems: ["constructor: is no property of it", "toString: is no property of it"] },
    { title: "AWS: a required property", type: attachment, inputs: { role: "r" }, problems: ["policyArn: is missing: it must be a string"] },
    { title: "AWS: a required property that is null", type: attachment, inputs: { role: "r", policyArn: null }, problems: ["policyArn: is missing: it must be a string"] },
    { title: "AWS: an optional property that is null", type: vpc, inputs: { cidrBlock: null, tags: secret(null) }, problems: [] },
    { title: "AWS: a number for text", type: vpc, inputs: { cidrBlock: 10 }, problems: ["cidrBlock: must be a string, not a number"] },
    { title: "AWS: text for a number", type: vpc, inputs: { ipv4NetmaskLength: "16" }, problems: ["ipv4NetmaskLength: must be a number, not a string"] },
    { title: "AWS: text for a truth value", type: vpc, inputs: { enableDnsSupport: "true" }, problems: ["enableDnsSupport: must be a boolean, not a string"] },
    { title: "AWS: an object for text", type: vpc, inputs: { cidrBlock: {} }, problems: ["cidrBlock: must be a string, not an object"] },
    { title: "AWS: a list for a mapping", type: vpc, inputs: { tags: ["a"] }, problems: ["tags: must be an object, not a list"] },
    { title: "AWS: a number as a tag", type: vpc, inputs: { tags: { Name: "n", "holdfast:zones": 3 } }, problems: [`tags["holdfast:zones"]: must be a string, not a number`] },
    { title: "AWS: nothing as a tag", type: vpc, inputs: { tags: { Name: null } }, problems: ["tags.Name: must be a string, not nothing"] },
    { title: "AWS: a value that is none of the few", type: loadBalancer, inputs: { loadBalancerType: "gateway" }, problems: [`loadBalancerType: must be "application" or "network"`] },
    { title: "AWS: one of the few values", type: loadBalancer, inputs: { loadBalancerType: "network" }, problems: [] },
    { title: "AWS: a document as text or as itself", type: role, inputs: { assumeRolePolicy: policy }, problems: [] },
    { title: "AWS: a misspelt part of a document", type: role, inputs: { assumeRolePolicy: { ...policy, Statement: [{ Effect: "Allow", Actions: "*" }] } }, problems: ["assumeRolePolicy.Statement[0].Actions: is no property of it; did you mean Action?"] },
    { title: "AWS: one of several kinds of object", type: role, inputs: { assumeRolePolicy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: ["eks.amazonaws.com"] } }] } }, problems: [] },
    { title: "AWS: nearly one of several kinds of object", type: role, inputs: { assumeRolePolicy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: 1 } }] } }, problems: ["assumeRolePolicy.Statement[0].Principal.Service: must be a string or a list, not a number"] },
    { title: "AWS: neither text nor a document", type: role, inputs: { assumeRolePolicy: 1 }, problems: ["assumeRolePolicy: must be a string or an object, not a number"] },
    { title: "AWS: a resource for its name", type: attachment, inputs: { role: resource(role), policyArn: "arn" }, problems: [] },
    { title: "AWS: a resource of another type", type: attachment, inputs: { role: resource(vpc), policyArn: "arn" }, problems: [`role: must be a resource ${role}`] },
    { title: "AWS: a resource where only text will do", type: attachment, inputs: { role: "r", policyArn: resource(role) }, problems: ["policyArn: must be a string, not a resource"] },

    { title: "Google Cloud: what is in a list", type: firewall, inputs: { network: "n", allows: [{ protocol: "tcp", ports: ["80", 443] }] }, problems: ["allows[0].ports[1]: must be a string, not a number"] },
    { title: "Google Cloud: one for a list", type: firewall, inputs: { network: "n", sourceRanges: "0.0.0.0/0" }, problems: ["sourceRanges: must be a list, not a string"] },
    { title: "Google Cloud: what an item lacks", type: firewall, inputs: { network: "n", allows: [{ ports: ["80"] }] }, problems: ["allows[0].protocol: is missing: it must be a string"] },
    { title: "Google Cloud: nothing in a list", type: firewall, inputs: { network: "n", sourceRanges: ["10.0.0.0/8", null] }, problems: ["sourceRanges[1]: must be a string, not nothing"] },
    { title: "Google Cloud: several at once", type: firewall, inputs: { netwrok: "n", priority: "1" }, problems: ["network: is missing: it must be a string", "netwrok: is no property of it; did you mean network?", "priority: must be a number, not a string"] },

    { title: "Kubernetes: a number or text", type: service, inputs: { spec: { ports: [{ port: 80, targetPort: "http" }, { port: 81, targetPort: 8081 }] } }, problems: [] },
    { title: "Kubernetes: neither number nor text", type: service, inputs: { spec: { ports: [{ port: 80, targetPort: true }] } }, problems: ["spec.ports[0].targetPort: must be a number or a string, not a boolean"] },
    { title: "Kubernetes: deep inside", type: service, inputs: { spec: { ports: [{ port: "80" }, { prot: 80 }] } }, problems: ["spec.ports[0].port: must be a number, not a string", "spec.ports[1].port: is missing: it must be a number", "spec.ports[1].prot: is no property of it; did you mean port?"] },
    { title: "Kubernetes: a label that is no text", type: service, inputs: { metadata: { labels: { "app.kubernetes.io/part": true } } }, problems: [`metadata.labels["app.kubernetes.io/part"]: must be a string, not a boolean`] },
    { title: "Kubernetes: another kind", type: service, inputs: { apiVersion: "v1", kind: "Servce", spec: { ports } }, problems: [`kind: must be "Service"`] },
    { title: "Kubernetes: an object of a custom definition", type: issuer, inputs: { apiVersion: "cert-manager.io/v1", kind: "ClusterIssuer", metadata: { name: "n" }, spec: { anything: [1, { goes: null }] } }, problems: [] },
    { title: "Kubernetes: its metadata", type: issuer, inputs: { apiVersion: "cert-manager.io/v1", kind: "Issuer", metadata: { nme: "n" } }, problems: [`kind: must be "ClusterIssuer"`, "metadata.nme: is no property of it; did you mean name?"] },
    { title: "Kubernetes: its kind is missing", type: issuer, inputs: { apiVersion: "cert-manager.io/v1" }, problems: [`kind: is missing: it must be "ClusterIssuer"`] },
    { title: "Kubernetes: a chart with files", type: chart, inputs: { chart: "c", values: { a: [1, "b", null] }, valueYamlFiles: [signed(specialAssetSig, { text: "" }), signed(specialArchiveSig, { assets: {} })] }, problems: [] },
    { title: "Kubernetes: text for a chart's file", type: chart, inputs: { chart: "c", valueYamlFiles: ["values.yaml"] }, problems: ["valueYamlFiles[0]: must be an asset or an archive, not a string"] },

    { title: "a function's arguments", type: getZone, inputs: { name: "example.com", privateZone: false }, problems: [] },
    { title: "a function: wrong arguments", type: getZone, inputs: { nam: "example.com", privateZone: "no" }, problems: ["nam: is no property of it; did you mean name?", "privateZone: must be a boolean, not a string"] },

    { title: "a provider's config", type: awsProvider, inputs: { region: "eu-central-1", version: "7.48.0", skipMetadataApiCheck: "true", maxRetries: "3", defaultTags: `{"tags":{"a":"b"}}` }, problems: [] },
    { title: "a provider: not as JSON", type: awsProvider, inputs: { skipMetadataApiCheck: true }, problems: ["skipMetadataApiCheck: must be JSON text of a boolean, not a boolean"] },
    { title: "a provider: no JSON", type: awsProvider, inputs: { defaultTags: "tags" }, problems: ["defaultTags: must be JSON text of an object, but is no JSON"] },
    { title: "a provider: wrong JSON", type: awsProvider, inputs: { defaultTags: `{"tags":{"a":1}}`, allowedAccountIds: "[1]" }, problems: ["defaultTags.tags.a: in its JSON text: must be a string, not a number", "allowedAccountIds[0]: in its JSON text: must be a string, not a number"] },
    { title: "a provider: JSON where text is meant is text", type: awsProvider, inputs: { region: `"eu-central-1"` }, problems: [] },
    { title: "a provider: wrong names", type: awsProvider, inputs: { regoin: "eu-central-1" }, problems: ["regoin: is no property of it; did you mean region?"] },

    { title: "secrets are what is in them", type: vpc, inputs: { cidrBlock: secret("10.0.0.0/16"), tags: secret({ Name: secret("n") }) }, problems: [] },
    { title: "secrets: wrong ones, which are not told", type: vpc, inputs: { cidrBlock: secret(4711), tags: { Name: secret([4711]) } }, problems: ["cidrBlock: must be a string, not a number", "tags.Name: must be a string, not a list"] },
    { title: "secrets: a wrong one of few values is not told", type: loadBalancer, inputs: { loadBalancerType: secret("canary") }, problems: [`loadBalancerType: must be "application" or "network"`] },
    { title: "secrets in a provider's config", type: awsProvider, inputs: { skipMetadataApiCheck: secret("true"), token: secret("t"), maxRetries: secret("many") }, problems: ["maxRetries: must be JSON text of a number, but is no JSON"] },
    { title: "outputs are what is in them", type: vpc, inputs: { cidrBlock: output({ value: "10.0.0.0/16", secret: true }), ipv4NetmaskLength: output({ value: "16" }) }, problems: ["ipv4NetmaskLength: must be a number, not a string"] },
    { title: "an asset for text", type: vpc, inputs: { cidrBlock: signed(specialAssetSig, { text: "" }) }, problems: ["cidrBlock: must be a string, not an asset"] },
];

describe("problems of inputs", () => {
    for (const { title, type, inputs, problems: expected } of cases) {
        it(title, () => {
            assert.deepEqual(told(type, inputs), expected);
        });
    }

    /** One for each type of value (sdk/go/common/resource/plugin/rpc.go), and an output that has none yet. */
    const unknowns = [
        unknownValue,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
        output({}),
        secret(unknownValue),
        output({ value: unknownValue }),
    ];

    for (const unknown of unknowns) {
        it(`a value that only an update knows is right everywhere: ${JSON.stringify(unknown)}`, () => {
            assert.deepEqual(told(vpc, { ipv4NetmaskLength: unknown, enableDnsSupport: unknown, tags: { Name: unknown } }), []);
            assert.deepEqual(told(attachment, { role: unknown, policyArn: unknown }), []);
            assert.deepEqual(told(service, { kind: unknown, spec: { ports: [unknown] } }), []);
            assert.deepEqual(told(awsProvider, { maxRetries: unknown, defaultTags: unknown }), []);
            assert.deepEqual(told(vpc, { cidrBlok: unknown }), ["cidrBlok: is no property of it; did you mean cidrBlock?"]);
        });
    }

    it("takes for unknown what it is told to", () => {
        const later = Symbol("later");
        const inputs = { ipv4NetmaskLength: later, tags: secret({ Name: later }), enableDnsSupport: unknownValue };
        assert.deepEqual(told(vpc, inputs, value => value === later), ["enableDnsSupport: must be a boolean, not a string"]);
    });

    it("refuses a type that the schema was not made for", () => {
        assert.throws(() => problems(schema, "aws:ec2/subnet:Subnet", {}), /not made for aws:ec2\/subnet:Subnet/);
    });
});
