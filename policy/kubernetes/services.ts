import { type Typed, isOfType } from "../graph";
import { nameOf } from "../clusters";
import { type Fault, type Rule, shown } from "../rule";
import { differs, hasUnknown, isSaid, isSet, isUnknown, items } from "../values";
import { backendsOf } from "./backends";
import { knownContainers } from "./podRule";
import { type PodType, podSpecOf } from "./pods";
import { type Namespace, type Service, called, isHeadless, namespaceRule, objectRule } from "./workloads";

const serviceType = "kubernetes:core/v1:Service";
const statefulSet = "kubernetes:apps/v1:StatefulSet";
type ServicePort = NonNullable<NonNullable<Service["inputs"]["spec"]>["ports"]>[number];

/** The way from a name to a pod that answers. */
export const services: readonly Rule[] = [
    namespaceRule(
        {
            name: "service-selects-pods",
            level: "mandatory",
            why: "A Service whose selector picks nothing has no endpoint: whoever asks it gets no answer.",
            ids: ["kube-score service-targets-pod"],
            fix: "make spec.selector labels that the pods carry",
        },
        namespace =>
            namespace.isWhole
                ? namespace
                      .objects(serviceType)
                      .filter(service => hasSelector(service) && namespace.servedBy(service).length === 0 && !hasUnknown(service.inputs.spec?.selector))
                      .map(service => ({ resource: service, found: `${called(service)} picks no pods in namespace ${namespace.name} by selector ${shown(service.inputs.spec?.selector)}` }))
                : [],
    ),
    namespaceRule(
        {
            name: "service-has-selector",
            level: "advisory",
            // https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors
            why: "A Service without a selector has no endpoint but those that somebody writes by hand: whoever asks it gets no answer.",
            ids: [],
            fix: "make spec.selector labels that the pods carry, or add the EndpointSlices for it to the stack",
        },
        namespace =>
            namespace.isWhole
                ? namespace
                      .objects(serviceType)
                      .filter(service => !hasSelector(service) && differs(service.inputs.spec?.type, "ExternalName") && !hasUnknown(service.inputs.spec?.selector) && !hasEndpoints(namespace, service))
                      .map(service => ({ resource: service, found: `${called(service)}: selector is ${shown(service.inputs.spec?.selector)}, and nothing else gives it endpoints` }))
                : [],
    ),
    namespaceRule(
        {
            name: "service-port-exists",
            level: "mandatory",
            why: "A Service that sends to a port that its pods do not have leads nowhere.",
            ids: [],
            fix: "make targetPort the name or number of a container's port, and the selector pick only pods that have it",
        },
        namespace =>
            namespace.objects(serviceType).flatMap(service =>
                namespace
                    .servedBy(service)
                    .flatMap(pods => items(service.inputs.spec?.ports).filter(port => !hasUnknown(port) && !hasPort(pods, port)).map(port => ({ pods, port })))
                    .map(({ pods, port }) => ({ resource: service, found: `${called(service)} sends port ${shown(port.port)} to ${shown(targetOf(port))}, which ${called(pods)} does not have` })),
            ),
    ),
    namespaceRule(
        {
            name: "ingress-backend-exists",
            level: "mandatory",
            why: "An Ingress that sends to a Service or port that does not exist answers with errors only.",
            ids: ["kube-score ingress-targets-service"],
            fix: "name a Service of the same namespace and one of its ports",
        },
        namespace => (namespace.isWhole ? namespace.objects("kubernetes:networking.k8s.io/v1:Ingress").flatMap(ingress => backendFaults(namespace, ingress)) : []),
    ),
    objectRule(
        {
            name: "ingress-path-below",
            level: "advisory",
            // https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types
            why: "Exact takes / alone: every address below it is answered with 404.",
            ids: [],
            fix: "set pathType to Prefix",
        },
        "kubernetes:networking.k8s.io/v1:Ingress",
        ({ spec }) =>
            isSet(spec?.defaultBackend)
                ? []
                : items(spec?.rules)
                      .filter(({ http }) => items(http?.paths).length > 0 && items(http?.paths).every(({ path, pathType }) => path === "/" && pathType === "Exact"))
                      .map(({ host }) => `pathType of / is Exact for host ${shown(host)}, which has no other path`),
    ),
    objectRule(
        {
            name: "service-ready-only",
            level: "mandatory",
            why: "A Service that publishes addresses of pods that are not ready sends requests to replicas that can't serve.",
            ids: [],
            fix: "remove publishNotReadyAddresses, or make the Service headless where members look for each other",
        },
        serviceType,
        ({ spec }) => spec?.publishNotReadyAddresses === true && differs(spec.clusterIP, "None") && "publishNotReadyAddresses is true",
    ),
    objectRule(
        {
            name: "service-spreads-clients",
            level: "advisory",
            why: "Clients that stick to one replica overload it, and never reach those that the autoscaler adds.",
            ids: [],
            fix: "set sessionAffinity to None, and keep sessions outside the replicas",
        },
        serviceType,
        ({ spec }) => spec?.sessionAffinity === "ClientIP" && "sessionAffinity is ClientIP",
    ),
    namespaceRule(
        {
            name: "stateful-headless-service",
            level: "mandatory",
            why: "Replicas of a StatefulSet find each other by names that only its headless Service gives them.",
            ids: ["kube-score statefulset-has-servicename"],
            fix: "name in serviceName a Service with clusterIP None whose selector picks the StatefulSet's pods",
        },
        namespace => (namespace.isWhole ? namespace.objects(statefulSet).flatMap(set => headlessFaults(namespace, set)) : []),
    ),
];

function hasSelector({ inputs }: Service): boolean {
    return Object.keys(inputs.spec?.selector ?? {}).length > 0;
}

/** Whether the stack itself writes a Service's endpoints. */
function hasEndpoints(namespace: Namespace, service: Service): boolean {
    const name = nameOf(service) ?? "";
    const slices = namespace.objects("kubernetes:discovery.k8s.io/v1:EndpointSlice");
    return namespace.find("kubernetes:core/v1:Endpoints", name) !== undefined || slices.some(({ inputs }) => inputs.metadata?.labels?.["kubernetes.io/service-name"] === name);
}

/** Where a port of a Service leads: Kubernetes takes the same number where nothing is said. */
function targetOf({ port, targetPort }: ServicePort): unknown {
    return isSaid(targetPort) ? targetPort : port;
}

/** Whether pods have all that a Service sends to. */
export function hasPorts(pods: Typed<PodType>, { inputs }: Service): boolean {
    return items(inputs.spec?.ports).every(port => hasPort(pods, port));
}

/** Whether pods have the port that a Service sends to. Pods need not name the numbers they listen on: without any, each is taken for one. */
function hasPort(pods: Typed<PodType>, port: ServicePort): boolean {
    const target = targetOf(port);
    const protocol = port.protocol ?? "TCP";
    const containers = knownContainers(podSpecOf(pods));
    const ports = containers.flatMap(container => items(container.ports));
    return (
        hasUnknown(containers.map(container => container.ports)) ||
        (typeof target === "number" && ports.length === 0) ||
        ports.some(own => (own.name === target || own.containerPort === Number(target)) && (own.protocol ?? "TCP") === protocol)
    );
}

function backendFaults(namespace: Namespace, ingress: Typed<"kubernetes:networking.k8s.io/v1:Ingress">): readonly Fault[] {
    const found = backendsOf(ingress)
        .filter(backend => !hasUnknown(backend))
        .flatMap(({ name, port }) => {
            const service = namespace.find(serviceType, name ?? "");
            if (service === undefined) {
                return [`Service ${shown(name)}, which is not in namespace ${namespace.name}`];
            }
            const ports = items(service.inputs.spec?.ports);
            const exists = isSaid(port?.name) ? ports.some(own => own.name === port.name) : ports.some(own => own.port === port?.number);
            return exists || hasUnknown(service.inputs.spec?.ports) ? [] : [`port ${shown(isSaid(port?.name) ? port.name : port?.number)}, which ${called(service)} does not have`];
        });
    return [...new Set(found)].map(each => ({ resource: ingress, found: `${called(ingress)} sends to ${each}` }));
}

function headlessFaults(namespace: Namespace, set: Typed<typeof statefulSet>): readonly Fault[] {
    const serviceName = set.inputs.spec?.serviceName;
    if (isUnknown(serviceName)) {
        return [];
    }
    const service = namespace.find(serviceType, serviceName ?? "");
    if (!isSet(service)) {
        return [{ resource: set, found: `${called(set)}: serviceName is ${shown(serviceName)}, which is no Service of namespace ${namespace.name}` }];
    }
    if (!isHeadless(service) && !isUnknown(service.inputs.spec?.clusterIP)) {
        return [{ resource: service, found: `${called(service)} of ${called(set)}: clusterIP is ${shown(service.inputs.spec?.clusterIP)}` }];
    }
    const served = namespace.servedBy(service);
    // One that picks nothing, or has no selector, is a fault of its own.
    return served.length === 0 || served.some(pods => isOfType(pods, statefulSet) && pods === set) ? [] : [{ resource: service, found: `${called(service)} of ${called(set)} picks ${served.map(called).join(", ")}` }];
}
