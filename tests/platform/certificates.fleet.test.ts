// Certificates in stacks of several clusters, and what is said of them. A mock cannot prove that the certificate is there within any time:
// docs/runbooks/certificates.md says how to look.
import assert from "node:assert/strict";

import { configWarnings, parseConfig } from "../../components/config";
import { certificates } from "../../components/platform/certificates";
import { policySummary } from "../../plan/policy";
import { readStackFile } from "../../plan/stackFile";
import { type PlannedStack, planStack } from "../../plan/run";
import { changes, nameOf, waitsFor } from "../support/clusters";
import { all, clusterConfigs, find, inputsOf, minimalApp, planConfig, projectDirectory, type RawConfig } from "../support/plan";
import { chartNamed, chartType } from "./support";

const { eks, gke } = clusterConfigs;
const issuerType = "kubernetes:cert-manager.io/v1:ClusterIssuer";
const withTls = (tls: unknown) => ({ ...minimalApp, ingress: { host: "shop.example.com", tls } });
const prodFile = readStackFile(projectDirectory, "prod");

function planProd(platform: RawConfig): Promise<PlannedStack> {
    return planStack(projectDirectory, { ...prodFile, config: { ...prodFile.config, "holdfast:platform": platform } });
}

function warningsOf(raw: unknown): readonly string[] {
    return configWarnings(parseConfig(raw), { stack: "test", today: new Date("2026-11-01T12:00:00Z") });
}

describe("certificates of prod's standby", () => {
    let plan: PlannedStack;
    before(async () => {
        plan = await planProd({ certificates: true });
    });

    it("come from the issuer that is made on its cluster, for every name that it answers to", () => {
        const { metadata, spec } = inputsOf<{ metadata: { annotations: Readonly<Record<string, string>> }; spec: { tls: readonly { hosts: readonly string[] }[] } }>(
            find(plan, "kubernetes:networking.k8s.io/v1:Ingress", "central-shop-ingress"),
        );
        const issuer = inputsOf<{ metadata: { name: string } }>(find(plan, issuerType, "central-certificates-issuer"));
        assert.equal(metadata.annotations["cert-manager.io/cluster-issuer"], issuer.metadata.name);
        assert.deepEqual(spec.tls.map(({ hosts }) => hosts), [["shop.example.com", "central.shop.example.com"]]);
    });

    it("wait for nothing of the failover: no record needs to point at it, and none is made before its Ingress", () => {
        const failover = (urns: ReadonlySet<string>) => [...urns].filter(one => one.includes(" failover-") && !one.startsWith("pulumi:providers:"));
        const ingress = find(plan, "kubernetes:networking.k8s.io/v1:Ingress", "central-shop-ingress");
        assert.deepEqual(failover(waitsFor(plan, ingress)), []);
        assert.ok(waitsFor(plan, ingress).has(`${issuerType} central-certificates-issuer`));
        const records = all(plan, "aws:route53/record:Record").filter(({ name }) => name === "failover-answer-secondary");
        assert.equal(records.length, 1);
        for (const record of records) {
            assert.ok(waitsFor(plan, record).has("kubernetes:networking.k8s.io/v1:Ingress central-shop-ingress"));
        }
    });

    it("are asked for by a role that trusts GKE's tokens, made by the provider of the zone", () => {
        const issuer = find(plan, "aws:iam/openIdConnectProvider:OpenIdConnectProvider", "central-issuer");
        assert.deepEqual([nameOf(issuer.parent), nameOf(issuer.provider)], ["central", "failover-aws"]);
        assert.equal(nameOf(find(plan, "aws:iam/role:Role", "central-certificates-zones").provider), "failover-aws");
        assert.equal(nameOf(find(plan, "aws:iam/role:Role", "east-certificates-zones").provider), "east-aws");
        assert.equal(all(plan, "aws:iam/openIdConnectProvider:OpenIdConnectProvider").length, 1);
    });

    it("break no rule of the policy pack", () => {
        assert.deepEqual(policySummary(plan.recording).violations, []);
    });

    it("change nothing else", async () => {
        const { added, removed, changed } = changes(await planProd({}), plan);
        assert.deepEqual({ removed, changed }, { removed: [], changed: [] });
        assert.ok(added.every(one => /-(certificates|issuer)/.test(one) || / (east|central)-platform$/.test(one)), added.join("\n"));
    });
});

describe("certificates over several clusters", () => {
    it("have an issuer on each, and an issuer of tokens in AWS for each that is not EKS's", async () => {
        const west = { ...gke, name: "west", cidr: "10.64.0.0/16" };
        const plan = await planConfig({ clusters: [eks, gke, west], app: withTls({ zone: "example.com", issuer: "dns" }), platform: { certificates: true } });
        assert.deepEqual(all(plan, issuerType).map(resource => inputsOf<{ metadata: { name: string } }>(resource).metadata.name), ["dns", "dns", "dns"]);
        assert.deepEqual(all(plan, "aws:iam/openIdConnectProvider:OpenIdConnectProvider").map(({ name }) => name), ["central-issuer", "west-issuer"]);
    });

    it("prove names in the app's zone and in the failover's, each by its own", async () => {
        const plan = await planConfig({
            clusters: [eks, gke],
            app: withTls({ zone: "shop.example.com", issuer: "dns" }),
            failover: { domain: "shop.example.com", zone: "example.com", primary: "east" },
            platform: { certificates: true },
        });
        const { spec } = inputsOf<{ spec: { acme: { solvers: unknown } } }>(find(plan, issuerType, "central-certificates-issuer"));
        const solver = (zone: string) => ({ selector: { dnsZones: [zone] }, dns01: { route53: { hostedZoneID: `\${zone ${zone}.id}` } } });
        assert.deepEqual(spec.acme.solvers, ["shop.example.com", "example.com"].map(solver));
        const { Statement } = JSON.parse(String(inputsOf(find(plan, "aws:iam/rolePolicy:RolePolicy", "central-certificates-zones"))["policy"])) as {
            Statement: readonly { readonly Resource: unknown }[];
        };
        assert.deepEqual(Statement[1]?.Resource, ["shop.example.com", "example.com"].map(zone => `arn:aws:route53:::hostedzone/\${zone ${zone}.id}`));
    });

    it("take what their pods request: the bill counts each replica", async () => {
        const plan = await planConfig({ clusters: [gke], app: withTls({ zone: "example.com" }), platform: { certificates: true } });
        interface Part {
            readonly replicaCount: number;
            readonly resources: { readonly requests: { readonly cpu: string; readonly memory: string } };
        }
        const values = chartNamed(plan, "cert-manager").inputs.values as unknown as Part & { readonly webhook: Part; readonly cainjector: Part };
        const parts = [values, values.webhook, values.cainjector];
        const sum = (amount: (part: Part) => number) => parts.reduce((total, part) => total + part.replicaCount * amount(part), 0);
        const [cluster] = plan.config.clusters;
        assert.ok(cluster);
        const { pods, eachNode, volumesGib } = certificates.footprint(plan.config, cluster);
        assert.ok(Math.abs(pods.cores - sum(({ resources }) => parseInt(resources.requests.cpu, 10) / 1000)) < 1e-9);
        assert.ok(Math.abs(pods.gib - sum(({ resources }) => parseInt(resources.requests.memory, 10) / 1024)) < 1e-9);
        assert.deepEqual({ eachNode, volumesGib }, { eachNode: { cores: 0, gib: 0 }, volumesGib: [] });
        assert.deepEqual(pods, { cores: 0.35, gib: 1.1875 });
    });

    it("are not installed where they are off", async () => {
        const plan = await planConfig({ clusters: [eks, gke], app: withTls({ zone: "example.com", issuer: "dns" }), platform: { certificates: false } });
        assert.deepEqual(all(plan, chartType), []);
    });
});

describe("what is said of certificates", () => {
    const base = { clusters: [eks, gke], app: withTls({ zone: "example.com", issuer: "dns" }) };
    const filled = "central: Secret shop/shop-tls is filled by cert-manager's ClusterIssuer dns, which must be in the cluster and prove by DNS-01";

    it("is nothing where the issuer that the app asks for is made", () => {
        assert.deepEqual(warningsOf(base), [filled]);
        assert.deepEqual(warningsOf({ ...base, platform: { certificates: true } }), []);
        assert.deepEqual(warningsOf({ ...base, platform: { certificates: { issuer: "dns" } } }), []);
    });

    it("is what must be there still where another issuer is made", () => {
        assert.deepEqual(warningsOf({ ...base, platform: { certificates: { issuer: "other" } } }), [filled]);
    });

    it("is how to have the Secret filled where the app asks for no issuer", () => {
        assert.deepEqual(warningsOf({ ...base, app: withTls({ zone: "example.com" }), platform: { certificates: true } }), [
            "central: put a certificate into Secret shop/shop-tls before users come: ClusterIssuer letsencrypt-dns fills it once app.ingress.tls.issuer names it",
        ]);
    });

    it("is that staging's are worth nothing to browsers", () => {
        assert.deepEqual(warningsOf({ ...base, platform: { certificates: { server: "staging" } } }), [
            "certificates: Let's Encrypt's staging server signs: no browser trusts these certificates",
        ]);
    });

    it("is that no Ingress takes them where all clusters are EKS", () => {
        assert.deepEqual(warningsOf({ ...base, clusters: [eks], platform: { certificates: true } }), [
            "certificates: every cluster's Ingress takes its certificate from its cloud: cert-manager serves other names only",
        ]);
    });
});
