// What this can't prove: that an engine takes the same along; this follows its calculateDependentReplacements by what plans say.
import assert from "node:assert/strict";

import { compare } from "../../../plan/change/compare";
import { planDocument } from "../../../plan/document";
import type { PlannedResource } from "../../../plan/summary";
import { summarise } from "../../../plan/summarise";
import { clusterConfigs, planConfig, type RawConfig } from "../../support/plan";
import { changeOf, inWords, made, plan, types, urn } from "./documents";
import { app, failover, pools } from "./everyPlan";

const clusterUrn = urn(types.cluster, "east");
const cluster = (roleArn: string, said = {}) => made(types.cluster, "east", { name: "east", roleArn }, said);
const provider = (type: string = types.cluster, identifier = "${east.arn}") =>
    made(types.kubernetes, "east-kubernetes", { kubeconfig: "[secret]", clusterIdentifier: identifier }, { from: { kubeconfig: [urn(type, "east")], clusterIdentifier: [urn(type, "east")] } });
const inCluster = (said = {}) => made(types.deployment, "app", { metadata: { name: "app" }, spec: {} }, { provider: urn(types.kubernetes, "east-kubernetes"), ...said });

describe("what must go before its successor comes", () => {
    const dependents = (): readonly PlannedResource[] => [
        made(types.entry, "entry", { clusterName: "east", principalArn: "p" }, { from: { clusterName: [clusterUrn] } }),
        made(types.addon, "addon", { clusterName: "east", addonName: "a" }, { from: { clusterName: [clusterUrn] } }),
        made("aws:iam/rolePolicy:RolePolicy", "policy", { role: "r", policy: "on ${east.arn}" }, { from: { policy: [clusterUrn] } }),
        made(types.role, "beside", { path: "/" }, { dependencies: [clusterUrn] }),
        provider(),
        inCluster(),
    ];

    it("takes along what would be replaced by its change, though the values would be the same again", () => {
        const diff = compare(plan(cluster("a"), ...dependents()), plan(cluster("b"), ...dependents()));
        assert.deepEqual([...inWords(diff)].sort(), [
            "replace addon (clusterName) first",
            "replace app (provider) first",
            "replace east (roleArn) first",
            "replace entry (clusterName) first",
            "update policy (policy)",
        ]);
        assert.deepEqual(diff.notes, ["provider east-kubernetes is replaced, and all that it makes with it (kubeconfig, clusterIdentifier)"]);
        assert.deepEqual(changeOf(diff, "app").after, ["east"]);
    });

    it("takes nothing along where the new one comes first, but for what reaches it by another identifier", () => {
        const diff = compare(plan(cluster("a"), ...dependents()), plan(cluster("b", { deleteBeforeReplace: false }), ...dependents()));
        assert.deepEqual([...inWords(diff)].sort(), ["replace app (provider)", "replace east (roleArn)", "update policy (policy)"]);
    });

    it("is refused where something protected would have to go too, though the program asks for it no more", () => {
        const guarded = (protect: boolean) => made(types.entry, "entry", { clusterName: "east" }, { from: { clusterName: [clusterUrn] }, protect });
        assert.equal(changeOf(compare(plan(cluster("a"), guarded(true)), plan(cluster("b"), guarded(false))), "entry").refused, true);
        assert.equal(changeOf(compare(plan(cluster("a"), guarded(false)), plan(cluster("b"), guarded(true))), "entry").refused, false);
    });

    it("takes along what depended on it by the earlier plan, unless its changes are ignored", () => {
        const entry = (from: Readonly<Record<string, readonly string[]>>, said = {}) => made(types.entry, "entry", { clusterName: "east" }, { from, ...said });
        const of = { clusterName: [clusterUrn] };
        assert.equal(inWords(compare(plan(cluster("a"), entry(of)), plan(cluster("b"), entry(of)))).length, 2);
        assert.equal(inWords(compare(plan(cluster("a"), entry({})), plan(cluster("b"), entry(of)))).length, 1);
        // One that was registered before it, and so can't depend on it any more, stays.
        assert.equal(inWords(compare(plan(cluster("a"), entry(of)), plan(entry({}), cluster("b")))).length, 1);
        assert.equal(inWords(compare(plan(cluster("a"), entry(of)), plan(cluster("b"), entry({})))).length, 2);
        const ignoring = { ignoreChanges: ["clusterName"] };
        assert.equal(inWords(compare(plan(cluster("a"), entry(of, ignoring)), plan(cluster("b"), entry(of, ignoring)))).length, 1);
    });
});

describe("a provider", () => {
    const gke = (location: string) => made(types.gke, "east", { location });
    const providerUrn = urn(types.kubernetes, "east-kubernetes");

    it("that reaches another cluster has all that it made replaced, the new one first", () => {
        const rest = [provider(types.gke, "${east.id}"), inCluster()];
        const diff = compare(plan(gke("a"), ...rest), plan(gke("b"), ...rest));
        assert.deepEqual([...inWords(diff)].sort(), ["replace app (provider)", "replace east (location)"]);
    });

    it("that gets other credentials is updated, and nothing else", () => {
        const [was, is] = ["a", "b"].map(kubeconfig => made(types.kubernetes, "east-kubernetes", { kubeconfig, clusterIdentifier: "c" }));
        assert.ok(was !== undefined && is !== undefined);
        assert.deepEqual(inWords(compare(plan(was, inCluster()), plan(is, inCluster()))), []);
    });

    it("may hand a resource on to another one that reaches the same place, not to one that does not", () => {
        const keeper = (identifier: string) => made(types.kubernetes, "keeper", { kubeconfig: "[secret]", clusterIdentifier: identifier, upsertExistingObjects: "true" });
        const first = made(types.kubernetes, "east-kubernetes", { kubeconfig: "[secret]", clusterIdentifier: "c" });
        const moved = inCluster({ provider: urn(types.kubernetes, "keeper") });
        assert.deepEqual(inWords(compare(plan(first, keeper("c"), inCluster()), plan(first, keeper("c"), moved))), []);
        assert.deepEqual(inWords(compare(plan(first, keeper("d"), inCluster()), plan(first, keeper("d"), moved))), ["replace app (provider)"]);
        assert.equal(moved.urn, inCluster().urn);
        assert.notEqual(moved.provider, providerUrn);
    });

    it("that goes to another region takes along what leaves its region out, and only that", () => {
        const region = (name: string) => made(types.aws, "aws", { region: name });
        const [here, fixed] = [made(types.vpc, "here", {}, { provider: urn(types.aws, "aws") }), made(types.vpc, "fixed", { region: "a" }, { provider: urn(types.aws, "aws") })];
        const role = made(types.role, "role", {}, { provider: urn(types.aws, "aws") });
        const diff = compare(plan(region("a"), here, fixed, role), plan(region("b"), here, fixed, role));
        assert.deepEqual([inWords(diff), diff.notes], [["replace here (region)"], ["provider aws is updated (region)"]]);
        // A region that is said, and is the provider's, is the same.
        assert.deepEqual(inWords(compare(plan(region("a"), here), plan(region("a"), { ...here, inputs: { region: "a" } }))), []);
    });
});

describe("everyday changes of whole stacks", function () {
    this.timeout(60_000);
    const base = { clusters: [clusterConfigs.eks, clusterConfigs.gke], app, failover };

    async function changes(before: RawConfig, after: RawConfig) {
        const [first, second] = [await planConfig(before), await planConfig(after)];
        return compare(planDocument(first, summarise(first)), planDocument(second, summarise(second)));
    }

    it("a new image updates what runs it, and runs the one-off jobs anew", async () => {
        const diff = await changes(base, { ...base, app: { ...app, image: "ghcr.io/stefanprodan/podinfo:6.9.3" } });
        assert.deepEqual([...inWords(diff)].sort(), [
            ...["central", "east"].map(name => `replace ${name}-shop-job-migrate (spec.template.spec.containers[0].image)`),
            ...["central", "east"].flatMap(name => [
                `update ${name}-shop-deployment (spec.template.spec.containers[0].image)`,
                `update ${name}-shop-job-report (spec.jobTemplate.spec.template.spec.containers[0].image)`,
            ]),
        ]);
    });

    it("a bigger volume is an update of claims and quota", async () => {
        const diff = await changes(base, { ...base, app: { ...app, state: { ...(app["state"] as RawConfig), size: "20Gi" } } });
        assert.deepEqual([diff.counts.update, diff.counts.replace, diff.counts.delete], [8, 0, 0]);
    });

    it("another block of addresses replaces networks, and GKE's cluster with all in it, which is refused", async () => {
        const clusters = [{ ...clusterConfigs.eks, cidr: "10.64.0.0/16" }, { ...clusterConfigs.gke, cidr: "10.80.0.0/16" }];
        const diff = await changes(base, { ...base, clusters });
        for (const [name, type] of [["east-network", types.vpc], ["central", types.gke]] as const) {
            const { action, refused, danger } = changeOf(diff, name, type);
            assert.deepEqual([action, refused, danger?.isLoss], ["replace", true, true], name);
        }
        assert.equal(diff.changes.filter(({ forcedBy }) => forcedBy.includes("provider")).length > 20, true);
        assert.equal(diff.changes.some(({ name }) => name.startsWith("east-shop-")), false);
    });

    it("a removed cluster deletes it, which is refused as long as it is protected, and keeps its volumes", async () => {
        const { failover: _, ...rest } = base;
        const diff = await changes(base, { ...rest, clusters: [clusterConfigs.gke] });
        assert.deepEqual([changeOf(diff, "east", types.cluster).action, changeOf(diff, "east", types.cluster).refused], ["delete", true]);
        const claims = diff.changes.filter(({ type }) => type === types.claim);
        assert.deepEqual([claims.length, claims.every(({ kept }) => kept)], [3, true]);
    });

    it("another size of nodes replaces pools and nothing else", async () => {
        const sized = (machines: readonly [string, string]): RawConfig => ({
            clusters: [pools.eks, pools.gke].map((cluster, index) => ({ ...cluster, nodes: { ...cluster.nodes, pools: cluster.nodes.pools.map(pool => ({ ...pool, machine: machines[index] })) } })),
            app,
        });
        const diff = await changes(sized(["m7i.large", "n2-standard-2"]), sized(["m7i.xlarge", "n2-standard-4"]));
        assert.deepEqual([...new Set(diff.changes.map(({ action, type }) => `${action} ${type}`))].sort(), ["replace aws:eks/nodeGroup:NodeGroup", "replace gcp:container/nodePool:NodePool"]);
        assert.equal(changeOf(diff, "central-pools-general").properties.includes("nodeConfig.machineType"), true);
    });
});
