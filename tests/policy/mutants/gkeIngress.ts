import { type Mutant, drop, set, setKey } from "../plant";

const ingress = "kubernetes:networking.k8s.io/v1:Ingress";
const service = "kubernetes:core/v1:Service";
const backendConfig = "kubernetes:cloud.google.com/v1:BackendConfig";
const frontendConfig = "kubernetes:networking.gke.io/v1beta1:FrontendConfig";

/** What Google's load balancer is told of an Ingress. */
export const gkeIngress: readonly Mutant[] = [
    {
        defect: "a Google Ingress with Google's own TLS policy",
        rule: "gke-ingress-tls",
        plant: setKey(ingress, "central-shop-ingress", "metadata.annotations", "networking.gke.io/v1beta1.FrontendConfig", undefined),
    },
    { defect: "a FrontendConfig that isn't there", rule: "gke-ingress-tls", plant: drop(frontendConfig, "central-shop-entry-frontend") },
    { defect: "a FrontendConfig without a TLS policy", rule: "gke-ingress-tls", plant: set(frontendConfig, "central-shop-entry-frontend", "spec.sslPolicy", undefined) },
    {
        defect: "plain HTTP to Google's load balancer",
        rule: "gke-ingress-redirect",
        plant: set(frontendConfig, "central-shop-entry-frontend", "spec.redirectToHttps", undefined),
    },
    {
        defect: "no draining by Google's load balancer",
        rule: "gke-backend-draining",
        plant: set(backendConfig, "central-shop-entry-backend", "spec.connectionDraining", undefined),
    },
    { defect: "a BackendConfig that isn't there", rule: "gke-backend-draining", plant: drop(backendConfig, "central-shop-entry-backend") },
    {
        defect: "a Service that names no BackendConfig",
        rule: "gke-backend-draining",
        plant: setKey(service, "central-shop-ingress-service", "metadata.annotations", "cloud.google.com/backend-config", undefined),
    },
    {
        defect: "a health check of a port that no container has",
        rule: "gke-backend-port",
        plant: set(backendConfig, "central-shop-entry-backend", "spec.healthCheck.port", 8080),
    },
    {
        defect: "Google's load balancer by way of nodes",
        rule: "gke-backend-neg",
        plant: setKey(service, "central-shop-ingress-service", "metadata.annotations", "cloud.google.com/neg", '{"ingress":false}'),
    },
];
