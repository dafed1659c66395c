// What this can't prove: that a real provider refuses the same inputs. It holds them against what the SDK declares.
import assert from "node:assert/strict";

import type { Properties } from "../provider/wire";
import { awsKinds } from "./aws/kinds";
import { aws } from "./aws/package";
import { Desk } from "./desk";
import type { Package } from "./emulated";
import { gcpKinds } from "./gcp/kinds";
import { gcp } from "./gcp/package";
import { kubernetes } from "./kubernetes/package";
import { latencies } from "./latencies";
import { World } from "./world";

const role = "aws:iam/role:Role";
const network = "gcp:compute/network:Network";
const configMap = "kubernetes:core/v1:ConfigMap";

interface Case {
    readonly title: string;
    readonly rules: Package;
    readonly type: string;
    readonly inputs: Properties;
    readonly failures: readonly string[];
}

const cases: readonly Case[] = [
    { title: "AWS: sound", rules: aws, type: "aws:ec2/subnet:Subnet", inputs: { vpcId: "vpc-1", cidrBlock: "10.0.0.0/24" }, failures: [] },
    { title: "AWS: unknown", rules: aws, type: "aws:ec2/subnet:Subnet", inputs: { vpcId: "vpc-1", cidr: "10.0.0.0/24" }, failures: ["cidr"] },
    { title: "AWS: missing", rules: aws, type: "aws:ec2/subnet:Subnet", inputs: { cidrBlock: "10.0.0.0/24" }, failures: ["vpcId"] },
    { title: "AWS: of another type", rules: aws, type: "aws:ec2/subnet:Subnet", inputs: { vpcId: "vpc-1", mapPublicIpOnLaunch: "yes" }, failures: ["mapPublicIpOnLaunch"] },
    { title: "Google: sound", rules: gcp, type: network, inputs: { autoCreateSubnetworks: false }, failures: [] },
    { title: "Google: unknown", rules: gcp, type: network, inputs: { subnets: [] }, failures: ["subnets"] },
    { title: "Google: missing, below", rules: gcp, type: "gcp:compute/firewall:Firewall", inputs: { network: "n", allows: [{ ports: ["80"] }] }, failures: ["allows[0].protocol"] },
    { title: "Google: of another type", rules: gcp, type: network, inputs: { autoCreateSubnetworks: 0 }, failures: ["autoCreateSubnetworks"] },
    { title: "Kubernetes: sound", rules: kubernetes, type: configMap, inputs: { metadata: { name: "env" }, data: { A: "1" } }, failures: [] },
    { title: "Kubernetes: unknown", rules: kubernetes, type: configMap, inputs: { datum: {} }, failures: ["datum"] },
    { title: "Kubernetes: of another type", rules: kubernetes, type: configMap, inputs: { data: { A: 1 } }, failures: ["data.A"] },
    { title: "Kubernetes: missing, below", rules: kubernetes, type: "kubernetes:core/v1:Service", inputs: { spec: { ports: [{ name: "http" }] } }, failures: ["spec.ports[0].port"] },
];

describe("checks of the emulated clouds", function () {
    // The first run after an install reads the SDKs' declarations.
    this.timeout(60_000);

    for (const { title, rules, type, inputs, failures } of cases) {
        it(`find what is wrong. ${title}`, () => {
            assert.deepEqual(new Desk(new World(), rules).check(type, inputs).failures.map(({ property }) => property), failures);
        });
    }

    it("find what is wrong with a provider's settings", () => {
        const desk = (rules: Package): Desk => new Desk(new World(), rules);
        assert.deepEqual(desk(aws).provider.checkConfig({ region: "us-east-1" }), []);
        assert.deepEqual(desk(aws).provider.checkConfig({ regoin: "us-east-1" }).map(({ property }) => property), ["regoin"]);
        assert.deepEqual(desk(gcp).provider.checkConfig({ projekt: "p" }).map(({ property }) => property), ["projekt"]);
        assert.deepEqual(desk(kubernetes).provider.checkConfig({ upsertExistingObjects: "perhaps" }).map(({ property }) => property), ["upsertExistingObjects"]);
    });

    it("know no type that the SDK does not have", () => {
        assert.throws(() => new Desk(new World(), aws).check("aws:ec2/vcp:Vcp", {}), /aws:ec2\/vcp:Vcp/);
    });

    for (const [rules, type, nameOf] of [
        [aws, role, (inputs: Properties) => inputs["name"]],
        [gcp, network, (inputs: Properties) => inputs["name"]],
        [kubernetes, configMap, (inputs: Properties) => (inputs["metadata"] as Properties)["name"]],
    ] as const) {
        it(`make up names that stay from one check to the next, and are new on replacement: ${type}`, () => {
            const desk = new Desk(new World(), rules);
            const given = type === role ? { assumeRolePolicy: "{}" } : {};
            const first = desk.check(type, given).inputs;
            assert.match(String(nameOf(first)), /^it-[0-9a-f]{7}$/);
            // The engine gives another seed each time; what was there before decides.
            assert.deepEqual(desk.check(type, given, first, 2).inputs, first);
            // For a replacement it checks as if there had been nothing.
            assert.notEqual(nameOf(desk.check(type, given, undefined, 2).inputs), nameOf(first));
            const ours = type === configMap ? { metadata: { name: "ours" } } : { ...given, name: "ours" };
            assert.deepEqual(desk.check(type, ours, first).inputs, ours);
        });
    }

    it("make up no name where the type wants one from the program", () => {
        assert.equal(new Desk(new World(), aws).check("aws:ec2/subnet:Subnet", { vpcId: "vpc-1" }).inputs["name"], undefined);
    });
});

describe("rules of the emulated clouds", () => {
    it("are of types whose latency is known, so that none is made by half", () => {
        const without = [...Object.keys(awsKinds), ...Object.keys(gcpKinds)].filter(type => !Object.hasOwn(latencies, type));
        assert.deepEqual(without, []);
    });
});

describe("differences in the emulated clouds", () => {
    const differs = (rules: Package, type: string, before: Properties, after: Properties): unknown => {
        const desk = new Desk(new World(), rules);
        const from = desk.check(type, before).inputs;
        return desk.provider.diff(desk.asked(type), from, desk.check(type, after, from).inputs);
    };
    const same = { changed: [], replacing: [], deleteFirst: false };
    const trust = { assumeRolePolicy: "{}" };

    it("are none where only the same is said", () => {
        assert.deepEqual(differs(aws, role, trust, trust), same);
        assert.deepEqual(differs(kubernetes, configMap, { data: { A: "1" } }, { data: { A: "1" } }), same);
    });

    it("replace by the facts alone", () => {
        assert.deepEqual(differs(aws, role, { ...trust, description: "a" }, { ...trust, description: "b" }), { changed: ["description"], replacing: [], deleteFirst: false });
        assert.deepEqual(differs(aws, role, { ...trust, path: "/a/" }, { ...trust, path: "/b/" }), { changed: ["path"], replacing: ["path"], deleteFirst: false });
    });

    it("delete first only what has a name of ours", () => {
        assert.deepEqual(differs(aws, role, { ...trust, name: "ours", path: "/a/" }, { ...trust, name: "ours", path: "/b/" }), { changed: ["path"], replacing: ["path"], deleteFirst: true });
        assert.deepEqual(differs(gcp, network, { name: "ours", description: "a" }, { name: "ours", description: "b" }), { changed: ["description"], replacing: ["description"], deleteFirst: true });
        const settings = (A: string, metadata: object): Properties => ({ metadata, data: { A } });
        assert.deepEqual(differs(kubernetes, configMap, settings("1", {}), settings("2", {})), { changed: ["data.A"], replacing: ["data.A"], deleteFirst: false });
        assert.deepEqual(differs(kubernetes, configMap, settings("1", { name: "ours" }), settings("2", { name: "ours" })), { changed: ["data.A"], replacing: ["data.A"], deleteFirst: true });
    });

    it("change provider and cluster alike", () => {
        const desk = new Desk(new World(), kubernetes);
        assert.deepEqual(desk.provider.diffConfig({ kubeconfig: "a" }, { kubeconfig: "a" }), same);
        assert.deepEqual((desk.provider.diffConfig({ kubeconfig: "a" }, { kubeconfig: "b" })).changed, ["kubeconfig"]);
    });
});
