import { type ClusterConfig, kindOf } from "../../cluster";
import type { HoldfastConfig } from "../../config";
import { type MonitoringConfig, monitoringSettings } from "../../config/platform/monitoring";
import { settingsOf } from "../../config/platform/toggle";
import { type Problem, Said, pathOf } from "../../config/problems";
import { tlsRequest } from "../../config/tls";
import type { AddOn, Provided } from "../addOn";
import { meshSettingsOf } from "../mesh/checks";
import { watchMesh } from "../mesh/watch";
import { Monitoring } from "./monitoring";
import { monitoringNamespace, nodesNamespace } from "./names";
import { footprintOf } from "./sizes";

/** Metrics, alerts on what the app promises, and who is told of them. */
export const monitoring: AddOn = {
    key: "monitoring",
    title: "Prometheus, Alertmanager and Grafana",
    namespaces: [monitoringNamespace, nodesNamespace],
    check: noApp,
    warnings: config => [...nobodyTold(config), ...publicMetrics(config), ...unmeasuredCertificates(config)],
    footprint: (config, cluster) => footprintOf(settingsIn(config), partsOn(cluster)),
    create: ({ name, cluster, clusterConfig, config, opts }) => {
        const settings = settingsIn(config);
        const watched = config.platform.mesh === false ? {} : { watched: watchMesh(cluster.name, meshSettingsOf(config), config.app) };
        const subject = { cluster, app: config.app, metrics: settings.metrics, certificates: config.platform.certificates !== false, ...watched };
        const { ready, watcher } = new Monitoring(name, { settings, cluster, subject, ...partsOn(clusterConfig) }, opts);
        return { ready, watcher, appIngress: wayToMetrics(config) };
    },
};

function settingsIn({ platform }: HoldfastConfig): MonitoringConfig {
    return settingsOf(monitoringSettings, platform.monitoring) ?? monitoringSettings.parse({});
}

/** The parts that not every cluster has: what looks at the nodes, and a metrics-server of ours. */
function partsOn(cluster: ClusterConfig): { readonly onNodes: boolean; readonly metricsServer: boolean; readonly signedKubelets: boolean } {
    const kind = kindOf(cluster);
    return { onNodes: kind.hostAccess(cluster) === "any", metricsServer: kind.hasMetricsServer?.(cluster) === false, signedKubelets: kind.hasSignedKubelets?.(cluster) !== false };
}

/** Users reach the app's own port, and so does Prometheus; another is opened for it alone. */
function wayToMetrics(config: HoldfastConfig): NonNullable<Provided["appIngress"]> {
    const { app } = config;
    const port = settingsIn(config).metrics?.port;
    const prometheus = {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": monitoringNamespace } },
        podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } },
    };
    return app === undefined || port === undefined || port === app.port ? [] : [{ from: [prometheus], ports: [{ protocol: "TCP", port }] }];
}

function noApp(config: HoldfastConfig): readonly Problem[] {
    return config.app !== undefined || settingsIn(config).metrics === undefined
        ? []
        : [
              {
                  path: pathOf(["platform", "monitoring", "metrics"]),
                  received: new Said("metrics of an app that there is none of"),
                  allowed: "nothing, without an app",
                  fix: "remove metrics, or add app",
                  reads: [pathOf(["app"])],
              },
          ];
}

function nobodyTold(config: HoldfastConfig): readonly string[] {
    return config.clusters.length === 0 || settingsIn(config).alerts !== undefined
        ? []
        : ["monitoring: nobody is told of alerts; set platform.monitoring.alerts.webhook with `pulumi config set --secret --path`"];
}

function publicMetrics(config: HoldfastConfig): readonly string[] {
    const { app } = config;
    const { metrics } = settingsIn(config);
    return app === undefined || metrics === undefined || (metrics.port ?? app.port) !== app.port
        ? []
        : [`monitoring: ${app.name} serves ${metrics.path} at the port that users reach, so they can read it too; serve it at another, and set platform.monitoring.metrics.port`];
}

/** Certificates that others put into a Secret have no series of their own; a cloud's renews by itself. */
function unmeasuredCertificates(config: HoldfastConfig): readonly string[] {
    const { app, clusters, platform } = config;
    return app === undefined || tlsRequest(app, config) === undefined || platform.certificates !== false
        ? []
        : clusters
              .filter(cluster => kindOf(cluster).tlsFrom === "secret")
              .map(cluster => `${cluster.name}: no alert tells of a certificate that is near its end: only those of the add-on certificates are measured`);
}
