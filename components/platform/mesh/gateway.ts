import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { createBudget } from "../../app/budget";
import { type AppContext, metadata } from "../../app/context";
import { maxSurgePercent, portName } from "../../app/deployment";
import { podTemplate } from "../../app/podTemplate";
import { statelessSpread, statelessTolerations } from "../../app/scheduling";
import type { MeshConfig } from "../../config/platform/mesh";
import { shutdownOf } from "../../config/shutdown";
import { zoneLoss } from "../../model/capacity";
import { monitoringNamespace } from "../monitoring/names";
import type { AppMeshArgs } from "./appMesh";
import { controlPlanePort, gatewayLabels, gatewayName, gatewayPort } from "./names";
import { controlPlaneNamespace, proxyImage } from "./values";

type NetworkPolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;

/** What a gateway is made from. */
export interface GatewayArgs extends AppMeshArgs {
    /** What must be there before it can answer. */
    readonly after: readonly pulumi.Resource[];
}

/** What a gateway requests, more than twice what Istio's chart does: Envoy buffers what its clients are slow to take. */
export const gatewayResources = { cpu: "250m", memory: "256Mi" };

/** Target of the autoscaler, in per cent of the request, where the loss of a zone allows it. */
const mostCpuPercent = 60;

/** Paths and ports of Envoy's agent (https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio). */
const statusPort = { name: "status", containerPort: 15_021, protocol: "TCP" };
const metricsPort = { name: "metrics", containerPort: 15_020, protocol: "TCP" };
const alivePath = "/healthz/ready";

/**
 * The pods that users come in by: Envoy, as spread and as careful to end as the app's own replicas. It is written here and not taken
 * from Istio's chart `gateway`, which names no port and no liveness probe, so that a plan shows it and rules judge it; the control
 * plane's webhook fills in the rest either way (https://istio.io/latest/docs/setup/additional-setup/gateway/, "Kubernetes YAML").
 */
export function createGateway(context: AppContext, args: GatewayArgs): k8s.apps.v1.Deployment {
    const { app, opts } = context;
    const name = gatewayName(app.name);
    const selector = { matchLabels: gatewayLabels(app.name) };
    const account = new k8s.core.v1.ServiceAccount(`${context.name}-account`, { metadata: metadata(context, name), automountServiceAccountToken: false }, opts);
    createWays(context, name, args.observer.isThere);
    const deployment = new k8s.apps.v1.Deployment(
        `${context.name}-gateway`,
        {
            metadata: metadata(context, name),
            spec: {
                selector,
                strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: `${maxSurgePercent}%` } },
                minReadySeconds: 5,
                revisionHistoryLimit: 5,
                template: template(context, name, { ...args, serviceAccountName: account.metadata.name }),
            },
        },
        { ...opts, dependsOn: [...args.after] },
    );
    createAutoscaler(context, name, deployment, args.settings);
    createBudget(context, { name, role: "budget", selector, maxUnavailable: 1 });
    return deployment;
}

type TemplateArgs = GatewayArgs & { readonly serviceAccountName: pulumi.Output<string> };

function template({ app, cluster }: AppContext, name: string, { priorityClassName, serviceAccountName }: TemplateArgs): k8s.types.input.core.v1.PodTemplateSpec {
    const shutdown = shutdownOf(app, cluster.deregistrationSeconds);
    const proxy = {
        terminationDrainDuration: `${Math.max(1, shutdown.drainSeconds)}s`,
        // A load balancer that speaks HTTP says whose request it is, and whether it came by TLS.
        gatewayTopology: { numTrustedProxies: app.ingress === undefined ? 0 : 1 },
    };
    return podTemplate({
        app: name,
        part: "app",
        // By this name the webhook knows which container to fill in.
        container: "istio-proxy",
        // It speaks the tunnel's protocol itself, and must not be led into it again (https://github.com/istio/istio/issues/54824).
        labels: { "sidecar.istio.io/inject": "true", "istio.io/dataplane-mode": "none" },
        annotations: { "inject.istio.io/templates": "gateway", "proxy.istio.io/config": JSON.stringify(proxy) },
        image: proxyImage,
        ports: [{ name: portName, containerPort: gatewayPort, protocol: "TCP" }, statusPort, metricsPort],
        resources: gatewayResources,
        probes: probes(app.health.ready, shutdown.preStopSeconds),
        graceSeconds: shutdown.graceSeconds,
        priorityClassName,
        serviceAccountName,
        spread: statelessSpread(name, "app", cluster.zones.length),
        nodeSelector: app.scheduling.nodeSelector,
        tolerations: statelessTolerations(app),
        envFrom: [],
    });
}

/** It is ready while the app answers through it, so that whoever asks its readiness, or the path by which, hears of the app. */
function probes(path: string, preStopSeconds: number) {
    const alive = { httpGet: { path: alivePath, port: statusPort.name }, timeoutSeconds: 2 };
    return {
        startupProbe: { ...alive, periodSeconds: 2, failureThreshold: 60 },
        livenessProbe: { ...alive, periodSeconds: 10, failureThreshold: 6 },
        readinessProbe: { httpGet: { path, port: portName }, timeoutSeconds: 2, periodSeconds: 5, failureThreshold: 2 },
        lifecycle: { preStop: { sleep: { seconds: preStopSeconds } } },
    };
}

/** Routes and certificates come from the control plane, in another namespace, and Prometheus asks for what the gateway has counted. */
function createWays(context: AppContext, name: string, isObserved: boolean): void {
    const inNamespace = (namespace: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } });
    const way = (role: string, spec: Pick<NetworkPolicySpec, "policyTypes" | "egress" | "ingress">): void => {
        const podSelector = { matchLabels: gatewayLabels(context.app.name) };
        new k8s.networking.v1.NetworkPolicy(`${context.name}-${role}`, { metadata: metadata(context, `${name}-${role}`), spec: { podSelector, ...spec } }, context.opts);
    };
    way("control-plane", {
        policyTypes: ["Egress"],
        egress: [{ to: [inNamespace(controlPlaneNamespace)], ports: [{ protocol: "TCP", port: controlPlanePort }] }],
    });
    if (isObserved) {
        const prometheus = { ...inNamespace(monitoringNamespace), podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } } };
        way("metrics", { policyTypes: ["Ingress"], ingress: [{ from: [prometheus], ports: [{ protocol: "TCP", port: metricsPort.containerPort }] }] });
    }
}

/** Scales on CPU, at a target that the loss of a zone leaves room for. */
function createAutoscaler(context: AppContext, name: string, deployment: k8s.apps.v1.Deployment, { gateways }: MeshConfig): void {
    const zones = context.cluster.zones.length;
    const target = zones < 2 ? mostCpuPercent : Math.min(mostCpuPercent, zoneLoss(gateways.min, zones, mostCpuPercent).safeTargetPercent);
    const percent = (value: number, periodSeconds: number) => [{ type: "Percent", value, periodSeconds }];
    new k8s.autoscaling.v2.HorizontalPodAutoscaler(
        `${context.name}-autoscaler`,
        {
            metadata: metadata(context, name),
            spec: {
                scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment.metadata.name },
                minReplicas: gateways.min,
                maxReplicas: gateways.max,
                metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: target } } }],
                behavior: {
                    scaleUp: { stabilizationWindowSeconds: 0, policies: percent(100, 15) },
                    scaleDown: { stabilizationWindowSeconds: 300, policies: percent(10, 60) },
                },
            },
        },
        context.opts,
    );
}
