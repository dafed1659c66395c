import * as k8s from "@pulumi/kubernetes";

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
    const { app } = context;
    policy(context, "deny-all", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    policy(context, "allow-dns", {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [{ ports: ["UDP", "TCP"].map(protocol => ({ protocol, port: dnsPort })) }],
    });
    policy(context, "allow-clients", {
        podSelector: { matchLabels: selectorLabels(app.name, "app") },
        policyTypes: ["Ingress"],
        // From anywhere: load balancers keep the client's address, and the app's name is public.
        ingress: [{ ports: [{ protocol: "TCP", port: app.port }] }],
    });
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

/** The app, its jobs and the stateful replicas themselves may reach the state; nothing else may. */
function allowState(context: AppContext, port: number): void {
    const everyPod = { podSelector: { matchLabels: { "app.kubernetes.io/name": context.app.name } } };
    const state = { podSelector: { matchLabels: selectorLabels(context.app.name, "state") } };
    const ports = [{ protocol: "TCP", port }];
    policy(context, "allow-state", { ...state, policyTypes: ["Ingress"], ingress: [{ from: [everyPod], ports }] });
    policy(context, "allow-to-state", { ...everyPod, policyTypes: ["Egress"], egress: [{ to: [state], ports }] });
}

function policy(context: AppContext, role: string, spec: NetworkPolicySpec): void {
    new k8s.networking.v1.NetworkPolicy(
        `${context.name}-${role}`,
        { metadata: metadata(context, `${context.app.name}-${role}`), spec },
        context.opts,
    );
}
