// Doors of the app on EKS: Service, Ingress, class and certificate. A mock cannot prove that a controller
// reads an annotation, or that ACM sees the record and issues the certificate.
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { fullApp, labels, setting, waitsFor } from "../support/clusters";
import { all, clusterConfigs, find, inputsOf, planConfig, poolNodes, tagsOf } from "../support/plan";

interface Annotated {
    readonly metadata: { readonly annotations: Readonly<Record<string, string>>; readonly labels?: Readonly<Record<string, string>> };
    readonly spec: Readonly<Record<string, unknown>>;
}

const ingressType = "kubernetes:networking.k8s.io/v1:Ingress";
const alb = "alb.ingress.kubernetes.io";
const nlb = "service.beta.kubernetes.io/aws-load-balancer";

/** What differs between the controllers of the two modes. */
const modes = [
    {
        mode: "auto",
        nodes: { mode: "auto" },
        serviceClass: "eks.amazonaws.com/nlb",
        controller: "eks.amazonaws.com/alb",
        group: "eks.amazonaws.com",
        version: "v1",
        gate: "eks.amazonaws.com/pod-readiness-gate-inject",
        provisioner: "ebs.csi.eks.amazonaws.com",
        topologies: [{ matchLabelExpressions: [{ key: "eks.amazonaws.com/compute-type", values: ["auto"] }] }],
    },
    {
        mode: "pools",
        nodes: poolNodes.eks,
        serviceClass: "service.k8s.aws/nlb",
        controller: "ingress.k8s.aws/alb",
        group: "elbv2.k8s.aws",
        version: "v1beta1",
        gate: "elbv2.k8s.aws/pod-readiness-gate-inject",
        provisioner: "ebs.csi.aws.com",
        topologies: undefined,
    },
] as const;

for (const { mode, nodes, serviceClass, controller, group, version, gate, provisioner, topologies } of modes) {
    describe(`the app's doors on EKS, ${mode}`, () => {
        let plan: PlannedStack;
        before(async () => {
            plan = await planConfig({ clusters: [{ ...clusterConfigs.eks, nodes }], app: fullApp });
        });

        it("has a network load balancer that sends to pods in every zone", () => {
            const { metadata, spec } = inputsOf<Annotated>(find(plan, "kubernetes:core/v1:Service", "east-shop-service"));
            assert.deepEqual(metadata.annotations, {
                [`${nlb}-scheme`]: "internet-facing",
                [`${nlb}-nlb-target-type`]: "ip",
                [`${nlb}-attributes`]: "load_balancing.cross_zone.enabled=true",
                [`${nlb}-target-group-attributes`]: "deregistration_delay.timeout_seconds=20",
                [`${nlb}-healthcheck-protocol`]: "HTTP",
                [`${nlb}-healthcheck-port`]: "9898",
                [`${nlb}-healthcheck-path`]: "/readyz",
                [`${nlb}-healthcheck-interval`]: "10",
                [`${nlb}-healthcheck-timeout`]: "5",
                [`${nlb}-healthcheck-healthy-threshold`]: "2",
                [`${nlb}-healthcheck-unhealthy-threshold`]: "2",
            });
            assert.deepEqual(
                [spec["type"], spec["loadBalancerClass"], spec["externalTrafficPolicy"], spec["allocateLoadBalancerNodePorts"]],
                ["LoadBalancer", serviceClass, "Cluster", false],
            );
        });

        it("asks at the app's own port and path", async () => {
            const other = await planConfig({
                clusters: [{ ...clusterConfigs.eks, nodes }],
                app: { ...fullApp, port: 8080, health: { ready: "/up" } },
            });
            const service = inputsOf<Annotated>(find(other, "kubernetes:core/v1:Service", "east-shop-service")).metadata.annotations;
            assert.deepEqual([service[`${nlb}-healthcheck-port`], service[`${nlb}-healthcheck-path`]], ["8080", "/up"]);
            const ingress = inputsOf<Annotated>(find(other, ingressType, "east-shop-ingress")).metadata.annotations;
            assert.equal(ingress[`${alb}/healthcheck-path`], "/up");
        });

        it("lets pods wait until the load balancer calls them healthy", () => {
            const namespace = inputsOf<Annotated>(find(plan, "kubernetes:core/v1:Namespace", "east-shop-namespace"));
            assert.equal(namespace.metadata.labels?.[gate], "enabled");
        });

        it("makes encrypted volumes", () => {
            const storage = inputsOf<{ provisioner: string; parameters: unknown; allowedTopologies?: unknown }>(
                find(plan, "kubernetes:storage.k8s.io/v1:StorageClass", "east-shop-storage"),
            );
            assert.equal(storage.provisioner, provisioner);
            assert.deepEqual(storage.parameters, { type: "gp3", encrypted: "true", "csi.storage.k8s.io/fstype": "ext4" });
            assert.deepEqual(storage.allowedTopologies, topologies);
        });

        it("gives the Ingress a class of its own", () => {
            const params = find(plan, `kubernetes:${group}/${version}:IngressClassParams`, "east-shop-entry-params");
            assert.deepEqual(setting(params, "spec"), { scheme: "internet-facing" });
            assert.deepEqual(setting(find(plan, "kubernetes:networking.k8s.io/v1:IngressClass", "east-shop-entry-class"), "spec"), {
                controller,
                parameters: { apiGroup: group, kind: "IngressClassParams", name: "shop" },
            });
            assert.equal(setting(find(plan, ingressType, "east-shop-ingress"), "spec.ingressClassName"), "shop");
        });

        it("has an application load balancer that takes its certificate from ACM, and no Secret", () => {
            const { metadata, spec } = inputsOf<Annotated>(find(plan, ingressType, "east-shop-ingress"));
            assert.deepEqual(metadata.annotations, {
                [`${alb}/target-type`]: "ip",
                [`${alb}/target-group-attributes`]: "deregistration_delay.timeout_seconds=20",
                [`${alb}/healthcheck-path`]: "/readyz",
                [`${alb}/healthcheck-interval-seconds`]: "10",
                [`${alb}/healthcheck-timeout-seconds`]: "5",
                [`${alb}/healthy-threshold-count`]: "2",
                [`${alb}/unhealthy-threshold-count`]: "2",
                [`${alb}/success-codes`]: "200-399",
                [`${alb}/listen-ports`]: '[{"HTTP":80},{"HTTPS":443}]',
                [`${alb}/ssl-redirect`]: "443",
                [`${alb}/ssl-policy`]: "ELBSecurityPolicy-TLS13-1-2-2021-06",
                [`${alb}/certificate-arn`]: "${east-shop-entry-certificate.arn}",
            });
            assert.equal("tls" in spec, false);
        });
    });
}

describe("ValidatedCertificate", () => {
    const hosts = ["shop.example.com", "east.shop.example.com"];
    let plan: PlannedStack;
    before(async () => {
        plan = await planConfig({ clusters: [clusterConfigs.eks], app: fullApp });
    });

    it("is for the name that users ask for and the cluster's own, proved by DNS", () => {
        assert.equal(all(plan, "aws:acm/certificate:Certificate").length, 1);
        assert.deepEqual(inputsOf(find(plan, "aws:acm/certificate:Certificate", "east-shop-entry-certificate")), {
            domainName: hosts[0],
            subjectAlternativeNames: hosts.slice(1),
            validationMethod: "DNS",
            tags: tagsOf("east-shop-entry-certificate"),
        });
    });

    it("has a record of proof for each name, in the zone", () => {
        const names = hosts.map(host => `aws:route53/record:Record east-shop-entry-certificate-${host}`);
        assert.deepEqual(labels(all(plan, "aws:route53/record:Record")), [...names].sort());
        for (const host of hosts) {
            assert.deepEqual(inputsOf(find(plan, "aws:route53/record:Record", `east-shop-entry-certificate-${host}`)), {
                zoneId: "${zone example.com.id}",
                name: `_proof.${host}`,
                type: "CNAME",
                records: [`\${east-shop-entry-certificate.proof of ${host}}`],
                ttl: 60,
                allowOverwrite: true,
            });
        }
    });

    it("is waited for by the Ingress until it is valid", () => {
        const validation = find(plan, "aws:acm/certificateValidation:CertificateValidation", "east-shop-entry-certificate");
        assert.deepEqual(setting(validation, "validationRecordFqdns"), hosts.map(host => `_proof.${host}`));
        const awaited = waitsFor(plan, find(plan, ingressType, "east-shop-ingress"));
        assert.ok(awaited.has("aws:acm/certificateValidation:CertificateValidation east-shop-entry-certificate"));
    });

    it("is proved in the failover zone where tls names none", async () => {
        const both = await planConfig({
            clusters: [clusterConfigs.eks, { ...clusterConfigs.eks, name: "west", cidr: "10.64.0.0/16" }],
            app: { ...fullApp, ingress: { host: "shop.example.com", tls: true } },
            failover: { domain: "shop.example.com", zone: "example.com", mode: "active-passive", primary: "east" },
        });
        const record = find(both, "aws:route53/record:Record", "west-shop-entry-certificate-shop.example.com");
        assert.equal(setting(record, "zoneId"), "${zone example.com.id}");
        assert.equal(all(both, "aws:acm/certificate:Certificate").length, 2, "the standby has its own, before its first request");
    });

    it("is refused where there is no zone to prove it in", async () => {
        const app = { ...fullApp, ingress: { host: "shop.example.com", tls: true } };
        await assert.rejects(planConfig({ clusters: [clusterConfigs.eks], app }), /no zone/);
    });

    it("is not made for plain HTTP, which then is all that is listened to", async () => {
        const plain = await planConfig({ clusters: [clusterConfigs.eks], app: { ...fullApp, ingress: { host: "shop.example.com", tls: false } } });
        assert.deepEqual(all(plain, "aws:acm/certificate:Certificate"), []);
        assert.deepEqual(all(plain, "aws:route53/record:Record"), []);
        const { annotations } = inputsOf<Annotated>(find(plain, ingressType, "east-shop-ingress")).metadata;
        assert.equal(annotations[`${alb}/listen-ports`], '[{"HTTP":80}]');
        assert.equal(`${alb}/certificate-arn` in annotations || `${alb}/ssl-redirect` in annotations, false);
    });
});
