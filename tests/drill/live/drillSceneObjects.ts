/** Objects of a cluster that is made up for drills, as they are applied and as its API has them. */
import type { KubeObject } from "../../../drill/api";
import { loopback } from "./clientsServers";

/** What an app has beside. */
export interface Has {
    /** Port of its replicas that keep data. @default it has none */
    readonly storePort?: number | undefined;
    /** Whether it has an autoscaler. @default it has none */
    readonly scales?: boolean;
}

/** An app as it is applied: three replicas, of which a budget lets one go at a time, and as many that keep data. */
export function manifestsOf(name: string, { storePort, scales = false }: Has): readonly KubeObject[] {
    const object = (apiVersion: string, kind: string, of: string, spec: object): KubeObject => ({ apiVersion, kind, metadata: { name: of, namespace: name }, spec });
    const set = (app: string, container: object): object => {
        const tolerations = [{ key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 10 }];
        return { replicas: 3, selector: { matchLabels: { app } }, template: { metadata: { labels: { app } }, spec: { tolerations, containers: [{ name: app, image: `${app}:1`, resources: { requests: { cpu: "100m" } }, ...container }] } } };
    };
    const budget = (app: string): KubeObject => object("policy/v1", "PodDisruptionBudget", app, { selector: { matchLabels: { app } }, maxUnavailable: 1 });
    const store = `${name}-store`;
    return [
        object("apps/v1", "Deployment", name, { progressDeadlineSeconds: 120, ...set(name, { startupProbe: { periodSeconds: 2, failureThreshold: 30 } }) }),
        object("v1", "Service", name, { type: "LoadBalancer", selector: { app: name }, ports: [{ port: 80 }] }),
        budget(name),
        ...(scales ? [object("autoscaling/v2", "HorizontalPodAutoscaler", name, { scaleTargetRef: { kind: "Deployment", name }, minReplicas: 3, maxReplicas: 9 })] : []),
        ...(storePort === undefined ? [] : [object("apps/v1", "StatefulSet", store, { serviceName: store, ...set(store, { ports: [{ containerPort: storePort }] }) }), budget(store)]),
    ];
}

/** Status of a Deployment or StatefulSet at rest. */
export const whole = { observedGeneration: 1, replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 } as const;

/** Status of an autoscaler that reads metrics. */
export const scaling = { conditions: [{ type: "ScalingActive", status: "True" }], currentMetrics: [{ resource: { name: "cpu", current: { averageUtilization: 76 } } }] };

export interface PodOptions {
    readonly app: string;
    readonly name: string;
    readonly namespace: string;
    readonly node: string;
    readonly uid?: string;
    readonly restarts?: number;
    readonly image?: string;
}

/** A pod that is ready. */
export function podOf({ app, name, namespace, node, uid = name, restarts = 0, image = `${app}:1` }: PodOptions): object {
    return {
        metadata: { name, namespace, uid, labels: { app } },
        spec: { nodeName: node, containers: [{ name: app, image }] },
        status: { phase: "Running", podIP: loopback, conditions: [{ type: "Ready", status: "True" }], containerStatuses: [{ name: app, restartCount: restarts, state: { running: { startedAt: "2026-03-02T09:00:00Z" } } }] },
    };
}

/** A node, by its zone. */
export function nodeOf(zone: string, ready = true, taints: readonly object[] = []): object {
    return { metadata: { name: `${zone}1`, labels: { "topology.kubernetes.io/zone": zone } }, spec: { taints }, status: { conditions: [{ type: "Ready", status: ready ? "True" : "Unknown" }] } };
}

/** When something was so: before all that a test does, just now, or after it all. */
export type When = "before" | "now" | "after";

function timeOf(when: When): string {
    return new Date(Date.now() + { before: -1, now: 0, after: 1 }[when] * 3_600_000).toISOString();
}

/** When a kubelet last told of its node. */
export function leaseOf(node: string, said: When): object {
    return { metadata: { name: node, namespace: "kube-node-lease" }, spec: { renewTime: timeOf(said) } };
}

/** A pod whose container was started then, and is as ready as it was. */
export function startedPod(pod: KubeObject, started: When): object {
    return { ...pod, status: { ...(pod["status"] as object), containerStatuses: [{ state: { running: { startedAt: timeOf(started) } } }] } };
}
