// In which order a destroy takes things away, on the real engine: nothing goes before what needs it to go. The emulated
// clouds refuse as the real ones do; what is held here beside that are orders that no cloud would refuse.
import { deepStrictEqual, ok } from "node:assert/strict";

import type { Stack } from "@pulumi/pulumi/automation";

import type { Call } from "../cloud/world";
import { baseWith } from "../support/bases";
import { shortName } from "../support/operations";
import { projectStack, type Scene, setScene } from "../support/scene";
import { destroy, update } from "../support/told";

describe("a destroy", function () {
    this.timeout(180_000);
    let scene: Scene;
    let stack: Stack;
    let deletions: readonly Call[];

    before(async () => {
        scene = await setScene();
        stack = await projectStack(scene, "prod", baseWith("pools", { "clusters.0.protect": false }));
        await update(stack);
        scene.world.forgetCalls();
        await destroy(stack);
        deletions = scene.world.calls.filter(({ kind }) => kind === "delete");
    });

    after(() => {
        scene.close();
    });

    /** Deletions of resources whose short name matches. */
    const of = (pattern: RegExp): readonly Call[] => {
        const found = deletions.filter(({ urn }) => pattern.test(shortName(urn)));
        ok(found.length > 0, `nothing like ${String(pattern)} was deleted`);
        return found;
    };

    /** Every deletion of one kind was ended before any of another was begun. */
    const inOrder = (first: RegExp, second: RegExp): void => {
        const ended = Math.max(...of(first).map(call => call.ended ?? Infinity));
        const begun = Math.min(...of(second).map(call => call.begun));
        ok(ended <= begun, `${String(second)} was begun before all of ${String(first)} was gone`);
    };

    for (const cluster of ["east", "central"]) {
        it(`takes the load balancers of ${cluster} away before what makes them, and before their network`, () => {
            const balanced = new RegExp(`^(Service ${cluster}-shop-service|Ingress ${cluster}-shop-ingress)$`);
            inOrder(balanced, new RegExp(`^Cluster ${cluster}$`));
            inOrder(balanced, new RegExp(`^(Subnet|Subnetwork|Vpc|Network) ${cluster}-network`));
            inOrder(balanced, new RegExp(`^(NodeGroup|NodePool) ${cluster}-`));
        });

        it(`takes the volumes of ${cluster} away before the nodes and the cluster`, () => {
            inOrder(new RegExp(`^PersistentVolumeClaim ${cluster}-`), new RegExp(`^(NodeGroup|NodePool) ${cluster}-`));
            inOrder(new RegExp(`^StatefulSet ${cluster}-`), new RegExp(`^PersistentVolumeClaim ${cluster}-`));
        });
    }

    it("takes them away before the controller, its rights, and the driver of the volumes", () => {
        inOrder(/^(Service east-shop-service|Ingress east-shop-ingress)$/, /^(Release|PodIdentityAssociation|RolePolicy) east-nodes-load-balancers$/);
        inOrder(/^Ingress east-shop-ingress$/, /^(IngressClass|IngressClassParams|Certificate) east-shop-entry/);
        inOrder(/^PersistentVolumeClaim east-/, /^Addon east-nodes-ebs-csi$/);
        inOrder(/^PersistentVolumeClaim east-/, /^RolePolicyAttachment east-nodes-volumes/);
    });

    it("takes the names away before the ways in that they lead to", () => {
        for (const cluster of ["east", "central"]) {
            inOrder(new RegExp(`^Record failover-(answer-${cluster}|${cluster}-own)$`), new RegExp(`^Ingress ${cluster}-shop-ingress$`));
        }
    });

    it("keeps the way into a cluster until nothing of ours is in it", () => {
        inOrder(/^(Deployment|Service|Namespace|ConfigMap|StorageClass) east-/, /^AccessPolicyAssociation east-/);
    });

    it("leaves no disk, no load balancer and no network interface", () => {
        const left = scene.world.all().map(({ type }) => type).filter(type => /disk|loadBalancer|networkInterface|forwardingRule/.test(type));
        deepStrictEqual(left, []);
    });
});
