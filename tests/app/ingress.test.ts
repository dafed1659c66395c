/**
 * The Ingress, its hosts and its TLS. A mock cannot prove that a controller reads it, that a
 * certificate is valid, or that a load balancer presents it.
 */
import assert from "node:assert/strict";

import type * as k8s from "@pulumi/kubernetes";

import type { PlannedStack } from "../../plan/run";
import { all, clusterConfigs, find, inputsOf, minimalApp, planConfig, type RawConfig } from "../support/plan";
import { everyKind, fullApp, type Manifest, only, onlyManifest, planApp, types } from "../support/kubernetes";

type IngressSpec = k8s.types.output.networking.v1.IngressSpec;
type ServiceSpec = k8s.types.output.core.v1.ServiceSpec;

const host = "shop.example.com";
const withIngress = (ingress: RawConfig): RawConfig => ({ ...minimalApp, ingress: { host, ...ingress } });

const ingressOf = (plan: PlannedStack): Manifest<IngressSpec> => onlyManifest<IngressSpec>(plan, types.ingress);
const hostsOf = (plan: PlannedStack): string[] => ingressOf(plan).spec.rules.map(rule => rule.host);

for (const { label, cluster } of everyKind) {
    describe(`the Ingress on ${label}`, () => {
        let plan: PlannedStack;
        const clusterName = String(cluster["name"]);

        before(async () => {
            plan = await planApp(fullApp, cluster);
        });

        it("routes the name that users ask for, and the cluster's own name under it", () => {
            assert.deepEqual(hostsOf(plan), [host, `${clusterName}.${host}`]);
        });

        it("routes both to the same Service, by the port's name", () => {
            const service = inputsOf<Manifest<ServiceSpec>>(find(plan, types.service, `${clusterName}-shop-ingress-service`));
            for (const { http } of ingressOf(plan).spec.rules) {
                assert.deepEqual(http.paths, [
                    {
                        path: "/",
                        pathType: "Prefix",
                        backend: { service: { name: service.metadata.name, port: { name: "http" } } },
                    },
                ]);
            }
            assert.equal(service.spec.type, "ClusterIP");
            assert.deepEqual(service.spec.ports, [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }]);
        });

        it("has a Service of its own, beside the LoadBalancer's", () => {
            const [lb, own] = ["service", "ingress-service"].map(role =>
                inputsOf<Manifest<ServiceSpec>>(find(plan, types.service, `${clusterName}-shop-${role}`)),
            );
            assert.notEqual(own?.metadata.name, lb?.metadata.name);
        });
    });
}

describe("TLS of the Ingress", () => {
    const certificate = "aws:acm/certificate:Certificate";
    const prefix = "alb.ingress.kubernetes.io";

    it("is on EKS a certificate for both names, proved in the zone before any name points here", async () => {
        const plan = await planApp(fullApp, clusterConfigs.eks);
        const made = inputsOf<{ domainName: string; subjectAlternativeNames: string[]; validationMethod: string }>(only(plan, certificate));
        assert.deepEqual([made.domainName, ...made.subjectAlternativeNames], hostsOf(plan));
        assert.equal(made.validationMethod, "DNS");
        const { annotations } = ingressOf(plan).metadata;
        assert.equal(annotations[`${prefix}/listen-ports`], JSON.stringify([{ HTTP: 80 }, { HTTPS: 443 }]));
        assert.equal(annotations[`${prefix}/ssl-redirect`], "443");
        assert.equal("tls" in ingressOf(plan).spec, false);
        const validation = only(plan, "aws:acm/certificateValidation:CertificateValidation");
        assert.ok(only(plan, types.ingress).dependencies.includes(validation.urn), "the Ingress waits until the certificate is valid");
    });

    for (const [label, cluster, name] of [
        ["GKE", clusterConfigs.gke, "central"],
        ["an existing cluster", clusterConfigs.existing, "local"],
    ] as const) {
        it(`is on ${label} a Secret for both names, which an issuer fills`, async () => {
            const plan = await planApp(withIngress({ tls: { secretName: "web-tls", issuer: "letsencrypt-dns" } }), cluster);
            assert.deepEqual(ingressOf(plan).spec.tls, [{ hosts: [host, `${name}.${host}`], secretName: "web-tls" }]);
            assert.equal(ingressOf(plan).metadata.annotations["cert-manager.io/cluster-issuer"], "letsencrypt-dns");
            assert.deepEqual(all(plan, certificate), []);
        });
    }

    it("is on by default, with a Secret named after the app and no issuer", async () => {
        const plan = await planApp(withIngress({}));
        assert.deepEqual(ingressOf(plan).spec.tls, [{ hosts: [host, `local.${host}`], secretName: "shop-tls" }]);
        assert.equal("cert-manager.io/cluster-issuer" in ingressOf(plan).metadata.annotations, false);
    });

    for (const { label, cluster } of everyKind) {
        it(`is off where config says so, on ${label}`, async () => {
            const plan = await planApp(withIngress({ tls: false }), cluster);
            assert.equal("tls" in ingressOf(plan).spec, false);
            assert.deepEqual(all(plan, certificate), []);
            assert.doesNotMatch(JSON.stringify(ingressOf(plan).metadata), /HTTPS|certificate-arn|ssl-redirect/);
        });
    }
});

describe("what an Ingress goes by", () => {
    it("is the class that an existing cluster's config names, or the cluster's default", async () => {
        const named = await planApp(fullApp, { ...clusterConfigs.existing, ingressClass: "traefik" });
        assert.equal(ingressOf(named).spec.ingressClassName, "traefik");
        assert.equal("ingressClassName" in ingressOf(await planApp(fullApp)).spec, false);
    });

    it("is on EKS a class of its own, to an internet-facing load balancer that sends to pods", async () => {
        const plan = await planApp(fullApp, clusterConfigs.eks);
        const made = inputsOf<{ metadata: { name: string }; spec: { controller: string } }>(only(plan, "kubernetes:networking.k8s.io/v1:IngressClass"));
        assert.equal(ingressOf(plan).spec.ingressClassName, made.metadata.name);
        assert.equal(made.spec.controller, "eks.amazonaws.com/alb");
        assert.equal(ingressOf(plan).metadata.annotations["alb.ingress.kubernetes.io/target-type"], "ip");
    });

    it("is on GKE the annotation that its controller knows, and a fixed address", async () => {
        const plan = await planApp(fullApp, clusterConfigs.gke);
        const { annotations } = ingressOf(plan).metadata;
        assert.equal(annotations["kubernetes.io/ingress.class"], "gce");
        assert.match(annotations["kubernetes.io/ingress.global-static-ip-name"] ?? "", /central-shop-entry/);
        assert.equal("ingressClassName" in ingressOf(plan).spec, false);
    });

    it("is config's path", async () => {
        const plan = await planApp({ ...withIngress({ path: "/shop" }), health: { ready: "/shop/readyz" } });
        for (const { http } of ingressOf(plan).spec.rules) {
            assert.deepEqual(http.paths.map(({ path, pathType }) => [path, pathType]), [["/shop", "Prefix"]]);
        }
    });
});

describe("an Ingress that health checks ask through", () => {
    const failover = { domain: host, zone: "example.com", primary: "east" };
    const clusters = [clusterConfigs.eks, clusterConfigs.gke];

    it("routes the path that they ask for, or config is refused: a 404 would take every cluster out", async () => {
        const app = { ...minimalApp, ingress: { host, path: "/shop" }, health: { ready: "/readyz" } };
        await assert.rejects(planConfig({ clusters, app, failover }), /ingress\.path|check\.path/);
    });

    it("may have a path of its own where the health check's path lies under it", async () => {
        const app = { ...minimalApp, ingress: { host, path: "/shop" } };
        const plan = await planConfig({ clusters, app, failover: { ...failover, check: { path: "/shop/readyz" } } });
        assert.equal(all(plan, types.ingress).length, 2);
    });
});
