import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { stateName } from "../../app/state";
import type { AppMetricsConfig } from "../../config/platform/monitoring";
import { survivors } from "../../model/capacity";
import { budgetOf, burns, ratioOf } from "./burnRules";
import { dashboardLabel } from "./grafana";
import { appMonitor, jobOf } from "./names";
import { type Dashboard, type PanelArgs, layOut } from "./panels";
import { decimal, greatest, series } from "./promql";
import { recorded } from "./replicaRules";
import type { AppSubject } from "./rules";

/** Puts the app's dashboard where Grafana finds it. Its name is fixed: a new one would be read before the old one goes, and then go with it. */
export function createDashboard(name: string, subject: AppSubject, namespace: pulumi.Input<string>, opts: pulumi.CustomResourceOptions): void {
    new k8s.core.v1.ConfigMap(
        `${name}-dashboard`,
        {
            metadata: { name: "holdfast-dashboard", namespace, labels: { ...dashboardLabel, "app.kubernetes.io/managed-by": "holdfast" } },
            data: { "holdfast.json": JSON.stringify(dashboardOf(subject)) },
        },
        opts,
    );
}

/** The app's dashboard: what the objectives promise beside what is. */
export function dashboardOf(subject: AppSubject): Dashboard {
    const { app, cluster, metrics } = subject;
    return {
        uid: "holdfast",
        title: `${app.name} on ${cluster.name}`,
        tags: ["holdfast"],
        editable: false,
        schemaVersion: 39,
        refresh: "30s",
        time: { from: "now-6h", to: "now" },
        timezone: "utc",
        panels: layOut([...numbers(subject), ...replicaPanels(subject), ...(metrics === undefined ? [] : requestPanels(subject, metrics)), ...healthPanels(subject)]),
    };
}

function numbers({ app, cluster }: AppSubject): readonly PanelArgs[] {
    const of = (name: string): string => series(name, { namespace: app.name });
    const floor = Math.max(1, survivors(app.replicas.min, cluster.zones.length));
    const state: readonly PanelArgs[] =
        app.state === undefined
            ? []
            : [
                  {
                      title: `Stateful replicas ready, of ${app.state.replicas}`,
                      kind: "stat",
                      queries: [{ expression: greatest(["namespace"], series("kube_statefulset_status_replicas_ready", { namespace: app.name, statefulset: stateName(app.name) })), legend: "ready" }],
                      redUnder: app.state.replicas,
                  },
              ];
    return [
        { title: `Replicas available, ${floor} at the least`, kind: "stat", queries: [{ expression: of(recorded.available), legend: "available" }], redUnder: floor },
        { title: "Replicas over the floor", kind: "stat", queries: [{ expression: `${of(recorded.available)} - ${of(recorded.floor)}`, legend: "over the floor" }], redUnder: 0 },
        {
            title: "Pods that a drain may take",
            kind: "stat",
            queries: [{ expression: greatest(["poddisruptionbudget"], of("kube_poddisruptionbudget_status_pod_disruptions_allowed")), legend: "{{poddisruptionbudget}}" }],
            redUnder: 1,
        },
        ...state,
    ];
}

function replicaPanels({ app, cluster }: AppSubject): readonly PanelArgs[] {
    const of = (name: string): string => series(name, { namespace: app.name });
    const byZone = cluster.zones.length > 1 ? { expression: of(recorded.byZone), legend: "{{zone}}" } : { expression: of(recorded.available), legend: "available" };
    const autoscaler = (what: string): string => greatest(["namespace"], series(`kube_horizontalpodautoscaler_${what}_replicas`, { namespace: app.name, horizontalpodautoscaler: app.name }));
    return [
        { title: "Replicas by zone, and the floor", kind: "timeseries", stacked: true, bound: "floor", queries: [byZone, { expression: of(recorded.floor), legend: "floor" }] },
        {
            title: "Autoscaler",
            kind: "timeseries",
            bound: "maximum",
            queries: [
                { expression: autoscaler("status_desired"), legend: "wanted" },
                { expression: autoscaler("status_current"), legend: "there" },
                { expression: autoscaler("spec_min"), legend: "minimum" },
                { expression: autoscaler("spec_max"), legend: "maximum" },
            ],
        },
    ];
}

function requestPanels({ app }: AppSubject, metrics: AppMetricsConfig): readonly PanelArgs[] {
    const { requests } = metrics;
    const [fastest] = burns;
    const budget = budgetOf(metrics);
    return [
        {
            title: `Requests by ${requests.label}`,
            kind: "timeseries",
            unit: "reqps",
            stacked: true,
            queries: [{ expression: `sum by (${requests.label}) (rate(${series(requests.metric, { job: jobOf(appMonitor(app.name)) })}[5m]))`, legend: `{{${requests.label}}}` }],
        },
        {
            title: `Share of requests that fail, of ${decimal(budget * 100)} % that may`,
            kind: "timeseries",
            unit: "percentunit",
            bound: "wakes somebody",
            queries: [
                ...["5m", "1h", "6h"].map(window => ({ expression: series(ratioOf(window), { namespace: app.name }), legend: window })),
                ...(fastest === undefined ? [] : [{ expression: `vector(${decimal(fastest.factor * budget)})`, legend: "wakes somebody" }]),
            ],
        },
    ];
}

function healthPanels({ app }: AppSubject): readonly PanelArgs[] {
    const inApp = { namespace: app.name };
    const used = `1 - min by (persistentvolumeclaim) (${series("kubelet_volume_stats_available_bytes", inApp)} / ${series("kubelet_volume_stats_capacity_bytes", inApp)})`;
    const endpoints = (ready: string): string => `sum(${greatest(["endpointslice", "address"], series("kube_endpointslice_endpoints", { ...inApp, endpointslice: { like: `${app.name}-[a-z0-9]+` }, ready }))})`;
    return [
        { title: "Endpoints", kind: "timeseries", stacked: true, queries: [{ expression: endpoints("true"), legend: "ready" }, { expression: endpoints("false"), legend: "not ready" }] },
        { title: "Restarts in an hour", kind: "timeseries", queries: [{ expression: `sum by (pod) (increase(${series("kube_pod_container_status_restarts_total", inApp)}[1h])) > 0`, legend: "{{pod}}" }] },
        ...(app.state === undefined ? [] : [{ title: "Volumes, share in use", kind: "timeseries", unit: "percentunit", queries: [{ expression: used, legend: "{{persistentvolumeclaim}}" }] } satisfies PanelArgs]),
    ];
}
