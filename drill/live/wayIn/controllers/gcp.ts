import { z } from "zod";

import type { KubeObject } from "../../../api";
import { healthPort } from "../../cluster/kubeProxy";
import { Unplayable } from "../../unplayable";
import { type Door, type TargetCheck, detectionSecondsOf } from "../door";
import { type IngressObject, type ServiceObject, ofKind, routeOf, serviceNamed } from "../objects";
import { type Controller, annotationsBelow, json, layerFour, read, synSeconds } from "./controller";

/**
 * GKE's controllers (https://github.com/kubernetes/ingress-gce, read in August 2026): an external passthrough Network Load Balancer for a Service,
 * a classic Application Load Balancer with container-native endpoints for an Ingress.
 */

/** GKE's own annotations of a Service; the same on both kinds of balancer. */
const serviceSettings = z.strictObject({ "weighted-load-balancing": z.literal("pods-per-node").optional() });

const cloudSettings = z.strictObject({
    neg: json.pipe(z.object({ ingress: z.literal(true, "only container-native load balancing is played") })),
    "backend-config": json.pipe(z.object({ default: z.string() })),
});

const ingressSettings = z.strictObject({ "v1beta1.FrontendConfig": z.string().optional() });

const backendConfig = z.object({
    metadata: z.object({ name: z.string(), namespace: z.string() }),
    spec: z.object({
        healthCheck: z.object({
            type: z.literal("HTTP", "only HTTP checks are played"),
            port: z.number().optional(),
            requestPath: z.string().default("/"),
            // defaultNEG… in pkg/translator/healthchecks.go
            checkIntervalSec: z.number().default(15),
            timeoutSec: z.number().default(15),
            healthyThreshold: z.number().default(1),
            unhealthyThreshold: z.number().default(2),
        }),
        // ingress-gce sets none where nothing is asked for (EnsureDraining in pkg/backends/features/draining.go); 0 is none.
        connectionDraining: z.object({ drainingTimeoutSec: z.number().default(0) }).default({ drainingTimeoutSec: 0 }),
    }),
});

const frontendConfig = z.object({
    metadata: z.object({ name: z.string(), namespace: z.string() }),
    spec: z.object({ redirectToHttps: z.object({ enabled: z.boolean() }).optional() }),
});

/** gceLocalHc…, gceSharedHc… and gceHc… in pkg/l4/healthchecks/healthchecksl4.go. kube-proxy answers: for one Service under policy Local, else for the node. */
const localCheck: TargetCheck = { protocol: "http", path: "/healthz", statuses: "200", port: "healthCheckNodePort", intervalSeconds: 3, timeoutSeconds: 1, unhealthy: 2, healthy: 1, initial: 1 };
const sharedCheck: TargetCheck = { protocol: "http", path: "/healthz", statuses: "200", port: healthPort, intervalSeconds: 8, timeoutSeconds: 1, unhealthy: 3, healthy: 1, initial: 1 };

/** DefaultConnectionDrainingTimeoutSeconds in pkg/l4/backends/backends.go. */
const passthroughDrainSeconds = 30;

/** Google's network forgets idle TCP connections after ten minutes (https://cloud.google.com/compute/docs/troubleshooting/general-tips). */
const passthroughIdleSeconds = 600;

/**
 * Time until a pod that was taken out gets nothing new, in seconds. A guess: Google states none. It says that a preStop sleep has to last about as long as it takes "for the endpoint to be removed from
 * the NEG", and sleeps 40 s in its example (https://cloud.google.com/knowledge/kb/502-503-errors-on-external-http-s-load-balancer-000006416); a user saw 5 to 10 s
 * (https://github.com/kubernetes/ingress-gce/issues/638).
 */
const withdrawSeconds = 15;

/** Default timeout of a backend service, in seconds (https://cloud.google.com/kubernetes-engine/docs/how-to/ingress-configuration#timeout). */
const backendSeconds = 30;

const passthroughUnproved = [
    "GKE's passthrough load balancer hands packets to a node as they are, and the node answers clients itself; here connections end at the balancer and go on to the node's port of the Service",
    "each of Google's probers checks a node on its own; here one balancer a cluster does",
];

const applicationUnproved = [
    `Google does not say for how long an endpoint that is taken out still gets requests; here it is ${withdrawSeconds} s, while Google's own example of a preStop sleep waits 40 s`,
    "Google's front ends are spread over the world and may try a failed request again; here there is one, and it never does",
];

function serviceDoor(service: ServiceObject): Door {
    const { metadata, spec } = service;
    const whose = `Service ${metadata.namespace}/${metadata.name}`;
    const settings = read(serviceSettings, annotationsBelow(metadata.annotations, "networking.gke.io/"), whose);
    if (!spec.allocateLoadBalancerNodePorts) {
        throw new Unplayable(`${whose} has no node ports, by which live drills reach the nodes behind GKE's passthrough load balancer: set allocateLoadBalancerNodePorts: true`);
    }
    const local = spec.externalTrafficPolicy === "Local";
    const check = local ? localCheck : sharedCheck;
    return {
        ...layerFour(service),
        targets: "nodes",
        // LocalL4EndpointsCalculator in pkg/neg/syncers/endpoints_calculator.go: nodes that run endpoints of the Service.
        localNodes: local,
        // "has no effect with External Traffic Policy: Cluster" (pkg/l4/resources/l4netlb.go).
        weighted: local && settings["weighted-load-balancing"] !== undefined,
        check,
        // A node leaves with its last endpoint; until the balancer knows, its check finds that out.
        withdrawSeconds: 0,
        deregistrationSeconds: passthroughDrainSeconds,
        endsUnhealthy: false,
        // "When all backend VMs are unhealthy, the load balancer distributes new connections among all backends as a last resort"
        // (https://cloud.google.com/load-balancing/docs/network/ext-netlb-traffic-distribution).
        failsOpen: true,
        retries: 0,
        connectSeconds: synSeconds,
        idleSeconds: passthroughIdleSeconds,
        spread: "one",
        crossZone: true,
        detectionSeconds: detectionSecondsOf(check),
        unproved: passthroughUnproved,
    };
}

function endpointCheck(healthCheck: z.output<typeof backendConfig>["spec"]["healthCheck"]): TargetCheck {
    return {
        protocol: "http",
        path: healthCheck.requestPath,
        // https://cloud.google.com/load-balancing/docs/health-check-concepts#criteria-protocol-http
        statuses: "200",
        port: healthCheck.port ?? "traffic",
        intervalSeconds: healthCheck.checkIntervalSec,
        timeoutSeconds: healthCheck.timeoutSec,
        healthy: healthCheck.healthyThreshold,
        unhealthy: healthCheck.unhealthyThreshold,
        initial: healthCheck.healthyThreshold,
    };
}

function ingressDoor(ingress: IngressObject, objects: readonly KubeObject[]): Door {
    const { metadata, spec } = ingress;
    const { namespace, annotations } = metadata;
    const whose = `Ingress ${namespace}/${metadata.name}`;
    const { hosts, service, servicePort } = routeOf(ingress);
    const { "v1beta1.FrontendConfig": frontendName } = read(ingressSettings, annotationsBelow(annotations, "networking.gke.io/"), whose);
    const behind = read(cloudSettings, annotationsBelow(serviceNamed(objects, namespace, service).metadata.annotations, "cloud.google.com/"), `Service ${namespace}/${service}`);
    const { healthCheck, connectionDraining } = read(backendConfig, named(objects, "cloud.google.com/v1", "BackendConfig", namespace, behind["backend-config"].default), `BackendConfig of ${whose}`).spec;
    const frontend = frontendName === undefined ? undefined : read(frontendConfig, named(objects, "networking.gke.io/v1beta1", "FrontendConfig", namespace, frontendName), `FrontendConfig of ${whose}`);
    const redirects = frontend?.spec.redirectToHttps?.enabled ?? false;
    const check = endpointCheck(healthCheck);
    const plain = annotations["kubernetes.io/ingress.allow-http"] === "false" ? [] : [{ port: 80, tls: false, ...(redirects ? { redirect: true } : { servicePort }) }];
    const secure = spec.tls.length > 0 || annotations["ingress.gcp.kubernetes.io/pre-shared-cert"] !== undefined ? [{ port: 443, tls: true, servicePort }] : [];
    return {
        object: "Ingress",
        namespace,
        name: metadata.name,
        mode: "http",
        listens: [...plain, ...secure],
        hosts,
        service,
        targets: "pods",
        localNodes: false,
        weighted: false,
        check,
        withdrawSeconds,
        deregistrationSeconds: connectionDraining.drainingTimeoutSec,
        endsUnhealthy: false,
        failsOpen: false,
        retries: 0,
        connectSeconds: backendSeconds,
        idleSeconds: backendSeconds,
        spread: "one",
        crossZone: true,
        detectionSeconds: detectionSecondsOf(check),
        unproved: applicationUnproved,
    };
}

/** An object by its name; undefined where there is none, which no schema takes. */
function named(objects: readonly KubeObject[], apiVersion: string, kind: string, namespace: string, name: string): KubeObject | undefined {
    return ofKind(objects, apiVersion, kind).find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
}

export const gcp: Controller = { serviceDoor, ingressDoor };
