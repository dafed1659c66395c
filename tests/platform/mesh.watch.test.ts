// What mocks can't prove: that Istio's pods name these ports and serve these series, or that Prometheus understands an expression.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import type * as k8s from "@pulumi/kubernetes";

import type { PlannedStack } from "../../plan/run";
import { type Manifest, types, zonedCluster } from "../support/kubernetes";
import { all, find, inputsOf, minimalApp, planConfig, projectDirectory } from "../support/plan";
import { gatewayPods, meshedApp, planMesh, specsOf } from "./meshPlans";

interface Monitor {
    readonly namespaceSelector: { readonly matchNames: readonly string[] };
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly podMetricsEndpoints: readonly { readonly port: string; readonly path: string }[];
}

interface Rules {
    readonly groups: readonly { readonly rules: readonly { readonly alert?: string; readonly expr: string; readonly annotations?: { readonly summary: string; readonly runbook: string } }[] }[];
}

const podMonitor = "kubernetes:monitoring.coreos.com/v1:PodMonitor";

/** What is collected of the mesh: namespace, labels, port and path, by the monitor's name. */
function monitorsOf(of: PlannedStack): Readonly<Record<string, unknown>> {
    const monitors = all(of, podMonitor).map(resource => inputsOf<Manifest<Monitor>>(resource));
    return Object.fromEntries(
        monitors
            .filter(({ metadata }) => metadata.name.startsWith("mesh-"))
            .map(({ metadata, spec }) => [metadata.name, [...spec.namespaceSelector.matchNames, spec.selector.matchLabels, ...spec.podMetricsEndpoints.flatMap(({ port, path }) => [port, path])]]),
    );
}

function alertsOf(of: PlannedStack) {
    const [rules] = all(of, "kubernetes:monitoring.coreos.com/v1:PrometheusRule").map(resource => inputsOf<Manifest<Rules>>(resource).spec);
    return (rules?.groups ?? []).flatMap(group => group.rules).filter(({ alert }) => alert?.startsWith("HoldfastMesh"));
}

describe("the mesh under monitoring", () => {
    let on: PlannedStack;

    before(async () => {
        on = await planMesh({ gateways: { min: 3, max: 6 } }, zonedCluster, meshedApp, { monitoring: true });
    });

    it("shows its control plane, its tunnels and the gateway", () => {
        assert.deepEqual(monitorsOf(on), {
            "mesh-istiod": ["istio-system", { app: "istiod" }, "http-monitoring", "/metrics"],
            "mesh-ztunnel": ["kube-system", { app: "ztunnel" }, "ztunnel-stats", "/metrics"],
            "mesh-gateway": ["shop", gatewayPods, "metrics", "/stats/prometheus"],
        });
    });

    it("lets Prometheus in to what the gateway has counted, and nobody else", () => {
        const { ingress, podSelector } = specsOf<k8s.types.output.networking.v1.NetworkPolicySpec>(on, types.networkPolicy).get("mesh-metrics") ?? assert.fail("there is no such policy");
        assert.deepEqual(podSelector, { matchLabels: gatewayPods });
        assert.deepEqual(ingress, [
            {
                from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } }, podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } } }],
                ports: [{ protocol: "TCP", port: 15020 }],
            },
        ]);
    });

    it("tells of what goes wrong, each with its place in the runbook", () => {
        const page = readFileSync(`${projectDirectory}/docs/runbooks/mesh.md`, "utf8");
        const headings = page.split("\n").filter(line => line.startsWith("## ")).map(line => line.slice(3).toLowerCase());
        const alerts = alertsOf(on);
        assert.deepEqual(
            alerts.map(({ alert }) => alert),
            ["ControlPlaneDown", "NodesOut", "RootNearEnd", "RequestsLost", "GatewaysFew", "GatewaysAtMost"].map(name => `HoldfastMesh${name}`),
        );
        for (const { alert = "", annotations } of alerts) {
            assert.equal(annotations?.runbook, `docs/runbooks/mesh.md#${alert.toLowerCase()}`);
            assert.ok(headings.includes(alert.toLowerCase()), alert);
            assert.match(annotations.summary, /^local: /);
        }
    });

    it("goes by the gateway's own bounds", () => {
        const expression = (name: string): string => alertsOf(on).find(({ alert }) => alert === `HoldfastMesh${name}`)?.expr ?? "";
        assert.equal(expression("GatewaysFew"), 'max(kube_deployment_status_replicas_available{namespace="shop",deployment="shop-gateway"}) < 3');
        assert.equal(expression("GatewaysAtMost"), 'max(kube_horizontalpodautoscaler_status_desired_replicas{namespace="shop",horizontalpodautoscaler="shop-gateway"}) >= 6');
        assert.equal(expression("ControlPlaneDown"), '(sum(up{job="monitoring/mesh-istiod"}) or vector(0)) < 1');
    });

    it("without an app shows what there is", async () => {
        const bare = await planConfig({ clusters: [zonedCluster], platform: { mesh: true, monitoring: true } });
        assert.deepEqual(Object.keys(monitorsOf(bare)), ["mesh-istiod", "mesh-ztunnel"]);
        assert.equal(alertsOf(bare).length, 3);
    });

    it("is not watched where there is no monitoring, nor where there is no mesh", async () => {
        const [unseen, plain] = await Promise.all([planMesh(), planMesh(false, zonedCluster, minimalApp, { monitoring: true })]);
        assert.deepEqual([all(unseen, podMonitor), alertsOf(unseen), monitorsOf(plain), alertsOf(plain)], [[], [], {}, []]);
        assert.throws(() => find(unseen, types.networkPolicy, "local-shop-mesh-metrics"));
    });
});
