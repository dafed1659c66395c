import type { AppConfig } from "../../config";
import type { MeshConfig } from "../../config/platform/mesh";
import type { Scrape } from "../monitoring/customResources";
import { jobOf } from "../monitoring/names";
import { type Matcher, series } from "../monitoring/promql";
import type { Alert, Watched } from "../monitoring/rules";
import { gatewayLabels, gatewayName } from "./names";
import { controlPlaneNamespace, nodeNamespace } from "./values";

const runbook = "docs/runbooks/mesh.md";
const istiodMonitor = "mesh-istiod";
const gatewayMonitor = "mesh-gateway";

/** Days that are left for whoever has to act on the mesh's root. */
const rootDays = 30;

/** What a cluster's Prometheus collects of the mesh, and tells of it. */
export function watchMesh(cluster: string, settings: MeshConfig, app: AppConfig | undefined): Watched {
    const told = (alert: Omit<Alert, "runbook" | "summary">, summary: string): Alert => ({ ...alert, summary: `${cluster}: ${summary}`, runbook });
    return {
        scrapes: [...platformScrapes, ...(app === undefined ? [] : [gatewayScrape(app.name)])],
        alerts: [
            told(
                { name: "HoldfastMeshControlPlaneDown", severity: "critical", expression: `(sum(${series("up", { job: jobOf(istiodMonitor) })}) or vector(0)) < 1`, after: "5m" },
                "no istiod answers: what runs goes on, but no new pod gets a certificate, and those of the others end within a day",
            ),
            told(
                { name: "HoldfastMeshNodesOut", severity: "warning", expression: missingOnNodes, after: "15m" },
                "{{ $labels.daemonset }} is not ready on {{ $value }} nodes: pods there are cut off, or can't start",
            ),
            told(
                {
                    name: "HoldfastMeshRootNearEnd",
                    severity: "warning",
                    // https://github.com/istio/istio/blob/1.30.3/security/pkg/server/ca/monitoring.go.
                    expression: `min(citadel_server_root_cert_expiry_seconds) < ${rootDays} * 86400`,
                    after: "1h",
                },
                "the mesh's root certificate ends in {{ $value | humanizeDuration }}",
            ),
            ...(app === undefined ? [] : gatewayAlerts(settings, app.name).map(({ summary, ...alert }) => told(alert, summary))),
        ],
    };
}

/** Ports by their names in the charts: https://github.com/istio/istio/tree/1.30.3/manifests/charts. */
const platformScrapes: readonly Scrape[] = [
    { monitor: istiodMonitor, namespace: controlPlaneNamespace, podLabels: { app: "istiod" }, portName: "http-monitoring", path: "/metrics", port: undefined },
    { monitor: "mesh-ztunnel", namespace: nodeNamespace, podLabels: { app: "ztunnel" }, portName: "ztunnel-stats", path: "/metrics", port: undefined },
];

/** Envoy's series, which its agent serves with its own. */
function gatewayScrape(app: string): Scrape {
    return { monitor: gatewayMonitor, namespace: app, podLabels: gatewayLabels(app), portName: "metrics", path: "/stats/prometheus", port: undefined };
}

const missingOnNodes = ["istio-cni-node", "ztunnel"]
    .map(daemonset => {
        const of = (what: string): string => `max by (daemonset) (${series(`kube_daemonset_status_${what}`, { namespace: nodeNamespace, daemonset })})`;
        return `(${of("desired_number_scheduled")} - ${of("number_ready")} > 0)`;
    })
    .join("\nor\n");

function gatewayAlerts({ gateways }: MeshConfig, app: string): readonly Alert[] {
    const gateway = gatewayName(app);
    // Requests as the gateway saw them (https://istio.io/latest/docs/reference/config/metrics/); without a flag the answer is the app's own.
    const rate = (labels: Readonly<Record<string, Matcher>>): string => `sum(rate(${series("istio_requests_total", { job: jobOf(gatewayMonitor), ...labels })}[5m]))`;
    const lost = rate({ response_code: { like: "5.." }, response_flags: { like: "[A-Z].*" } });
    return [
        {
            name: "HoldfastMeshRequestsLost",
            severity: "critical",
            expression: `${lost} / (${rate({})} > 0) > 0.01`,
            after: "5m",
            summary: `{{ $value | humanizePercentage }} of requests end at ${gateway} and not at ${app}`,
        },
        {
            name: "HoldfastMeshGatewaysFew",
            severity: "warning",
            expression: `max(${series("kube_deployment_status_replicas_available", { namespace: app, deployment: gateway })}) < ${gateways.min}`,
            after: "10m",
            summary: `{{ $value }} of at least ${gateways.min} replicas of ${gateway} can serve`,
        },
        {
            name: "HoldfastMeshGatewaysAtMost",
            severity: "warning",
            expression: `max(${series("kube_horizontalpodautoscaler_status_desired_replicas", { namespace: app, horizontalpodautoscaler: gateway })}) >= ${gateways.max}`,
            after: "15m",
            summary: `${gateway} has all ${gateways.max} replicas that it may have`,
        },
    ];
}
