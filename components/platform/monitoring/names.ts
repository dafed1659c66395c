/** Namespace of everything that needs nothing of a node, and start of the name of each of the chart's objects. */
export const monitoringNamespace = "monitoring";

/** Namespace of what looks at the nodes themselves. */
export const nodesNamespace = "monitoring-nodes";

/** Name of the PodMonitor that collects an app's series. */
export function appMonitor(app: string): string {
    return `app-${app}`;
}

/** Name of the PodMonitor that collects cert-manager's series. */
export const certManagerMonitor = "cert-manager";

/** Job of the series that a PodMonitor collects: the operator makes it of namespace and name. */
export function jobOf(monitor: string): string {
    return `${monitoringNamespace}/${monitor}`;
}

/** Uid of Grafana's data source. */
export const dataSource = "prometheus";
