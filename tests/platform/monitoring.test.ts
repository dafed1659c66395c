// What mocks can't prove: that Prometheus, Alertmanager and Grafana start with these values, and that Helm renders them as they are meant.
// The latter is in the rendered facts; what the rules say is in monitoringRules.test.ts.
import assert from "node:assert/strict";

import { isSecret } from "../../plan/wire";
import type { PlannedStack } from "../../plan/run";
import { type Manifest, fullApp, types, zonedCluster } from "../support/kubernetes";
import { type RawConfig, all, clusterConfigs, find, inputsOf, minimalApp, poolNodes } from "../support/plan";
import { chartNamed, everyKind, planPlatform, platformResources } from "./support";

const stack = "kube-prometheus-stack";

interface Spread {
    readonly topologyKey: string;
    readonly whenUnsatisfiable: string;
    readonly minDomains?: number;
}

interface Values {
    readonly prometheus: {
        readonly podDisruptionBudget: unknown;
        readonly prometheusSpec: {
            readonly replicas: number;
            readonly retention: string;
            readonly retentionSize: string;
            readonly externalLabels: unknown;
            readonly topologySpreadConstraints: readonly Spread[];
            readonly storageSpec: { readonly volumeClaimTemplate: { readonly spec: { readonly storageClassName?: string; readonly resources: unknown } } };
        };
    };
    readonly alertmanager: {
        readonly config: {
            readonly route: { readonly receiver: string; readonly routes: unknown };
            readonly receivers: readonly { readonly name: string; readonly webhook_configs?: unknown }[];
            readonly inhibit_rules: readonly { readonly source_matchers: readonly string[]; readonly target_matchers: readonly string[] }[];
        };
        readonly alertmanagerSpec: { readonly replicas: number; readonly secrets?: readonly string[]; readonly storage?: unknown };
    };
    readonly grafana: Readonly<Record<string, unknown>> & { readonly replicas: number; readonly env: unknown; readonly "grafana.ini": Readonly<Record<string, unknown>> };
    readonly nodeExporter: { readonly enabled: boolean };
    readonly "prometheus-node-exporter"?: { readonly namespaceOverride: string };
    readonly "kube-state-metrics": { readonly replicas: number; readonly collectors: readonly string[]; readonly prometheus: unknown };
    readonly prometheusOperator: { readonly admissionWebhooks: unknown; readonly tls: unknown; readonly kubeletService: unknown };
}

const valuesIn = (plan: PlannedStack): Values => chartNamed(plan, stack).inputs.values as unknown as Values;

/** Plans the add-on on an existing cluster of three zones. */
const planZoned = (settings: RawConfig | true, app: RawConfig = minimalApp): Promise<PlannedStack> => planPlatform(zonedCluster, { monitoring: settings }, app);

describe("monitoring", () => {
    for (const { label, cluster, zones } of everyKind) {
        const name = String(cluster["name"]);
        const owned = cluster["kind"] !== "existing";
        const autopilot = label === "GKE Autopilot";

        it(`is off by default on ${label}`, async () => {
            assert.deepEqual(platformResources(await planPlatform(cluster, {})), []);
        });

        it(`is all there on ${label}`, async () => {
            const plan = await planPlatform(cluster, { monitoring: true });
            assert.deepEqual([...platformResources(plan)].sort(), [
                `Chart ${name}-monitoring`,
                `ConfigMap ${name}-monitoring-dashboard`,
                `Namespace ${name}-monitoring-namespace`,
                ...(autopilot ? [] : [`Namespace ${name}-monitoring-nodes-namespace`]),
                `NetworkPolicy ${name}-monitoring-closed`,
                `PrometheusRule ${name}-monitoring-rules`,
                `Role ${name}-monitoring-dashboards`,
                ...(owned ? [`StorageClass ${name}-monitoring-storage`] : []),
            ]);
            const { inputs, resource } = chartNamed(plan, stack);
            assert.equal(inputs.namespace, "monitoring");
            assert.ok(resource.provider?.endsWith(`${name}-kubernetes`));
            const rules = find(plan, "kubernetes:monitoring.coreos.com/v1:PrometheusRule", `${name}-monitoring-rules`);
            assert.ok(rules.dependencies.includes(resource.urn));
        });

        it(`has two Prometheuses, three Alertmanagers and two Grafanas on ${label}`, async () => {
            const values = valuesIn(await planPlatform(cluster, { monitoring: true }));
            const { prometheusSpec } = values.prometheus;
            assert.equal(prometheusSpec.replicas, 2);
            assert.equal(values.alertmanager.alertmanagerSpec.replicas, 3);
            assert.equal(values.grafana.replicas, 2);
            assert.equal(values["kube-state-metrics"].replicas, 2);
            assert.deepEqual(
                prometheusSpec.topologySpreadConstraints.map(({ topologyKey, whenUnsatisfiable, minDomains }) => ({ topologyKey, whenUnsatisfiable, minDomains })),
                zones > 1
                    ? [{ topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule", minDomains: 2 }]
                    : [{ topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway", minDomains: undefined }],
            );
            assert.deepEqual(prometheusSpec.externalLabels, { cluster: name });
            assert.deepEqual(prometheusSpec.storageSpec.volumeClaimTemplate.spec, {
                accessModes: ["ReadWriteOnce"],
                ...(owned ? { storageClassName: "monitoring" } : {}),
                resources: { requests: { storage: "50Gi" } },
            });
        });

        it(`looks at the nodes of ${label} ${autopilot ? "not at all" : "from a namespace of its own"}`, async () => {
            const plan = await planPlatform(cluster, { monitoring: true });
            const values = valuesIn(plan);
            assert.equal(values.nodeExporter.enabled, !autopilot);
            assert.equal(values["prometheus-node-exporter"]?.namespaceOverride, autopilot ? undefined : "monitoring-nodes");
            const levels = all(plan, types.namespace)
                .filter(namespace => namespace.urn.includes("Monitoring$"))
                .map(namespace => inputsOf<Manifest<unknown>>(namespace).metadata)
                .map(metadata => [metadata.name, metadata.labels["pod-security.kubernetes.io/enforce"]]);
            assert.deepEqual(levels, [["monitoring", "restricted"], ...(autopilot ? [] : [["monitoring-nodes", "privileged"]])]);
        });
    }

    it("keeps what fits: 80 % of the volumes, for as many days as config says", async () => {
        const { retention, retentionSize } = valuesIn(await planZoned({ size: "100Gi", retentionDays: 30 })).prometheus.prometheusSpec;
        assert.deepEqual([retention, retentionSize], ["30d", "81920MiB"]);
    });

    it("keeps the namespace with the volumes when it goes, unless they are to be deleted", async () => {
        const cluster = { ...clusterConfigs.eks, nodes: poolNodes.eks };
        const look = async (settings: RawConfig | true) => {
            const plan = await planPlatform(cluster, { monitoring: settings });
            const namespace = find(plan, types.namespace, "east-monitoring-namespace");
            const { reclaimPolicy } = inputsOf<{ readonly reclaimPolicy: string }>(find(plan, types.storageClass, "east-monitoring-storage"));
            return { kept: namespace.retainOnDelete, takenOver: namespace.provider?.endsWith("east-kubernetes-keep"), reclaimPolicy };
        };
        assert.deepEqual(await look(true), { kept: true, takenOver: true, reclaimPolicy: "Retain" });
        assert.deepEqual(await look({ onDelete: "delete" }), { kept: false, takenOver: true, reclaimPolicy: "Delete" });
    });

    it("puts its volumes on the same disks as the app's, encrypted by the cluster's own rule", async () => {
        interface Class {
            readonly provisioner: string;
            readonly parameters: unknown;
            readonly volumeBindingMode: string;
            readonly allowVolumeExpansion: boolean;
        }
        for (const { name, ...cluster } of [clusterConfigs.eks, clusterConfigs.gke]) {
            const plan = await planPlatform({ ...cluster, name }, { monitoring: true }, fullApp);
            const [own, apps] = [`${name}-monitoring-storage`, `${name}-shop-storage`].map(role => inputsOf<Class>(find(plan, types.storageClass, role)));
            assert.deepEqual([own?.provisioner, own?.parameters], [apps?.provisioner, apps?.parameters]);
            assert.deepEqual([own?.volumeBindingMode, own?.allowVolumeExpansion], ["WaitForFirstConsumer", true]);
        }
    });

    it("needs no hook: no admission webhook, and no certificate that one would make", async () => {
        const { admissionWebhooks, tls, kubeletService } = valuesIn(await planZoned(true)).prometheusOperator;
        assert.deepEqual([admissionWebhooks, tls], [{ enabled: false }, { enabled: false }]);
        assert.deepEqual(kubeletService, { namespace: "monitoring" });
    });

    it("asks nothing of a control plane that others run, and reads no Secrets", async () => {
        const values = valuesIn(await planZoned(true)) as unknown as Readonly<Record<string, unknown>>;
        for (const part of ["kubeControllerManager", "kubeScheduler", "kubeEtcd", "kubeProxy", "coreDns", "kubeDns"]) {
            assert.deepEqual(values[part], { enabled: false }, part);
        }
        const { collectors, prometheus } = (values as unknown as Values)["kube-state-metrics"];
        assert.deepEqual(collectors.filter(collector => ["secrets", "configmaps", "mutatingwebhookconfigurations"].includes(collector)), []);
        // Two replicas behind one target: nothing is reported twice.
        assert.deepEqual(prometheus, { monitor: { enabled: false }, scrapeconfig: { enabled: true } });
    });

    it("has no password, anywhere: who may open a tunnel looks, and changes nothing", async () => {
        const plan = await planZoned(true);
        const { env, "grafana.ini": ini } = valuesIn(plan).grafana;
        assert.deepEqual(env, { GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: "true" });
        assert.deepEqual(ini["auth.anonymous"], { enabled: true, org_role: "Viewer" });
        assert.deepEqual(ini["auth.basic"], { enabled: false });
        assert.deepEqual(all(plan, types.secret), []);
        const { spec } = inputsOf<Manifest<unknown>>(find(plan, types.networkPolicy, "local-monitoring-closed"));
        const ports = [...[3000, 8080, 9090, 9093, 9094].map(port => ({ protocol: "TCP", port })), { protocol: "UDP", port: 9094 }];
        assert.deepEqual(spec, { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [{ podSelector: {} }], ports }] });
        const { rules } = inputsOf<{ readonly rules: unknown }>(find(plan, "kubernetes:rbac.authorization.k8s.io/v1:Role", "local-monitoring-dashboards"));
        assert.deepEqual(rules, [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }]);
    });
});

describe("monitoring, and who is told", () => {
    const webhook = "https://hooks.example.com/canary-4711";

    it("is nobody by default, and the plan says so", async () => {
        const plan = await planZoned(true);
        const { route, receivers } = valuesIn(plan).alertmanager.config;
        assert.equal(route.receiver, "nobody");
        assert.deepEqual(receivers, [{ name: "nobody" }]);
        assert.deepEqual(plan.recording.warnings.filter(warning => warning.includes("nobody is told")).length, 1);
    });

    it("is the webhook, whose URL is in a Secret and nowhere else", async () => {
        const plan = await planZoned({ alerts: { webhook } });
        const secret = find(plan, types.secret, "local-monitoring-receiver");
        assert.deepEqual(inputsOf(secret)["stringData"], { url: webhook });
        assert.equal(inputsOf(secret)["immutable"], true);
        assert.ok(isSecret((secret.wireInputs as Readonly<Record<string, unknown>>)["stringData"]));
        const others = plan.recording.resources.filter(resource => resource !== secret);
        assert.deepEqual(others.filter(({ wireInputs }) => JSON.stringify(wireInputs).includes("canary")), []);
        assert.ok(!JSON.stringify(plan.recording.resources.map(({ inputs }) => inputs)).includes("canary"));
        const { config, alertmanagerSpec } = valuesIn(plan).alertmanager;
        const [mounted] = alertmanagerSpec.secrets ?? [];
        assert.ok(mounted?.startsWith("local-monitoring-receiver-"));
        assert.equal(config.route.receiver, "webhook");
        assert.deepEqual(config.receivers[1], { name: "webhook", webhook_configs: [{ url_file: `/etc/alertmanager/secrets/${mounted}/url`, send_resolved: true }] });
        assert.deepEqual(plan.recording.warnings.filter(warning => warning.includes("nobody is told")), []);
    });

    it("hears of the worse of two, and of ours rather than the chart's", async () => {
        const { config } = valuesIn(await planZoned(true)).alertmanager;
        const pairs = config.inhibit_rules.map(({ source_matchers: [source = ""], target_matchers: [target = ""] }) => `${source} > ${target}`);
        assert.ok(pairs.includes('severity = critical > severity =~ "warning|info"'));
        assert.ok(pairs.includes("alertname = HoldfastAutoscalerAtMaximum > alertname = KubeHpaMaxedOut"));
        assert.deepEqual(config.route.routes, [{ receiver: "nobody", matchers: ['alertname =~ "Watchdog|InfoInhibitor"'] }]);
    });
});
