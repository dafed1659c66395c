// What mocks can't prove: that ECK makes of its resource what its documentation says, that three nodes find each other, and that volumes
// are there again when the add-on is. The setup's script is run in loggingSetup.test.ts, against a stand-in for curl.
import assert from "node:assert/strict";

import type * as k8s from "@pulumi/kubernetes";

import { charts } from "../../components/charts";
import type { PlannedStack } from "../../plan/run";
import type { Found } from "../../policy/inputs";
import { zonedCluster } from "../support/kubernetes";
import { all, clusterConfigs, find, inputsOf, minimalApp, type RawConfig } from "../support/plan";
import { chartNamed, everyKind, planPlatform } from "./support";

interface Store {
    readonly metadata: { readonly name: string; readonly namespace: string };
    readonly spec: {
        readonly version: string;
        readonly volumeClaimDeletePolicy: string;
        readonly podDisruptionBudget?: unknown;
        readonly http?: unknown;
        readonly nodeSets: readonly {
            readonly count: number;
            readonly config: RawConfig;
            readonly zoneAwareness?: RawConfig;
            readonly podTemplate: { readonly spec: k8s.types.output.core.v1.PodSpec };
            readonly volumeClaimTemplates: readonly k8s.types.output.core.v1.PersistentVolumeClaim[];
        }[];
    };
}

type Policy = Found<k8s.types.output.networking.v1.NetworkPolicy>;
type Peer = Found<k8s.types.output.networking.v1.NetworkPolicyPeer>;

const storeType = "kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch";

function storeOf(plan: PlannedStack): Store {
    const [store, ...others] = all(plan, storeType).map(resource => inputsOf<Store>(resource));
    assert.ok(store !== undefined && others.length === 0);
    return store;
}

function nodesOf(plan: PlannedStack): Store["spec"]["nodeSets"][number] {
    const [nodes, ...others] = storeOf(plan).spec.nodeSets;
    assert.ok(nodes !== undefined && others.length === 0);
    return nodes;
}

describe("the store of logs", () => {
    for (const { label, cluster, zones } of everyKind) {
        const name = String(cluster["name"]);

        it(`is three nodes over the zones on ${label}`, async () => {
            const { count, zoneAwareness, podTemplate } = nodesOf(await planPlatform(cluster, { logging: true }));
            assert.equal(count, 3);
            assert.deepEqual(zoneAwareness, zones > 1 ? {} : undefined);
            const overZones = {
                maxSkew: 1,
                minDomains: 3,
                topologyKey: "topology.kubernetes.io/zone",
                whenUnsatisfiable: "DoNotSchedule",
                labelSelector: { matchLabels: { "elasticsearch.k8s.elastic.co/cluster-name": "logs" } },
                nodeTaintsPolicy: "Honor",
            };
            assert.deepEqual(podTemplate.spec.topologySpreadConstraints, zones > 1 ? [overZones] : undefined);
        });

        it(`keeps its volumes on ${label}`, async () => {
            const plan = await planPlatform(cluster, { logging: { size: "200Gi" } });
            assert.equal(storeOf(plan).spec.volumeClaimDeletePolicy, "DeleteOnScaledownOnly");
            const [claim, ...others] = nodesOf(plan).volumeClaimTemplates;
            assert.deepEqual(others, []);
            assert.equal(claim?.metadata.name, "elasticsearch-data");
            assert.deepEqual(claim.spec.resources.requests, { storage: "200Gi" });
            const namespace = find(plan, "kubernetes:core/v1:Namespace", `${name}-logging-store-namespace`);
            assert.equal(namespace.retainOnDelete, true);
            assert.ok(namespace.provider?.endsWith(`${name}-kubernetes-keep`));
            const classes = all(plan, "kubernetes:storage.k8s.io/v1:StorageClass").filter(resource => resource.name === `${name}-logging-store-storage`);
            const made = cluster["kind"] !== "existing";
            assert.equal(claim.spec.storageClassName, made ? "elasticsearch-logs" : undefined);
            assert.deepEqual(
                classes.map(resource => inputsOf<RawConfig>(resource)).map(({ reclaimPolicy, volumeBindingMode, allowVolumeExpansion }) => [reclaimPolicy, volumeBindingMode, allowVolumeExpansion]),
                made ? [["Retain", "WaitForFirstConsumer", true]] : [],
            );
        });
    }

    it("has a share for each of two zones", async () => {
        const { podTemplate } = nodesOf(await planPlatform({ ...zonedCluster, zones: ["rack-a", "rack-b"] }, { logging: true }, { ...minimalApp, scaling: { cpu: 30 } }));
        assert.deepEqual(podTemplate.spec.topologySpreadConstraints.map(({ maxSkew, minDomains }) => [maxSkew, minDomains]), [[2, 2]]);
    });

    it("takes the class that an existing cluster names", async () => {
        const [claim] = nodesOf(await planPlatform({ ...zonedCluster, storageClass: "fast" }, { logging: true })).volumeClaimTemplates;
        assert.equal(claim?.spec.storageClassName, "fast");
    });

    it("gives each node the memory that config says, as a limit too, and a core for four GiB", async () => {
        for (const [memory, cpu] of [["2Gi", "500m"], ["5Gi", "1250m"], ["64Gi", "16000m"]]) {
            const { podTemplate } = nodesOf(await planPlatform(zonedCluster, { logging: { memory } }));
            assert.deepEqual(podTemplate.spec.containers.map(({ name, resources }) => [name, resources]), [["elasticsearch", { requests: { cpu, memory }, limits: { memory } }]]);
        }
    });

    it("needs no privileged container, and leaves TLS and the budget to ECK, which has both on", async () => {
        const plan = await planPlatform(zonedCluster, { logging: true });
        const { spec, metadata } = storeOf(plan);
        assert.deepEqual([metadata.namespace, metadata.name, spec.version], ["elasticsearch", "logs", "9.4.3"]);
        assert.deepEqual([spec.http, spec.podDisruptionBudget], [undefined, undefined]);
        const { config, podTemplate } = nodesOf(plan);
        assert.equal(config["node.store.allow_mmap"], false);
        assert.match(String(config["cluster.lifecycle.default.rollover"]), /^max_age=1d,/);
        assert.deepEqual(config["node.roles"], ["master", "data", "ingest"]);
        assert.equal(podTemplate.spec.initContainers, undefined);
        const namespace = inputsOf<k8s.types.output.core.v1.Namespace>(find(plan, "kubernetes:core/v1:Namespace", "local-logging-store-namespace"));
        assert.equal(namespace.metadata.labels["pod-security.kubernetes.io/enforce"], "restricted");
    });

    it("is run by two operators with rights in one namespace, and no webhook", async () => {
        const { resource, inputs } = chartNamed(await planPlatform(clusterConfigs.eks, { logging: true }), "eck-operator");
        assert.deepEqual([inputs.namespace, inputs.version, inputs.repositoryOpts?.repo], ["elasticsearch", charts.eckOperator.version, "https://helm.elastic.co"]);
        assert.ok(resource.provider?.endsWith("east-kubernetes-keep"), "its types stay, and must be found");
        const { affinity, ...values } = inputs.values;
        assert.deepEqual(values, {
            managedNamespaces: ["elasticsearch"],
            createClusterScopedResources: false,
            webhook: { enabled: false },
            replicaCount: 2,
            podDisruptionBudget: { enabled: true, minAvailable: 1 },
            resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { cpu: "1", memory: "512Mi" } },
            podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            telemetry: { disabled: true },
            config: { validateStorageClass: false, caValidity: "87600h" },
        });
        const terms = (affinity as k8s.types.output.core.v1.Affinity).podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution;
        assert.deepEqual(terms.map(({ podAffinityTerm }) => podAffinityTerm.topologyKey), ["topology.kubernetes.io/zone"]);
    });

    it("reads the zones of nodes, and no more of the cluster", async () => {
        const plan = await planPlatform(zonedCluster, { logging: true });
        const roles = all(plan, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole").map(resource => inputsOf<k8s.types.output.rbac.v1.ClusterRole>(resource));
        assert.deepEqual(roles.map(({ rules }) => rules), [[{ apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] }]]);
        const bindings = all(plan, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding").map(resource => inputsOf<k8s.types.output.rbac.v1.ClusterRoleBinding>(resource));
        assert.deepEqual(bindings.map(({ subjects }) => subjects), [[{ kind: "ServiceAccount", name: "elastic-operator", namespace: "elasticsearch" }]]);
    });

    it("is closed, but for its own pods and the agents", async () => {
        const policies = all(await planPlatform(zonedCluster, { logging: true }), "kubernetes:networking.k8s.io/v1:NetworkPolicy")
            .map(resource => inputsOf<Policy>(resource))
            .filter(({ metadata }) => metadata?.namespace === "elasticsearch");
        const store = { "elasticsearch.k8s.elastic.co/cluster-name": "logs" };
        const operator = { "app.kubernetes.io/name": "elastic-operator" };
        const setup = { "app.kubernetes.io/name": "logging-setup" };
        const label = ({ podSelector, ipBlock, namespaceSelector }: Peer): unknown =>
            ipBlock?.cidr ?? [...Object.values(namespaceSelector?.matchLabels ?? {}), podSelector?.matchLabels];
        const ways = policies.flatMap(({ spec }) => [
            ...(spec?.ingress ?? []).map(({ from, ports }) => ["in", spec?.podSelector?.matchLabels, from?.map(label), ports?.map(({ port }) => port)]),
            ...(spec?.egress ?? []).flatMap(({ to, ports }) => (to === undefined ? [] : [["out", spec?.podSelector?.matchLabels, to.map(label), ports?.map(({ port }) => port)]])),
        ]);
        const byText = (lists: readonly unknown[]): readonly string[] => lists.map(list => JSON.stringify(list)).sort();
        const wanted = [
            ["in", store, [[store]], [9300]],
            ["out", store, [[store]], [9300]],
            ["in", store, [[operator], [setup], ["logging", { "app.kubernetes.io/name": "fluent-bit" }]], [9200]],
            ["out", operator, [[store]], [9200]],
            ["out", operator, ["0.0.0.0/0"], [443, 6443, 8443]],
            ["out", setup, [[store]], [9200]],
            ["out", setup, ["0.0.0.0/0"], [443, 6443, 8443]],
        ];
        assert.deepEqual(byText(ways), byText(wanted));
        assert.ok(policies.some(({ spec }) => Object.keys(spec?.podSelector ?? {}).length === 0 && spec?.policyTypes?.join() === "Ingress,Egress" && spec.egress === undefined));
    });

    it("has room in its namespace for all its pods and one of each more", async () => {
        const plan = await planPlatform(zonedCluster, { logging: { memory: "4Gi" } });
        const { spec } = inputsOf<k8s.types.output.core.v1.ResourceQuota>(find(plan, "kubernetes:core/v1:ResourceQuota", "local-logging-store-quota"));
        // 4 nodes, 3 operators, 2 setups.
        assert.deepEqual(spec.hard, { "requests.cpu": `${4 * 1000 + 3 * 100 + 2 * 50}m`, "requests.memory": `${4 * 4096 + 3 * 512 + 2 * 128}Mi` });
        const limits = inputsOf<k8s.types.output.core.v1.LimitRange>(find(plan, "kubernetes:core/v1:LimitRange", "local-logging-store-limits"));
        assert.deepEqual(limits.spec.limits, [{ type: "Container", default: { memory: "256Mi" }, defaultRequest: { cpu: "50m", memory: "128Mi" } }]);
    });
});
