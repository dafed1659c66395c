import type { KubeObject } from "../api";

/** An aggregated API that a server on this machine answers for. */
export interface AggregatedApi {
    /** Such as metrics.k8s.io. */
    readonly group: string;
    /** Such as v1beta1. */
    readonly version: string;
    /** Service that stands for the server, such as metrics-server. The server's certificate is for `<service>.<namespace>.svc`. */
    readonly service: string;
    readonly namespace: string;
    /** Port on loopback that the server listens on, by TLS. */
    readonly port: number;
    /** Authority of the server's certificate, PEM. */
    readonly authority: string;
}

/**
 * Objects that hand an API group to a server on loopback. A Service of type ExternalName is what leads out of the cluster:
 * the API server looks `localhost` up itself, and takes the port from the APIService
 * (https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/util/proxy/proxy.go, ResolveCluster).
 */
export function aggregatedApi({ group, version, service, namespace, port, authority }: AggregatedApi): readonly KubeObject[] {
    return [
        { apiVersion: "v1", kind: "Service", metadata: { name: service, namespace }, spec: { type: "ExternalName", externalName: "localhost" } },
        {
            apiVersion: "apiregistration.k8s.io/v1",
            kind: "APIService",
            metadata: { name: `${version}.${group}` },
            spec: {
                group,
                version,
                service: { name: service, namespace, port },
                caBundle: Buffer.from(authority).toString("base64"),
                groupPriorityMinimum: 100,
                versionPriority: 100,
            },
        },
    ];
}
