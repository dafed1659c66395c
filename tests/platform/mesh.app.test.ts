// What mocks can't prove: that Istio's webhook fills the gateway in, that a load balancer's check comes through, or how long Envoy drains.
import assert from "node:assert/strict";

import type * as k8s from "@pulumi/kubernetes";

import type { PlannedStack } from "../../plan/run";
import { waitsFor } from "../support/clusters";
import { type Manifest, first, ownerOf, quantity, types } from "../support/kubernetes";
import { clusterConfigs, find, inputsOf, minimalApp } from "../support/plan";
import { appPods, gatewayPods, istio, meshedApp, planMesh, specsOf } from "./meshPlans";

type ServiceSpec = k8s.types.output.core.v1.ServiceSpec;

describe("an app in the mesh", () => {
    let on: PlannedStack;

    before(async () => {
        on = await planMesh();
    });

    describe("its gateway", () => {
        const gateway = (of: PlannedStack) => find(of, types.deployment, `${of === on ? "local" : "east"}-shop-mesh-gateway`);
        const template = (of: PlannedStack) => inputsOf<Manifest<{ readonly template: k8s.types.output.core.v1.PodTemplateSpec }>>(gateway(of)).spec.template;

        it("is filled in by the control plane, and not led into a tunnel", () => {
            const { metadata, spec } = template(on);
            assert.deepEqual(metadata.labels, { ...gatewayPods, "app.kubernetes.io/managed-by": "holdfast", "sidecar.istio.io/inject": "true", "istio.io/dataplane-mode": "none" });
            assert.equal(metadata.annotations["inject.istio.io/templates"], "gateway");
            const { name: container, image, ports } = first(spec.containers);
            assert.equal(container, "istio-proxy");
            assert.match(image, /^registry\.istio\.io\/release\/proxyv2:1\.\d+\.\d+-distroless$/);
            assert.deepEqual(ports.map(port => [port.name, port.containerPort]), [["http", 8080], ["status", 15021], ["metrics", 15020]]);
        });

        it("may do no more than the app, and has an account of its own without a token", () => {
            const { spec } = template(on);
            const own = ownerOf(on, "state").template.spec;
            assert.deepEqual(spec.securityContext, own.securityContext);
            assert.deepEqual(first(spec.containers).securityContext, first(own.containers).securityContext);
            assert.deepEqual([spec.serviceAccountName, spec.automountServiceAccountToken], ["shop-gateway", false]);
            assert.equal(spec.priorityClassName, own.priorityClassName);
        });

        it("is ready while the app answers through it, and lives while Envoy does", () => {
            const { readinessProbe, livenessProbe, startupProbe } = first(template(on).spec.containers);
            assert.deepEqual([readinessProbe.httpGet.path, readinessProbe.httpGet.port], ["/readyz", "http"]);
            for (const probe of [livenessProbe, startupProbe]) {
                assert.deepEqual([probe.httpGet.path, probe.httpGet.port], ["/healthz/ready", "status"]);
            }
        });

        it("ends like the app: it goes on while load balancers send, then drains, then goes", async () => {
            const settings = { ...meshedApp, shutdown: { drainSeconds: 40, preStopSeconds: 33, graceSeconds: 90 } };
            const { metadata, spec } = template(await planMesh(true, clusterConfigs.eks, settings));
            assert.equal(first(spec.containers).lifecycle.preStop.sleep.seconds, 33);
            assert.equal(spec.terminationGracePeriodSeconds, 90);
            assert.deepEqual(JSON.parse(metadata.annotations["proxy.istio.io/config"] ?? ""), { terminationDrainDuration: "40s", gatewayTopology: { numTrustedProxies: 1 } });
        });

        it("believes nobody in front of it where there is no Ingress", async () => {
            const { metadata } = template(await planMesh(true, clusterConfigs.eks, minimalApp));
            assert.match(metadata.annotations["proxy.istio.io/config"] ?? "", /"numTrustedProxies":0/);
        });

        it("is spread over zones and hosts, counted by its own pods, and replaced one at a time", () => {
            const { spec } = template(on);
            assert.deepEqual(
                spec.topologySpreadConstraints.map(({ topologyKey, whenUnsatisfiable, labelSelector }) => [topologyKey, whenUnsatisfiable, labelSelector.matchLabels]),
                [["topology.kubernetes.io/zone", "DoNotSchedule", gatewayPods], ["kubernetes.io/hostname", "ScheduleAnyway", gatewayPods]],
            );
            const budget = inputsOf<Manifest<k8s.types.output.policy.v1.PodDisruptionBudgetSpec>>(find(on, types.budget, "local-shop-mesh-budget")).spec;
            assert.deepEqual([budget.maxUnavailable, budget.selector.matchLabels, budget.unhealthyPodEvictionPolicy], [1, gatewayPods, "AlwaysAllow"]);
        });

        for (const [title, zones, min, target] of [["three zones", 3, 3, 60], ["two zones", 2, 4, 50], ["one zone", 0, 2, 60]] as const) {
            it(`scales on CPU, with room for the loss of one of ${title}`, async () => {
                const cluster = { ...clusterConfigs.existing, zones: ["rack-a", "rack-b", "rack-c"].slice(0, zones) };
                const of = await planMesh({ gateways: { min, max: 12 } }, cluster, { ...meshedApp, replicas: { min: 4, max: 12 }, scaling: { cpu: 50 } });
                const { minReplicas, maxReplicas, metrics } = inputsOf<Manifest<k8s.types.output.autoscaling.v2.HorizontalPodAutoscalerSpec>>(find(of, types.autoscaler, "local-shop-mesh-autoscaler")).spec;
                assert.deepEqual([minReplicas, maxReplicas, first(metrics).resource.target.averageUtilization], [min, 12, target]);
            });
        }

        it("comes after what it routes by and to, and before what sends to it", () => {
            const waits = waitsFor(on, gateway(on));
            for (const each of [`${istio("VirtualService")} local-shop-mesh-routes`, `${types.deployment} local-shop-deployment`, "kubernetes:helm.sh/v4:Chart local-mesh-ztunnel"]) {
                assert.ok(waits.has(each), each);
            }
            for (const service of ["service", "ingress-service"]) {
                assert.ok(waitsFor(on, find(on, types.service, `local-shop-${service}`)).has(`${types.deployment} local-shop-mesh-gateway`));
            }
        });
    });

    describe("its load balancers", () => {
        it("send to the gateway, by the same port name, and ask the app's readiness through it", async () => {
            const eks = await planMesh(true, clusterConfigs.eks);
            const services = specsOf<ServiceSpec>(eks, types.service);
            for (const service of ["service", "ingress-service"]) {
                assert.deepEqual(services.get(service)?.selector, gatewayPods);
                assert.equal(first(services.get(service)?.ports ?? []).targetPort, "http");
            }
            const { annotations } = inputsOf<Manifest<ServiceSpec>>(find(eks, types.service, "east-shop-service")).metadata;
            const prefix = "service.beta.kubernetes.io/aws-load-balancer-healthcheck";
            assert.deepEqual([annotations[`${prefix}-port`], annotations[`${prefix}-path`]], ["8080", "/readyz"]);
        });

        it("are routed to the app by a Service inside, request by request", () => {
            assert.deepEqual(specsOf<ServiceSpec>(on, types.service).get("mesh-backend"), {
                type: "ClusterIP",
                selector: appPods,
                ports: [{ name: "http", port: 9898, targetPort: "http", protocol: "TCP" }],
            });
            const host = "shop-backend.shop.svc.cluster.local";
            const route = [{ destination: { host, port: { number: 9898 } } }];
            const neverSent = "connect-failure,refused-stream,reset-before-request";
            assert.deepEqual(specsOf(on, istio("VirtualService")).get("mesh-routes"), {
                hosts: ["*"],
                gateways: ["shop-gateway"],
                http: [
                    { name: "safe", match: [{ method: { regex: "GET|HEAD|OPTIONS" } }], retries: { attempts: 2, retryOn: `${neverSent},reset` }, route },
                    { name: "other", retries: { attempts: 2, retryOn: neverSent }, route },
                ],
            });
            assert.deepEqual(specsOf(on, istio("Gateway")).get("mesh-listener"), {
                selector: gatewayPods,
                servers: [{ port: { number: 8080, name: "http", protocol: "HTTP" }, hosts: ["*"] }],
            });
            assert.equal(specsOf<{ readonly host: string }>(on, istio("DestinationRule")).get("mesh-balance")?.host, host);
        });
    });

    it("has room in its namespace for the gateway at its most, while it is rolled out and a zone is lost", async () => {
        const hard = (of: PlannedStack) => inputsOf<Manifest<k8s.types.output.core.v1.ResourceQuotaSpec>>(find(of, types.quota, "local-shop-quota")).spec.hard;
        const [before, after] = [hard(await planMesh(false)), hard(await planMesh({ gateways: { min: 3, max: 8 } }))];
        // 8, a quarter more at a time, and a third of 8 for a lost zone.
        const pods = 8 + 2 + 3;
        assert.equal(Number(after["pods"]) - Number(before["pods"]), pods);
        assert.equal(Math.round((quantity(after["requests.cpu"] ?? "") - quantity(before["requests.cpu"] ?? "")) * 1000), pods * 250);
        assert.equal(quantity(after["limits.memory"] ?? "") - quantity(before["limits.memory"] ?? ""), pods * 256 * 2 ** 20);
    });
});
