// What this can't prove: that a driver deletes a disk in time. It proves which disks the emulated ones keep, and which claims
// can't go.
import assert from "node:assert/strict";

import { Desk, type Made, allow, autoCluster, awsDesk, kubeconfigOf, letIn, makeNetwork } from "../desk";
import { World } from "../world";
import { kubernetes } from "./package";

const claimType = "kubernetes:core/v1:PersistentVolumeClaim";
const setType = "kubernetes:apps/v1:StatefulSet";
const classType = "kubernetes:storage.k8s.io/v1:StorageClass";
const set = { metadata: { name: "state", namespace: "default" }, spec: { volumeClaimTemplates: [{ metadata: { name: "data" } }] } };

describe("volumes of an emulated cluster", () => {
    let world: World;
    let cloud: Desk;
    let desk: Desk;
    let right: Made;

    beforeEach(async () => {
        world = new World();
        cloud = awsDesk(world);
        const { subnet } = await makeNetwork(cloud);
        const cluster = await cloud.make("aws:eks/cluster:Cluster", autoCluster(subnet));
        await letIn(cloud, "east");
        await allow(cloud, "nodes", "AmazonEKSWorkerNodeMinimalPolicy");
        await allow(cloud, "nodes", "AmazonEC2ContainerRegistryPullOnly");
        right = await allow(cloud, "east", "AmazonEKSBlockStoragePolicy");
        desk = new Desk(world, kubernetes, { kubeconfig: kubeconfigOf(cluster.outputs["endpoint"]) });
    });

    const disks = (): readonly unknown[] => world.ofType("aws:disk").map(({ inputs }) => inputs["claim"]);
    const claim = (name: string, storageClassName = "disks"): Promise<Made> => desk.make(claimType, { metadata: { name, namespace: "default" }, spec: { storageClassName } }, name);
    const storageClass = (reclaimPolicy?: string): Promise<Made> => desk.make(classType, { metadata: { name: "disks" }, ...(reclaimPolicy === undefined ? {} : { reclaimPolicy }) });

    it("are made for the claims that a set's pods mount, and for no others", async () => {
        await storageClass("Delete");
        for (const name of ["data-state-0", "data-state-1", "data-stateless-0", "cache-state-0"]) {
            await claim(name);
        }
        assert.deepEqual(disks(), []);
        const made = await desk.make(setType, set);
        assert.deepEqual(disks(), ["default/data-state-0", "default/data-state-1"]);
        await desk.change(made, {});
        assert.equal(disks().length, 2);
    });

    // A class without a policy has Delete (https://kubernetes.io/docs/concepts/storage/storage-classes/#reclaim-policy).
    for (const [policy, kept] of [["Delete", 0], [undefined, 0], ["Retain", 1]] as const) {
        it(`${kept === 0 ? "go with" : "outlive"} their claim where its class says ${policy ?? "nothing"}`, async () => {
            await storageClass(policy);
            const made = await claim("data-state-0");
            await desk.remove(await desk.make(setType, set));
            assert.equal(disks().length, 1);
            await desk.remove(made);
            assert.equal(disks().length, kept);
        });
    }

    it("are kept by the class that they were made by, whatever it says later", async () => {
        const retaining = await storageClass("Retain");
        const made = await claim("data-state-0");
        await desk.make(setType, set);
        await desk.remove(retaining);
        await storageClass("Delete");
        await desk.remove(made);
        assert.equal(disks().length, 1);
    });

    it("keep their claim where the driver is gone, but not one whose disk is to stay", async () => {
        await storageClass("Delete");
        await desk.make(classType, { metadata: { name: "kept" }, reclaimPolicy: "Retain" }, "kept");
        const [deleted, retained] = [await claim("data-state-0"), await claim("data-state-1", "kept")];
        await desk.make(setType, set);
        await cloud.remove(right);
        await assert.rejects(desk.remove(deleted), /the disk of default\/data-state-0 is never gone: its driver is/);
        await desk.remove(retained);
        assert.deepEqual([desk.has(deleted), desk.has(retained), disks().length], [true, false, 2]);
        await allow(cloud, "east", "AmazonEKSBlockStoragePolicy");
        await desk.remove(deleted);
        assert.deepEqual(disks(), ["default/data-state-1"]);
    });

    it("are not made where nothing makes them: the set is there, and not as it should be", async () => {
        await storageClass("Delete");
        await claim("data-state-0");
        await cloud.remove(right);
        await assert.rejects(desk.make(setType, set), /state: nothing makes a volume for default\/data-state-0/);
        assert.equal(world.ofType(setType)[0]?.ready, false);
        assert.deepEqual(disks(), []);
    });

    it("go with the namespace of their claims", async () => {
        await storageClass("Delete");
        const namespace = await desk.make("kubernetes:core/v1:Namespace", { metadata: { name: "shop" } });
        const inside = (inputs: Readonly<Record<string, unknown>>): object => ({ ...inputs, metadata: { ...(inputs["metadata"] as object), namespace: "shop" } });
        await desk.make(claimType, { ...inside({ metadata: { name: "data-state-0" } }), spec: { storageClassName: "disks" } });
        await desk.make(setType, { ...set, ...inside(set) });
        assert.deepEqual(disks(), ["shop/data-state-0"]);
        await desk.remove(namespace);
        assert.deepEqual(disks(), []);
    });
});
