// What this can't prove: what an API server says of an object in full. It proves when the emulated one has none of it.
import assert from "node:assert/strict";

import { Desk, type Made, type MadeNetwork, allow, autoCluster, awsDesk, kubeconfigOf, letIn, makeNetwork } from "../desk";
import { gcp } from "../gcp/package";
import { World } from "../world";
import { addExistingCluster } from "./existing";
import { kubernetes } from "./package";

const configMap = "kubernetes:core/v1:ConfigMap";
const namespaceType = "kubernetes:core/v1:Namespace";
const definitionType = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
const issuer = "kubernetes:cert-manager.io/v1:ClusterIssuer";
const server = "https://cluster.example.com";

const env = { metadata: { name: "env", namespace: "shop" } };
const definition = { metadata: { name: "clusterissuers.cert-manager.io" }, spec: { group: "cert-manager.io", names: { kind: "ClusterIssuer", plural: "clusterissuers" } } };

describe("objects in emulated clusters", () => {
    let world: World;
    let desk: Desk;

    beforeEach(() => {
        world = new World();
        addExistingCluster(world, server);
        desk = new Desk(world, kubernetes, { kubeconfig: kubeconfigOf(server) });
    });

    const namespace = (name: string): Promise<Made> => desk.make(namespaceType, { metadata: { name } }, name);

    it("need their namespace, but for those that every cluster has", async () => {
        await assert.rejects(desk.make(configMap, env), /namespaces "shop" not found/);
        await desk.make(configMap, { metadata: { name: "env", namespace: "kube-system" } }, "built in");
        await namespace("shop");
        const made = await desk.make(configMap, env);
        assert.equal(made.id, "shop/env");
    });

    it("need their namespace in the same cluster", async () => {
        await namespace("shop");
        const other = "https://other.example.com";
        addExistingCluster(world, other);
        const elsewhere = new Desk(world, kubernetes, { kubeconfig: kubeconfigOf(other) });
        await assert.rejects(elsewhere.make(configMap, env), /namespaces "shop" not found/);
    });

    it("need the definition of their kind, of that very group", async () => {
        const custom = { metadata: { name: "issuer" } };
        await assert.rejects(desk.make(issuer, custom), /no matches for kind "ClusterIssuer" in group "cert-manager.io"/);
        await desk.make(definitionType, { metadata: { name: "clusterissuers.acme.io" }, spec: { ...definition.spec, group: "acme.io" } }, "another group");
        await desk.make(definitionType, { ...definition, metadata: { name: "issuers.cert-manager.io" }, spec: { group: "cert-manager.io", names: { kind: "Issuer" } } }, "another kind");
        await assert.rejects(desk.make(issuer, custom), /no matches for kind/);
        await desk.make(definitionType, definition, "the right one");
        await desk.make(issuer, custom);
    });

    it("of groups that a cloud brings need no definition there, and one elsewhere", async () => {
        const cloud = new Desk(world, gcp, { project: "acme" });
        const cluster = await cloud.make("gcp:container/cluster:Cluster", { name: "central", location: "us-central1", enableAutopilot: true });
        const there = new Desk(world, kubernetes, { kubeconfig: kubeconfigOf(`https://${String(cluster.outputs["endpoint"])}`) });
        const backend = { metadata: { name: "b", namespace: "default" } };
        await there.make("kubernetes:cloud.google.com/v1:BackendConfig", backend);
        await assert.rejects(desk.make("kubernetes:cloud.google.com/v1:BackendConfig", backend), /no matches for kind "BackendConfig"/);
    });

    it("go with their namespace, and leave those beside it", async () => {
        const shop = await namespace("shop");
        await namespace("shop-2");
        const inside = await desk.make(configMap, env);
        const beside = await desk.make(configMap, { metadata: { name: "env", namespace: "shop-2" } }, "beside");
        await desk.remove(shop);
        assert.deepEqual([desk.has(inside), desk.has(beside)], [false, true]);
    });

    it("go with the definition of their kind", async () => {
        const defined = await desk.make(definitionType, definition);
        const made = await desk.make(issuer, { metadata: { name: "issuer" } });
        const other = await desk.make(namespaceType, { metadata: { name: "shop" } });
        await desk.remove(defined);
        assert.deepEqual([desk.has(made), desk.has(other)], [false, true]);
    });

    it("are taken over by the keeper's provider alone", async () => {
        const before = await namespace("shop");
        await assert.rejects(desk.make(namespaceType, { metadata: { name: "shop" } }, "again"), /Namespace shop exists already/);
        const refusing = new Desk(world, kubernetes, { kubeconfig: kubeconfigOf(server), upsertExistingObjects: "false" });
        await assert.rejects(refusing.make(namespaceType, { metadata: { name: "shop" } }, "again"), /exists already/);
        const keeper = new Desk(world, kubernetes, { kubeconfig: kubeconfigOf(server), upsertExistingObjects: "true" });
        const again = await keeper.make(namespaceType, { metadata: { name: "shop", labels: { a: "1" } } }, "again");
        assert.equal(again.id, before.id);
        assert.deepEqual(world.ofType(namespaceType).map(({ urn, inputs }) => [urn, inputs]), [[again.asked.urn, again.inputs]]);
    });
});

describe("an emulated cluster's API", () => {
    let world: World;
    let cloud: Desk;
    let network: MadeNetwork;

    beforeEach(async () => {
        world = new World();
        cloud = awsDesk(world);
        network = await makeNetwork(cloud);
    });

    const at = (address: unknown): Desk => new Desk(world, kubernetes, { kubeconfig: kubeconfigOf(address) });
    const object = { metadata: { name: "env", namespace: "default" } };

    /** None of the four things that can be asked for is had. */
    async function refusesAll(desk: Desk, made: Made, because: RegExp): Promise<void> {
        await assert.rejects(desk.make(configMap, object, "another"), because);
        assert.throws(() => desk.provider.read(made.asked, made.id), because);
        await assert.rejects(desk.change(made, {}), because);
        await assert.rejects(desk.remove(made), because);
    }

    const nothing: Made = { asked: awsDesk(new World()).asked(configMap), id: "default/env", inputs: object, outputs: object };

    it("is not reached where there is none, or without a kubeconfig", async () => {
        await refusesAll(at("https://gone.example.com"), nothing, /unreachable: nothing answers at https:\/\/gone.example.com/);
        await refusesAll(new Desk(world, kubernetes), nothing, /unreachable: the provider has no kubeconfig/);
    });

    it("lets nobody in before someone is admitted, nor after the last one is put out", async () => {
        const cluster = await cloud.make("aws:eks/cluster:Cluster", autoCluster(network.subnet));
        const desk = at(cluster.outputs["endpoint"]);
        await refusesAll(desk, nothing, /Unauthorized: no access entry/);
        const admitted = await letIn(cloud, "east");
        const made = await desk.make(configMap, object);
        await cloud.remove(admitted);
        await refusesAll(desk, made, /Unauthorized: no access entry/);
        assert.ok(desk.has(made));
    });

    it("lets whoever made the cluster in where it says so", async () => {
        const cluster = await cloud.make("aws:eks/cluster:Cluster", autoCluster(network.subnet, { accessConfig: { bootstrapClusterCreatorAdminPermissions: true } }));
        await at(cluster.outputs["endpoint"]).make(configMap, object);
    });

    it("does not answer while the cluster is being made, and is gone with it, and all that was in it", async () => {
        const cluster = await cloud.make("aws:eks/cluster:Cluster", autoCluster(network.subnet));
        await letIn(cloud, "east");
        const desk = at(cluster.outputs["endpoint"]);
        const made = await desk.make(configMap, object);
        const [thing] = world.ofType("aws:eks/cluster:Cluster");
        assert.ok(thing !== undefined);
        thing.ready = false;
        await refusesAll(desk, made, /unreachable: the cluster is not active/);
        thing.ready = true;
        await cloud.remove(cluster);
        assert.ok(!desk.has(made));
        await refusesAll(desk, made, /nothing answers at/);
    });

    it("does not run pods before there are nodes", async () => {
        const cluster = await cloud.make("aws:eks/cluster:Cluster", autoCluster(network.subnet));
        await letIn(cloud, "east");
        const desk = at(cluster.outputs["endpoint"]);
        const deployment = desk.make("kubernetes:apps/v1:Deployment", { metadata: { name: "shop", namespace: "default" } });
        const isReady = (): boolean | undefined => world.ofType("kubernetes:apps/v1:Deployment")[0]?.ready;
        await allow(cloud, "nodes", "AmazonEKSWorkerNodeMinimalPolicy");
        await allow(cloud, "another-role", "AmazonEC2ContainerRegistryPullOnly");
        assert.equal(isReady(), false);
        await allow(cloud, "nodes", "AmazonEC2ContainerRegistryPullOnly");
        await deployment;
        assert.equal(isReady(), true);
    });
});
