import type { KubeConfig } from "@kubernetes/client-node";

import type { Api } from "../api";
import type { Component } from "./component";
import type { Certificate, User } from "./pki";

/** Components that elect a leader. */
export type Elected = "kube-scheduler" | "kube-controller-manager";

/** A Kubernetes control plane. Nodes may join it. */
export interface CorePlane {
    readonly name: string;
    /** URL of the API server. */
    readonly server: string;
    /** Way in for an admin, for the client library. */
    readonly kubeconfig: KubeConfig;
    /** The same as a file, for kubectl. */
    readonly kubeconfigFile: string;
    /** The admin's API. */
    readonly api: Api;
    /** For servers of aggregated APIs. */
    readonly certificates: Certificates;
    /** All programs. */
    readonly components: readonly Component[];
    /** A program: etcd, kube-apiserver, kube-scheduler, kube-controller-manager, the latter two also with -2, or kwok-<zone>. */
    component(name: string): Component;
    /** The instance that leads now. Waits until one does. */
    leader(of: Elected): Promise<Component>;
    /** Writes the kubeconfig of one of the users that it was started with. Returns its path. */
    kubeconfigFor(user: User): string;
    /** Ends all programs. */
    stop(): Promise<void>;
}

/** A control plane on loopback, with fake nodes in zones that can die. */
export interface ControlPlane extends CorePlane {
    readonly zones: Zones;
    /** Adds nodes to a zone. Resolves to their names when they are ready. */
    addNodes(zone: string, count: number): Promise<readonly string[]>;
    /** Takes a node away, as an autoscaler does after a drain: it and its pods are gone for good. */
    removeNode(name: string): Promise<void>;
}

export interface Zones {
    readonly names: readonly string[];
    /** A zone dies: its nodes fall silent, and so do the pods on them. */
    stop(zone: string): void;
    /** It is back, as it was. */
    resume(zone: string): void;
}

export interface Certificates {
    /** Authority of the API server's certificate and of those that `serving` issues, PEM. */
    readonly authority: string;
    /** Authority of the certificate that the API server shows to aggregated APIs, PEM. */
    readonly frontProxyAuthority: string;
    /** A certificate for a Service's server. */
    serving(service: string, namespace: string): Promise<Certificate>;
}
