/**
 * Network policies. A mock cannot prove that a cluster's network enforces them.
 */
import assert from "node:assert/strict";

import type * as k8s from "@pulumi/kubernetes";

import type { PlannedStack } from "../../plan/run";
import { all, find, inputsOf, minimalApp } from "../support/plan";
import { fullApp, type Manifest, planApp, types } from "../support/kubernetes";

type PolicySpec = k8s.types.output.networking.v1.NetworkPolicySpec;

const name = "app.kubernetes.io/name";
const component = "app.kubernetes.io/component";
const everyPod = { matchLabels: { [name]: "shop" } };
const pods = (part: string) => ({ matchLabels: { [name]: "shop", [component]: part } });

const specOf = (plan: PlannedStack, role: string): unknown =>
    inputsOf<Manifest<PolicySpec>>(find(plan, types.networkPolicy, `local-shop-${role}`)).spec;

const rolesOf = (plan: PlannedStack): string[] =>
    all(plan, types.networkPolicy).map(policy => policy.name.replace("local-shop-", "")).sort();

describe("network policies", () => {
    let plan: PlannedStack;

    before(async () => {
        plan = await planApp(fullApp);
    });

    it("deny everything first, in and out", () => {
        assert.deepEqual(specOf(plan, "deny-all"), { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    });

    it("allow DNS by UDP and TCP, wherever the cluster answers it, and nothing else by that", () => {
        assert.deepEqual(specOf(plan, "allow-dns"), {
            podSelector: {},
            policyTypes: ["Egress"],
            egress: [{ ports: [{ protocol: "UDP", port: 53 }, { protocol: "TCP", port: 53 }] }],
        });
    });

    it("allow clients in to the app's port alone", () => {
        assert.deepEqual(specOf(plan, "allow-clients"), {
            podSelector: pods("app"),
            policyTypes: ["Ingress"],
            ingress: [{ ports: [{ protocol: "TCP", port: 9898 }] }],
        });
    });

    it("allow the app's own pods to the state's port, and nobody else", () => {
        const ports = [{ protocol: "TCP", port: 6379 }];
        assert.deepEqual(specOf(plan, "allow-state"), {
            podSelector: pods("state"),
            policyTypes: ["Ingress"],
            ingress: [{ from: [{ podSelector: everyPod }], ports }],
        });
        assert.deepEqual(specOf(plan, "allow-to-state"), {
            podSelector: everyPod,
            policyTypes: ["Egress"],
            egress: [{ to: [{ podSelector: pods("state") }], ports }],
        });
    });

    it("allow out what config names, and nothing beside it", () => {
        assert.deepEqual(specOf(plan, "allow-egress"), {
            podSelector: everyPod,
            policyTypes: ["Egress"],
            egress: [
                {
                    to: [{ ipBlock: { cidr: "198.51.100.0/24" } }],
                    ports: [{ protocol: "TCP", port: 443 }, { protocol: "TCP", port: 5432 }],
                },
            ],
        });
    });

    it("are these six", () => {
        assert.deepEqual(rolesOf(plan), ["allow-clients", "allow-dns", "allow-egress", "allow-state", "allow-to-state", "deny-all"]);
    });

    it("are only three for an app that keeps nothing and calls nobody", async () => {
        assert.deepEqual(rolesOf(await planApp(minimalApp)), ["allow-clients", "allow-dns", "deny-all"]);
    });

    it("lie in the app's namespace, each under its own name", () => {
        const metadata = all(plan, types.networkPolicy).map(policy => inputsOf<Manifest<PolicySpec>>(policy).metadata);
        assert.deepEqual(new Set(metadata.map(({ namespace }) => namespace)), new Set(["shop"]));
        assert.equal(new Set(metadata.map(entry => entry.name)).size, 6);
    });
});
