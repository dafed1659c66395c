import { type Mutant, add, both, drop, set, setKey } from "../plant";

const service = "kubernetes:core/v1:Service";
const ingress = "kubernetes:networking.k8s.io/v1:Ingress";
const namespace = "kubernetes:core/v1:Namespace";
const release = "kubernetes:helm.sh/v3:Release";
const certificate = "aws:acm/certificate:Certificate";

export const awsLoadBalancers: readonly Mutant[] = [
    { defect: "a Service of the in-tree load balancer", rule: "eks-service-has-class", plant: set(service, "east-shop-service", "spec.loadBalancerClass", undefined) },
    { defect: "an application load balancer that sends to nodes", rule: "alb-targets-pods", plant: annotateIngress("target-type", undefined) },
    {
        defect: "one Service of an Ingress that is sent to by way of nodes",
        rule: "alb-targets-pods",
        stack: "pools",
        plant: setKey(service, "east-shop-ingress-service", "metadata.annotations", "alb.ingress.kubernetes.io/target-type", "instance"),
    },
    { defect: "an Ingress without its class", rule: "alb-class-complete", plant: drop("kubernetes:networking.k8s.io/v1:IngressClass", "east-shop-entry-class") },
    {
        defect: "an Ingress class without its parameters",
        rule: "alb-class-complete",
        plant: drop("kubernetes:eks.amazonaws.com/v1:IngressClassParams", "east-shop-entry-params"),
    },
    { defect: "no load balancer controller", rule: "load-balancer-controller-works", stack: "pools", plant: drop(release, "east-nodes-load-balancers") },
    {
        defect: "a load balancer controller without a role",
        rule: "load-balancer-controller-works",
        stack: "pools",
        plant: drop("aws:eks/podIdentityAssociation:PodIdentityAssociation", "east-nodes-load-balancers"),
    },
    {
        defect: "a load balancer controller whose service account is another's",
        rule: "load-balancer-controller-works",
        stack: "pools",
        plant: both(
            drop("aws:eks/podIdentityAssociation:PodIdentityAssociation", "east-nodes-load-balancers"),
            add([release, "east-nodes-load-balancers"], "kubernetes:core/v1:ServiceAccount", "other", {
                metadata: { name: "other", namespace: "kube-system", annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/other" } },
                automountServiceAccountToken: false,
            }),
        ),
    },
    {
        defect: "a load balancer controller that has to ask the node for its network",
        rule: "load-balancer-controller-works",
        stack: "pools",
        plant: set(release, "east-nodes-load-balancers", "values.vpcId", undefined),
    },
    {
        defect: "one load balancer controller",
        rule: "load-balancer-controller-works",
        stack: "pools",
        plant: set(release, "east-nodes-load-balancers", "values.replicaCount", 1),
    },
    {
        defect: "a Service for Auto Mode on a cluster without it",
        rule: "load-balancer-controller-works",
        stack: "pools",
        plant: both(
            set(service, "east-shop-service", "spec.loadBalancerClass", "eks.amazonaws.com/nlb"),
            setKey(namespace, "east-shop-namespace", "metadata.labels", "eks.amazonaws.com/pod-readiness-gate-inject", "enabled"),
        ),
    },
    {
        defect: "pods that don't wait for Auto Mode's load balancers",
        rule: "load-balancer-readiness-gate",
        plant: setKey(namespace, "east-shop-namespace", "metadata.labels", "eks.amazonaws.com/pod-readiness-gate-inject", undefined),
    },
    {
        defect: "pods that don't wait for the controller's load balancers",
        rule: "load-balancer-readiness-gate",
        stack: "pools",
        plant: setKey(namespace, "east-shop-namespace", "metadata.labels", "elbv2.k8s.aws/pod-readiness-gate-inject", "disabled"),
    },
    { defect: "a load balancer with TLS 1.0", rule: "alb-tls-policy", plant: annotateIngress("ssl-policy", "ELBSecurityPolicy-TLS13-1-0-2021-06") },
    { defect: "a load balancer with the default TLS policy", rule: "alb-tls-policy", plant: annotateIngress("ssl-policy", undefined) },
    { defect: "a load balancer that serves without TLS as well", rule: "alb-redirects-to-tls", plant: annotateIngress("ssl-redirect", undefined) },
    { defect: "a certificate proved by e-mail", rule: "certificate-proved-by-dns", plant: set(certificate, "east-shop-entry-certificate", "validationMethod", "EMAIL") },
    {
        defect: "a certificate that nothing waits for",
        rule: "certificate-awaited",
        plant: drop("aws:acm/certificateValidation:CertificateValidation", "east-shop-entry-certificate"),
    },
    {
        defect: "a name of the certificate without proof",
        rule: "certificate-names-proved",
        plant: drop("aws:route53/record:Record", "east-shop-entry-certificate-east.shop.example.com"),
    },
];

function annotateIngress(name: string, value: string | undefined): Mutant["plant"] {
    return setKey(ingress, "east-shop-ingress", "metadata.annotations", `alb.ingress.kubernetes.io/${name}`, value);
}
