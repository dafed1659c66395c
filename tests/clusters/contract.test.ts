// One contract for every kind of cluster. A mock proves what the program asks for: it cannot prove that a
// cloud accepts it, that a kubeconfig's program is installed, or that a controller acts on what it reads.
import assert from "node:assert/strict";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { kindOf } from "../../components/cluster";
import type { PlannedStack } from "../../plan/run";
import { isSecret } from "../../plan/wire";
import {
    type Mode,
    ancestors,
    changes,
    fullApp,
    labels,
    lookupsOf,
    made,
    modes,
    nameOf,
    providerSuffix,
    setting,
    stackType,
    waitsFor,
    withCluster,
} from "../support/clusters";
import { type RawConfig, all, find, minimalApp, planConfig } from "../support/plan";

const kubernetesProvider = "pulumi:providers:kubernetes";

/** What is protected while `protect` is true: the cluster, its network and its keys. */
const protectedParts: Readonly<Record<Mode["config"]["kind"], readonly string[]>> = {
    eks: ["aws:ec2/vpc:Vpc east-network", "aws:eks/cluster:Cluster east", "aws:kms/key:Key east-secrets"],
    gke: [
        "gcp:compute/network:Network central-network",
        "gcp:container/cluster:Cluster central",
        "gcp:kms/cryptoKey:CryptoKey central-secrets",
    ],
    existing: [],
};

/** What an app with every part is made of, whatever the cluster: type, and name after `<cluster>-shop-`. */
const appObjects = [
    "kubernetes:apps/v1:Deployment deployment",
    "kubernetes:apps/v1:StatefulSet state",
    "kubernetes:autoscaling/v2:HorizontalPodAutoscaler autoscaler",
    "kubernetes:core/v1:LimitRange limits",
    "kubernetes:core/v1:Namespace namespace",
    "kubernetes:core/v1:PersistentVolumeClaim volume-0",
    "kubernetes:core/v1:PersistentVolumeClaim volume-1",
    "kubernetes:core/v1:PersistentVolumeClaim volume-2",
    "kubernetes:core/v1:ResourceQuota quota",
    "kubernetes:core/v1:Service ingress-service",
    "kubernetes:core/v1:Service service",
    "kubernetes:core/v1:Service state-service",
    "kubernetes:core/v1:ServiceAccount account",
    "kubernetes:networking.k8s.io/v1:Ingress ingress",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy allow-clients",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy allow-dns",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy allow-state",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy allow-to-state",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy deny-all",
    "kubernetes:policy/v1:PodDisruptionBudget budget",
    "kubernetes:policy/v1:PodDisruptionBudget state-budget",
    "kubernetes:scheduling.k8s.io/v1:PriorityClass priority",
];

/** A class of our own where the cluster says how its volumes are made; an existing cluster has one. */
const ownStorage = "kubernetes:storage.k8s.io/v1:StorageClass storage";

const vpcEndpoints = [
    "aws:ec2/vpcEndpoint:VpcEndpoint east-network-ecr.api: inputs.subnetIds",
    "aws:ec2/vpcEndpoint:VpcEndpoint east-network-ecr.dkr: inputs.subnetIds",
    "aws:ec2/vpcEndpoint:VpcEndpoint east-network-s3: inputs.routeTableIds",
    "aws:eks/cluster:Cluster east: inputs.vpcConfig.subnetIds",
];

/** What a further zone changes: lists of zones, and each zone's share of a total. None replaces anything. */
const changedByZone: Readonly<Record<string, readonly string[]>> = {
    "eks, auto": vpcEndpoints,
    "eks, pools": [
        ...vpcEndpoints,
        // Three to nine nodes: over two zones 2–5 and 1–4, over three 1–3 each.
        ...["1b: inputs.scalingConfig.desiredSize", "1b: inputs.scalingConfig.maxSize", "1b: inputs.scalingConfig.minSize", "1c: inputs.scalingConfig.maxSize"].map(
            change => `aws:eks/nodeGroup:NodeGroup east-nodes-general-us-east-${change}`,
        ),
    ],
    "gke, auto": ["gcp:container/cluster:Cluster central: inputs.nodeLocations"],
    "gke, pools": [
        "gcp:container/cluster:Cluster central: inputs.nodeLocations",
        // Its change is ignored, since it would replace the pool.
        "gcp:container/nodePool:NodePool central-pools-general: inputs.initialNodeCount",
        "gcp:container/nodePool:NodePool central-pools-general: inputs.nodeLocations",
    ],
    "existing, with zones": [],
};

for (const { title, config, component } of modes) {
    const { name, kind } = config;

    describe(`contract of clusters: ${title}`, () => {
        let plan: PlannedStack;
        before(async () => {
            plan = await planConfig({ clusters: [config], app: fullApp });
        });

        it("is one component, at the top of the stack", () => {
            assert.equal(find(plan, component, name).parent, find(plan, stackType, "holdfast-test").urn);
            assert.equal(all(plan, component).length, 1);
        });

        it("implements Cluster with what its kind promises", async () => {
            let seen = 0;
            await withCluster(config, async (cluster, parsed) => {
                const promised = kindOf(parsed);
                const facts = promised.describe(parsed);
                assert.deepEqual(
                    [cluster.name, cluster.kind, cluster.region, cluster.zones],
                    [name, kind, facts.region, facts.zones],
                );
                assert.equal(cluster.addressKind, promised.addressKind);
                assert.equal(cluster.deregistrationSeconds, promised.deregistrationSeconds);
                assert.equal(cluster.aliasZones !== undefined, promised.addressKind === "hostname", "alias zones go with host names");
                assert.ok(k8s.Provider.isInstance(cluster.provider));
                assert.ok(cluster.ready.every(resource => pulumi.CustomResource.isInstance(resource)));
                assert.equal(await pulumi.isSecret(cluster.kubeconfig), true);
                const { annotations, externalTrafficPolicy } = cluster.serviceTraits({ port: 9898, readyPath: "/readyz" });
                assert.equal(typeof annotations, "object");
                assert.ok(["Local", "Cluster"].includes(externalTrafficPolicy));
                seen += 1;
            });
            assert.equal(seen, 1);
        });

        it("has Kubernetes providers of its own, that knows the cluster when its address changes", () => {
            const providers = all(plan, kubernetesProvider);
            assert.deepEqual(providers.map(provider => provider.name).sort(), [`${name}-kubernetes`, `${name}-kubernetes-keep`]);
            const identifier = { eks: "${east.arn}", gke: "${central.id}", existing: "minikube" }[kind];
            for (const provider of providers) {
                assert.equal(nameOf(provider.parent), name);
                assert.equal(setting(provider, "clusterIdentifier"), identifier);
                // Only what outlives a stack is taken over where it is there already.
                assert.equal(setting(provider, "upsertExistingObjects"), provider.name.endsWith("-keep") ? "true" : undefined);
            }
        });

        it("keeps the kubeconfig secret, in the provider and in the stack's outputs", () => {
            const { wireInputs } = find(plan, kubernetesProvider, `${name}-kubernetes`);
            assert.ok(isSecret((wireInputs as Record<string, unknown>)["kubeconfig"]));
            assert.ok(isSecret((plan.recording.outputs as Record<string, unknown>)["kubeconfigs"]));
        });

        it("puts everything below its component, or below the app on it", () => {
            const tops = made(plan).map(resource => ancestors(plan, resource).at(-2)?.name);
            assert.deepEqual([...new Set(tops)].sort(), kind === "existing" ? [`${name}-shop`] : [name, `${name}-shop`]);
        });

        it("makes everything with a provider of its own, never a default one", () => {
            const strays = made(plan)
                .filter(({ type, provider }) => nameOf(provider)?.replace(/-keep$/, "") !== `${name}-${providerSuffix(type)}`)
                .map(({ type, name: stray, provider }) => `${type} ${stray} by ${nameOf(provider) ?? "a default provider"}`);
            assert.deepEqual(strays, []);
        });

        it("names no two resources alike", () => {
            const urns = plan.recording.resources.map(({ urn }) => urn);
            assert.deepEqual(urns.filter((urn, index) => urns.indexOf(urn) !== index), []);
        });

        it("carries the same app as every other cluster", () => {
            const app = find(plan, "holdfast:app:HaApp", `${name}-shop`);
            const objects = made(plan)
                .filter(({ parent }) => parent === app.urn)
                .map(({ type, name: object }) => `${type} ${object.slice(`${name}-shop-`.length)}`);
            assert.deepEqual(objects.sort(), [...appObjects, ...(kind === "existing" ? [] : [ownStorage])].sort());
        });

        it("says what the world must know of it in the stack's outputs", () => {
            const outputs = plan.recording.outputs as { clusters: Record<string, Record<string, unknown>>; endpoints: Record<string, unknown> };
            assert.deepEqual(Object.keys(outputs.clusters), [name]);
            assert.deepEqual(Object.keys(outputs.endpoints), [name]);
            assert.equal(outputs.clusters[name]?.["kind"], kind);
        });

        it("protects cluster, network and keys while protect is true, as by default", async () => {
            assert.deepEqual(labels(plan.recording.resources.filter(({ protect }) => protect)), protectedParts[kind]);
            if (kind !== "existing") {
                const said = await planConfig({ clusters: [{ ...config, protect: true }], app: fullApp });
                assert.deepEqual(changes(plan, said), { added: [], removed: [], changed: [] });
            }
        });

        if (kind !== "existing") {
            it("protects nothing while protect is false, and changes nothing else", async () => {
                const open = await planConfig({ clusters: [{ ...config, protect: false }], app: fullApp });
                assert.deepEqual(open.recording.resources.filter(({ protect }) => protect), []);
                const cluster = labels(plan.recording.resources.filter(({ type }) => type.endsWith(":Cluster")));
                const expected = [...protectedParts[kind].map(part => `${part}: protect`), `${cluster[0]}: inputs.deletionProtection`];
                assert.deepEqual(changes(plan, open), { added: [], removed: [], changed: expected.sort() });
            });

            it("asks a program for each token and stores none", () => {
                const text = setting(find(plan, kubernetesProvider, `${name}-kubernetes`), "kubeconfig");
                const { users, clusters } = JSON.parse(String(text)) as {
                    users: { user: Record<string, { command: string; args: string[] }> }[];
                    clusters: { cluster: Record<string, unknown> }[];
                };
                assert.equal(users.length, 1);
                assert.deepEqual(Object.keys(users[0]?.user ?? {}), ["exec"]);
                assert.deepEqual(Object.keys(clusters[0]?.cluster ?? {}).sort(), ["certificate-authority-data", "server"]);
                assert.match(String(clusters[0]?.cluster["server"]), /^https:\/\//);
            });
        }

        it("lets the app wait for all that the cluster calls ready", async () => {
            let ready: string[] = [];
            const recording = await withCluster(config, async cluster => {
                const urns = await Promise.all(cluster.ready.map(resource => urnOf(resource)));
                ready = urns;
            });
            const awaited = waitsFor(plan, find(plan, "kubernetes:core/v1:Namespace", `${name}-shop-namespace`));
            const expected = labels(recording.resources.filter(({ urn }) => ready.includes(urn)));
            assert.equal(expected.length, ready.length);
            assert.equal(expected.length > 0, kind !== "existing");
            assert.deepEqual(expected.filter(one => !awaited.has(one)), []);
        });

        it("has everything of the cluster made before anything in it", () => {
            const control = find(plan, kubernetesProvider, `${name}-kubernetes`);
            const early = made(plan).filter(resource => resource.type.startsWith("kubernetes:") && nameOf(resource.provider)?.replace(/-keep$/, "") !== control.name);
            assert.deepEqual(early, []);
            if (kind !== "existing") {
                const own = { eks: "aws:eks/cluster:Cluster east", gke: "gcp:container/cluster:Cluster central" }[kind];
                assert.ok(waitsFor(plan, control).has(own));
            }
        });

        it("looks nothing up but the zone that proves its certificate", async () => {
            const zone = kind === "eks" ? ["aws:route53/getZone:getZone"] : [];
            assert.deepEqual(await lookupsOf({ clusters: [config], app: minimalApp }), { calls: [], reads: [] });
            assert.deepEqual(await lookupsOf({ clusters: [config], app: fullApp }), { calls: zone, reads: [] });
        });

        if (Array.isArray(config["zones"])) {
            it("changes nothing of the other zones when a zone is added before them", async () => {
                const zones = config["zones"] as readonly string[];
                const fewer = await planConfig({ clusters: [{ ...config, zones: zones.slice(1) }] });
                const whole = await planConfig({ clusters: [config] });
                const { added, removed, changed } = changes(fewer, whole);
                assert.deepEqual(removed, []);
                assert.deepEqual(added.filter(one => !one.endsWith(zones[0] ?? "") && !one.endsWith(`${zones[0]}-default`)), []);
                assert.deepEqual(changed, changedByZone[title]);
            });
        }

        if (title.endsWith("pools")) {
            it("changes nothing of the other pools when a pool is added before them", async () => {
                const { nodes } = config as { nodes?: { pools: readonly RawConfig[] } };
                const pools = [{ ...nodes?.pools[0], name: "spare", spot: true }, ...(nodes?.pools ?? [])];
                const more = await planConfig({ clusters: [{ ...config, nodes: { mode: "pools", pools } }], app: fullApp });
                const { added, removed, changed } = changes(plan, more);
                assert.deepEqual({ removed, changed }, { removed: [], changed: [] });
                assert.equal(added.length, kind === "eks" ? 4 : 1, "a template and a group for each zone, or one pool over all");
                assert.deepEqual(added.filter(one => !one.includes("-spare")), []);
            });
        }

        it("is left alone when a second cluster of its kind is added before it", async () => {
            const second: RawConfig = { ...config, name: "other", ...("cidr" in config ? { cidr: "10.64.0.0/16" } : {}) };
            const both = await planConfig({ clusters: [second, config], app: fullApp });
            const { added, removed, changed } = changes(plan, both);
            assert.deepEqual({ removed, changed }, { removed: [], changed: [] });
            assert.equal(added.length, plan.recording.resources.length - 1, "as much again, without the stack");
            assert.deepEqual(added.filter(one => !/ other(-|$)/.test(one)), []);
        });
    });
}

async function urnOf(resource: pulumi.Resource): Promise<string> {
    return new Promise(resolve => resource.urn.apply(resolve));
}
