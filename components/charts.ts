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
    /** https://github.com/ceph/ceph-csi-operator/tree/v1.0.4/deploy/charts/ceph-csi-drivers, 2026-08; of one version with the operator in Rook's chart. */
    cephCsiDrivers: {
        repo: "https://ceph.github.io/ceph-csi-operator",
        chart: "ceph-csi-drivers",
        version: "1.0.4",
    },
    /** https://github.com/kubernetes/autoscaler/tree/master/cluster-autoscaler/charts/cluster-autoscaler, 2026-08. */
    clusterAutoscaler: {
        repo: "https://kubernetes.github.io/autoscaler",
        chart: "cluster-autoscaler",
        version: "9.59.0",
    },
    /** https://github.com/cert-manager/cert-manager/tree/v1.21.1/deploy/charts/cert-manager, 2026-07; its releases have a v before their number. */
    certManager: {
        chart: "oci://quay.io/jetstack/charts/cert-manager",
        version: "v1.21.1",
    },
    /** https://github.com/kubernetes-sigs/descheduler/tree/v0.36.0/charts/descheduler, 2026-06. */
    descheduler: {
        repo: "https://kubernetes-sigs.github.io/descheduler",
        chart: "descheduler",
        version: "0.36.0",
    },
    /** https://github.com/elastic/cloud-on-k8s/tree/v3.5.0/deploy/eck-operator, 2026-07. */
    eckOperator: {
        repo: "https://helm.elastic.co",
        chart: "eck-operator",
        version: "3.5.0",
    },
    /** https://github.com/fluent/helm-charts/tree/fluent-bit-0.58.1/charts/fluent-bit, 2026-08. */
    fluentBit: {
        repo: "https://fluent.github.io/helm-charts",
        chart: "fluent-bit",
        version: "0.58.1",
    },
    /** https://github.com/prometheus-community/helm-charts/tree/kube-prometheus-stack-88.5.3/charts/kube-prometheus-stack, 2026-08. */
    kubePrometheusStack: {
        repo: "https://prometheus-community.github.io/helm-charts",
        chart: "kube-prometheus-stack",
        version: "88.5.3",
    },
    /** https://github.com/kubernetes-sigs/metrics-server/tree/metrics-server-helm-chart-3.13.1/charts/metrics-server, 2026-06. */
    metricsServer: {
        repo: "https://kubernetes-sigs.github.io/metrics-server",
        chart: "metrics-server",
        version: "3.13.1",
    },
    /**
     * Istio, four charts of one version: https://istio.io/latest/news/releases/1.30.x/announcing-1.30.5/, 2026-09. Their sources, in which
     * nothing changed since 1.30.3: https://github.com/istio/istio/tree/1.30.3/manifests/charts.
     */
    istioBase: { repo: "https://istio-release.storage.googleapis.com/charts", chart: "base", version: "1.30.5" },
    istiod: { repo: "https://istio-release.storage.googleapis.com/charts", chart: "istiod", version: "1.30.5" },
    istioCni: { repo: "https://istio-release.storage.googleapis.com/charts", chart: "cni", version: "1.30.5" },
    ztunnel: { repo: "https://istio-release.storage.googleapis.com/charts", chart: "ztunnel", version: "1.30.5" },
    /** https://github.com/rook/rook/tree/v1.20.6/deploy/charts/rook-ceph, 2026-08. */
    rookCeph: {
        repo: "https://charts.rook.io/release",
        chart: "rook-ceph",
        version: "v1.20.6",
    },
    /** https://github.com/vmware-tanzu/helm-charts/tree/velero-12.1.0/charts/velero, 2026-08; it brings Velero 1.18.1. */
    velero: {
        repo: "https://vmware-tanzu.github.io/helm-charts",
        chart: "velero",
        version: "12.1.0",
    },
} as const satisfies Readonly<Record<string, PinnedChart>>;

/**
 * Plugins of Velero, which its chart takes as images: https://github.com/velero-io/velero-plugin-for-aws/releases/tag/v1.14.2 and
 * …/velero-plugin-for-gcp/releases/tag/v1.14.2, 2026-06; 1.14 is made for Velero 1.18.
 */
export const veleroPlugins = {
    aws: { provider: "aws", image: "docker.io/velero/velero-plugin-for-aws:v1.14.2" },
    gcp: { provider: "gcp", image: "docker.io/velero/velero-plugin-for-gcp:v1.14.2" },
} as const;
