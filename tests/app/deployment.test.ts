/**
 * The Deployment and its autoscaler. A mock cannot prove that a rollout keeps every endpoint, that a
 * probe passes, or that the autoscaler does not flap: those are for a real control plane.
 */
import assert from "node:assert/strict";

import type * as k8s from "@pulumi/kubernetes";

import type { PlannedStack } from "../../plan/run";
import { minimalApp } from "../support/plan";
import { first, onlyManifest, ownerOf, planApp, types } from "../support/kubernetes";

type DeploymentSpec = k8s.types.output.apps.v1.DeploymentSpec;
type AutoscalerSpec = k8s.types.output.autoscaling.v2.HorizontalPodAutoscalerSpec;

describe("the Deployment", () => {
    let plan: PlannedStack;

    before(async () => {
        plan = await planApp({ ...minimalApp, health: { live: "/live", ready: "/ready", startupSeconds: 91 } });
    });

    const spec = (): DeploymentSpec => onlyManifest<DeploymentSpec>(plan, types.deployment).spec;

    it("names no number of replicas: the autoscaler owns it", () => {
        assert.equal("replicas" in spec(), false);
    });

    it("rolls out with none unavailable and a quarter more", () => {
        assert.deepEqual(spec().strategy, { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } });
        assert.equal(spec().minReadySeconds, 5);
    });

    it("reports a release that does not come up, and keeps releases to go back to", () => {
        assert.equal(spec().progressDeadlineSeconds, 600);
        assert.equal(spec().revisionHistoryLimit, 5);
    });

    it("runs the image of config, pinned, without asking the registry again", () => {
        const { container } = ownerOf(plan, "app");
        assert.equal(container.image, minimalApp.image);
        assert.equal(container.imagePullPolicy, "IfNotPresent");
        assert.equal("command" in container, false);
    });

    it("asks whether it has started, for as long as config allows", () => {
        const probe = ownerOf(plan, "app").container.startupProbe;
        assert.deepEqual(probe.httpGet, { path: "/live", port: "http" });
        assert.equal(probe.periodSeconds * probe.failureThreshold, 92);
        assert.equal(probe.timeoutSeconds, 2);
    });

    it("asks whether it works, and restarts it after 30 s without", () => {
        const { livenessProbe } = ownerOf(plan, "app").container;
        assert.deepEqual(livenessProbe, { httpGet: { path: "/live", port: "http" }, timeoutSeconds: 2, periodSeconds: 10, failureThreshold: 3 });
    });

    it("asks whether it can serve, and takes it out after 10 s without", () => {
        const { readinessProbe } = ownerOf(plan, "app").container;
        assert.deepEqual(readinessProbe, { httpGet: { path: "/ready", port: "http" }, timeoutSeconds: 2, periodSeconds: 5, failureThreshold: 2 });
    });

    it("asks three different questions: no two probes are alike", () => {
        const { startupProbe, livenessProbe, readinessProbe } = ownerOf(plan, "app").container;
        const probes = [startupProbe, livenessProbe, readinessProbe].map(probe => JSON.stringify(probe));
        assert.equal(new Set(probes).size, 3);
    });

    it("restarts later than it takes out of the load balancer", () => {
        const { livenessProbe, readinessProbe } = ownerOf(plan, "app").container;
        const seconds = ({ periodSeconds, failureThreshold }: k8s.types.output.core.v1.Probe): number => periodSeconds * failureThreshold;
        assert.ok(seconds(livenessProbe) > seconds(readinessProbe));
    });
});

describe("the autoscaler", () => {
    it("scales the Deployment within config's bounds, at config's target", async () => {
        const plan = await planApp({ ...minimalApp, replicas: { min: 6, max: 40 }, scaling: { cpu: 55 } });
        const deployment = onlyManifest<DeploymentSpec>(plan, types.deployment);
        const { spec } = onlyManifest<AutoscalerSpec>(plan, types.autoscaler);
        assert.deepEqual(spec.scaleTargetRef, { apiVersion: "apps/v1", kind: "Deployment", name: deployment.metadata.name });
        assert.equal(spec.minReplicas, 6);
        assert.equal(spec.maxReplicas, 40);
        assert.deepEqual(spec.metrics, [
            { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 55 } } },
        ]);
    });

    it("by default goes up at once and comes down calmly", async () => {
        const { behavior } = onlyManifest<AutoscalerSpec>(await planApp(minimalApp), types.autoscaler).spec;
        assert.deepEqual(behavior.scaleUp, {
            stabilizationWindowSeconds: 0,
            selectPolicy: "Max",
            policies: [
                { type: "Pods", value: 4, periodSeconds: 15 },
                { type: "Percent", value: 100, periodSeconds: 15 },
            ],
        });
        assert.deepEqual(behavior.scaleDown, {
            stabilizationWindowSeconds: 300,
            selectPolicy: "Max",
            policies: [
                { type: "Pods", value: 1, periodSeconds: 60 },
                { type: "Percent", value: 10, periodSeconds: 60 },
            ],
        });
    });

    it("takes every step and window from config", async () => {
        const up = { pods: 7, percent: 150, periodSeconds: 20, windowSeconds: 11 };
        const down = { pods: 2, percent: 5, periodSeconds: 90, windowSeconds: 601 };
        const { behavior } = onlyManifest<AutoscalerSpec>(await planApp({ ...minimalApp, scaling: { up, down } }), types.autoscaler).spec;
        for (const [rules, step] of [[behavior.scaleUp, up], [behavior.scaleDown, down]] as const) {
            assert.equal(rules.stabilizationWindowSeconds, step.windowSeconds);
            const [pods, percent] = rules.policies;
            assert.deepEqual(pods, { type: "Pods", value: step.pods, periodSeconds: step.periodSeconds });
            assert.deepEqual(percent, { type: "Percent", value: step.percent, periodSeconds: step.periodSeconds });
            assert.equal(rules.policies.length, 2);
        }
    });

    it("scales on what every replica requests: the target's resource is requested", async () => {
        const plan = await planApp(minimalApp);
        const metric = first(onlyManifest<AutoscalerSpec>(plan, types.autoscaler).spec.metrics).resource.name;
        assert.ok(metric in ownerOf(plan, "app").container.resources.requests);
    });
});
