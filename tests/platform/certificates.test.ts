// What mocks can't prove: that Helm renders these values as they are meant (the rendered facts say so), that Let's Encrypt signs, or that AWS
// lets the controller in. What is asked of AWS for it is held in tests/identity.
import assert from "node:assert/strict";

import { policySummary } from "../../plan/policy";
import type { RecordedResource } from "../../plan/recorder";
import type { PlannedStack } from "../../plan/run";
import { nameOf, waitsFor } from "../support/clusters";
import { all, clusterConfigs, find, inputsOf, minimalApp, type RawConfig } from "../support/plan";
import { chartNamed, chartType, everyKind, planPlatform, platformResources } from "./support";

const issuerType = "kubernetes:cert-manager.io/v1:ClusterIssuer";
const app = { ...minimalApp, ingress: { host: "shop.example.com", tls: { zone: "example.com", issuer: "letsencrypt-dns" } } };

/** Every kind, with what clouds need to know of it. */
const kinds = everyKind.map(({ cluster, ...rest }) => ({ ...rest, cluster: cluster["kind"] === "existing" ? { ...cluster, issuer: "https://oidc.example.com/rack" } : cluster }));

interface Part {
    readonly replicaCount: number;
    readonly podDisruptionBudget: unknown;
    readonly resources: { readonly requests: { readonly cpu: string; readonly memory: string }; readonly limits: unknown };
    readonly topologySpreadConstraints: readonly { readonly topologyKey: string; readonly labelSelector: { readonly matchLabels: Readonly<Record<string, string>> } }[];
}

interface Values extends Part {
    readonly webhook: Part & { readonly validatingWebhookConfigurationAnnotations: unknown; readonly mutatingWebhookConfigurationAnnotations: unknown };
    readonly cainjector: Part;
    readonly crds: unknown;
    readonly global: unknown;
    readonly startupapicheck: unknown;
    readonly serviceAccount: unknown;
    readonly extraEnv: readonly { readonly name: string; readonly value: string }[];
    readonly volumes: readonly unknown[];
    readonly volumeMounts: readonly unknown[];
}

function plan(cluster: RawConfig, settings: unknown = true, more: RawConfig = {}): Promise<PlannedStack> {
    return planPlatform(cluster, { certificates: settings, ...more }, app);
}

function valuesOf(planned: PlannedStack): Values {
    return chartNamed(planned, "cert-manager").inputs.values as unknown as Values;
}

function issuerOf(planned: PlannedStack): RecordedResource {
    const [issuer] = all(planned, issuerType);
    assert.ok(issuer);
    return issuer;
}

describe("certificates", () => {
    for (const { label, cluster, zones } of kinds) {
        describe(`on ${label}`, () => {
            const prefix = String(cluster["name"]);

            it("are off by default, and nothing is made for them", async () => {
                const planned = await planPlatform(cluster, {}, app);
                assert.deepEqual(platformResources(planned), []);
                assert.deepEqual(all(planned, "aws:iam/openIdConnectProvider:OpenIdConnectProvider"), []);
            });

            it("are cert-manager, an issuer, and a role in AWS for its controller", async () => {
                const role = [`Role ${prefix}-certificates-zones`, `RolePolicy ${prefix}-certificates-zones`];
                const association = cluster["kind"] === "eks" ? [`PodIdentityAssociation ${prefix}-certificates-zones`] : [];
                assert.deepEqual(
                    [...platformResources(await plan(cluster))].sort(),
                    [`Namespace ${prefix}-certificates-namespace`, `Chart ${prefix}-certificates`, `ClusterIssuer ${prefix}-certificates-issuer`, ...role, ...association].sort(),
                );
            });

            it("outlive a zone: two controllers, three webhooks, two injectors, spread and with budgets", async () => {
                const values = valuesOf(await plan(cluster));
                for (const [part, name, replicas] of [[values, "cert-manager", 2], [values.webhook, "webhook", 3], [values.cainjector, "cainjector", 2]] as const) {
                    assert.equal(part.replicaCount, replicas, name);
                    assert.deepEqual(part.podDisruptionBudget, { enabled: true, minAvailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" });
                    assert.deepEqual(part.resources.limits, { memory: part.resources.requests.memory });
                    const [spread] = part.topologySpreadConstraints;
                    assert.equal(spread?.topologyKey, zones > 1 ? "topology.kubernetes.io/zone" : "kubernetes.io/hostname");
                    assert.deepEqual(spread.labelSelector.matchLabels, { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": `${prefix}-certificates` });
                }
            });

            it("keep to a namespace of their own under the restricted level, leases and all", async () => {
                const planned = await plan(cluster);
                const { metadata } = inputsOf<{ metadata: unknown }>(find(planned, "kubernetes:core/v1:Namespace", `${prefix}-certificates-namespace`));
                assert.deepEqual(metadata, {
                    name: "cert-manager",
                    labels: { "app.kubernetes.io/managed-by": "holdfast", "pod-security.kubernetes.io/enforce": "restricted" },
                });
                assert.equal(chartNamed(planned, "cert-manager").inputs.namespace, "cert-manager");
                assert.deepEqual(valuesOf(planned).global, { leaderElection: { namespace: "cert-manager" } });
            });

            it("stay when the add-on goes, and are found again when it is back", async () => {
                const planned = await plan(cluster);
                assert.deepEqual(valuesOf(planned).crds, { enabled: true, keep: true });
                assert.equal(nameOf(chartNamed(planned, "cert-manager").resource.provider), `${prefix}-kubernetes-keep`);
                assert.equal(nameOf(issuerOf(planned).provider), `${prefix}-kubernetes`);
            });

            it("need no hook: the webhook counts as ready once the API server can trust it", async () => {
                const { startupapicheck, webhook } = valuesOf(await plan(cluster));
                assert.deepEqual(startupapicheck, { enabled: false });
                const annotations = { "pulumi.com/waitFor": "jsonpath={.webhooks[*].clientConfig.caBundle}" };
                assert.deepEqual(webhook.validatingWebhookConfigurationAnnotations, annotations);
                assert.deepEqual(webhook.mutatingWebhookConfigurationAnnotations, annotations);
            });

            it("have an issuer that proves names by DNS in the zone, and in no other way", async () => {
                assert.deepEqual(inputsOf(issuerOf(await plan(cluster))), {
                    apiVersion: "cert-manager.io/v1",
                    kind: "ClusterIssuer",
                    metadata: { name: "letsencrypt-dns" },
                    spec: {
                        acme: {
                            server: "https://acme-v02.api.letsencrypt.org/directory",
                            privateKeySecretRef: { name: "letsencrypt-dns-production-account" },
                            solvers: [{ selector: { dnsZones: ["example.com"] }, dns01: { route53: { hostedZoneID: "${zone example.com.id}" } } }],
                        },
                    },
                });
            });

            it("store no key: neither a Secret nor an AWS user is made", async () => {
                const planned = await plan(cluster);
                assert.deepEqual(planned.recording.resources.filter(({ type }) => /:Secret$|:AccessKey$|:User$/.test(type)), []);
                const names = valuesOf(planned).extraEnv.map(({ name }) => name);
                assert.deepEqual(names, cluster["kind"] === "eks" ? [] : ["AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_REGION"]);
            });

            it("break no rule of the policy pack", async () => {
                assert.deepEqual(policySummary((await plan(cluster)).recording).violations, []);
            });

            it("come in order: access, then the chart, then the issuer", async () => {
                const planned = await plan(cluster);
                const chart = waitsFor(planned, chartNamed(planned, "cert-manager").resource);
                assert.ok(chart.has(`aws:iam/rolePolicy:RolePolicy ${prefix}-certificates-zones`));
                assert.equal(chart.has(`aws:eks/podIdentityAssociation:PodIdentityAssociation ${prefix}-certificates-zones`), cluster["kind"] === "eks");
                assert.ok(waitsFor(planned, issuerOf(planned)).has(`${chartType} ${prefix}-certificates`));
            });

            it("may change text records of proofs in that zone, and nothing else in AWS", async () => {
                const policy = find(await plan(cluster), "aws:iam/rolePolicy:RolePolicy", `${prefix}-certificates-zones`);
                const { Statement } = JSON.parse(String(inputsOf(policy)["policy"])) as { Statement: unknown };
                assert.deepEqual(Statement, [
                    { Effect: "Allow", Action: ["route53:GetChange"], Resource: "arn:aws:route53:::change/*" },
                    {
                        Effect: "Allow",
                        Action: ["route53:ChangeResourceRecordSets"],
                        Resource: ["arn:aws:route53:::hostedzone/${zone example.com.id}"],
                        Condition: {
                            "ForAllValues:StringEquals": {
                                "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"],
                                "route53:ChangeResourceRecordSetsActions": ["UPSERT", "DELETE"],
                            },
                            "ForAllValues:StringLike": { "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["_acme-challenge.*"] },
                            Null: {
                                "route53:ChangeResourceRecordSetsNormalizedRecordNames": "false",
                                "route53:ChangeResourceRecordSetsRecordTypes": "false",
                            },
                        },
                    },
                ]);
            });

            it("hold up an app whose certificate they bring, so that they end after it, and no other", async () => {
                const awaited = (planned: PlannedStack) => waitsFor(planned, find(planned, "kubernetes:core/v1:Namespace", `${prefix}-shop-namespace`));
                const issuer = `${issuerType} ${prefix}-certificates-issuer`;
                assert.equal(awaited(await plan(cluster)).has(issuer), cluster["kind"] !== "eks");
                assert.equal(awaited(await plan(cluster, { issuer: "another" })).has(issuer), false);
            });
        });
    }

    it("name the service account that the role is for", async () => {
        for (const { cluster } of kinds) {
            const planned = await plan(cluster);
            const role = find(planned, "aws:iam/role:Role", `${String(cluster["name"])}-certificates-zones`);
            assert.deepEqual(valuesOf(planned).serviceAccount, { create: true, name: "cert-manager" });
            const trust = String(inputsOf(role)["assumeRolePolicy"]);
            const subject = cluster["kind"] === "eks" ? '"aws:RequestTag/kubernetes-service-account":"cert-manager"' : ':sub":"system:serviceaccount:cert-manager:cert-manager"';
            assert.ok(trust.includes(subject), trust);
        }
    });

    it("are installed alike with monitoring, whose types may come and go", async () => {
        assert.deepEqual(valuesOf(await plan(clusterConfigs.eks, true, { monitoring: true })), valuesOf(await plan(clusterConfigs.eks)));
    });

    it("have the issuer, the server and the address that config names", async () => {
        const planned = await plan(clusterConfigs.gke, { issuer: "trial", server: "staging", email: "platform@example.com" });
        const { metadata, spec } = inputsOf<{ metadata: unknown; spec: { acme: Readonly<Record<string, unknown>> } }>(issuerOf(planned));
        assert.deepEqual(metadata, { name: "trial" });
        assert.equal(spec.acme["server"], "https://acme-staging-v02.api.letsencrypt.org/directory");
        assert.equal(spec.acme["email"], "platform@example.com");
        assert.deepEqual(spec.acme["privateKeySecretRef"], { name: "trial-staging-account" });
    });
});
