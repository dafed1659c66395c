import type { Backend, ServiceTraits, StorageTraits } from "../cluster";
import type { NodesConfig } from "../config/values";

/** How a cluster's controllers are spoken to: EKS brings its own in Auto Mode, under other names. */
export interface Controllers {
    readonly loadBalancerClass: string;
    readonly ingressController: string;
    /** API group and version of IngressClassParams. */
    readonly ingressParamsGroup: string;
    readonly ingressParamsVersion: string;
    /** Namespace labels that make pods wait until the load balancer calls them healthy. */
    readonly readinessGateLabels: Readonly<Record<string, string>>;
    readonly storage: StorageTraits;
}

/**
 * Time that requests in the air have once a target is taken out, in seconds; set on every target group. New ones go elsewhere, but not at once: AWS says of
 * Network Load Balancers that a draining target "may still receive connections due to configuration propagation delay", and recommends 120 s there
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#deregistration-delay). Pods go on for this time and
 * a slack after they are told to end (app.shutdown.preStopSeconds); how long the propagation takes only AWS can show.
 */
export const deregistrationSeconds = 20;

/** Encrypted with the account's default EBS key; three-replica stores need no more than gp3's base rate. */
const volumeParameters = { type: "gp3", encrypted: "true", "csi.storage.k8s.io/fstype": "ext4" };

/**
 * Sources: https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-nlb.html,
 * auto-configure-alb.html, create-storage-class.html (with its allowedTopologies). The readiness gate's
 * label stands in no AWS page; several public programs read it off a live cluster.
 */
const autoMode: Controllers = {
    loadBalancerClass: "eks.amazonaws.com/nlb",
    ingressController: "eks.amazonaws.com/alb",
    ingressParamsGroup: "eks.amazonaws.com",
    ingressParamsVersion: "v1",
    readinessGateLabels: { "eks.amazonaws.com/pod-readiness-gate-inject": "enabled" },
    storage: {
        define: true,
        provisioner: "ebs.csi.eks.amazonaws.com",
        parameters: volumeParameters,
        allowedTopologies: [{ matchLabelExpressions: [{ key: "eks.amazonaws.com/compute-type", values: ["auto"] }] }],
    },
};

/** Sources: https://kubernetes-sigs.github.io/aws-load-balancer-controller (v3.5) and the EBS CSI driver's docs. */
const nodePools: Controllers = {
    loadBalancerClass: "service.k8s.aws/nlb",
    ingressController: "ingress.k8s.aws/alb",
    ingressParamsGroup: "elbv2.k8s.aws",
    ingressParamsVersion: "v1beta1",
    readinessGateLabels: { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" },
    storage: { define: true, provisioner: "ebs.csi.aws.com", parameters: volumeParameters },
};

/** The controllers of a cluster whose nodes come about in the given way. */
export function controllersOf(mode: NodesConfig["mode"]): Controllers {
    switch (mode) {
        case "auto":
            return autoMode;
        case "pools":
            return nodePools;
        default:
            return mode satisfies never;
    }
}

const prefix = "service.beta.kubernetes.io/aws-load-balancer";

/**
 * A network load balancer that sends straight to pods, in every zone to the pods of all zones, and
 * asks them what the kubelet asks. A zone without a ready pod is so still a zone that answers.
 */
export function serviceTraits(controllers: Controllers, backend: Backend): ServiceTraits {
    return {
        loadBalancerClass: controllers.loadBalancerClass,
        externalTrafficPolicy: "Cluster",
        allocateLoadBalancerNodePorts: false,
        annotations: {
            [`${prefix}-scheme`]: "internet-facing",
            [`${prefix}-nlb-target-type`]: "ip",
            [`${prefix}-attributes`]: "load_balancing.cross_zone.enabled=true",
            [`${prefix}-target-group-attributes`]: `deregistration_delay.timeout_seconds=${deregistrationSeconds}`,
            [`${prefix}-healthcheck-protocol`]: "HTTP",
            [`${prefix}-healthcheck-port`]: String(backend.port),
            [`${prefix}-healthcheck-path`]: backend.readyPath,
            [`${prefix}-healthcheck-interval`]: "10",
            [`${prefix}-healthcheck-timeout`]: "5",
            [`${prefix}-healthcheck-healthy-threshold`]: "2",
            [`${prefix}-healthcheck-unhealthy-threshold`]: "2",
        },
    };
}
