// What EKS Auto Mode leaves to be done. A mock cannot prove that Auto Mode makes a node, or that its network
// controller reads the switch.
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { below, labels, made, setting, waitsFor } from "../support/clusters";
import { all, clusterConfigs, find, inputsOf, planConfig } from "../support/plan";

describe("AutoNodes", () => {
    let plan: PlannedStack;
    before(async () => {
        plan = await planConfig({ clusters: [clusterConfigs.eks] });
    });

    it("is made of two rights, one add-on and one switch", () => {
        const inside = new Set(below(plan, find(plan, "holdfast:aws:AutoNodes", "east-nodes")));
        assert.deepEqual(labels(made(plan).filter(resource => inside.has(resource))), [
            "aws:eks/addon:Addon east-nodes-metrics-server",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment east-nodes-AmazonEC2ContainerRegistryPullOnly",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment east-nodes-AmazonEKSWorkerNodeMinimalPolicy",
            "kubernetes:core/v1:ConfigMap east-nodes-network-policies",
        ]);
    });

    it("gives nodes the minimal worker's rights and the right to pull images, and no more", () => {
        const rights = all(plan, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").filter(
            one => setting(one, "role") === "${east-node.name}",
        );
        assert.deepEqual(rights.map(one => setting(one, "policyArn")).sort(), [
            "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
            "arn:aws:iam::aws:policy/AmazonEKSWorkerNodeMinimalPolicy",
        ]);
        assert.deepEqual(all(plan, "aws:iam/rolePolicy:RolePolicy").filter(one => setting(one, "role") === "${east-node.name}"), []);
    });

    it("has metrics for the autoscaler, once nodes have rights and a way out", () => {
        const addon = find(plan, "aws:eks/addon:Addon", "east-nodes-metrics-server");
        assert.equal(setting(addon, "addonName"), "metrics-server");
        assert.equal(setting(addon, "clusterName"), "holdfast-test-east");
        const awaited = waitsFor(plan, addon);
        for (const zone of clusterConfigs.eks.zones) {
            assert.ok(awaited.has(`aws:ec2/route:Route east-network-private-${zone}-default`));
        }
        assert.ok(awaited.has("aws:iam/rolePolicyAttachment:RolePolicyAttachment east-nodes-AmazonEKSWorkerNodeMinimalPolicy"));
    });

    it("turns on the controller that enforces NetworkPolicies (E5.4.4)", () => {
        const { metadata, data } = inputsOf<{ metadata: unknown; data: unknown }>(
            find(plan, "kubernetes:core/v1:ConfigMap", "east-nodes-network-policies"),
        );
        assert.deepEqual(metadata, { name: "amazon-vpc-cni", namespace: "kube-system" });
        assert.deepEqual(data, { "enable-network-policy-controller": "true" });
    });

    it("makes no node group, no launch template and no controller of its own", () => {
        for (const type of ["aws:eks/nodeGroup:NodeGroup", "aws:ec2/launchTemplate:LaunchTemplate", "kubernetes:helm.sh/v3:Release"]) {
            assert.deepEqual(all(plan, type), []);
        }
    });
});
