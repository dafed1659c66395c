import type * as pulumi from "@pulumi/pulumi";

import type { Cluster } from "../../cluster";
import type { MonitoringConfig } from "../../config/platform/monitoring";
import { mebibytes } from "../../model/quantity";
import { overZones } from "../spread";
import { alertmanagerValues } from "./alertmanager";
import { grafanaValues } from "./grafana";
import { monitoringNamespace, nodesNamespace } from "./names";
import {
    nodeExporterRequest,
    operatorRequest,
    prometheusReplicas,
    prometheusRequest,
    reloaderRequest,
    resourcesOf,
    stateMetricsReplicas,
    stateMetricsRequest,
} from "./sizes";

/** What the stack's values are made from. */
export interface StackArgs {
    readonly settings: MonitoringConfig;
    readonly cluster: Cluster;
    /** Class of the volumes; undefined for the cluster's default. */
    readonly className: string | undefined;
    /** Whether pods may look at the nodes. */
    readonly onNodes: boolean;
    /** Name of the Secret with the receiver's URL. */
    readonly receiver: pulumi.Output<string> | undefined;
    /** Name of the role that reads dashboards. */
    readonly readers: string;
}

/** Share of a volume that blocks may fill: https://prometheus.io/docs/prometheus/latest/storage/#right-sizing-retention-size. */
const retentionShare = 0.8;

/** Kinds of object that the rules and dashboards read. Secrets are not among them, nor what GKE Autopilot lets nobody list. */
const collectors = [
    "cronjobs",
    "daemonsets",
    "deployments",
    "endpointslices",
    "horizontalpodautoscalers",
    "jobs",
    "namespaces",
    "nodes",
    "persistentvolumeclaims",
    "persistentvolumes",
    "poddisruptionbudgets",
    "pods",
    "replicasets",
    "resourcequotas",
    "statefulsets",
];

const off = { enabled: false } as const;

/**
 * Values of kube-prometheus-stack:
 * https://github.com/prometheus-community/helm-charts/blob/kube-prometheus-stack-88.5.3/charts/kube-prometheus-stack/values.yaml.
 */
export function stackValues(name: string, args: StackArgs): Readonly<Record<string, unknown>> {
    const { cluster, onNodes } = args;
    return {
        fullnameOverride: monitoringNamespace,
        // Parts of the control plane that a managed cluster hides, and Services in kube-system, which GKE Autopilot lets nobody make.
        ...Object.fromEntries(["kubeControllerManager", "kubeScheduler", "kubeEtcd", "kubeProxy", "coreDns", "kubeDns"].map(part => [part, off])),
        kubelet: { namespace: monitoringNamespace },
        prometheusOperator: operatorValues(),
        prometheus: prometheusValues(args),
        alertmanager: alertmanagerValues(name, cluster, args.receiver),
        grafana: grafanaValues(name, cluster, args.readers),
        "kube-state-metrics": stateMetricsValues(name, cluster),
        nodeExporter: { enabled: onNodes },
        ...(onNodes ? { "prometheus-node-exporter": nodeExporterValues() } : {}),
    };
}

/** The operator. Its webhooks only check what is written here, and need a certificate that a hook would make. */
function operatorValues() {
    return {
        admissionWebhooks: off,
        tls: off,
        resources: resourcesOf(operatorRequest),
        prometheusConfigReloader: { resources: resourcesOf(reloaderRequest) },
        kubeletService: { namespace: monitoringNamespace },
    };
}

function prometheusValues({ settings, cluster, className }: StackArgs) {
    const labels = { "app.kubernetes.io/name": "prometheus", "operator.prometheus.io/name": `${monitoringNamespace}-prometheus` };
    return {
        podDisruptionBudget: { enabled: true, minAvailable: prometheusReplicas - 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
        prometheusSpec: {
            replicas: prometheusReplicas,
            retention: `${settings.retentionDays}d`,
            retentionSize: `${Math.floor(mebibytes(settings.size) * retentionShare)}MiB`,
            externalLabels: { cluster: cluster.name },
            resources: resourcesOf(prometheusRequest),
            topologySpreadConstraints: apart(cluster, labels),
            storageSpec: {
                volumeClaimTemplate: {
                    spec: {
                        accessModes: ["ReadWriteOnce"],
                        ...(className === undefined ? {} : { storageClassName: className }),
                        resources: { requests: { storage: settings.size } },
                    },
                },
            },
        },
    };
}

/** Replicas with volumes, each tied to its zone for good: two zones from the start, or one could hold all that is known. */
function apart(cluster: Cluster, matchLabels: Readonly<Record<string, string>>) {
    return cluster.zones.length > 1
        ? overZones(cluster, matchLabels).map(constraint => ({ ...constraint, whenUnsatisfiable: "DoNotSchedule", minDomains: prometheusReplicas, nodeTaintsPolicy: "Honor" }))
        : overZones(cluster, matchLabels);
}

/**
 * kube-state-metrics. Two replicas behind one target: collected one by one they would report everything twice, which rules don't expect
 * (https://github.com/prometheus-community/helm-charts/pull/5470).
 */
function stateMetricsValues(name: string, cluster: Cluster) {
    return {
        fullnameOverride: `${monitoringNamespace}-kube-state-metrics`,
        replicas: stateMetricsReplicas,
        podDisruptionBudget: { minAvailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
        topologySpreadConstraints: overZones(cluster, { "app.kubernetes.io/name": "kube-state-metrics", "app.kubernetes.io/instance": name }),
        resources: resourcesOf(stateMetricsRequest),
        collectors,
        metricLabelsAllowlist: ["nodes=[topology.kubernetes.io/zone]"],
        prometheus: { monitor: off, scrapeconfig: { enabled: true } },
    };
}

/** node-exporter. It is the one part that looks at its host, and has a namespace of its own for that. */
function nodeExporterValues() {
    return {
        fullnameOverride: `${monitoringNamespace}-node-exporter`,
        namespaceOverride: nodesNamespace,
        resources: resourcesOf(nodeExporterRequest),
        securityContext: { fsGroup: 65534, runAsGroup: 65534, runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: "RuntimeDefault" } },
        containerSecurityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    };
}
