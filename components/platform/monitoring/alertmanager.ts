import type * as pulumi from "@pulumi/pulumi";

import type { Cluster } from "../../cluster";
import { overZones } from "../spread";
import { monitoringNamespace } from "./names";
import { alertmanagerReplicas, alertmanagerRequest, resourcesOf } from "./sizes";

/** Key of the receiver's URL in its Secret. */
export const receiverKey = "url";

/** Alerts of the chart's own rules that say the same as one here, which has the numbers and the runbook. */
const sameThing: Readonly<Record<string, string>> = {
    HoldfastReplicasUnderFloor: "KubeDeploymentReplicasMismatch",
    HoldfastAutoscalerAtMaximum: "KubeHpaMaxedOut",
    HoldfastBudgetBlocks: "KubePdbNotEnoughHealthyPods",
    HoldfastStateUnderQuorum: "KubeStatefulSetReplicasMismatch",
    HoldfastVolumeNearlyFull: "KubePersistentVolumeFillingUp",
};

/** Labels by which two alerts of one name are about one thing; where both have none of a label, they agree. */
const places = ["namespace", "persistentvolumeclaim", "name"];

/** Alerts that are for machines: one fires always, so that its absence can be noticed; the other only holds back others. */
const forMachines = "Watchdog|InfoInhibitor";

/**
 * Alertmanager's part of the chart's values. Its configuration holds the receiver's place and never its URL:
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config.
 */
export function alertmanagerValues(name: string, cluster: Cluster, receiver: pulumi.Output<string> | undefined): Readonly<Record<string, unknown>> {
    const receivers = receiver === undefined ? [] : [{ name: "webhook", webhook_configs: [{ url_file: receiverFile(receiver), send_resolved: true }] }];
    return {
        podDisruptionBudget: { enabled: true, minAvailable: alertmanagerReplicas - 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
        serviceAccount: { automountServiceAccountToken: false },
        config: {
            global: { resolve_timeout: "5m" },
            inhibit_rules: inhibitions(),
            route: {
                receiver: receivers[0]?.name ?? nobody,
                group_by: ["alertname", "namespace"],
                group_wait: "30s",
                group_interval: "5m",
                repeat_interval: "4h",
                routes: [{ receiver: nobody, matchers: [`alertname =~ "${forMachines}"`] }],
            },
            receivers: [{ name: nobody }, ...receivers],
        },
        alertmanagerSpec: {
            replicas: alertmanagerReplicas,
            automountServiceAccountToken: false,
            // Routes that others add to their namespaces are not taken.
            alertmanagerConfigSelector: { matchLabels: { release: name } },
            resources: resourcesOf(alertmanagerRequest),
            ...(receiver === undefined ? {} : { secrets: [receiver] }),
            topologySpreadConstraints: overZones(cluster, { "app.kubernetes.io/name": "alertmanager", alertmanager: `${monitoringNamespace}-alertmanager` }),
        },
    };
}

const nobody = "nobody";

/** The operator mounts each Secret of `secrets` under its name. */
function receiverFile(secret: pulumi.Output<string>): pulumi.Output<string> {
    return secret.apply(name => `/etc/alertmanager/secrets/${name}/${receiverKey}`);
}

/** The worse of two alerts of one name stands for both; so does ours for the chart's; and nobody hears of what is only information. */
function inhibitions() {
    const worse = (severity: string, lesser: string) => ({
        source_matchers: [`severity = ${severity}`],
        target_matchers: [`severity =~ "${lesser}"`],
        equal: ["alertname", ...places],
    });
    return [
        worse("critical", "warning|info"),
        worse("warning", "info"),
        { source_matchers: ["alertname = InfoInhibitor"], target_matchers: ["severity = info"], equal: ["namespace"] },
        ...Object.entries(sameThing).map(([ours, charts]) => ({
            source_matchers: [`alertname = ${ours}`],
            target_matchers: [`alertname = ${charts}`],
            equal: ["namespace"],
        })),
    ];
}
