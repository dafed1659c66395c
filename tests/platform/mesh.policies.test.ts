// What mocks can't prove: that a network enforces the one kind of policy, or a node the other.
import assert from "node:assert/strict";

import type * as k8s from "@pulumi/kubernetes";

import type { PlannedStack } from "../../plan/run";
import { first, podOwners, types, zonedCluster } from "../support/kubernetes";
import { all, minimalApp } from "../support/plan";
import { type Labels, appPods, gatewayPods, istio, meshedApp, nameLabel, partLabel, planMesh, specsOf } from "./meshPlans";

type PolicySpec = k8s.types.output.networking.v1.NetworkPolicySpec;
type ServiceSpec = k8s.types.output.core.v1.ServiceSpec;

interface Authorization {
    readonly selector?: { readonly matchLabels: Labels };
    readonly action?: string;
    readonly rules?: readonly {
        readonly from?: readonly { readonly source: { readonly principals: readonly string[] } }[];
        readonly to: readonly { readonly operation: { readonly ports: readonly string[] } }[];
    }[];
}

describe("who may reach whom in the mesh", () => {
    let on: PlannedStack;

    before(async () => {
        on = await planMesh();
    });

    it("is by mutual TLS alone", () => {
        assert.deepEqual([...specsOf(on, istio("PeerAuthentication")).values()], [{ mtls: { mode: "STRICT" } }]);
    });

    it("is the same by identity as by address", async () => {
        for (const planned of [meshedApp, minimalApp]) {
            const of = await planMesh(true, zonedCluster, planned);
            for (const { template } of podOwners(of)) {
                assert.equal(template.spec.serviceAccountName, template.metadata.labels[nameLabel]);
            }
            const byAddress = networkEdges(of);
            assert.ok(byAddress.length >= 2);
            assert.deepEqual(identityEdges(of), byAddress);
        }
    });

    it("is nothing at first", () => {
        assert.deepEqual(specsOf<Authorization>(on, istio("AuthorizationPolicy")).get("mesh-deny-all"), {});
        assert.deepEqual(specsOf<PolicySpec>(on, types.networkPolicy).get("deny-all"), { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    });

    it("lets tunnels through where it lets ports, and the kubelet's probes from where the mesh has them come", () => {
        const policies = specsOf<PolicySpec>(on, types.networkPolicy);
        const tunnel = { protocol: "TCP", port: 15008 };
        const probes = (port: number) => ({ from: [{ ipBlock: { cidr: "169.254.7.127/32" } }], ports: [{ protocol: "TCP", port }] });
        for (const [role, port] of [["allow-carrier", 9898], ["allow-state", 6379]] as const) {
            const [peers, kubelet] = policies.get(role)?.ingress ?? [];
            assert.deepEqual([peers?.ports, kubelet], [[{ protocol: "TCP", port }, tunnel], probes(port)]);
        }
        for (const [role, port] of [["allow-carrier-to-app", 9898], ["allow-to-state", 6379]] as const) {
            assert.deepEqual(first(policies.get(role)?.egress ?? []).ports, [{ protocol: "TCP", port }, tunnel]);
        }
    });

    it("lets the gateway ask the control plane, and nobody else outside", () => {
        const policy = specsOf<PolicySpec>(on, types.networkPolicy).get("mesh-control-plane");
        assert.deepEqual(policy?.egress, [{ to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "istio-system" } } }], ports: [{ protocol: "TCP", port: 15012 }] }]);
        assert.deepEqual(policy.podSelector, { matchLabels: gatewayPods });
    });

    it("is left open while plain requests are let in", async () => {
        const open = await planMesh({ mtls: "permissive" });
        assert.deepEqual([...specsOf(open, istio("PeerAuthentication")).values()], [{ mtls: { mode: "PERMISSIVE" } }]);
        assert.deepEqual(all(open, istio("AuthorizationPolicy")), []);
        const clients = specsOf<PolicySpec>(open, types.networkPolicy).get("allow-clients");
        assert.deepEqual([clients?.podSelector, clients?.ingress], [{ matchLabels: appPods }, [{ ports: [{ protocol: "TCP", port: 9898 }] }]]);
        assert.deepEqual(specsOf<ServiceSpec>(open, types.service).get("service")?.selector, gatewayPods);
    });

    it("lets Prometheus, which is no part of it, reach the port of metrics in the clear, and no other", async () => {
        const measured = await planMesh(true, zonedCluster, meshedApp, { monitoring: { metrics: { port: 9797 } } });
        assert.deepEqual(specsOf(measured, istio("PeerAuthentication")).get("mesh-mtls-metrics"), {
            selector: { matchLabels: appPods },
            mtls: { mode: "STRICT" },
            portLevelMtls: { 9797: { mode: "PERMISSIVE" } },
        });
        assert.deepEqual(specsOf(measured, istio("AuthorizationPolicy")).get("mesh-allow-metrics"), {
            selector: { matchLabels: appPods },
            action: "ALLOW",
            rules: [{ to: [{ operation: { ports: ["9797"] } }] }],
        });
    });
});

/** A NetworkPolicy as it is written: much may be left out. */
interface WayIn {
    readonly policyTypes: readonly string[];
    readonly podSelector: { readonly matchLabels: Labels };
    readonly ingress: readonly {
        readonly from?: readonly { readonly podSelector?: { readonly matchLabels: Labels }; readonly ipBlock?: { readonly cidr: string } }[];
        readonly ports: readonly { readonly port: number }[];
    }[];
}

/** Which part may reach which at which port, by NetworkPolicies: what comes in, tunnels and probes left out. */
function networkEdges(of: PlannedStack): readonly string[] {
    return [...specsOf<WayIn>(of, types.networkPolicy).values()]
        .filter(({ policyTypes }) => policyTypes.join() === "Ingress")
        .flatMap(({ podSelector, ingress }) =>
            ingress
                .filter(({ from = [] }) => !from.some(({ ipBlock }) => ipBlock?.cidr === "169.254.7.127/32"))
                .flatMap(({ from, ports }) => {
                    const who = from === undefined ? "anyone" : from.map(({ podSelector: peer }) => whoOf(peer?.matchLabels ?? {})).join();
                    return ports.filter(({ port }) => port !== 15008).map(({ port }) => `${who} to ${partOf(podSelector.matchLabels)} at ${port}`);
                }),
        )
        .sort();
}

/** The same by AuthorizationPolicies. */
function identityEdges(of: PlannedStack): readonly string[] {
    return [...specsOf<Authorization>(of, istio("AuthorizationPolicy")).values()]
        .flatMap(({ selector, rules = [] }) =>
            rules.flatMap(({ from, to }) => {
                const who = from === undefined ? "anyone" : from.flatMap(({ source }) => source.principals).join();
                return to.flatMap(({ operation }) => operation.ports.map(port => `${who} to ${partOf(selector?.matchLabels ?? {})} at ${port}`));
            }),
        )
        .sort();
}

function partOf(labels: Labels): string {
    return `${labels[nameLabel] ?? ""}/${labels[partLabel] ?? ""}`;
}

/** Pods with the app's name run as its account, those with the gateway's as the gateway's. */
function whoOf(labels: Labels): string {
    return `cluster.local/ns/shop/sa/${labels[nameLabel] ?? ""}`;
}
