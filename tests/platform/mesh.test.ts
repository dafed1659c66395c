// What mocks can't prove: that Istio's webhook fills the gateway in, that nodes enforce the policies, or that a request arrives. That Helm
// renders these values as they are meant, the rendered facts say.
import assert from "node:assert/strict";

import { ConfigError } from "../../components/config";
import { policySummary } from "../../plan/policy";
import type { PlannedStack } from "../../plan/run";
import { type Manifest, difference, shortUrn, types } from "../support/kubernetes";
import { all, clusterConfigs, find, inputsOf, minimalApp, planConfig, poolNodes, type RawConfig } from "../support/plan";
import { meshedApp as app, planMesh } from "./meshPlans";
import { chartNamed, chartType, everyKind, planPlatform, platformResources } from "./support";

/** The kinds that take the mesh. */
const kinds = everyKind.filter(({ label }) => label !== "GKE Autopilot");

const plan = (cluster: RawConfig, settings: unknown = true): Promise<PlannedStack> => planMesh(settings, cluster);

/** What the mesh puts into the app's namespace: kind, and name after the app's. */
function inNamespace({ recording }: PlannedStack): readonly string[] {
    return recording.resources
        .filter(({ urn, custom }) => custom && urn.includes("holdfast:platform:AppMesh$"))
        .map(({ type, name }) => `${type.split(":").at(-1) ?? type} ${name.replace(/^.*-shop-mesh-/, "")}`)
        .sort();
}

interface Istiod {
    readonly autoscaleMin: number;
    readonly autoscaleMax: number;
    readonly rollingMaxUnavailable: number;
    readonly pdb: unknown;
    readonly resources: unknown;
    readonly seccompProfile: unknown;
    readonly topologySpreadConstraints: readonly { readonly topologyKey: string; readonly labelSelector: unknown }[];
    readonly trustedZtunnelNamespace: string;
    readonly base: unknown;
    readonly global: unknown;
    readonly meshConfig: unknown;
}

describe("mesh", () => {
    for (const { label, cluster } of everyKind) {
        it(`is off by default on ${label}, and off it changes nothing`, async () => {
            const without = await planPlatform(cluster, {}, app);
            assert.deepEqual([...platformResources(without), ...inNamespace(without)], []);
            assert.deepEqual(difference(without, await plan(cluster, false)), { added: [], removed: [], changed: [] });
        });
    }

    for (const { label, cluster, zones } of kinds) {
        describe(`on ${label}`, () => {
            let on: PlannedStack;
            const prefix = String(cluster["name"]);

            before(async () => {
                on = await plan(cluster);
            });

            it("is four charts of one version, one after the other", () => {
                const roles = ["base", "istiod", "cni", "ztunnel"];
                const charts = roles.map(role => `Chart ${prefix}-mesh-${role}`);
                assert.deepEqual([...platformResources(on)].sort(), [...charts, `Namespace ${prefix}-mesh-namespace`, `PriorityClass ${prefix}-mesh-priority`].sort());
                assert.equal(new Set(roles.map(role => chartNamed(on, role).inputs.version)).size, 1);
                for (const [index, role] of roles.entries()) {
                    const { resource } = chartNamed(on, role);
                    assert.ok(resource.provider?.endsWith(`${prefix}-kubernetes`));
                    const before = roles[index - 1];
                    assert.ok(before === undefined || resource.dependencies.includes(chartNamed(on, before).resource.urn), role);
                }
            });

            it("has a control plane of two over zones or hosts, held by a budget, under the restricted level", () => {
                const { inputs } = chartNamed(on, "istiod");
                const values = inputs.values as unknown as Istiod;
                assert.equal(inputs.namespace, "istio-system");
                const { metadata } = inputsOf<Manifest<undefined>>(find(on, types.namespace, `${prefix}-mesh-namespace`));
                assert.equal(metadata.labels["pod-security.kubernetes.io/enforce"], "restricted");
                assert.deepEqual([values.autoscaleMin, values.autoscaleMax, values.rollingMaxUnavailable], [2, 5, 0]);
                assert.deepEqual(values.pdb, { minAvailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" });
                assert.deepEqual(values.resources, { requests: { cpu: "200m", memory: "512Mi" }, limits: { memory: "1Gi" } });
                assert.deepEqual(values.seccompProfile, { type: "RuntimeDefault" });
                const [constraint] = values.topologySpreadConstraints;
                assert.equal(constraint?.topologyKey, zones > 1 ? "topology.kubernetes.io/zone" : "kubernetes.io/hostname");
                assert.deepEqual(constraint.labelSelector, { matchLabels: { app: "istiod" } });
                assert.deepEqual(values.global, { priorityClassName: `${prefix}-mesh`, networkPolicy: { enabled: true } });
                assert.deepEqual(values.base, { validationFailurePolicy: "Fail" });
                assert.deepEqual(values.meshConfig, { connectTimeout: "2s", hboneIdleTimeout: "15s" });
            });

            it("puts what is on each node into kube-system, known to the control plane, where the nodes keep their plugins", () => {
                const folders: Readonly<Record<string, string>> = { eks: "/opt/cni/bin", gke: "/home/kubernetes/bin" };
                assert.deepEqual([chartNamed(on, "cni").inputs.namespace, chartNamed(on, "ztunnel").inputs.namespace], ["kube-system", "kube-system"]);
                assert.equal((chartNamed(on, "istiod").inputs.values as unknown as Istiod).trustedZtunnelNamespace, "kube-system");
                assert.equal(chartNamed(on, "cni").inputs.values["cniBinDir"], folders[String(cluster["kind"])]);
                assert.equal(chartNamed(on, "cni").inputs.values["profile"], "ambient");
            });

            it("puts a gateway, its routes and who may reach whom into the app's namespace, which joins", () => {
                const { metadata } = inputsOf<Manifest<undefined>>(find(on, types.namespace, `${prefix}-shop-namespace`));
                assert.equal(metadata.labels["istio.io/dataplane-mode"], "ambient");
                assert.equal(metadata.labels["pod-security.kubernetes.io/enforce"], "restricted");
                assert.deepEqual(inNamespace(on), [
                    "AuthorizationPolicy allow-clients",
                    "AuthorizationPolicy allow-gateway",
                    "AuthorizationPolicy allow-state",
                    "AuthorizationPolicy deny-all",
                    "Deployment gateway",
                    "DestinationRule balance",
                    "Gateway listener",
                    "HorizontalPodAutoscaler autoscaler",
                    "NetworkPolicy control-plane",
                    "PeerAuthentication mtls",
                    "PodDisruptionBudget budget",
                    "Service backend",
                    "ServiceAccount account",
                    "VirtualService routes",
                ]);
            });

            it("breaks no rule", () => {
                assert.deepEqual(policySummary(on.recording).violations, []);
            });

            it("leaves the app's own pods as they are, and its load balancers where they are", async () => {
                const { removed, changed } = difference(await planPlatform(cluster, {}, app), on);
                assert.deepEqual(removed.map(shortUrn), [`kubernetes:networking.k8s.io/v1:NetworkPolicy ${prefix}-shop-allow-clients`]);
                const kept = changed.map(shortUrn).filter(each => !each.includes("NetworkPolicy"));
                const entry = cluster["kind"] === "gke" ? [`kubernetes:cloud.google.com/v1:BackendConfig ${prefix}-shop-entry-backend`] : [];
                const changes = ["Namespace", "ResourceQuota"].map(kind => `kubernetes:core/v1:${kind} ${prefix}-shop-${kind === "Namespace" ? "namespace" : "quota"}`);
                assert.deepEqual(kept.sort(), [...entry, ...changes, ...["service", "ingress-service"].map(role => `kubernetes:core/v1:Service ${prefix}-shop-${role}`)].sort());
            });
        });
    }

    it("is refused where no agent may reach into nodes, with what to do", async () => {
        await assert.rejects(plan(clusterConfigs.gke), (error: unknown) => {
            assert.ok(error instanceof ConfigError);
            const [problem, ...others] = error.problems;
            assert.deepEqual(others, []);
            assert.equal(problem?.path, "holdfast:clusters[0].nodes");
            assert.equal(problem.fix, "set nodes.mode to pools, or turn mesh off");
            return true;
        });
    });

    it("goes by the distribution of clusters that exist already, and of no other", async () => {
        const of = async (cluster: RawConfig) => chartNamed(await plan(cluster, { distribution: "k3s" }), "cni").inputs.values;
        const values = await of(clusterConfigs.existing);
        assert.deepEqual([values["global"], values["cniBinDir"]], [{ platform: "k3s" }, undefined]);
        const both = await planConfig({ clusters: [clusterConfigs.existing, clusterConfigs.eks], platform: { mesh: { distribution: "k3s" } } });
        const onEks = all(both, chartType).find(({ name }) => name === "east-mesh-cni");
        assert.ok(onEks !== undefined);
        assert.equal(inputsOf<{ values: RawConfig }>(onEks).values["global"], undefined);
    });

    it("without an app is a control plane alone", async () => {
        const on = await planConfig({ clusters: [clusterConfigs.existing], platform: { mesh: true } });
        assert.equal(all(on, chartType).length, 4);
        assert.deepEqual(inNamespace(on), []);
    });

    it("keeps no secret in the open, and has none", async () => {
        const on = await planPlatform({ ...clusterConfigs.gke, nodes: poolNodes.gke }, { mesh: true }, minimalApp);
        assert.deepEqual(all(on, types.secret), []);
    });

    it("warns of what is not proved, and of plain requests", async () => {
        const of = async (cluster: RawConfig, settings: unknown): Promise<string> => (await plan(cluster, settings)).recording.warnings.join("\n");
        const onGke = await of({ ...clusterConfigs.gke, nodes: poolNodes.gke }, { mtls: "permissive" });
        assert.match(onGke, /central: mesh: it is not proved on Dataplane V2/);
        assert.match(onGke, /mesh: the app's pods take plain requests too/);
        const onEks = await of(clusterConfigs.eks, true);
        assert.match(onEks, /istio#60074/);
        assert.doesNotMatch(onEks, /not proved|plain requests/);
    });
});
