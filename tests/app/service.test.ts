/**
 * The LoadBalancer Service. A mock cannot prove that a cloud makes a load balancer of it, nor that it
 * reaches pods in every zone.
 */
import assert from "node:assert/strict";

import type * as k8s from "@pulumi/kubernetes";

import type { PlannedStack } from "../../plan/run";
import { all, clusterConfigs, find, inputsOf, poolNodes } from "../support/plan";
import { everyKind, fullApp, type Manifest, ownerOf, planApp, types } from "../support/kubernetes";

type ServiceSpec = k8s.types.output.core.v1.ServiceSpec;

const publicService = (plan: PlannedStack, cluster: string): Manifest<ServiceSpec> =>
    inputsOf<Manifest<ServiceSpec>>(find(plan, types.service, `${cluster}-shop-service`));

for (const { label, cluster } of everyKind) {
    describe(`Services on ${label}`, () => {
        let plan: PlannedStack;

        before(async () => {
            plan = await planApp(fullApp, cluster);
        });

        it("has one LoadBalancer, named as the app", () => {
            const balancers = all(plan, types.service)
                .map(service => inputsOf<Manifest<ServiceSpec>>(service))
                .filter(({ spec }) => spec.type === "LoadBalancer");
            assert.deepEqual(balancers.map(({ metadata }) => [metadata.namespace, metadata.name]), [["shop", "shop"]]);
        });

        it("offers port 80, which leads by name to the port that the app listens on", () => {
            const { ports } = publicService(plan, String(cluster["name"])).spec;
            assert.deepEqual(ports, [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }]);
            assert.deepEqual(ownerOf(plan, "app").container.ports, [{ name: "http", containerPort: 9898, protocol: "TCP" }]);
        });

        it("leads every port of every Service to a port that its pods have", () => {
            for (const service of all(plan, types.service)) {
                const { spec } = inputsOf<Manifest<ServiceSpec>>(service);
                const { container } = ownerOf(plan, spec.selector["app.kubernetes.io/component"] ?? "");
                for (const { targetPort } of spec.ports) {
                    assert.ok(container.ports.some(({ name }) => name === targetPort), `${service.name} ${String(targetPort)}`);
                }
            }
        });
    });
}

const aws = "service.beta.kubernetes.io/aws-load-balancer";

describe("what a cloud needs to make an address that survives a zone", () => {
    for (const [mode, nodes, loadBalancerClass] of [
        ["Auto Mode", { mode: "auto" }, "eks.amazonaws.com/nlb"],
        ["node pools", poolNodes.eks, "service.k8s.aws/nlb"],
    ] as const) {
        it(`is on EKS with ${mode} a network load balancer to pods in all zones`, async () => {
            const plan = await planApp({ ...fullApp, health: { ready: "/ready" } }, { ...clusterConfigs.eks, nodes });
            const { metadata, spec } = publicService(plan, "east");
            assert.equal(spec.loadBalancerClass, loadBalancerClass);
            assert.equal(spec.allocateLoadBalancerNodePorts, false);
            assert.equal(metadata.annotations[`${aws}-nlb-target-type`], "ip");
            assert.equal(metadata.annotations[`${aws}-scheme`], "internet-facing");
            assert.equal(metadata.annotations[`${aws}-attributes`], "load_balancing.cross_zone.enabled=true");
            assert.equal(metadata.annotations[`${aws}-healthcheck-path`], "/ready");
            assert.equal(metadata.annotations[`${aws}-healthcheck-port`], "9898");
        });
    }

    it("is on GKE a regional load balancer that sends to nodes with ready pods", async () => {
        const { metadata, spec } = publicService(await planApp(fullApp, clusterConfigs.gke), "central");
        assert.equal(spec.loadBalancerClass, "networking.gke.io/l4-regional-external");
        assert.equal(spec.externalTrafficPolicy, "Local");
        assert.equal(spec.allocateLoadBalancerNodePorts, true);
        assert.deepEqual(metadata.annotations, { "networking.gke.io/weighted-load-balancing": "pods-per-node" });
    });

    it("is nothing special on an existing cluster", async () => {
        const { metadata, spec } = publicService(await planApp(fullApp), "local");
        assert.deepEqual(metadata.annotations, {});
        assert.equal("loadBalancerClass" in spec, false);
        assert.equal(spec.externalTrafficPolicy, "Cluster");
    });
});
