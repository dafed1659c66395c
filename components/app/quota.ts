import * as k8s from "@pulumi/kubernetes";

import { surge } from "../model/capacity";
import { mebibytes, millicores } from "../model/quantity";
import type { Cluster } from "../cluster";
import type { AppConfig } from "../config";
import { type AppContext, metadata } from "./context";
import { maxSurgePercent } from "./deployment";
import { type ResourceRequest, cpuLimitMillicores } from "./podTemplate";

/** Pods of one shape that may exist at the same time. */
interface PodDemand {
    readonly pods: number;
    readonly resources: ResourceRequest;
}

/** The most pods the app may have at once. */
export function podDemand(app: AppConfig, zones: number): readonly PodDemand[] {
    return [
        replicated(app.replicas.max, zones, app.resources),
        ...(app.state === undefined ? [] : [{ pods: app.state.replicas, resources: app.state.resources }]),
        // A run that is being replaced overlaps with the next.
        ...app.jobs.map(job => ({ pods: 2, resources: job.resources })),
    ];
}

/** What carries the app's requests runs in its namespace too, and is rolled out and replaced like it. */
function carrierDemand({ carrier, zones }: Cluster): readonly PodDemand[] {
    return carrier === undefined ? [] : [replicated(carrier.maxReplicas, zones.length, carrier.resources)];
}

/**
 * Replicas at the autoscaler's maximum, plus the surge of a rollout, plus the replacements of a lost zone:
 * the pods they replace are counted until their grace period is over, since their node can't confirm the end.
 */
function replicated(max: number, zones: number, resources: ResourceRequest): PodDemand {
    return { pods: max + surge(max, maxSurgePercent) + Math.ceil(max / Math.max(1, zones)), resources };
}

/** Bounds the namespace at what the app can need, and gives defaults to containers that name none. */
export function createQuota(context: AppContext): k8s.core.v1.ResourceQuota {
    const { app, cluster } = context;
    const demand = [...podDemand(app, cluster.zones.length), ...carrierDemand(cluster)];
    const total = (amount: (resources: ResourceRequest) => number): number =>
        demand.reduce((sum, { pods, resources }) => sum + pods * amount(resources), 0);
    const memory = `${total(({ memory: each }) => mebibytes(each))}Mi`;
    const quota = new k8s.core.v1.ResourceQuota(
        `${context.name}-quota`,
        {
            metadata: metadata(context, app.name),
            spec: {
                hard: {
                    pods: String(total(() => 1)),
                    "requests.cpu": `${total(({ cpu }) => millicores(cpu))}m`,
                    "limits.cpu": `${total(cpuLimitMillicores)}m`,
                    "requests.memory": memory,
                    "limits.memory": memory,
                    "services.loadbalancers": "1",
                    persistentvolumeclaims: String(app.state?.replicas ?? 0),
                    "requests.storage": `${(app.state?.replicas ?? 0) * mebibytes(app.state?.size ?? "0Mi")}Mi`,
                },
            },
        },
        context.opts,
    );
    new k8s.core.v1.LimitRange(
        `${context.name}-limits`,
        {
            metadata: metadata(context, app.name),
            spec: {
                limits: [
                    {
                        type: "Container",
                        defaultRequest: { cpu: "50m", memory: "64Mi" },
                        default: { cpu: "200m", memory: "64Mi" },
                    },
                ],
            },
        },
        context.opts,
    );
    return quota;
}
