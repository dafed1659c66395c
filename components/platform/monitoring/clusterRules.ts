import { appMonitor, certManagerMonitor, jobOf } from "./names";
import { greatest, series } from "./promql";
import type { Alert, Subject } from "./rules";

/** Alerts on what the whole cluster has: volumes, certificates, and the sight of them. */
export function clusterAlerts(subject: Subject): readonly Alert[] {
    return [...volumeAlerts(subject), ...(subject.certificates ? certificateAlerts(subject) : []), ...blindAlerts(subject)];
}

/** Any volume of the cluster: add-ons have some too. What kubelet reports: https://kubernetes.io/docs/reference/instrumentation/metrics/. */
function volumeAlerts({ cluster }: Subject): readonly Alert[] {
    const free = "min by (namespace, persistentvolumeclaim) (kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes)";
    const alert = (severity: Alert["severity"], percent: number, after: string): Alert => ({
        name: "HoldfastVolumeNearlyFull",
        severity,
        expression: `${free} < ${percent / 100}`,
        after,
        summary: `${cluster.name}: volume {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} of its room left, under ${percent} %`,
    });
    return [alert("warning", 15, "15m"), alert("critical", 5, "5m")];
}

/**
 * What cert-manager reports of its certificates, 0 where it knows no time:
 * https://github.com/cert-manager/cert-manager/blob/v1.21.1/internal/collectors/certificate_collector.go. It renews when two thirds of a
 * certificate's life are over, so one that is due for a day has failed; the last tenth leaves little time, however long that life is.
 */
function certificateAlerts({ cluster }: Subject): readonly Alert[] {
    const of = (what: string): string => greatest(["namespace", "name"], `certmanager_certificate_${what}_timestamp_seconds > 0`);
    const certificate = `${cluster.name}: certificate {{ $labels.namespace }}/{{ $labels.name }}`;
    return [
        {
            name: "HoldfastCertificateNearEnd",
            severity: "warning",
            expression: `time() - ${of("renewal")} > 86400`,
            after: "15m",
            summary: `${certificate} should have been renewed {{ $value | humanizeDuration }} ago, and was not`,
        },
        {
            name: "HoldfastCertificateNearEnd",
            severity: "critical",
            expression: `${of("expiration")} - time() < 0.1 * (${of("expiration")} - ${of("not_before")})`,
            after: "5m",
            summary: `${certificate} ends in {{ $value | humanizeDuration }}, the last tenth of its life`,
        },
        {
            name: "HoldfastCertificateNotReady",
            severity: "warning",
            expression: `${greatest(["namespace", "name"], series("certmanager_certificate_ready_status", { condition: "True" }))} == 0`,
            after: "1h",
            summary: `${certificate} is not valid for an hour: a cluster that stands by must have it before its first request`,
        },
    ];
}

/** A missing series makes other alerts silent, so its absence is one. */
function blindAlerts({ cluster, app, metrics, certificates }: Subject): readonly Alert[] {
    const blind = (about: string, expression: string, to: string = about): Alert => ({
        name: "HoldfastMonitoringBlind",
        severity: "warning",
        about,
        expression,
        after: "15m",
        summary: `${cluster.name}: nothing was measured of ${to} for 15 minutes, so no alert can tell of them`,
    });
    const missing = (selector: string): string => `absent(${selector})`;
    const replicas = (name: string): string => missing(series("kube_deployment_status_replicas_available", { namespace: name, deployment: name }));
    return [
        blind("volumes", missing("kubelet_volume_stats_capacity_bytes")),
        ...(app === undefined ? [] : [blind("replicas", replicas(app.name), `the replicas of ${app.name}`)]),
        ...(app === undefined || metrics === undefined
            ? []
            : [blind("requests", missing(series(metrics.requests.metric, { job: jobOf(appMonitor(app.name)) })), `the requests of ${app.name}`)]),
        ...(certificates ? [blind("certificates", missing(`${series("up", { job: jobOf(certManagerMonitor) })} == 1`))] : []),
    ];
}
