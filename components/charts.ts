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
} as const;
