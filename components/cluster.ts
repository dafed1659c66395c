import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { eks } from "./aws";
import type { ClusterBackups } from "./backups";
import type { Carrier } from "./carrier";
import type { ClusterKind, ClusterUse } from "./clusterKind";
import type { AddressKind, AliasZones, Backend, Entry, EntryArgs, ServiceTraits, StorageTraits } from "./clusterTraits";
import { existing } from "./existing";
import { gke } from "./gcp";
import type { WorkloadIdentity } from "./identity";

export type { Carrier, CarrierArgs } from "./carrier";
export type * from "./clusterKind";
export type * from "./clusterTraits";

/**
 * The kinds of cluster there are: the one place where a new cloud is registered. All that is special
 * about a kind lives in its folder, behind {@link ClusterKind}.
 */
export const clusterKinds = { eks, gke, existing };

type Kinds = typeof clusterKinds;

/** A cluster, as config says; `kind` tells which. */
export type ClusterConfig = z.output<Kinds[keyof Kinds]["schema"]>;

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
    /** How its service accounts act in a cloud without a stored key; undefined where no cloud can know them. */
    readonly identity: WorkloadIdentity | undefined;
    /** What must exist before workloads can run: nodes, routes, controllers. */
    readonly ready: readonly pulumi.Resource[];
    /** How volumes are made. */
    readonly storage: StorageTraits;
    /** How they are copied, and where copies of any cluster's are kept. */
    readonly backups: ClusterBackups;
    /** Who collects metrics here and tells of what is wrong; undefined for nobody. */
    readonly watcher?: Watcher;
    /** Labels that an app's namespace needs, such as those that ask for readiness gates. */
    readonly namespaceLabels: Readonly<Record<string, string>>;
    /** Ways in to the app's replicas that add-ons need, beside the clients'; none where this is not here. */
    readonly appIngress?: readonly k8s.types.input.networking.v1.NetworkPolicyIngressRule[];
    /** Time until a load balancer has stopped sending new requests to a replica that ends, in seconds. */
    readonly deregistrationSeconds: number;
    readonly addressKind: AddressKind;
    /** Hosted zone ids of its load balancers, for alias records; undefined where they have addresses. */
    readonly aliasZones: AliasZones | undefined;
    /** What carries an app's requests, where something does; undefined where load balancers, and pods among themselves, reach pods straight. */
    readonly carrier?: Carrier;
    /** What a LoadBalancer Service needs to be an address that survives a zone. */
    serviceTraits(backend: Backend): ServiceTraits;
    /** Makes what an Ingress needs beside itself, and says what to put into it. */
    createEntry(name: string, args: EntryArgs, opts: pulumi.ComponentResourceOptions): Entry;
    /** Installs what adds nodes, and takes them away; undefined where nothing has to be, or can be. */
    readonly createNodeAutoscaler?: (name: string, args: NodeAutoscalerArgs, opts: pulumi.ComponentResourceOptions) => readonly pulumi.Resource[];
}

/** A Prometheus by its operator. */
export interface Watcher {
    /** Labels by which it chooses its monitors and rules, in every namespace. */
    readonly labels: Readonly<Record<string, string>>;
    /** What brings their types. */
    readonly ready: readonly pulumi.Resource[];
}

/** How nodes are added. */
export interface NodeAutoscalerArgs {
    /** Which pools grow first, where pods fit into either. */
    readonly prefer: "spot" | "on-demand";
}

/** The kind of a cluster's config. */
export function kindOf(config: ClusterConfig): ClusterKind {
    // Each kind takes the config of its own schema, and `kind` is what chose the schema; the compiler
    // cannot follow that through an index.
    return clusterKinds[config.kind];
}

/** Makes the cluster that config asks for. */
export function createCluster(config: ClusterConfig, opts: pulumi.ComponentResourceOptions = {}, use: ClusterUse = { nodesScale: false }): Cluster {
    return kindOf(config).create(config, opts, use);
}
