import * as k8s from "@pulumi/kubernetes";

import type { TlsRequest } from "../cluster";
import type { IngressConfig } from "../config";
import { type AppContext, metadata } from "./context";
import { portName } from "./deployment";
import type { Target } from "./service";

/** Port of the Service behind the Ingress. */
const servicePort = 80;

/** The name by which one cluster alone answers: health checks ask for it, and people who debug. */
export function clusterHost(cluster: string, host: string): string {
    return `${cluster}.${host}`;
}

/**
 * Routing by host name, with TLS: the name that users ask for, and the cluster's own name under it. The
 * Service it routes to is its own, so that the settings of one load balancer never meet the other's.
 */
export function createIngress(
    context: AppContext,
    ingress: IngressConfig,
    tls: TlsRequest | undefined,
    { port, readyPath, selector, ready }: Target,
): k8s.networking.v1.Ingress {
    const { app, cluster, opts } = context;
    const hosts = [ingress.host, clusterHost(cluster.name, ingress.host)];
    const entry = cluster.createEntry(
        context.name,
        { app: app.name, hosts, namespace: context.namespace, tls, port, readyPath },
        opts,
    );
    const service = new k8s.core.v1.Service(
        `${context.name}-ingress-service`,
        {
            metadata: { ...metadata(context, `${app.name}-ingress`), annotations: entry.serviceAnnotations },
            spec: {
                type: "ClusterIP",
                selector,
                ports: [{ name: portName, port: servicePort, targetPort: portName, protocol: "TCP" }],
            },
        },
        { ...opts, dependsOn: [...ready] },
    );
    const path = {
        path: ingress.path,
        pathType: "Prefix",
        backend: { service: { name: service.metadata.name, port: { name: portName } } },
    };
    return new k8s.networking.v1.Ingress(
        `${context.name}-ingress`,
        {
            metadata: { ...metadata(context, app.name), annotations: entry.annotations },
            spec: {
                ...(entry.ingressClassName === undefined ? {} : { ingressClassName: entry.ingressClassName }),
                ...(entry.tlsSecretName === undefined ? {} : { tls: [{ hosts, secretName: entry.tlsSecretName }] }),
                rules: hosts.map(host => ({ host, http: { paths: [path] } })),
            },
        },
        { ...opts, dependsOn: [...entry.dependsOn] },
    );
}
