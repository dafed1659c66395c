// What this can't prove: that an engine decides the same; the engine's tests ask a real one.
import assert from "node:assert/strict";

import fc from "fast-check";

import { compare } from "../../../plan/change/compare";
import { losses } from "../../../plan/change/diff";
import { planDocument } from "../../../plan/document";
import { madeUpName } from "../../../plan/mocks/kubernetes";
import { summarise } from "../../../plan/summarise";
import { planProjectStack } from "../../support/plan";
import { changeOf, inWords, made, plan, types, urn } from "./documents";

const network = (inputs: unknown, said = {}) => made(types.vpc, "network", inputs, said);
const subnet = made(types.subnet, "subnet", { vpcId: "${network.id}", cidrBlock: "10.0.0.0/24" }, { from: { vpcId: [urn(types.vpc, "network")] } });

describe("the comparison of two plans", () => {
    it("finds nothing between a plan and itself", async function () {
        this.timeout(20_000);
        const planned = await planProjectStack("prod");
        const document = planDocument(planned, summarise(planned));
        const { changes, counts, notes } = compare(JSON.parse(JSON.stringify(document)) as typeof document, document);
        assert.deepEqual([changes, notes], [[], []]);
        assert.deepEqual(counts, { create: 0, update: 0, replace: 0, delete: 0, same: document.summary.resourceCount });
    });

    it("tells what is created, updated, replaced and deleted, and counts it", () => {
        const before = plan(network({ cidrBlock: "10.0.0.0/16" }), made(types.role, "old"), made(types.role, "role", { description: "a" }), made(types.role, "same"));
        const after = plan(network({ cidrBlock: "10.1.0.0/16" }), made(types.role, "new"), made(types.role, "role", { description: "b" }), made(types.role, "same"));
        const diff = compare(before, after, { base: "main" });
        assert.deepEqual(inWords(diff), ["replace network (cidrBlock)", "create new", "delete old", "update role (description)"]);
        assert.deepEqual([diff.counts, diff.base, diff.project, diff.stack], [{ create: 1, update: 1, replace: 1, delete: 1, same: 1 }, "main", "holdfast", "prod"]);
    });

    it("is one of everything created where there is no base", () => {
        assert.deepEqual(compare(undefined, plan(network({}), subnet)).counts, { create: 2, update: 0, replace: 0, delete: 0, same: 0 });
    });

    it("lets brackets around others be, and says in a note what becomes of a provider", () => {
        const component = made(types.component, "east", { a: 1 }, { custom: false });
        const provider = made(types.aws, "east-aws", { region: "a", defaultTags: "x" });
        const diff = compare(plan(component, provider, made(types.component, "gone", {}, { custom: false })), plan({ ...component, inputs: { a: 2 } }, { ...provider, inputs: { region: "a", defaultTags: "y" } }));
        assert.deepEqual([diff.changes, diff.notes, diff.counts.same], [[], ["provider east-aws is updated (defaultTags)"], 0]);
    });

    it("sees a chart as one thing, which is updated by its values", () => {
        const chart = made(types.chart, "mesh", { version: "1", values: { a: 1 } }, { custom: false });
        assert.deepEqual(inWords(compare(plan(chart), plan({ ...chart, inputs: { version: "2", values: { a: 1 } } }))), ["update mesh (version)"]);
    });

    describe("by a resource's options", () => {
        const claims = (size: string, ignoreChanges: readonly string[]) =>
            made("kubernetes:apps/v1:StatefulSet", "state", { spec: { replicas: size, volumeClaimTemplates: [{ size }] } }, { ignoreChanges });

        it("passes over what its changes are to be ignored of, as the later plan says", () => {
            const ignore = ["spec.volumeClaimTemplates"];
            assert.deepEqual(inWords(compare(plan(claims("1", [])), plan(claims("2", ignore)))), ["update state (spec.replicas)"]);
            assert.deepEqual(inWords(compare(plan(claims("1", ignore)), plan(claims("2", [])))), ["replace state (spec.volumeClaimTemplates[0].size)"]);
        });

        it("replaces by what the program says too, with the new one first unless it says otherwise", () => {
            const priority = (value: number, said: object) => made(types.priority, "high", { value, metadata: { name: "high" } }, said);
            const diff = compare(plan(priority(1, {})), plan(priority(2, { replaceOnChanges: ["value"] })));
            assert.deepEqual(inWords(diff), ["replace high (value)"]);
            const first = compare(plan(priority(1, {})), plan(priority(2, { replaceOnChanges: ["*"], deleteBeforeReplace: true })));
            assert.deepEqual(inWords(first), ["replace high (value) first"]);
            assert.deepEqual(inWords(compare(plan(priority(1, {})), plan(priority(2, {})))), ["update high (value)"]);
        });

        it("asks the program before the provider whether the old one goes first", () => {
            const cluster = (roleArn: string, deleteBeforeReplace: boolean | null) => made(types.cluster, "east", { name: "east", roleArn }, { deleteBeforeReplace });
            assert.deepEqual(inWords(compare(plan(cluster("a", null)), plan(cluster("b", null)))), ["replace east (roleArn) first"]);
            assert.deepEqual(inWords(compare(plan(cluster("a", null)), plan(cluster("b", false)))), ["replace east (roleArn)"]);
        });

        it("says that what is protected is refused: for a replacement only if it still is", () => {
            const protect = { protect: true };
            const [first, second] = [{ cidrBlock: "10.0.0.0/16" }, { cidrBlock: "10.1.0.0/16" }];
            assert.equal(changeOf(compare(plan(network(first, protect)), plan(network(second, protect))), "network").refused, true);
            assert.equal(changeOf(compare(plan(network(first, protect)), plan(network(second))), "network").refused, false);
            assert.equal(changeOf(compare(plan(network(first, protect)), plan()), "network").refused, true);
            assert.equal(changeOf(compare(plan(network(first)), plan()), "network").refused, false);
        });

        it("says what stays where it was: as the earlier plan says, for that is what an engine remembers", () => {
            const claim = (retainOnDelete: boolean) => made(types.claim, "volume", { metadata: { name: "a" } }, { retainOnDelete });
            assert.equal(changeOf(compare(plan(claim(true)), plan()), "volume").kept, true);
            assert.deepEqual(losses(compare(plan(claim(true)), plan())), []);
            assert.deepEqual(losses(compare(plan(claim(false)), plan())).map(({ name }) => name), ["volume"]);
        });
    });

    describe("follows what is replaced", () => {
        it("to what takes an id from it, and on", () => {
            const entry = made(types.addon, "addon", { clusterName: "east", podIdentityAssociations: [{ roleArn: "${subnet.arn}" }] }, { from: { podIdentityAssociations: [subnet.urn] } });
            const diff = compare(plan(network({ cidrBlock: "a" }), subnet, entry), plan(network({ cidrBlock: "b" }), subnet, entry));
            assert.deepEqual([...inWords(diff)].sort(), ["replace network (cidrBlock)", "replace subnet (vpcId)", "update addon (podIdentityAssociations[0].roleArn)"]);
            assert.deepEqual([changeOf(diff, "subnet").after, changeOf(diff, "addon").after], [["network"], ["subnet"]]);
        });

        it("to what knows it by a name that Pulumi makes up: pods roll to a new ConfigMap", () => {
            const config = (data: string) => made(types.configMap, "env", { data: { a: data }, metadata: { labels: {} } });
            const name = madeUpName("env", urn(types.configMap, "env"));
            const pods = made(types.deployment, "app", { metadata: { name: "app" }, spec: { template: { env: name } } }, { from: { spec: [urn(types.configMap, "env")] } });
            assert.deepEqual(inWords(compare(plan(config("1"), pods), plan(config("2"), pods))), ["update app (spec.template.env)", "replace env (data.a)"]);
        });

        it("not to what only waits for it, nor to values that the program gave", () => {
            const waiting = made(types.subnet, "waiting", { vpcId: "${other.id}" }, { dependencies: [urn(types.vpc, "network")] });
            const fixed = made(types.subnet, "fixed", { vpcId: "vpc-1" }, { from: { vpcId: [urn(types.vpc, "network")] } });
            const others = [waiting, fixed];
            assert.deepEqual(inWords(compare(plan(network({ cidrBlock: "a" }), ...others), plan(network({ cidrBlock: "b" }), ...others))), ["replace network (cidrBlock)"]);
        });

        it("not by inputs whose changes are ignored", () => {
            const ignoring = { ...subnet, ignoreChanges: ["vpcId"] };
            assert.deepEqual(inWords(compare(plan(network({ cidrBlock: "a" }), ignoring), plan(network({ cidrBlock: "b" }), ignoring))), ["replace network (cidrBlock)"]);
        });

        it("to a secret that comes from it, which may hide such a value", () => {
            const secret = made(types.secret, "token", { stringData: { id: "[secret]" }, metadata: {} }, { from: { stringData: [urn(types.vpc, "network")] } });
            assert.deepEqual(inWords(compare(plan(network({ cidrBlock: "a" }), secret), plan(network({ cidrBlock: "b" }), secret))), ["replace network (cidrBlock)", "replace token (stringData.id)"]);
        });
    });

    it("names resources with secrets whose values it can't compare, but none that is replaced anyway", () => {
        const secret = (data: unknown) => made(types.secret, "token", { stringData: data, metadata: {} });
        assert.deepEqual(compare(plan(secret({ a: "[secret]" })), plan(secret({ a: "[secret]" }))).unseen, [urn(types.secret, "token")]);
        assert.deepEqual(compare(plan(secret({ a: "[secret]" })), plan(secret({ b: "[secret]" }))).unseen, []);
        assert.deepEqual(compare(plan(secret({ a: "open" })), plan(secret({ a: "open" }))).unseen, []);
    });

    describe("knows a resource again", () => {
        const aliases = (from: string, to: string) => new Map([[to, [from]]]);

        it("by an alias", () => {
            const [old, now] = [made(types.role, "old", { path: "a" }), made(types.role, "new", { path: "a" })];
            assert.deepEqual(inWords(compare(plan(old), plan(now), { aliases: aliases(old.urn, now.urn) })), []);
            assert.deepEqual(inWords(compare(plan(old), plan(now))), ["create new", "delete old"]);
        });

        it("by its parent's alias, with the parent's name at the begin of its own", () => {
            const parent = (name: string, type: string) => made(type, name, {}, { custom: false });
            const child = (name: string, below: string, type: string) => made(types.role, name, {}, { urn: urn(types.role, name, type), parent: below });
            const [was, is] = [parent("web", "holdfast:old:Thing"), parent("shop", "holdfast:new:Thing")];
            const before = plan(was, child("web-role", was.urn, was.type));
            const after = plan(is, child("shop-role", is.urn, is.type));
            assert.deepEqual(inWords(compare(before, after, { aliases: aliases(was.urn, is.urn) })), []);
        });
    });

    it("sorts by URN, whatever the order of the plans", () => {
        const many = ["c", "a", "d", "b"].map(name => made(types.role, name));
        fc.assert(fc.property(fc.shuffledSubarray(many, { minLength: 4 }), fc.shuffledSubarray(many), (before, after) => {
            const { changes } = compare(plan(...before), plan(...after));
            assert.deepEqual(changes.map(change => change.urn), changes.map(change => change.urn).sort());
            assert.equal(changes.length, 4 - after.length);
        }));
    });
});
