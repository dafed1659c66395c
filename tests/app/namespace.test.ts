/**
 * The namespace and its Pod Security labels. A mock cannot prove that the admission plugin reads them.
 */
import assert from "node:assert/strict";

import type { RecordedResource } from "../../plan/recorder";
import { clusterConfigs, inputsOf, minimalApp, poolNodes } from "../support/plan";
import { everyKind, fullApp, only, planApp, types } from "../support/kubernetes";

const metadataOf = (namespace: RecordedResource) =>
    inputsOf<{ readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> } }>(namespace).metadata;

describe("the namespace", () => {
    for (const { label, cluster } of everyKind) {
        it(`enforces, audits and warns at the restricted standard on ${label}`, async () => {
            const { name, labels } = metadataOf(only(await planApp(minimalApp, cluster), types.namespace));
            assert.equal(name, "shop");
            for (const mode of ["enforce", "audit", "warn"]) {
                assert.equal(labels[`pod-security.kubernetes.io/${mode}`], "restricted", mode);
                assert.equal(labels[`pod-security.kubernetes.io/${mode}-version`], "latest", mode);
            }
        });
    }

    for (const [mode, nodes, gate] of [
        ["Auto Mode", { mode: "auto" }, "eks.amazonaws.com/pod-readiness-gate-inject"],
        ["node pools", poolNodes.eks, "elbv2.k8s.aws/pod-readiness-gate-inject"],
    ] as const) {
        it(`has pods wait for the load balancer on EKS with ${mode}`, async () => {
            const namespace = only(await planApp(minimalApp, { ...clusterConfigs.eks, nodes }), types.namespace);
            assert.equal(metadataOf(namespace).labels[gate], "enabled");
        });
    }

    it("goes with the stack where there is nothing to keep, and stays where there is", async () => {
        assert.equal(only(await planApp(minimalApp), types.namespace).retainOnDelete, false);
        assert.equal(only(await planApp({ ...minimalApp, state: fullApp.state }), types.namespace).retainOnDelete, true);
    });
});
