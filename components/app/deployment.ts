import * as k8s from "@pulumi/kubernetes";

import { shutdownOf } from "../config/shutdown";
import { createBudget } from "./budget";
import type { Configuration } from "./configuration";
import { type AppContext, metadata } from "./context";
import type { Identity } from "./identity";
import { selectorLabels } from "./labels";
import { podTemplate } from "./podTemplate";
import { statelessSpread, statelessTolerations } from "./scheduling";

/** Extra pods of a rollout, as a percentage of the replicas. */
export const maxSurgePercent = 25;

/** Name of the container's port, for Services and probes. */
export const portName = "http";

/** Kubernetes' default, in seconds. */
const leastProgressDeadlineSeconds = 600;

/** Time for a pod to be placed, and for a node to be made for it, in seconds. */
const placementSeconds = 180;

/** Seconds between two startup probes. */
const startupPeriodSeconds = 2;

/**
 * The app's replicas, their autoscaler and their disruption budget. The Deployment names no number of
 * replicas: the autoscaler owns it, and an update that wrote it would undo what load made necessary.
 */
export function createDeployment(context: AppContext, identity: Identity, configuration: Configuration): k8s.apps.v1.Deployment {
    const { app, cluster, opts } = context;
    const selector = { matchLabels: selectorLabels(app.name, "app") };
    // A start that config allows is no failed rollout.
    const progressDeadlineSeconds = Math.max(leastProgressDeadlineSeconds, app.health.startupSeconds + placementSeconds);
    const wait = `${progressDeadlineSeconds + placementSeconds}s`;
    const shutdown = shutdownOf(app, cluster.deregistrationSeconds);
    const deployment = new k8s.apps.v1.Deployment(
        `${context.name}-deployment`,
        {
            metadata: metadata(context, app.name),
            spec: {
                selector,
                strategy: {
                    type: "RollingUpdate",
                    rollingUpdate: { maxUnavailable: 0, maxSurge: `${maxSurgePercent}%` },
                },
                minReadySeconds: 5,
                progressDeadlineSeconds,
                revisionHistoryLimit: 5,
                template: podTemplate({
                    app: app.name,
                    part: "app",
                    image: app.image,
                    ports: [{ name: portName, containerPort: app.port, protocol: "TCP" }],
                    resources: app.resources,
                    probes: probes(context, shutdown.preStopSeconds),
                    graceSeconds: shutdown.graceSeconds,
                    priorityClassName: identity.priorityClassName,
                    serviceAccountName: identity.serviceAccountName,
                    spread: statelessSpread(app.name, "app", cluster.zones.length),
                    nodeSelector: app.scheduling.nodeSelector,
                    tolerations: statelessTolerations(app),
                    ...configuration,
                }),
            },
        },
        { ...opts, customTimeouts: { create: wait, update: wait } },
    );
    createAutoscaler(context, deployment);
    createBudget(context, { name: app.name, role: "budget", selector, maxUnavailable: app.budget.maxUnavailable });
    return deployment;
}

/**
 * Three probes for three questions: has it started (long, then never asked again), does it work
 * (slow, restarts), can it serve (fast, takes it out of the load balancer). The preStop sleep needs no
 * shell in the image (Kubernetes 1.30 and later); it outlasts the time that load balancers give requests in the air.
 */
function probes({ app }: AppContext, preStopSeconds: number) {
    const get = (path: string) => ({ httpGet: { path, port: portName }, timeoutSeconds: 2 });
    return {
        startupProbe: {
            ...get(app.health.live),
            periodSeconds: startupPeriodSeconds,
            failureThreshold: Math.ceil(app.health.startupSeconds / startupPeriodSeconds),
        },
        livenessProbe: { ...get(app.health.live), periodSeconds: 10, failureThreshold: 3 },
        readinessProbe: { ...get(app.health.ready), periodSeconds: 5, failureThreshold: 2 },
        lifecycle: { preStop: { sleep: { seconds: preStopSeconds } } },
    };
}

/** Scales on CPU, up fast and down calmly, at the steps and windows that config gives. */
function createAutoscaler(context: AppContext, deployment: k8s.apps.v1.Deployment): void {
    const { app, opts } = context;
    const rules = ({ pods, percent, periodSeconds, windowSeconds }: typeof app.scaling.up) => ({
        stabilizationWindowSeconds: windowSeconds,
        selectPolicy: "Max",
        policies: [
            { type: "Pods", value: pods, periodSeconds },
            { type: "Percent", value: percent, periodSeconds },
        ],
    });
    new k8s.autoscaling.v2.HorizontalPodAutoscaler(
        `${context.name}-autoscaler`,
        {
            metadata: metadata(context, app.name),
            spec: {
                scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment.metadata.name },
                minReplicas: app.replicas.min,
                maxReplicas: app.replicas.max,
                metrics: [
                    {
                        type: "Resource",
                        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: app.scaling.cpu } },
                    },
                ],
                behavior: { scaleUp: rules(app.scaling.up), scaleDown: rules(app.scaling.down) },
            },
        },
        opts,
    );
}
