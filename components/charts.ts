/** A Helm chart of one version. */
export interface PinnedChart {
    /** Chart repository; undefined where `chart` is a whole OCI reference. */
    readonly repo?: string;
    readonly chart: string;
    readonly version: string;
}

/**
 * Every Helm chart in use, pinned: where it comes from and which version. The versions are the newest
 * seen in the charts' own repositories on the date beside them.
 */
export const charts = {
    /** https://github.com/aws/eks-charts, 2026-08. */
    awsLoadBalancerController: {
        repo: "https://aws.github.io/eks-charts",
        chart: "aws-load-balancer-controller",
        version: "3.5.0",
    },
    /** https://github.com/kubernetes-sigs/descheduler/tree/v0.36.0/charts/descheduler, 2026-06. */
    descheduler: {
        repo: "https://kubernetes-sigs.github.io/descheduler",
        chart: "descheduler",
        version: "0.36.0",
    },
} as const satisfies Readonly<Record<string, PinnedChart>>;
