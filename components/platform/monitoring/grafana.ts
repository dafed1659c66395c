import type { Cluster } from "../../cluster";
import { overZones } from "../spread";
import { dataSource, monitoringNamespace } from "./names";
import { grafanaReplicas, grafanaRequest, resourcesOf, sidecarRequest } from "./sizes";

/** Label and value by which Grafana finds dashboards. */
export const dashboardLabel = { grafana_dashboard: "1" } as const;

/** Volume for the sidecar's temporary files. */
const sidecarTmp = "sidecar-tmp";

/** What the level restricted asks of a container, and a root that is read only. */
const tight = {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
} as const;

/**
 * Grafana's part of the chart's values. Nobody logs in: there is no user and no password, so none is stored, rendered or forgotten. Whoever
 * may open a tunnel to its pod (`kubectl port-forward`, under the cluster's own access rules) looks at the dashboards, and changes nothing.
 * So replicas need no database in common, and lose nothing with their pod. Settings: https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/.
 */
export function grafanaValues(name: string, cluster: Cluster, readers: string): Readonly<Record<string, unknown>> {
    return {
        fullnameOverride: `${monitoringNamespace}-grafana`,
        replicas: grafanaReplicas,
        podDisruptionBudget: { minAvailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
        topologySpreadConstraints: overZones(cluster, { "app.kubernetes.io/name": "grafana", "app.kubernetes.io/instance": name }),
        // The chart leaves out the Secret of an administrator whom nobody creates.
        env: { GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: "true" },
        "grafana.ini": {
            auth: { disable_login_form: true, disable_signout_menu: true },
            "auth.anonymous": { enabled: true, org_role: "Viewer" },
            "auth.basic": { enabled: false },
            users: { allow_sign_up: false },
            security: { disable_gravatar: true },
            // Nothing is fetched from outside: no news, no plugins, no word of newer versions.
            analytics: { reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
            news: { news_feed_enabled: false },
            plugins: { preinstall_disabled: true, preinstall_auto_update: false },
            snapshots: { external_enabled: false },
            // Prometheus decides, Alertmanager tells.
            unified_alerting: { enabled: false },
        },
        containerSecurityContext: tight,
        resources: resourcesOf(grafanaRequest),
        enableServiceLinks: false,
        extraEmptyDirMounts: [{ name: "tmp", mountPath: "/tmp" }],
        extraContainerVolumes: [{ name: sidecarTmp, emptyDir: {} }],
        testFramework: { enabled: false },
        // Its own role would read every Secret of the namespace, the receiver's too.
        rbac: { namespaced: true, useExistingRole: readers },
        datasources: { "datasources.yaml": { apiVersion: 1, datasources: dataSources() } },
        sidecar: {
            securityContext: tight,
            resources: resourcesOf(sidecarRequest),
            datasources: { enabled: false },
            // Grafana looks into the folder every ten seconds by itself; to be told to takes an administrator.
            dashboards: {
                enabled: true,
                resource: "configmap",
                searchNamespace: "",
                skipReload: true,
                folder: "/var/lib/dashboards",
                // Without a place for temporary files it ends at once (https://github.com/grafana/helm-charts/issues/3936).
                extraMounts: [{ name: sidecarTmp, mountPath: "/tmp" }],
            },
        },
    };
}

function dataSources() {
    return [
        { name: "Prometheus", uid: dataSource, type: "prometheus", access: "proxy", isDefault: true, url: `http://${monitoringNamespace}-prometheus:9090`, jsonData: { timeInterval: "30s" } },
        { name: "Alertmanager", uid: "alertmanager", type: "alertmanager", access: "proxy", url: `http://${monitoringNamespace}-alertmanager:9093`, jsonData: { implementation: "prometheus" } },
    ];
}
