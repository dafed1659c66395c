import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { eks } from "./aws";
import type { Problem } from "./config/problems";
import { existing } from "./existing";
import { gke } from "./gcp";
import type { BillLine } from "./model/cost";

/**
 * The kinds of cluster there are: the one place where a new cloud is registered. All that is special
 * about a kind lives in its folder, behind {@link ClusterKind}.
 */
export const clusterKinds = { eks, gke, existing };

type Kinds = typeof clusterKinds;

/** A cluster, as config says; `kind` tells which. */
export type ClusterConfig = z.output<Kinds[keyof Kinds]["schema"]>;

/** What the rest of Holdfast needs to know of a kind before a cluster of it exists. */
export interface ClusterKind<Schema extends z.ZodObject = z.ZodObject, Config = z.output<Schema>> {
    /** Whose cluster it is, for people: "AWS". */
    readonly cloud: string;
    /** Its entry in `holdfast:clusters`; a strict object whose `kind` is one literal. */
    readonly schema: Schema;
    /** How its load balancers are addressed. */
    readonly addressKind: AddressKind;
    /**
     * Seconds that a resolver keeps the answer for one of its load balancers, where the cloud fixes
     * it; undefined where the record's own TTL holds.
     */
    readonly fixedTtlSeconds?: number;
    /** Longest time a pod gets to end, in seconds, where the kind caps it. */
    readonly longestGraceSeconds?: number;
    /** What a pod may do to its node: anything, or no more than read the logs there. */
    hostAccess(config: Config): "any" | "logs";
    /** Bounds of a pod's memory for each core it requests, where the cloud raises what lies outside them. */
    podShape?(config: Config): PodShape | undefined;
    /** Time until its load balancers have stopped sending new requests to a replica that ends, in seconds. */
    readonly deregistrationSeconds: number;
    /** Where an Ingress takes its certificate: made by the cloud, or from a Secret. */
    readonly tlsFrom: "cloud" | "secret";
    /** Uptime commitments, as shares of time, of what a request passes; see the kind's own source note. */
    readonly commitments: readonly Commitment[];
    /** What a cluster of this kind costs; undefined where others pay for it. */
    readonly bill: KindBill<Config> | undefined;
    /** What is wrong with a config of this kind that the schema can't say. */
    check(config: Config, path: string): readonly Problem[];
    /** Problems of this kind with the Ingress asked for; undefined where it can serve it. */
    checkTls(config: Config, tls: TlsRequest, path: string): readonly Problem[];
    /** What the user should know though it works; `today` decides what is about to end. */
    warnings(config: Config, today: Date): readonly string[];
    /** The facts of a cluster that the plan shows. */
    describe(config: Config): ClusterFacts;
    /** Makes the cluster, or connects to it. */
    create(config: Config, opts: pulumi.ComponentResourceOptions): Cluster;
}

/** What the resources of a kind of cluster cost, each by its own rule. Pure. */
export interface KindBill<Config> {
    /** What is paid by use and so is in no estimate, in words. */
    readonly usage: string;
    /** Cloud resources by type, from their inputs and their provider's region. */
    readonly resources: Readonly<Record<string, (inputs: Readonly<Record<string, unknown>>, region: string) => BillLine[]>>;
    /** A Service of type LoadBalancer. */
    service(config: Config): BillLine[];
    ingress(config: Config): BillLine[];
    volume(config: Config, gib: number): BillLine[];
    /** The nodes for pods that request so much, where no resource of their own stands for them. */
    nodes(config: Config, demand: { readonly cores: number; readonly gib: number }): BillLine[];
}

/** GiB of memory for each core that a pod requests. */
export interface PodShape {
    readonly minGibPerCore: number;
    readonly maxGibPerCore: number;
}

/** One uptime commitment and what it is for. */
export interface Commitment {
    readonly name: string;
    /** Share of time, 0.9999 for 99.99 %. */
    readonly share: number;
}

/** What a cluster's config says, without its kind. */
export interface ClusterFacts {
    readonly region: string;
    readonly zones: readonly string[];
    /** Kubernetes minor version; undefined where the cluster decides. */
    readonly version: string | undefined;
    /** How the nodes come about, in words. */
    readonly nodes: string;
    /** Whether deletion is refused; undefined where the cluster is not ours to delete. */
    readonly protect: boolean | undefined;
    /** Addresses of the cluster's own network; undefined where it has none of its own. */
    readonly cidr: string | undefined;
}

/** Load balancers are told apart by what they give: a name, or an address. */
export type AddressKind = "hostname" | "ip";

/**
 * A Kubernetes cluster that workloads can be put on, whoever made it. What differs between clouds is
 * data here, so that nothing that uses a cluster asks which cloud it is.
 */
export interface Cluster {
    readonly name: string;
    readonly kind: string;
    readonly region: string;
    readonly zones: readonly string[];
    /** Kubernetes version, as the cluster reports it. */
    readonly version: pulumi.Output<string>;
    /** The provider that reaches this cluster, and no other. */
    readonly provider: k8s.Provider;
    /** Reaches it too, and takes over what is there: for what outlives a stack. */
    readonly keeper: k8s.Provider;
    /** Kubeconfig as JSON; a secret. */
    readonly kubeconfig: pulumi.Output<string>;
    /** What must exist before workloads can run: nodes, routes, controllers. */
    readonly ready: readonly pulumi.Resource[];
    /** How volumes are made. */
    readonly storage: StorageTraits;
    /** Labels that an app's namespace needs, such as those that ask for readiness gates. */
    readonly namespaceLabels: Readonly<Record<string, string>>;
    /** Time until a load balancer has stopped sending new requests to a replica that ends, in seconds. */
    readonly deregistrationSeconds: number;
    readonly addressKind: AddressKind;
    /** Hosted zone ids of its load balancers, for alias records; undefined where they have addresses. */
    readonly aliasZones: AliasZones | undefined;
    /** What a LoadBalancer Service needs to be an address that survives a zone. */
    serviceTraits(backend: Backend): ServiceTraits;
    /** Makes what an Ingress needs beside itself, and says what to put into it. */
    createEntry(name: string, args: EntryArgs, opts: pulumi.ComponentResourceOptions): Entry;
}

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

/** The kind of a cluster's config. */
export function kindOf(config: ClusterConfig): ClusterKind {
    // Each kind takes the config of its own schema, and `kind` is what chose the schema; the compiler
    // cannot follow that through an index.
    return clusterKinds[config.kind];
}

/** Makes the cluster that config asks for. */
export function createCluster(config: ClusterConfig, opts: pulumi.ComponentResourceOptions = {}): Cluster {
    return kindOf(config).create(config, opts);
}
