import { amountOf } from "../../policy/kubernetes/quantities";
import { type Mapping, listOf, textOf } from "../../policy/values";
import { type KubernetesObject, listAt, mappingAt, numberAt, valueAt } from "../objects";
import { type Pods, claimedGib } from "../workloads";

/**
 * Pods of a Prometheus or an Alertmanager: one StatefulSet, with a sidecar that reloads its config, whose size is in the
 * operator's arguments.
 * https://github.com/prometheus-operator/prometheus-operator/blob/main/pkg/prometheus/server/statefulset.go,
 * https://github.com/prometheus-operator/prometheus-operator/blob/main/pkg/operator/config_reloader.go.
 */
export function monitoringPods({ kind, name, namespace, body }: KubernetesObject, objects: readonly KubernetesObject[]): readonly Pods[] {
    const spec = mappingAt(body, "spec");
    const main = kind.toLowerCase();
    const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true };
    const claim = valueAt(spec, "storage", "volumeClaimTemplate");
    return [
        {
            kind,
            name,
            namespace,
            pods: (numberAt(spec, "replicas") ?? 1) * (numberAt(spec, "shards") ?? 1),
            metadata: {
                labels: {
                    "app.kubernetes.io/name": main,
                    "app.kubernetes.io/managed-by": "prometheus-operator",
                    "app.kubernetes.io/instance": name,
                    [main]: name,
                    ...(kind === "Prometheus" ? { "operator.prometheus.io/name": name } : {}),
                },
            },
            spec: {
                securityContext: spec["securityContext"],
                priorityClassName: spec["priorityClassName"],
                topologySpreadConstraints: spec["topologySpreadConstraints"],
                affinity: spec["affinity"],
                hostNetwork: spec["hostNetwork"],
                initContainers: listAt(spec, "initContainers"),
                containers: [
                    { name: main, resources: spec["resources"], securityContext },
                    { name: "config-reloader", resources: reloaderResources(objects), securityContext },
                    ...listAt(spec, "containers"),
                ],
            },
            volumesGib: claim === undefined ? [] : [claimedGib(claim)],
        },
    ];
}

/** Arguments such as `--config-reloader-cpu-request=10m` of the operator; 0 stands for none. */
function reloaderResources(objects: readonly KubernetesObject[]): Mapping {
    const operators = objects.flatMap(({ body }) => listAt(body, "spec", "template", "spec", "containers").map(({ args }) => args));
    const said = operators.flatMap(listOf).map(arg => /^--config-reloader-(cpu|memory)-(request|limit)=(.*)$/.exec(textOf(arg)) ?? []);
    const amounts = (of: string): Mapping =>
        Object.fromEntries(said.filter(([, , side, amount]) => side === of && amountOf(amount) > 0).map(([, resource = "", , amount]) => [resource, amount]));
    return { requests: amounts("request"), limits: amounts("limit") };
}
