// What mocks can't prove: that the app serves metrics where config says, and that Prometheus and the autoscaler reach what they measure.
import assert from "node:assert/strict";

import { parseConfig } from "../../components/config";
import { monitoring } from "../../components/platform/monitoring";
import type { PlannedStack } from "../../plan/run";
import { type Manifest, fullApp, types, zonedCluster } from "../support/kubernetes";
import { type RawConfig, all, clusterConfigs, find, inputsOf, minimalApp, planConfig } from "../support/plan";
import { chartNamed, chartType, everyKind, planPlatform, platformResources } from "./support";

/** Plans the add-on on an existing cluster of three zones. */
const planZoned = (settings: RawConfig | true): Promise<PlannedStack> => planPlatform(zonedCluster, { monitoring: settings });

describe("monitoring, and the app's own metrics", () => {
    const monitors = "kubernetes:monitoring.coreos.com/v1:PodMonitor";
    const ways = (plan: PlannedStack): readonly unknown[] =>
        all(plan, types.networkPolicy)
            .filter(({ name }) => name.endsWith("-allow-platform"))
            .map(policy => inputsOf<Manifest<{ readonly ingress: unknown }>>(policy).spec.ingress);

    it("are not collected unless config says how", async () => {
        const plan = await planZoned(true);
        assert.deepEqual([all(plan, monitors), ways(plan)], [[], []]);
    });

    it("are collected at the app's own port, and the plan says that users reach it too", async () => {
        const plan = await planZoned({ metrics: {} });
        const { metadata, spec } = inputsOf<Manifest<unknown>>(find(plan, monitors, "local-monitoring-app-shop"));
        assert.deepEqual([metadata.namespace, metadata.labels["release"]], ["monitoring", "local-monitoring"]);
        assert.deepEqual(spec, {
            namespaceSelector: { matchNames: ["shop"] },
            selector: { matchLabels: { "app.kubernetes.io/name": "shop", "app.kubernetes.io/component": "app" } },
            podMetricsEndpoints: [{ port: "http", path: "/metrics" }],
        });
        assert.deepEqual(ways(plan), []);
        assert.equal(plan.recording.warnings.filter(warning => warning.includes("the port that users reach")).length, 1);
    });

    it("are collected at a port of their own, which is opened for Prometheus alone", async () => {
        const plan = await planZoned({ metrics: { port: 9797, path: "/prom" } });
        const { spec } = inputsOf<Manifest<{ readonly podMetricsEndpoints: unknown }>>(find(plan, monitors, "local-monitoring-app-shop"));
        assert.deepEqual(spec.podMetricsEndpoints, [
            { port: "http", path: "/prom", relabelings: [{ sourceLabels: ["__meta_kubernetes_pod_ip"], targetLabel: "__address__", replacement: "$1:9797" }] },
        ]);
        const from = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } }, podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } } };
        assert.deepEqual(ways(plan), [[{ from: [from], ports: [{ protocol: "TCP", port: 9797 }] }]]);
        assert.equal(plan.recording.warnings.filter(warning => warning.includes("users reach")).length, 0);
    });

    it("are no matter of other stacks' clusters: without an app there is neither dashboard nor PodMonitor", async () => {
        const plan = await planConfig({ clusters: [zonedCluster], platform: { monitoring: true } });
        assert.deepEqual(platformResources(plan).filter(resource => /dashboard$|PodMonitor/.test(resource)), []);
    });
});

describe("monitoring, and metrics-server", () => {
    const plans = (cluster: RawConfig): Promise<PlannedStack> => planPlatform(cluster, { monitoring: true });

    it("is installed where an existing cluster says that it has none", async () => {
        const { inputs } = chartNamed(await plans({ ...zonedCluster, metricsServer: false }), "metrics-server");
        assert.equal(inputs.namespace, "kube-system");
        assert.equal(inputs.values["replicas"], 2);
        assert.deepEqual(inputs.values["podDisruptionBudget"], { enabled: true, minAvailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" });
    });

    it("takes kubelets at their word only where config says that they sign their certificates themselves", async () => {
        const argsOf = async (cluster: RawConfig): Promise<unknown> => chartNamed(await plans({ ...zonedCluster, metricsServer: false, ...cluster }), "metrics-server").inputs.values["args"];
        assert.equal(await argsOf({}), undefined);
        assert.deepEqual(await argsOf({ kubeletCertificates: "self-signed" }), ["--kubelet-insecure-tls"]);
    });

    it("is taken to be there everywhere else", async () => {
        for (const { cluster } of everyKind) {
            assert.deepEqual(all(await plans(cluster), chartType).map(({ inputs }) => (inputs as { readonly chart?: string }).chart).filter(chart => chart === "metrics-server"), []);
        }
    });

    it("comes before the app that it measures", async () => {
        const plan = await planPlatform({ ...zonedCluster, metricsServer: false }, { monitoring: true }, fullApp);
        const { resource } = chartNamed(plan, "metrics-server");
        assert.ok(find(plan, types.namespace, "local-shop-namespace").dependencies.includes(resource.urn));
    });
});

describe("monitoring, beside other add-ons", () => {
    const monitor = "kubernetes:monitoring.coreos.com/v1:PodMonitor";
    const app = { ...minimalApp, ingress: { host: "shop.example.com", tls: { zone: "example.com" } } };

    it("collects what cert-manager says of its certificates, under their own namespaces", async () => {
        const plan = await planPlatform(clusterConfigs.gke, { monitoring: true, certificates: true }, app);
        const { spec } = inputsOf<Manifest<unknown>>(find(plan, monitor, "central-monitoring-cert-manager"));
        assert.deepEqual(spec, {
            namespaceSelector: { matchNames: ["cert-manager"] },
            selector: { matchLabels: { "app.kubernetes.io/name": "cert-manager", "app.kubernetes.io/component": "controller" } },
            podMetricsEndpoints: [{ port: "http-metrics", path: "/metrics", honorLabels: true }],
        });
        assert.ok(!plan.recording.warnings.some(warning => warning.includes("near its end")));
    });

    it("says where nobody measures a certificate: in a Secret that others fill", async () => {
        const { recording } = await planPlatform(clusterConfigs.gke, { monitoring: true }, app);
        assert.deepEqual(recording.warnings.filter(warning => warning.includes("near its end")), [
            "central: no alert tells of a certificate that is near its end: only those of the add-on certificates are measured",
        ]);
        const eks = await planPlatform(clusterConfigs.eks, { monitoring: true }, app);
        assert.ok(!eks.recording.warnings.some(warning => warning.includes("near its end")));
    });

    it("is in the bill: pods, what runs on each node, and volumes", () => {
        const footprint = (cluster: RawConfig) => {
            const config = parseConfig({ clusters: [cluster], app: minimalApp, platform: { monitoring: { size: "20Gi" } } });
            const [only] = config.clusters;
            return monitoring.footprint(config, only ?? assert.fail());
        };
        // 2 Prometheuses, 3 Alertmanagers, each with a reloader, 2 Grafanas with a sidecar, 2 kube-state-metrics, 1 operator.
        const pods = { cores: (2 * 510 + 3 * 60 + 2 * 120 + 2 * 100 + 100) / 1000, gib: (2 * 2112 + 3 * 192 + 2 * 640 + 2 * 250 + 256) / 1024 };
        assert.deepEqual(footprint(clusterConfigs.eks), { pods, eachNode: { cores: 0.05, gib: 0.0625 }, volumesGib: [20, 20] });
        assert.deepEqual(footprint(clusterConfigs.gke), { pods, eachNode: { cores: 0, gib: 0 }, volumesGib: [20, 20] });
        const own = footprint({ ...clusterConfigs.existing, metricsServer: false }).pods;
        assert.deepEqual([own.cores.toFixed(3), own.gib.toFixed(3)], [(pods.cores + 0.2).toFixed(3), (pods.gib + 400 / 1024).toFixed(3)]);
    });
});
