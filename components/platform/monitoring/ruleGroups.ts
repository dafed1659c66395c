import { burnAlerts, burnRecordings } from "./burnRules";
import { clusterAlerts } from "./clusterRules";
import { replicaAlerts, replicaRecordings } from "./replicaRules";
import type { RuleGroup, Subject } from "./rules";

/** Time between two looks at windows of many hours. */
const longInterval = "2m";

/** Everything that a cluster's Prometheus computes for the objectives. */
export function ruleGroups(subject: Subject): readonly RuleGroup[] {
    const { app, metrics } = subject;
    const cluster: RuleGroup = { name: "holdfast-cluster", recordings: [], alerts: [...clusterAlerts(subject), ...(subject.watched?.alerts ?? [])] };
    if (app === undefined) {
        return [cluster];
    }
    const replicas: RuleGroup = { name: `holdfast-${app.name}-replicas`, recordings: replicaRecordings({ ...subject, app }), alerts: replicaAlerts({ ...subject, app }) };
    if (metrics === undefined) {
        return [cluster, replicas];
    }
    const { short, long } = burnRecordings({ ...subject, app }, metrics);
    return [
        cluster,
        replicas,
        { name: `holdfast-${app.name}-requests-long`, interval: longInterval, recordings: long, alerts: [] },
        { name: `holdfast-${app.name}-requests`, recordings: short, alerts: burnAlerts({ ...subject, app }, metrics) },
    ];
}
