import { type Mutant, both, drop, set, setKey } from "../../plant";
import { appLabels, ingress, service, statefulSet } from "./types";

const nlb = "service.beta.kubernetes.io/aws-load-balancer";
const path = "spec.rules[0].http.paths[0].backend.service";
const backendConfig = "kubernetes:cloud.google.com/v1:BackendConfig";

const names: readonly Mutant[] = [
    { defect: "a Service that picks nothing", rule: "service-selects-pods", plant: set(service, "east-shop-service", "spec.selector", { app: "shop" }) },
    { defect: "a headless Service that picks nothing", rule: "service-selects-pods", plant: set(service, "east-shop-state-service", "spec.selector", { app: "shop" }) },
    { defect: "a Service without a selector", rule: "service-has-selector", plant: set(service, "east-shop-service", "spec.selector", undefined) },
    { defect: "a headless Service without a selector", rule: "service-has-selector", plant: set(service, "east-shop-state-service", "spec.selector", {}) },
    {
        defect: "an Ingress for / alone",
        rule: "ingress-path-below",
        plant: set(ingress, "east-shop-ingress", "spec.rules[0].http.paths[0].pathType", "Exact"),
    },
    { defect: "a target port that no container has", rule: "service-port-exists", plant: set(service, "east-shop-service", "spec.ports[0].targetPort", "web") },
    { defect: "a headless Service's target port that no container has", rule: "service-port-exists", plant: set(service, "central-shop-state-service", "spec.ports[0].targetPort", "redis") },
    { defect: "a Service that also picks the state's pods", rule: "service-port-exists", plant: set(service, "east-shop-ingress-service", "spec.selector", { "app.kubernetes.io/name": "shop" }) },
    { defect: "an Ingress to a Service that is not there", rule: "ingress-backend-exists", plant: set(ingress, "east-shop-ingress", `${path}.name`, "shop-web") },
    { defect: "an Ingress whose Service is gone", rule: "ingress-backend-exists", plant: drop(service, "central-shop-ingress-service") },
    { defect: "an Ingress to a port that its Service does not have", rule: "ingress-backend-exists", plant: set(ingress, "east-shop-ingress", `${path}.port`, { number: 8080 }) },
    { defect: "an Ingress' default to a port by a name that is not there", rule: "ingress-backend-exists", plant: set(ingress, "central-shop-ingress", "spec.defaultBackend", { service: { name: "shop-ingress", port: { name: "web" } } }) },
    { defect: "a Service that sends to pods that are not ready", rule: "service-ready-only", plant: set(service, "east-shop-service", "spec.publishNotReadyAddresses", true) },
    { defect: "clients that stick to a replica", rule: "service-spreads-clients", plant: set(service, "east-shop-ingress-service", "spec.sessionAffinity", "ClientIP") },
    { defect: "a StatefulSet whose Service is gone", rule: "stateful-headless-service", plant: drop(service, "central-shop-state-service") },
    { defect: "a StatefulSet of another Service's name", rule: "stateful-headless-service", plant: set(statefulSet, "east-shop-state", "spec.serviceName", "shop-db") },
    {
        defect: "a StatefulSet whose Service has an address of its own",
        rule: "stateful-headless-service",
        plant: both(set(service, "east-shop-state-service", "spec.clusterIP", undefined), set(service, "east-shop-state-service", "spec.publishNotReadyAddresses", undefined)),
    },
    {
        defect: "a StatefulSet whose Service picks the app",
        rule: "stateful-headless-service",
        plant: both(set(service, "east-shop-state-service", "spec.selector", appLabels), set(service, "east-shop-state-service", "spec.ports[0].targetPort", "http")),
    },
];

const balancers: readonly Mutant[] = [
    { defect: "cross-zone balancing off", rule: "load-balancer-cross-zone", plant: setKey(service, "east-shop-service", "metadata.annotations", `${nlb}-attributes`, "load_balancing.cross_zone.enabled=false") },
    { defect: "cross-zone balancing left to AWS's default", rule: "load-balancer-cross-zone", plant: setKey(service, "east-shop-service", "metadata.annotations", `${nlb}-attributes`, undefined) },
    { defect: "a load balancer that sends to nodes on EKS", rule: "load-balancer-sees-pods", plant: setKey(service, "east-shop-service", "metadata.annotations", `${nlb}-nlb-target-type`, "instance") },
    { defect: "a load balancer that sees nodes alone on GKE", rule: "load-balancer-sees-pods", plant: set(service, "central-shop-service", "spec.externalTrafficPolicy", "Cluster") },
    { defect: "a load balancer that asks for liveness", rule: "load-balancer-asks-readiness", plant: setKey(service, "east-shop-service", "metadata.annotations", `${nlb}-healthcheck-path`, "/healthz") },
    { defect: "a load balancer that asks for the port alone", rule: "load-balancer-asks-readiness", plant: setKey(service, "east-shop-service", "metadata.annotations", `${nlb}-healthcheck-protocol`, undefined) },
    { defect: "an Ingress that asks for /", rule: "load-balancer-asks-readiness", plant: setKey(ingress, "east-shop-ingress", "metadata.annotations", "alb.ingress.kubernetes.io/healthcheck-path", undefined) },
    { defect: "a BackendConfig that asks for liveness", rule: "load-balancer-asks-readiness", plant: set(backendConfig, "central-shop-entry-backend", "spec.healthCheck.requestPath", "/healthz") },
];

export const services: readonly Mutant[] = [...names, ...balancers];
