import type * as k8s from "@pulumi/kubernetes";

import type { MonitoringConfig } from "../../config/platform/monitoring";
import { mebibytes } from "../../model/quantity";
import type { Demand, Footprint } from "../addOn";

/** What a container requests, in millicores and MiB; the memory is its limit too. */
interface Request {
    readonly cpu: number;
    readonly memory: number;
}

/** One part of the stack. */
interface Part {
    readonly replicas: number;
    /** Requests of each container of a pod. */
    readonly containers: readonly Request[];
}

/** Prometheus' own rule is a few KiB for each series in memory; 2 GiB hold those of some dozen nodes. */
export const prometheusRequest: Request = { cpu: 500, memory: 2048 };
export const alertmanagerRequest: Request = { cpu: 50, memory: 128 };
export const reloaderRequest: Request = { cpu: 10, memory: 64 };
export const grafanaRequest: Request = { cpu: 100, memory: 512 };
export const sidecarRequest: Request = { cpu: 20, memory: 128 };
/** 0.1 cores and 250 MiB, as its README recommends: https://github.com/kubernetes/kube-state-metrics/blob/v2.20.0/README.md#resource-recommendation. */
export const stateMetricsRequest: Request = { cpu: 100, memory: 250 };
export const operatorRequest: Request = { cpu: 100, memory: 256 };
export const nodeExporterRequest: Request = { cpu: 50, memory: 64 };
/** As the chart has it: https://github.com/kubernetes-sigs/metrics-server/blob/metrics-server-helm-chart-3.13.1/charts/metrics-server/values.yaml. */
export const metricsServerRequest: Request = { cpu: 100, memory: 200 };

/** Two, each with all metrics: one is there while the other's zone is lost or its node is drained. */
export const prometheusReplicas = 2;

/**
 * Three: they tell each other what was silenced and sent, and keep it in memory alone. With a zone lost, two are left, of which either may
 * move without the other's knowledge being lost.
 */
export const alertmanagerReplicas = 3;

export const grafanaReplicas = 2;
export const stateMetricsReplicas = 2;
export const metricsServerReplicas = 2;

/** Everything that has a fixed number of pods: an operator, which nothing waits for while it is away, and those above. */
const parts: readonly Part[] = [
    { replicas: prometheusReplicas, containers: [prometheusRequest, reloaderRequest] },
    { replicas: alertmanagerReplicas, containers: [alertmanagerRequest, reloaderRequest] },
    { replicas: grafanaReplicas, containers: [grafanaRequest, sidecarRequest] },
    { replicas: stateMetricsReplicas, containers: [stateMetricsRequest] },
    { replicas: 1, containers: [operatorRequest] },
];

/** Resources of a container as Kubernetes takes them. CPU has no limit: a look at metrics during an outage may be wide. */
export function resourcesOf({ cpu, memory }: Request): k8s.types.input.core.v1.ResourceRequirements {
    return { requests: { cpu: `${cpu}m`, memory: `${memory}Mi` }, limits: { memory: `${memory}Mi` } };
}

/** What the pods of the charts request, and the volumes. Init containers end before, and are not counted. */
export function footprintOf({ size }: MonitoringConfig, { onNodes, metricsServer }: { readonly onNodes: boolean; readonly metricsServer: boolean }): Footprint {
    const all = metricsServer ? [...parts, { replicas: metricsServerReplicas, containers: [metricsServerRequest] }] : parts;
    return {
        pods: demandOf(all),
        eachNode: onNodes ? demandOf([{ replicas: 1, containers: [nodeExporterRequest] }]) : demandOf([]),
        volumesGib: Array.from({ length: prometheusReplicas }, () => mebibytes(size) / 1024),
    };
}

function demandOf(all: readonly Part[]): Demand {
    const total = (amount: (request: Request) => number): number =>
        all.reduce((sum, { replicas, containers }) => sum + replicas * containers.reduce((pod, request) => pod + amount(request), 0), 0);
    return { cores: total(({ cpu }) => cpu) / 1000, gib: total(({ memory }) => memory) / 1024 };
}
