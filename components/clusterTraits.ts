import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Load balancers are told apart by what they give: a name, or an address. */
export type AddressKind = "hostname" | "ip";

/** How volumes are made: a class to define, or one that the cluster has (undefined name: its default). */
export type StorageTraits =
    | {
          readonly define: true;
          readonly provisioner: string;
          readonly parameters: Readonly<Record<string, string>>;
          readonly allowedTopologies?: k8s.types.input.core.v1.TopologySelectorTerm[];
      }
    | { readonly define: false; readonly className: string | undefined };

/** Route 53 hosted zone ids of the two kinds of load balancer. */
export interface AliasZones {
    readonly service: string;
    readonly ingress: string;
}

/** What a load balancer asks for when it checks a replica. */
export interface Backend {
    /** Port of the container. */
    readonly port: number;
    /** Readiness path. */
    readonly readyPath: string;
}

/** The cloud's part of a LoadBalancer Service. */
export interface ServiceTraits {
    readonly annotations: Readonly<Record<string, string>>;
    readonly loadBalancerClass?: string;
    readonly externalTrafficPolicy: "Local" | "Cluster";
    /** False where the load balancer sends to pods and needs no ports on the nodes. */
    readonly allocateLoadBalancerNodePorts: boolean;
}

/** The TLS that an Ingress is asked for. */
export interface TlsRequest {
    /** Name that users ask for. */
    readonly host: string;
    /** Hosted zone that can prove a certificate. */
    readonly zone: string | undefined;
    readonly secretName: string;
    /** cert-manager issuer of the Secret; undefined where the user puts it there. */
    readonly issuer: string | undefined;
}

/** What an Ingress will route. */
export interface EntryArgs extends Backend {
    /** Name of the app. */
    readonly app: string;
    /** Host names, the one users ask for first. */
    readonly hosts: readonly string[];
    readonly namespace: pulumi.Input<string>;
    /** Undefined for plain HTTP. */
    readonly tls: TlsRequest | undefined;
}

/** The cloud's part of an Ingress. */
export interface Entry {
    readonly ingressClassName?: pulumi.Input<string>;
    readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
    /** For the Service that the Ingress routes to. */
    readonly serviceAnnotations: Readonly<Record<string, pulumi.Input<string>>>;
    /** Secret for `spec.tls`; undefined where the load balancer takes its certificate elsewhere. */
    readonly tlsSecretName: string | undefined;
    /** What must exist before the Ingress is read by its controller. */
    readonly dependsOn: readonly pulumi.Resource[];
}
