/** Invalid settings of the add-on `monitoring`. */
import { clusterConfigs } from "../../../support/plan";
import type { BadInput } from "../row";

/** A cluster without an app. */
const bare = { clusters: [clusterConfigs.existing], platform: { monitoring: {} } };

export const badMonitoring: readonly BadInput[] = [
    ["monitoring as a word", { "platform.monitoring": "prometheus" }, "monitoring: true"],
    ["a setting of monitoring that there is not", { "platform.monitoring.dashboards": 3 }, "remove dashboards"],
    ["metrics kept for less than the longest window", { "platform.monitoring.retentionDays": 3 }, "retentionDays: 15"],
    ["metrics kept for ever", { "platform.monitoring.retentionDays": 366 }, "retentionDays: 15"],
    ["a volume of metrics that no cloud has", { "platform.monitoring.size": "9Gi" }, 'size: "50Gi"'],
    ["a volume of metrics in Mi", { "platform.monitoring.size": "51200Mi" }, 'size: "50Gi"'],
    ["metrics dropped by another word", { "platform.monitoring.onDelete": "drop" }, 'onDelete: "keep"'],
    ["alerts as a URL", { "platform.monitoring.alerts": "https://hooks.example.com" }, 'alerts: {"webhook"'],
    ["alerts to nobody", { "platform.monitoring.alerts": {} }, "add webhook", { paths: ["platform.monitoring.alerts.webhook"] }],
    ["a receiver without a scheme", { "platform.monitoring.alerts.webhook": "hooks.example.com/alerts" }, 'webhook: "https://'],
    ["a receiver that is an address of mail", { "platform.monitoring.alerts.webhook": "mailto:platform@example.com" }, 'webhook: "https://'],
    ["metrics at a path that is none", { "platform.monitoring.metrics.path": "metrics" }, 'path: "/metrics"'],
    ["metrics at a port that only root has", { "platform.monitoring.metrics.port": 80 }, "port: 9797"],
    ["an objective without a budget", { "platform.monitoring.metrics.slo": 100 }, "slo: 99.9"],
    ["an objective as a share", { "platform.monitoring.metrics.slo": 0.999 }, "slo: 99.9"],
    ["a metric that Prometheus can't have", { "platform.monitoring.metrics.requests.metric": "http-requests" }, 'metric: "http_requests_total"'],
    ["a label that Prometheus can't have", { "platform.monitoring.metrics.requests.label": "status.code" }, 'label: "status"'],
    ["errors as a pattern of anything", { "platform.monitoring.metrics.requests.errors": "5.*" }, 'errors: "5.."'],
    ["errors with a quote in them", { "platform.monitoring.metrics.requests.errors": '5.."} or vector(1)' }, 'errors: "5.."'],
    ["metrics of no app", { "platform.monitoring.metrics": {} }, "remove metrics, or add app", { base: bare }],
    ["kubelets' certificates by a word that there is not", { "clusters[0].kubeletCertificates": "none" }, 'kubeletCertificates: "self-signed"', { base: bare }],
    ["a metrics-server by a word", { "clusters[0].metricsServer": "none" }, "metricsServer: true", { base: bare }],
];
