import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { TlsRequest } from "../cluster";
import type { AppContext } from "./context";
import { clusterHost } from "./ingress";

/** Where an app answers on one cluster; a stack output, and what failover points at. */
export interface Endpoint {
    /** URL that reaches this cluster alone. */
    readonly url: pulumi.Output<string>;
    /** The load balancer's host name or IP address. */
    readonly address: pulumi.Output<string>;
    /** Hosted zone id for an alias record; null where the address is an IP. */
    readonly aliasZoneId: string | null;
    /** "https" or "http", with the port that belongs to it. */
    readonly scheme: "https" | "http";
    /** Whether requests are routed by host name, so that this cluster's own name needs a record first. */
    readonly routedByHost: boolean;
}

/** The endpoint that a door, an Ingress or a LoadBalancer Service, gives. */
export function endpointOf(
    { app, cluster }: AppContext,
    door: k8s.core.v1.Service | k8s.networking.v1.Ingress,
    tls: TlsRequest | undefined,
): Endpoint {
    const address = addressOf(door);
    const { ingress } = app;
    if (ingress === undefined) {
        return {
            url: pulumi.interpolate`http://${address}`,
            address,
            aliasZoneId: cluster.aliasZones?.service ?? null,
            scheme: "http",
            routedByHost: false,
        };
    }
    const scheme = tls === undefined ? "http" : "https";
    return {
        url: pulumi.output(`${scheme}://${clusterHost(cluster.name, ingress.host)}${ingress.path}`),
        address,
        aliasZoneId: cluster.aliasZones?.ingress ?? null,
        scheme,
        routedByHost: true,
    };
}

/** A status as the API server gives it: empty until a load balancer is there, whatever the SDK's types say. */
interface LoadBalancerStatus {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly hostname?: string; readonly ip?: string }[] };
}

/** The address of a load balancer, which some clouds give as a name and some as an IP. */
function addressOf(door: k8s.core.v1.Service | k8s.networking.v1.Ingress): pulumi.Output<string> {
    return pulumi.output<LoadBalancerStatus | undefined>(door.status).apply(status => {
        const [first] = status?.loadBalancer?.ingress ?? [];
        return first?.hostname ?? first?.ip ?? "";
    });
}
