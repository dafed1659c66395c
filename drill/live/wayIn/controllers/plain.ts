import { Unplayable } from "../../unplayable";
import { type Door, type TargetCheck, detectionSecondsOf } from "../door";
import { type IngressObject, type ServiceObject, routeOf } from "../objects";
import { type Controller, layerFour } from "./controller";

/**
 * Whatever serves a cluster that exists already. What that is, nobody here knows; it is played as HAProxy with HAProxy's own defaults
 * (https://docs.haproxy.org/2.6/configuration.html: inter 2 s, fall 3, rise 2, a check that may take as long as the interval), one address,
 * and no annotation read.
 */
const manner = { intervalSeconds: 2, timeoutSeconds: 2, unhealthy: 3, healthy: 2, initial: 1 } as const;

const check: TargetCheck = { ...manner, protocol: "tcp", port: "traffic" };

/** Under policy Local kube-proxy says whether a node has a ready endpoint (https://kubernetes.io/docs/tutorials/services/source-ip/#source-ip-for-services-with-type-loadbalancer). */
const localCheck: TargetCheck = { ...manner, protocol: "http", path: "/healthz", statuses: "200", port: "healthCheckNodePort" };

/**
 * Time until a pod that was taken out gets nothing new from an Ingress, in seconds: ingress-nginx, the most usual of them, takes in changes at most 0.3 times a second
 * (--sync-rate-limit, https://github.com/kubernetes/ingress-nginx/blob/main/pkg/flags/flags.go).
 */
const withdrawSeconds = 4;

const rest = {
    localNodes: false,
    weighted: false,
    deregistrationSeconds: 0,
    endsUnhealthy: false,
    failsOpen: false,
    retries: 0,
    connectSeconds: 5,
    idleSeconds: 50,
    spread: "one",
    crossZone: true,
    unproved: ["what balances a cluster that exists already is not known; it is played as HAProxy with HAProxy's own defaults"],
} as const;

function serviceDoor(service: ServiceObject): Door {
    const { metadata, spec } = service;
    if (!spec.allocateLoadBalancerNodePorts) {
        throw new Unplayable(`Service ${metadata.namespace}/${metadata.name} has no node ports, and nothing says that its load balancer reaches pods: set allocateLoadBalancerNodePorts: true`);
    }
    const local = spec.externalTrafficPolicy === "Local";
    const own = local ? localCheck : check;
    return {
        ...rest,
        ...layerFour(service),
        targets: "nodes",
        withdrawSeconds: 0,
        check: own,
        detectionSeconds: detectionSecondsOf(own),
    };
}

function ingressDoor(ingress: IngressObject): Door {
    const { metadata, spec } = ingress;
    const { hosts, service, servicePort } = routeOf(ingress);
    return {
        ...rest,
        object: "Ingress",
        namespace: metadata.namespace,
        name: metadata.name,
        mode: "http",
        listens: [{ port: 80, tls: false, servicePort }, ...(spec.tls.length > 0 ? [{ port: 443, tls: true, servicePort }] : [])],
        hosts,
        service,
        targets: "pods",
        withdrawSeconds,
        check,
        detectionSeconds: detectionSecondsOf(check),
    };
}

export const plain: Controller = { serviceDoor, ingressDoor };
