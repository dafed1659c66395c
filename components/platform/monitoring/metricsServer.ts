import type * as pulumi from "@pulumi/pulumi";

import { charts } from "../../charts";
import type { Cluster } from "../../cluster";
import { installChart } from "../chart";
import { overZones } from "../spread";
import { metricsServerReplicas, metricsServerRequest, resourcesOf } from "./sizes";

/** What a metrics-server is made from. */
export interface MetricsServerArgs {
    readonly cluster: Cluster;
    /** Whether it can check the kubelets' certificates. Where it can't and must, it never gets ready, and the app that waits for it neither. */
    readonly signedKubelets: boolean;
}

/**
 * What the autoscaler measures by, for a cluster that has none. It is part of the API, so it stands in kube-system and may have the class
 * that goes with it. Its certificate is its own and new with each start, as the chart has it: the API server does not check it.
 * https://github.com/kubernetes-sigs/metrics-server/blob/metrics-server-helm-chart-3.13.1/charts/metrics-server/values.yaml.
 */
export function createMetricsServer(name: string, { cluster, signedKubelets }: MetricsServerArgs, opts: pulumi.ComponentResourceOptions): pulumi.Resource {
    return installChart(
        name,
        {
            chart: charts.metricsServer,
            namespace: "kube-system",
            values: {
                fullnameOverride: "metrics-server",
                replicas: metricsServerReplicas,
                podDisruptionBudget: { enabled: true, minAvailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
                resources: resourcesOf(metricsServerRequest),
                // https://github.com/kubernetes-sigs/metrics-server#requirements.
                ...(signedKubelets ? {} : { args: ["--kubelet-insecure-tls"] }),
                topologySpreadConstraints: overZones(cluster, { "app.kubernetes.io/name": "metrics-server", "app.kubernetes.io/instance": name }),
            },
        },
        opts,
    );
}
