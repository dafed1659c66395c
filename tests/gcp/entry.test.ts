// Doors of the app on GKE: Service, Ingress, its two configs, address and TLS policy. A mock cannot prove that
// a controller reads an annotation, or that somebody fills the Secret with a certificate.
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { fullApp, modes, setting, waitsFor } from "../support/clusters";
import { all, clusterConfigs, find, inputsOf, minimalApp, planConfig } from "../support/plan";

interface Annotated {
    readonly metadata: { readonly annotations: Readonly<Record<string, string>>; readonly name: string; readonly namespace: string };
    readonly spec: Readonly<Record<string, unknown>>;
}

const ingressType = "kubernetes:networking.k8s.io/v1:Ingress";
const backendType = "kubernetes:cloud.google.com/v1:BackendConfig";
const frontendType = "kubernetes:networking.gke.io/v1beta1:FrontendConfig";

for (const { title, config } of modes.filter(mode => mode.config.kind === "gke")) {
    describe(`the app's doors on GKE: ${title}`, () => {
        let plan: PlannedStack;
        before(async () => {
            plan = await planConfig({ clusters: [config], app: fullApp });
        });

        it("has a regional load balancer that sends only to nodes with a ready pod, by their number", () => {
            const { metadata, spec } = inputsOf<Annotated>(find(plan, "kubernetes:core/v1:Service", "central-shop-service"));
            assert.deepEqual(metadata.annotations, { "networking.gke.io/weighted-load-balancing": "pods-per-node" });
            assert.deepEqual(
                [spec["type"], spec["loadBalancerClass"], spec["externalTrafficPolicy"], spec["allocateLoadBalancerNodePorts"]],
                ["LoadBalancer", "networking.gke.io/l4-regional-external", "Local", true],
            );
        });

        it("makes disks of the cloud's own class", () => {
            const storage = inputsOf<{ provisioner: string; parameters: unknown }>(
                find(plan, "kubernetes:storage.k8s.io/v1:StorageClass", "central-shop-storage"),
            );
            assert.equal(storage.provisioner, "pd.csi.storage.gke.io");
            assert.deepEqual(storage.parameters, { type: "pd-balanced", "csi.storage.k8s.io/fstype": "ext4" });
        });

        it("has an Ingress at a fixed address, by annotation: GKE knows no class of spec", () => {
            const { metadata, spec } = inputsOf<Annotated>(find(plan, ingressType, "central-shop-ingress"));
            assert.deepEqual(metadata.annotations, {
                "kubernetes.io/ingress.class": "gce",
                "kubernetes.io/ingress.global-static-ip-name": "${central-shop-entry.name}",
                "networking.gke.io/v1beta1.FrontendConfig": "shop",
                "cert-manager.io/cluster-issuer": "letsencrypt-dns",
            });
            assert.equal("ingressClassName" in spec, false);
            assert.deepEqual(inputsOf(find(plan, "gcp:compute/globalAddress:GlobalAddress", "central-shop-entry")), { addressType: "EXTERNAL" });
        });

        it("takes its certificate from a Secret, for the name that users ask for and the cluster's own", () => {
            assert.deepEqual(setting(find(plan, ingressType, "central-shop-ingress"), "spec.tls"), [
                { hosts: ["shop.example.com", "central.shop.example.com"], secretName: "shop-tls" },
            ]);
        });

        it("sends to pods, checks them as the kubelet does, and drains them", () => {
            const service = inputsOf<Annotated>(find(plan, "kubernetes:core/v1:Service", "central-shop-ingress-service"));
            assert.deepEqual(service.metadata.annotations, {
                "cloud.google.com/neg": '{"ingress":true}',
                "cloud.google.com/backend-config": '{"default":"shop"}',
            });
            const backend = inputsOf<Annotated>(find(plan, backendType, "central-shop-entry-backend"));
            assert.deepEqual([backend.metadata.name, backend.metadata.namespace], ["shop", "shop"]);
            assert.deepEqual(backend.spec, {
                healthCheck: {
                    type: "HTTP",
                    port: 9898,
                    requestPath: "/readyz",
                    checkIntervalSec: 10,
                    timeoutSec: 5,
                    healthyThreshold: 1,
                    unhealthyThreshold: 2,
                },
                connectionDraining: { drainingTimeoutSec: 20 },
                logging: { enable: true, sampleRate: 1 },
            });
        });

        it("speaks TLS 1.2 or later, and sends plain HTTP there", () => {
            const frontend = inputsOf<Annotated>(find(plan, frontendType, "central-shop-entry-frontend"));
            assert.deepEqual(frontend.spec, { sslPolicy: "${central-shop-entry.name}", redirectToHttps: { enabled: true } });
            assert.deepEqual([frontend.metadata.name, frontend.metadata.namespace], ["shop", "shop"]);
            assert.deepEqual(inputsOf(find(plan, "gcp:compute/sSLPolicy:SSLPolicy", "central-shop-entry")), {
                minTlsVersion: "TLS_1_2",
                profile: "MODERN",
            });
        });

        it("has both configs and the address before the Ingress is read", () => {
            const awaited = waitsFor(plan, find(plan, ingressType, "central-shop-ingress"));
            const needed = [
                `${backendType} central-shop-entry-backend`,
                `${frontendType} central-shop-entry-frontend`,
                "gcp:compute/globalAddress:GlobalAddress central-shop-entry",
            ];
            assert.deepEqual(needed.filter(one => !awaited.has(one)), []);
        });

        for (const type of ["gcp:compute/globalAddress:GlobalAddress", "gcp:compute/sSLPolicy:SSLPolicy"]) {
            it(`makes ${type} after the API that makes it is on`, () => {
                assert.ok(waitsFor(plan, find(plan, type, "central-shop-entry")).has("gcp:projects/service:Service central-compute"));
            });
        }

        it("asks ACM and Route 53 for nothing", () => {
            assert.deepEqual(plan.recording.resources.filter(resource => resource.type.startsWith("aws:")), []);
        });
    });
}

describe("the app's doors on GKE, by config", () => {
    it("redirects nothing and names no Secret for plain HTTP", async () => {
        const plain = await planConfig({ clusters: [clusterConfigs.gke], app: { ...fullApp, ingress: { host: "shop.example.com", tls: false } } });
        assert.equal(setting(find(plain, frontendType, "central-shop-entry-frontend"), "spec.redirectToHttps"), undefined);
        assert.equal(setting(find(plain, ingressType, "central-shop-ingress"), "spec.tls"), undefined);
    });

    it("asks for no certificate where no issuer is named", async () => {
        const tls = { secretName: "own-cert" };
        const own = await planConfig({ clusters: [clusterConfigs.gke], app: { ...fullApp, ingress: { host: "shop.example.com", tls } } });
        const { metadata } = inputsOf<Annotated>(find(own, ingressType, "central-shop-ingress"));
        assert.equal("cert-manager.io/cluster-issuer" in metadata.annotations, false);
        assert.deepEqual(setting(find(own, ingressType, "central-shop-ingress"), "spec.tls.0.secretName"), "own-cert");
    });

    it("checks the app's own port and path", async () => {
        const other = await planConfig({ clusters: [clusterConfigs.gke], app: { ...fullApp, port: 8080, health: { ready: "/up" } } });
        const backend = find(other, backendType, "central-shop-entry-backend");
        assert.deepEqual([setting(backend, "spec.healthCheck.port"), setting(backend, "spec.healthCheck.requestPath")], [8080, "/up"]);
    });

    it("makes neither address nor configs without an Ingress", async () => {
        const bare = await planConfig({ clusters: [clusterConfigs.gke], app: minimalApp });
        for (const type of ["gcp:compute/globalAddress:GlobalAddress", "gcp:compute/sSLPolicy:SSLPolicy", backendType, frontendType]) {
            assert.deepEqual(all(bare, type), []);
        }
    });
});
