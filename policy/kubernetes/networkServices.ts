import type { InputsByType } from "../inputs";
import { type Rule, resourceRule } from "../rule";
import { isSaid, isUnknown, items } from "../values";

type Service = InputsByType["kubernetes:core/v1:Service"];
type Ingress = InputsByType["kubernetes:networking.k8s.io/v1:Ingress"];

/** How the world comes in. */
export const networkServices: readonly Rule[] = [
    resourceRule(
        {
            name: "service-node-port",
            level: "mandatory",
            why: "A node port opens the app on every node, past the load balancer and its health checks.",
            ids: ["kube-score service-type"],
            fix: "use type ClusterIP with an Ingress, or LoadBalancer",
        },
        "kubernetes:core/v1:Service",
        ({ spec }) => spec?.type === "NodePort" && "type is NodePort",
    ),
    resourceRule(
        {
            name: "service-external-ips",
            level: "mandatory",
            why: "A Service takes whatever the cluster sends to its external addresses, also to those that belong to others.",
            ids: ["CVE-2020-8554"],
            fix: "remove externalIPs, and use type LoadBalancer",
        },
        "kubernetes:core/v1:Service",
        ({ spec }) => items(spec?.externalIPs).length > 0 && `externalIPs are ${items(spec?.externalIPs).join(", ")}`,
    ),
    resourceRule(
        {
            name: "service-public-ports",
            level: "advisory",
            why: "The internet finds and tries every open port of a public load balancer, most of all those of databases.",
            ids: [],
            fix: "leave ports 80 and 443; make the load balancer internal, or name those who may use it in loadBalancerSourceRanges",
        },
        "kubernetes:core/v1:Service",
        service =>
            isPublic(service) &&
            items(service.spec?.ports)
                .flatMap(({ port }) => (typeof port === "number" && !webPorts.includes(port) ? [port] : []))
                .map(port => `port ${port} is open to the world`),
    ),
    resourceRule(
        {
            name: "ingress-tls",
            level: "advisory",
            why: "Without TLS whoever is on the way reads and changes what users and the app send each other.",
            ids: ["CIS EKS 5.4.5"],
            fix: "name a certificate: spec.tls with a Secret, or on an AWS load balancer an HTTPS listener with certificate-arn",
        },
        "kubernetes:networking.k8s.io/v1:Ingress",
        ingress => !hasTls(ingress) && "neither spec.tls nor an annotation names a certificate for HTTPS",
    ),
    resourceRule(
        {
            name: "ingress-snippets",
            level: "mandatory",
            why: "A snippet is configuration of the proxy itself: who may write an Ingress reads every Secret that the proxy can.",
            ids: ["CKV_K8S_152", "CKV_K8S_153", "CKV_K8S_154", "CVE-2021-25742"],
            fix: "remove the annotation",
        },
        "kubernetes:networking.k8s.io/v1:Ingress",
        ({ metadata }) =>
            Object.keys(metadata?.annotations ?? {})
                .filter(key => /^nginx\.(ingress\.kubernetes\.io|org)\/.*-snippets?$/.test(key))
                .map(key => `annotation ${key} is set`),
    ),
];

const webPorts: readonly number[] = [80, 443];

const awsScheme = "service.beta.kubernetes.io/aws-load-balancer-scheme";

/** Annotations that keep a load balancer inside: of AWS' old and new controllers, of Google, of Azure. */
const internalAnnotations: readonly (readonly [key: string, value: string])[] = [
    [awsScheme, "internal"],
    ["service.beta.kubernetes.io/aws-load-balancer-internal", "true"],
    ["networking.gke.io/load-balancer-type", "Internal"],
    ["cloud.google.com/load-balancer-type", "Internal"],
    ["service.beta.kubernetes.io/azure-load-balancer-internal", "true"],
];

/**
 * Classes whose load balancers are internal unless the scheme says otherwise
 * (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/nlb/).
 */
const internalByDefault: readonly (string | undefined)[] = [
    "service.k8s.aws/nlb",
    "eks.amazonaws.com/nlb",
    "networking.gke.io/l4-regional-internal",
];

/** Whether a Service's load balancer takes requests from everywhere. */
export function isPublic({ metadata, spec }: Service): boolean {
    const annotations = metadata?.annotations ?? {};
    const internal = internalAnnotations.some(([key, value]) => annotations[key] === value);
    const byClass = internalByDefault.includes(spec?.loadBalancerClass) && annotations[awsScheme] !== "internet-facing";
    return spec?.type === "LoadBalancer" && !internal && !byClass && items(spec.loadBalancerSourceRanges).length === 0;
}

/** Annotations that name certificates: of AWS, then of Google (https://cloud.google.com/kubernetes-engine/docs/concepts/ingress-xlb). */
const certificateAnnotations = [
    "alb.ingress.kubernetes.io/certificate-arn",
    "networking.gke.io/managed-certificates",
    "networking.gke.io/certmap",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
];

/**
 * Whether an Ingress answers by HTTPS. An AWS load balancer listens by HTTPS where listen-ports say so, or
 * where they are left out and certificate-arn is given
 * (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#listen-ports).
 */
export function hasTls({ metadata, spec }: Ingress): boolean {
    const annotations = metadata?.annotations ?? {};
    const listenPorts = annotations["alb.ingress.kubernetes.io/listen-ports"];
    if (isSaid(listenPorts)) {
        return listenPorts.includes("HTTPS") || isUnknown(listenPorts);
    }
    return items(spec?.tls).length > 0 || certificateAnnotations.some(key => isSaid(annotations[key]));
}
