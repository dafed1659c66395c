import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { agentNamespace, pods, ports, storeNamespace } from "./places";

type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;

/** Prometheus, of the add-on `monitoring`. */
const prometheus: Peer = inNamespace("monitoring", { "app.kubernetes.io/name": "prometheus" });

/**
 * Ports that API servers listen on: the clouds', Kubernetes' own default, minikube's. A policy sees the address behind the Service
 * (https://kubernetes.io/docs/concepts/services-networking/network-policies/), and that is known only in the cluster.
 */
const apiServerPorts = [443, 6443, 8443];

/** Any address but the one that hands out a node's rights in its cloud. */
const anywhere: Peer = { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } };

/** A rule for one part of the pods in a namespace. */
interface Allowed {
    readonly role: string;
    readonly pods: Readonly<Record<string, string>>;
    readonly from?: readonly Peer[];
    readonly to?: readonly Peer[];
    readonly ports: readonly number[];
}

/** Where the agents ship to. */
export interface Destination {
    /** Port of the endpoint. */
    readonly port: number;
    /** Whether it is the cluster's own Elasticsearch; a policy can't name another by its name. */
    readonly inCluster: boolean;
}

/** The agents may look up names and ship, and Prometheus may ask them. */
export function createAgentPolicies(name: string, { port, inCluster }: Destination, monitored: boolean, opts: pulumi.CustomResourceOptions): void {
    denyAll(`${name}-agents`, agentNamespace, opts);
    const to = inCluster ? [inNamespace(storeNamespace, pods.store)] : [anywhere];
    allow(`${name}-agents`, agentNamespace, { role: "ship", pods: pods.agent, to, ports: [port] }, opts);
    if (monitored) {
        allow(`${name}-agents`, agentNamespace, { role: "metrics", pods: pods.agent, from: [prometheus], ports: [ports.agent] }, opts);
    }
}

/** Elasticsearch's nodes talk to each other; operator, setup and agents to them; operator and setup to the API server. */
export function createStorePolicies(name: string, opts: pulumi.CustomResourceOptions): void {
    const nodes: Peer = { podSelector: { matchLabels: pods.store } };
    const neighbours: Peer[] = [pods.operator, pods.setup].map(matchLabels => ({ podSelector: { matchLabels } }));
    const rules: readonly Allowed[] = [
        { role: "members-in", pods: pods.store, from: [nodes], ports: [ports.transport] },
        { role: "members-out", pods: pods.store, to: [nodes], ports: [ports.transport] },
        { role: "clients", pods: pods.store, from: [...neighbours, inNamespace(agentNamespace, pods.agent)], ports: [ports.api] },
        { role: "operator", pods: pods.operator, to: [nodes], ports: [ports.api] },
        { role: "operator-api", pods: pods.operator, to: [anywhere], ports: apiServerPorts },
        { role: "setup", pods: pods.setup, to: [nodes], ports: [ports.api] },
        { role: "setup-api", pods: pods.setup, to: [anywhere], ports: apiServerPorts },
    ];
    denyAll(name, storeNamespace, opts);
    for (const rule of rules) {
        allow(name, storeNamespace, rule, opts);
    }
}

function inNamespace(namespace: string, matchLabels: Readonly<Record<string, string>>): Peer {
    return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } }, podSelector: { matchLabels } };
}

/** Everything is denied, but for DNS, which may be anywhere: clouds answer it in a pod, on the node or at an address of their own. */
function denyAll(name: string, namespace: string, opts: pulumi.CustomResourceOptions): void {
    policy(name, namespace, "deny-all", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }, opts);
    const dns = ["UDP", "TCP"].map(protocol => ({ protocol, port: 53 }));
    policy(name, namespace, "allow-dns", { podSelector: {}, policyTypes: ["Egress"], egress: [{ ports: dns }] }, opts);
}

function allow(name: string, namespace: string, { role, pods: matchLabels, from, to, ports: open }: Allowed, opts: pulumi.CustomResourceOptions): void {
    const tcp = open.map(port => ({ protocol: "TCP", port }));
    const podSelector = { matchLabels };
    const spec: Spec =
        from === undefined
            ? { podSelector, policyTypes: ["Egress"], egress: [{ to: [...(to ?? [])], ports: tcp }] }
            : { podSelector, policyTypes: ["Ingress"], ingress: [{ from: [...from], ports: tcp }] };
    policy(name, namespace, `allow-${role}`, spec, opts);
}

function policy(name: string, namespace: string, role: string, spec: Spec, opts: pulumi.CustomResourceOptions): void {
    new k8s.networking.v1.NetworkPolicy(
        `${name}-${role}`,
        { metadata: { name: role, namespace, labels: { "app.kubernetes.io/managed-by": "holdfast" } }, spec },
        opts,
    );
}
