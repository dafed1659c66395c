import * as k8s from "@pulumi/kubernetes";

import type { Carrier } from "../cluster";
import { type AppContext, metadata } from "./context";
import { selectorLabels } from "./labels";

type NetworkPolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;

const dnsPort = 53;

/**
 * Everything is denied; then DNS, the way in to the app, the way to the state, and what config adds.
 * DNS may go anywhere on its port: some clouds answer it in a pod, some on the node, some on a
 * link-local address, and a policy that misses theirs takes the whole app down.
 */
export function createNetworkPolicies(context: AppContext): void {
    const { app, cluster: { carrier } } = context;
    policy(context, "deny-all", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    policy(context, "allow-dns", {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [{ ports: ["UDP", "TCP"].map(protocol => ({ protocol, port: dnsPort })) }],
    });
    if (carrier?.isOnlyWay !== true) {
        allowClients(context, "allow-clients", selectorLabels(app.name, "app"), app.port);
    }
    if (carrier !== undefined) {
        allowClients(context, "allow-carrier-clients", carrier.selector(app.name), carrier.port);
        allowCarrier(context, carrier);
    }
    const { appIngress = [] } = context.cluster;
    if (appIngress.length > 0) {
        policy(context, "allow-platform", { podSelector: { matchLabels: selectorLabels(app.name, "app") }, policyTypes: ["Ingress"], ingress: [...appIngress] });
    }
    if (app.state !== undefined) {
        allowState(context, app.state.port);
    }
    if (app.network.egress.length > 0) {
        policy(context, "allow-egress", {
            podSelector: { matchLabels: { "app.kubernetes.io/name": app.name } },
            policyTypes: ["Egress"],
            egress: app.network.egress.map(({ cidr, ports }) => ({
                to: [{ ipBlock: { cidr } }],
                ports: ports.map(port => ({ protocol: "TCP", port })),
            })),
        });
    }
}

/** From anywhere: load balancers keep the client's address, and the app's name is public. */
function allowClients(context: AppContext, role: string, matchLabels: Readonly<Record<string, string>>, port: number): void {
    policy(context, role, { podSelector: { matchLabels }, policyTypes: ["Ingress"], ingress: [{ ports: [{ protocol: "TCP", port }] }] });
}

/** What carries the app's requests may reach the app. */
function allowCarrier(context: AppContext, carrier: Carrier): void {
    const { app } = context;
    const pods = { podSelector: { matchLabels: carrier.selector(app.name) } };
    const backend = { podSelector: { matchLabels: selectorLabels(app.name, "app") } };
    const ports = portsOf(context, app.port);
    policy(context, "allow-carrier", { ...backend, policyTypes: ["Ingress"], ingress: [{ from: [pods], ports }, ...probes(context, app.port)] });
    policy(context, "allow-carrier-to-app", { ...pods, policyTypes: ["Egress"], egress: [{ to: [backend], ports }] });
}

/** The app, its jobs and the stateful replicas themselves may reach the state; nothing else may. */
function allowState(context: AppContext, port: number): void {
    const everyPod = { podSelector: { matchLabels: { "app.kubernetes.io/name": context.app.name } } };
    const state = { podSelector: { matchLabels: selectorLabels(context.app.name, "state") } };
    const ports = portsOf(context, port);
    policy(context, "allow-state", { ...state, policyTypes: ["Ingress"], ingress: [{ from: [everyPod], ports }, ...probes(context, port)] });
    policy(context, "allow-to-state", { ...everyPod, policyTypes: ["Egress"], egress: [{ to: [state], ports }] });
}

/** A port, and the one by which tunnels reach it: the network sees no other. */
function portsOf({ cluster: { carrier } }: AppContext, port: number): { readonly protocol: string; readonly port: number }[] {
    return [port, ...(carrier === undefined ? [] : [carrier.tunnelPort])].map(number => ({ protocol: "TCP", port: number }));
}

/** Probes that a network takes for the world's, since a tunnel gives them another address. */
function probes({ cluster: { carrier } }: AppContext, port: number): k8s.types.input.networking.v1.NetworkPolicyIngressRule[] {
    return carrier === undefined ? [] : [{ from: [{ ipBlock: { cidr: carrier.probesFrom } }], ports: [{ protocol: "TCP", port }] }];
}

function policy(context: AppContext, role: string, spec: NetworkPolicySpec): void {
    new k8s.networking.v1.NetworkPolicy(
        `${context.name}-${role}`,
        { metadata: metadata(context, `${context.app.name}-${role}`), spec },
        context.opts,
    );
}
