import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { Cluster } from "./cluster";
import type { AddressKind, TlsRequest } from "./clusterTraits";
import type { Problem } from "./config/problems";
import type { BillLine } from "./model/cost";

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
    /** Whether clouds can know its service accounts: its issuer of tokens is one that they reach. */
    federates(config: Config): boolean;
    /** Where volumes come from: disks of a cloud, or whatever the cluster itself has. */
    readonly disks: "cloud" | "cluster";
    /** Who adds nodes when pods don't fit. */
    nodeScaling(config: Config): NodeScaling;
    /** Whether its volumes can be copied at a point in time. */
    takesSnapshots(config: Config): boolean;
    /** Whether its cloud can keep backups in a region; undefined where it can keep none. */
    keepsBackupsIn?(region: string): boolean;
    /** What its cloud refuses in names that keeping backups brings about; undefined where it takes them all. */
    readonly refusedNames?: RefusedNames;
    /** Who else passes for a cluster's service accounts in its own cloud, for people; undefined where nobody does. */
    identityCaveat?(config: Config): string;
    /** Folder of the nodes' network plugins; undefined where only their owner knows. */
    readonly networkPlugins?: string;
    /** What is known against tunnels between pods on its network, for people; undefined where nothing is. */
    readonly tunnelCaveat?: string;
    /** Whether pods' use is measured, which autoscalers go by; where this is not here, it is. */
    hasMetricsServer?(config: Config): boolean;
    /** Whether what asks the kubelets can check their certificates; where this is not here, it can. */
    hasSignedKubelets?(config: Config): boolean;
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
    create(config: Config, opts: pulumi.ComponentResourceOptions, use: ClusterUse): Cluster;
}

/** What a stack's add-ons mean for the resources of a cluster itself. */
export interface ClusterUse {
    /** Whether an add-on decides how many nodes there are, within the pools' bounds. */
    readonly nodesScale: boolean;
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

/** Who adds nodes: the cloud by itself, an autoscaler that an add-on installs and that requests so much, or whoever owns the cluster. */
export type NodeScaling = { readonly by: "cloud" | "owner" } | { readonly by: "add-on"; readonly demand: { readonly cores: number; readonly gib: number } };

/** A rule of a cloud on names, and what breaks it. */
export interface RefusedName {
    readonly pattern: RegExp;
    /** The rule in words. */
    readonly allowed: string;
}

/** Names that a cloud refuses. */
export interface RefusedNames {
    /** In the name of a bucket. */
    readonly bucket: RefusedName;
    /** In the name of a cluster of another cloud, by which its service accounts are known. */
    readonly stranger: RefusedName;
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
