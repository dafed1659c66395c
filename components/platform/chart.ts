import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { PinnedChart } from "../charts";

/** What a chart is installed with. */
export interface ChartArgs {
    readonly chart: PinnedChart;
    readonly namespace: pulumi.Input<string>;
    /** Only values that the chart knows; `npm run charts` sees to it. */
    readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Installs a pinned Helm chart: one resource in a plan, and each object that it renders in a preview against a cluster. Its hooks do not
 * run (https://www.pulumi.com/registry/packages/kubernetes/api-docs/helm/v4/chart/), so charts are configured to need none.
 */
export function installChart(name: string, { chart, namespace, values }: ChartArgs, opts: pulumi.ComponentResourceOptions): k8s.helm.v4.Chart {
    const { repo, chart: chartName, version } = chart;
    return new k8s.helm.v4.Chart(
        name,
        { chart: chartName, version, ...(repo === undefined ? {} : { repositoryOpts: { repo } }), namespace, values },
        opts,
    );
}
