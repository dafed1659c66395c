import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { agentNamespace, nodeSet, pods, storeName, storeNamespace, storeNodes } from "./places";

/** Where what to do about the alerts is written down. */
const runbook = "docs/runbooks/logging.md";

interface Alert {
    readonly alert: string;
    readonly expr: string;
    readonly for: string;
    readonly labels: { readonly severity: "warning" | "critical" };
    readonly annotations: { readonly summary: string; readonly runbook: string };
}

/** What the alerts speak of. */
export interface AlertsArgs {
    /** Name of the cluster. */
    readonly cluster: string;
    /** Whether Elasticsearch is in the cluster. */
    readonly inCluster: boolean;
    /** Labels by which Prometheus chooses its objects. */
    readonly labels: Readonly<Record<string, string>>;
}

/**
 * Has Prometheus ask the agents, and rules that tell when logs go astray. The agents' series:
 * https://docs.fluentbit.io/manual/administration/monitoring; the workloads' are kube-state-metrics'.
 */
export function createAlerts(name: string, args: AlertsArgs, opts: pulumi.CustomResourceOptions): void {
    const own = (kind: string, role: string, spec: object): void => {
        new k8s.apiextensions.CustomResource(
            `${name}-${role}`,
            {
                apiVersion: "monitoring.coreos.com/v1",
                kind,
                metadata: {
                    name: "holdfast-logging",
                    namespace: agentNamespace,
                    labels: { "app.kubernetes.io/managed-by": "holdfast", ...args.labels },
                },
                spec,
            },
            opts,
        );
    };
    own("PodMonitor", "metrics", { selector: { matchLabels: pods.agent }, podMetricsEndpoints: [{ port: "http", path: "/api/v2/metrics/prometheus" }] });
    own("PrometheusRule", "rules", { groups: [{ name: "holdfast-logging", rules: alerts(args) }] });
}

/** The alerts of a cluster's logs. Nobody is woken: the app serves without them. */
export function alerts({ cluster, inCluster }: Pick<AlertsArgs, "cluster" | "inCluster">): readonly Alert[] {
    const agents = `namespace="${agentNamespace}"`;
    const perAgent = (series: string, window: string): string => `sum by (pod) (rate(${series}{${agents}}[${window}]))`;
    return [
        alert(
            "HoldfastLogsNotShipped",
            `${perAgent("fluentbit_input_records_total", "15m")} > 0\nunless\n${perAgent("fluentbit_output_proc_records_total", "15m")} > 0`,
            "15m",
            `${cluster}: agent {{ $labels.pod }} reads lines and has shipped none for half an hour; its buffer fills`,
        ),
        alert(
            "HoldfastLogsLost",
            `sum by (pod) (increase(fluentbit_output_dropped_records_total{${agents}}[15m])) > 0`,
            "1m",
            `${cluster}: agent {{ $labels.pod }} dropped {{ $value | humanize }} lines in 15 minutes: its buffer is full`,
        ),
        alert(
            "HoldfastLogAgentMissing",
            `max by (namespace) (kube_daemonset_status_desired_number_scheduled{${agents}} - kube_daemonset_status_number_ready{${agents}}) > 0`,
            "15m",
            `${cluster}: {{ $value }} nodes have no log agent that is ready for 15 minutes`,
        ),
        ...(inCluster ? [nodeMissing(cluster)] : []),
    ];
}

function nodeMissing(cluster: string): Alert {
    const nodes = `namespace="${storeNamespace}",statefulset="${storeName}-es-${nodeSet}"`;
    return alert(
        "HoldfastLogStoreDegraded",
        `max by (namespace) (kube_statefulset_status_replicas_ready{${nodes}}) < ${storeNodes}`,
        "15m",
        `${cluster}: {{ $value }} of ${storeNodes} Elasticsearch nodes are ready for 15 minutes; logs are kept once, or not taken`,
    );
}

function alert(name: string, expr: string, after: string, summary: string): Alert {
    return { alert: name, expr, for: after, labels: { severity: "warning" }, annotations: { summary, runbook: `${runbook}#${name.toLowerCase()}` } };
}
