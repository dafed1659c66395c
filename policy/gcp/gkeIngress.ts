import type { Typed } from "../graph";
import { type Ingress, backendConfigsOf, ingressesByService } from "../kubernetes/backends";
import { listeners } from "../kubernetes/probes";
import { podSpecOf } from "../kubernetes/pods";
import { type Namespace, type Service, called, namespaceRule } from "../kubernetes/workloads";
import { type Fault, type Rule, shown } from "../rule";
import { isMapping, isSaid, isSet, isUnknown, items, parsed } from "../values";

const frontendConfig = "kubernetes:networking.gke.io/v1beta1:FrontendConfig";

/** Annotations of https://cloud.google.com/kubernetes-engine/docs/how-to/ingress-configuration. */
const annotations = {
    class: "kubernetes.io/ingress.class",
    allowHttp: "kubernetes.io/ingress.allow-http",
    frontend: "networking.gke.io/v1beta1.FrontendConfig",
    backend: "cloud.google.com/backend-config",
    neg: "cloud.google.com/neg",
};

/** TLS of Google's load balancers for Ingresses. */
export const gkeIngressSecurity: readonly Rule[] = [
    namespaceRule(
        {
            name: "gke-ingress-tls",
            level: "mandatory",
            why: "Without a policy Google's load balancer takes TLS 1.0 and weak ciphers.",
            ids: [],
            fix: `name a FrontendConfig in the annotation ${annotations.frontend}, and an SSL policy in its spec.sslPolicy`,
        },
        namespace =>
            ingressesOf(namespace).flatMap((ingress): readonly Fault[] => {
                const config = frontendOf(namespace, ingress);
                if (config === undefined) {
                    return absent(ingress, annotations.frontend, "FrontendConfig");
                }
                return isSaid(config.inputs.spec?.sslPolicy) ? [] : [{ resource: config, found: `${called(config)}: spec.sslPolicy is not set` }];
            }),
    ),
    namespaceRule(
        {
            name: "gke-ingress-redirect",
            level: "mandatory",
            why: "Users who type the name come by plain HTTP, and all that they send can be read and changed on the way.",
            ids: [],
            fix: `set spec.redirectToHttps.enabled of the FrontendConfig to true, or the Ingress' annotation ${annotations.allowHttp} to "false"`,
        },
        namespace =>
            ingressesOf(namespace)
                .filter(ingress => annotationOf(ingress, annotations.allowHttp) !== "false")
                // Where there is no FrontendConfig, the rule before this one says so.
                .flatMap(ingress => frontendOf(namespace, ingress) ?? [])
                .flatMap((config): readonly Fault[] => {
                    const isOn = config.inputs.spec?.redirectToHttps?.enabled;
                    return isOn === true ? [] : [{ resource: config, found: `${called(config)}: spec.redirectToHttps.enabled is ${shown(isOn)}` }];
                }),
    ),
];

/** What Google's load balancers for Ingresses know of the pods behind them. */
export const gkeIngressReliability: readonly Rule[] = [
    namespaceRule(
        {
            name: "gke-backend-draining",
            level: "mandatory",
            why: "Google's load balancer cuts off the requests of a replica that goes, unless it is told to wait for them.",
            ids: [],
            fix: `name a BackendConfig in the Service's annotation ${annotations.backend}, with spec.connectionDraining.drainingTimeoutSec over 0`,
        },
        namespace =>
            servicesOf(namespace).flatMap((service): readonly Fault[] => {
                const configs = backendConfigsOf(namespace, service);
                if (configs.length === 0) {
                    return absent(service, annotations.backend, "BackendConfig");
                }
                return configs.flatMap((config): readonly Fault[] => {
                    const seconds = config.inputs.spec?.connectionDraining?.drainingTimeoutSec;
                    // Where nothing is said it is 0, and draining is off.
                    return (seconds ?? 0) === 0
                        ? [{ resource: config, found: `${called(config)}: spec.connectionDraining.drainingTimeoutSec is ${shown(seconds)}` }]
                        : [];
                });
            }),
    ),
    namespaceRule(
        {
            name: "gke-backend-port",
            level: "mandatory",
            why: "A load balancer that asks a port that no container has finds every replica dead, and answers 502.",
            ids: [],
            fix: "set spec.healthCheck.port of the BackendConfig to the containers' port, or leave it out",
        },
        namespace =>
            servicesOf(namespace).flatMap(service => {
                const containers = namespace.servedBy(service).flatMap(pods => listeners(podSpecOf(pods)));
                const ports = containers.flatMap(container => items(container.ports).map(({ containerPort }) => containerPort));
                return backendConfigsOf(namespace, service).flatMap((config): readonly Fault[] => {
                    const port = config.inputs.spec?.healthCheck?.port;
                    return ports.length > 0 && isSet(port) && !ports.includes(port)
                        ? [{ resource: config, found: `${called(config)}: spec.healthCheck.port is ${port}, the containers have ${ports.join(", ")}` }]
                        : [];
                });
            }),
    ),
    namespaceRule(
        {
            name: "gke-backend-neg",
            level: "mandatory",
            why: "By way of nodes, requests take a second hop, and a rollout doesn't wait until the load balancer knows a new replica.",
            ids: [],
            fix: `set the Service's annotation ${annotations.neg} to {"ingress":true}`,
        },
        namespace =>
            servicesOf(namespace).flatMap((service): readonly Fault[] => {
                const neg = parsed(annotationOf(service, annotations.neg));
                // GKE adds the annotation where there is none (https://cloud.google.com/kubernetes-engine/docs/concepts/container-native-load-balancing).
                return isMapping(neg) && neg["ingress"] !== true
                    ? [{ resource: service, found: `${called(service)}: ${annotations.neg} is ${shown(neg)}` }]
                    : [];
            }),
    ),
];

function annotationOf({ inputs }: Ingress | Service, key: string): string | undefined {
    return inputs.metadata?.annotations?.[key];
}

/** Whether Google's own controller serves an Ingress, to the world. */
function isGoogles(ingress: Ingress): boolean {
    return annotationOf(ingress, annotations.class) === "gce" || isSet(annotationOf(ingress, annotations.frontend));
}

/** Ingresses of a namespace that Google's controller ends TLS for. */
function ingressesOf(namespace: Namespace): readonly Ingress[] {
    const ingresses = namespace.objects("kubernetes:networking.k8s.io/v1:Ingress");
    return ingresses.filter(ingress => isGoogles(ingress) && items(ingress.inputs.spec?.tls).length > 0);
}

/** The fault of an annotation that names nothing, or what isn't there. */
function absent(object: Ingress | Service, key: string, kind: string): readonly Fault[] {
    const name = annotationOf(object, key);
    return isUnknown(name) ? [] : [{ resource: object, found: `${called(object)}: ${key} is ${shown(name)}, and there is no such ${kind}` }];
}

/** Services of a namespace that such Ingresses send to. */
function servicesOf(namespace: Namespace): readonly Service[] {
    return [...ingressesByService(namespace)].flatMap(([service, ingresses]) => (service !== undefined && ingresses.some(isGoogles) ? [service] : []));
}

function frontendOf(namespace: Namespace, ingress: Ingress): Typed<typeof frontendConfig> | undefined {
    const name = annotationOf(ingress, annotations.frontend);
    return isSaid(name) ? namespace.find(frontendConfig, name) : undefined;
}
