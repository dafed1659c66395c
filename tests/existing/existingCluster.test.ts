// A cluster that others made. A mock cannot prove that the kubeconfig works, that the context is in it, or
// that the cluster has a default storage class, ingress class and load balancer.
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { isSecret } from "../../plan/wire";
import { fullApp, labels, made, setting } from "../support/clusters";
import { type RawConfig, all, clusterConfigs, find, inputsOf, planConfig } from "../support/plan";

const providerType = "pulumi:providers:kubernetes";
const token = "hunter2-token";
const kubeconfig = `apiVersion: v1\nkind: Config\nusers: [{ name: me, user: { token: ${token} } }]\n`;

function planExisting(more: RawConfig = {}, app: RawConfig = fullApp): Promise<PlannedStack> {
    return planConfig({ clusters: [{ ...clusterConfigs.existing, ...more }], app });
}

describe("ExistingCluster", () => {
    let plan: PlannedStack;
    before(async () => {
        plan = await planExisting();
    });
    const provider = (of: PlannedStack, path: string): unknown => setting(find(of, providerType, "local-kubernetes"), path);

    it("makes nothing but its providers", async () => {
        const bare = await planConfig({ clusters: [clusterConfigs.existing] });
        assert.deepEqual(labels(bare.recording.resources), [
            "holdfast:existing:ExistingCluster local",
            `${providerType} local-kubernetes`,
            `${providerType} local-kubernetes-keep`,
            "pulumi:pulumi:Stack holdfast-test",
        ]);
    });

    it("needs no cloud's provider", () => {
        assert.deepEqual(made(plan).filter(({ type }) => !type.startsWith("kubernetes:")), []);
    });

    it("uses the named context, by which the cluster is also known", () => {
        assert.deepEqual([provider(plan, "context"), provider(plan, "clusterIdentifier")], ["minikube", "minikube"]);
    });

    it("uses the kubeconfig's current context where none is named", async () => {
        const current = await planConfig({ clusters: [{ name: "local", kind: "existing" }] });
        assert.deepEqual([provider(current, "context"), provider(current, "clusterIdentifier")], [undefined, "local"]);
    });

    it("takes the path of a kubeconfig as it is, and opens no file", async () => {
        assert.equal(provider(await planExisting({ kubeconfig: "/nowhere/kubeconfig" }), "kubeconfig"), "/nowhere/kubeconfig");
    });

    it("finds the home directory where the path begins with it", async () => {
        const path = String(provider(await planExisting({ kubeconfig: "~/.kube/work" }), "kubeconfig"));
        assert.match(path, /^\/.*\/\.kube\/work$/);
    });

    describe("without a kubeconfig in config", () => {
        const given = process.env["KUBECONFIG"];
        afterEach(() => {
            if (given === undefined) {
                delete process.env["KUBECONFIG"];
            } else {
                process.env["KUBECONFIG"] = given;
            }
        });

        it("goes by $KUBECONFIG", async () => {
            process.env["KUBECONFIG"] = "/elsewhere/config";
            assert.equal(provider(await planExisting(), "kubeconfig"), "/elsewhere/config");
        });

        it("goes by ~/.kube/config where that is not set", async () => {
            delete process.env["KUBECONFIG"];
            assert.match(String(provider(await planExisting(), "kubeconfig")), /^\/.*\/\.kube\/config$/);
        });
    });

    it("takes the text of a kubeconfig, and shows it nowhere", async () => {
        const secret = await planExisting({ kubeconfig });
        const { wireInputs } = find(secret, providerType, "local-kubernetes");
        assert.ok(isSecret((wireInputs as Record<string, unknown>)["kubeconfig"]));
        assert.equal(provider(secret, "kubeconfig"), kubeconfig);
        const holders = secret.recording.resources.filter(resource => JSON.stringify(inputsOf(resource)).includes(token));
        assert.deepEqual(labels(holders), [`${providerType} local-kubernetes`, `${providerType} local-kubernetes-keep`]);
        assert.equal(JSON.stringify(secret.recording.resources.map(({ inputs }) => inputs)).includes(token), false);
    });

    it("leaves load balancers to the cluster", () => {
        const service = inputsOf<{ metadata: { annotations: unknown }; spec: Record<string, unknown> }>(
            find(plan, "kubernetes:core/v1:Service", "local-shop-service"),
        );
        assert.deepEqual(service.metadata.annotations, {});
        assert.deepEqual(
            [service.spec["type"], service.spec["externalTrafficPolicy"], service.spec["allocateLoadBalancerNodePorts"]],
            ["LoadBalancer", "Cluster", true],
        );
        assert.equal("loadBalancerClass" in service.spec, false);
    });

    it("defines no storage class, and asks for the default one", () => {
        assert.deepEqual(all(plan, "kubernetes:storage.k8s.io/v1:StorageClass"), []);
        const specs = all(plan, "kubernetes:core/v1:PersistentVolumeClaim").map(claim => inputsOf<{ spec: object }>(claim).spec);
        assert.equal(specs.length, 3);
        assert.deepEqual(specs.filter(spec => "storageClassName" in spec), []);
    });

    it("asks for the storage class that config names", async () => {
        const named = await planExisting({ storageClass: "fast" });
        const claims = all(named, "kubernetes:core/v1:PersistentVolumeClaim");
        assert.deepEqual(claims.map(claim => setting(claim, "spec.storageClassName")), ["fast", "fast", "fast"]);
        assert.deepEqual(all(named, "kubernetes:storage.k8s.io/v1:StorageClass"), []);
    });

    it("takes the Ingress's certificate from a Secret that cert-manager may fill", () => {
        const ingress = inputsOf<{ metadata: { annotations: unknown }; spec: Record<string, unknown> }>(
            find(plan, "kubernetes:networking.k8s.io/v1:Ingress", "local-shop-ingress"),
        );
        assert.deepEqual(ingress.metadata.annotations, { "cert-manager.io/cluster-issuer": "letsencrypt-dns" });
        assert.deepEqual(ingress.spec["tls"], [{ hosts: ["shop.example.com", "local.shop.example.com"], secretName: "shop-tls" }]);
        assert.equal("ingressClassName" in ingress.spec, false);
    });

    it("asks for the ingress class that config names", async () => {
        const named = find(await planExisting({ ingressClass: "traefik" }), "kubernetes:networking.k8s.io/v1:Ingress", "local-shop-ingress");
        assert.equal(setting(named, "spec.ingressClassName"), "traefik");
    });

    it("names no certificate for plain HTTP", async () => {
        const plain = await planExisting({}, { ...fullApp, ingress: { host: "shop.example.com", tls: false } });
        const ingress = find(plain, "kubernetes:networking.k8s.io/v1:Ingress", "local-shop-ingress");
        assert.equal(setting(ingress, "spec.tls"), undefined);
        assert.deepEqual(setting(ingress, "metadata.annotations"), {});
    });

    it("spreads over zones where config names some, and over hosts alone where it does not", async () => {
        const keys = (of: PlannedStack): unknown =>
            (
                setting(find(of, "kubernetes:apps/v1:Deployment", "local-shop-deployment"), "spec.template.spec.topologySpreadConstraints") as {
                    topologyKey: string;
                }[]
            ).map(({ topologyKey }) => topologyKey);
        assert.deepEqual(keys(plan), ["kubernetes.io/hostname"]);
        const racks = await planExisting({ zones: ["rack-a", "rack-b", "rack-c"] });
        assert.deepEqual(keys(racks), ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]);
    });

    it("says so where nobody enforces NetworkPolicies, and only there", async () => {
        assert.equal(plan.recording.warnings.some(warning => warning.includes("NetworkPolicies")), false);
        const bare = await planExisting({ networkPolicies: false });
        assert.ok(bare.recording.warnings.some(warning => warning.startsWith("local:") && warning.includes("NetworkPolicies")));
    });
});
