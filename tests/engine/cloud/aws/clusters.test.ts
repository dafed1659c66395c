// What this can't prove: how EKS answers in words. It proves that the emulated one says no where EKS does.
import assert from "node:assert/strict";

import { type Desk, type MadeNetwork, autoCluster, awsDesk, makeNetwork } from "../desk";
import { World } from "../world";

const clusterType = "aws:eks/cluster:Cluster";

describe("clusters of the emulated AWS", () => {
    let desk: Desk;
    let network: MadeNetwork;

    beforeEach(async () => {
        desk = awsDesk(new World());
        network = await makeNetwork(desk);
    });

    it("stay while they have node groups", async () => {
        const cluster = await desk.make(clusterType, autoCluster(network.subnet));
        const nodes = await desk.make("aws:eks/nodeGroup:NodeGroup", { clusterName: "east", nodeGroupName: "general", subnetIds: [network.subnet.id] });
        await assert.rejects(desk.remove(cluster), /Cluster east can't be deleted: aws:eks\/nodeGroup:NodeGroup east:general uses it/);
        await desk.remove(nodes);
        await desk.remove(cluster);
    });

    it("stay while they are protected", async () => {
        const cluster = await desk.make(clusterType, autoCluster(network.subnet, { deletionProtection: true }));
        await assert.rejects(desk.remove(cluster), /can't be deleted: deletion protection is on/);
        await desk.change(cluster, { deletionProtection: false });
        await desk.remove(cluster);
    });

    it("take their network interfaces along, and have no more of them after a change", async () => {
        const cluster = await desk.make(clusterType, autoCluster(network.subnet));
        await desk.change(cluster, { version: "1.36" });
        assert.equal(desk.world.ofType("aws:networkInterface").length, 1);
        await desk.remove(cluster);
        assert.deepEqual(desk.world.ofType("aws:networkInterface"), []);
    });

    it("answer where they did after a change, and elsewhere once made anew", async () => {
        const cluster = await desk.make(clusterType, autoCluster(network.subnet));
        assert.equal((await desk.change(cluster, { version: "1.36" }))["endpoint"], cluster.outputs["endpoint"]);
        await desk.remove(cluster);
        const anew = await desk.make(clusterType, autoCluster(network.subnet));
        assert.notEqual(anew.outputs["endpoint"], cluster.outputs["endpoint"]);
    });

    const parts = {
        "aws:eks/nodeGroup:NodeGroup": { nodeGroupName: "general", subnetIds: [] },
        "aws:eks/accessEntry:AccessEntry": { principalArn: "arn" },
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": { principalArn: "arn", policyArn: "arn" },
        "aws:eks/addon:Addon": { addonName: "vpc-cni" },
        "aws:eks/podIdentityAssociation:PodIdentityAssociation": { namespace: "kube-system", serviceAccount: "a" },
    };
    for (const [type, inputs] of Object.entries(parts)) {
        it(`have ${type} only once they are there, and once`, async () => {
            const part = { clusterName: "east", ...inputs };
            await assert.rejects(desk.make(type, part), /cluster east is not there/);
            await desk.make(clusterType, autoCluster(network.subnet));
            const [cluster] = desk.world.ofType(clusterType);
            assert.ok(cluster !== undefined);
            cluster.ready = false;
            await assert.rejects(desk.make(type, part), /cluster east is not active/);
            cluster.ready = true;
            await desk.make(type, part);
            await assert.rejects(desk.make(type, part, "twin"), /exists already/);
        });
    }
});
