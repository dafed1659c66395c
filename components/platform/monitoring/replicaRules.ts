import { stateName } from "../../app/state";
import { quorum, survivors } from "../../model/capacity";
import { either, greatest, series } from "./promql";
import type { Alert, AppSubject, Recording } from "./rules";

/** Series that are recorded of an app: what the alerts and the dashboard rest on. All have its namespace. */
export const recorded = {
    available: "holdfast:replicas_available",
    wanted: "holdfast:replicas_wanted",
    floor: "holdfast:replicas_floor",
    byZone: "holdfast:zone_replicas",
} as const;

/** Time for a node to be made for a replica, in minutes. */
const placementMinutes = 3;

/**
 * Replicas by the model's own rule: of those that are wanted, N − ceil(N / Z) are left when the fullest of Z zones is lost. So the loss of
 * a zone alone never falls under the floor.
 */
export function replicaRecordings({ app, cluster: { zones } }: AppSubject): readonly Recording[] {
    const deployment = { namespace: app.name, deployment: app.name };
    const wanted = series(recorded.wanted, { namespace: app.name });
    return [
        { record: recorded.available, expression: greatest(["namespace"], series("kube_deployment_status_replicas_available", deployment)) },
        { record: recorded.wanted, expression: `clamp_min(${greatest(["namespace"], series("kube_deployment_spec_replicas", deployment))}, ${app.replicas.min})` },
        { record: recorded.floor, expression: zones.length > 1 ? `clamp_min(${wanted} - ceil(${wanted} / ${zones.length}), 1)` : `clamp_max(${wanted}, 1)` },
        ...(zones.length > 1 ? [{ record: recorded.byZone, expression: replicasByZone(app.name, zones) }] : []),
    ];
}

/** Ready replicas in each zone that the cluster names: 0 where there are none, and where there is not even a node. */
function replicasByZone(app: string, zones: readonly string[]): string {
    const ready = greatest(["namespace", "pod"], `${series("kube_pod_status_ready", { namespace: app, condition: "true" })} == 1`);
    const placed = greatest(
        ["namespace", "pod", "node"],
        series("kube_pod_info", { namespace: app, created_by_kind: "ReplicaSet", created_by_name: { like: `${app}-[a-z0-9]+` }, node: { like: ".+" } }),
    );
    const nodes = greatest(["node", "zone"], 'label_replace(kube_node_labels, "zone", "$1", "label_topology_kubernetes_io_zone", "(.+)")');
    const counted = `count by (namespace, zone) (\n${ready}\n* on (namespace, pod) group_left (node) ${placed}\n* on (node) group_left (zone) ${nodes}\n)`;
    const none = zones.map(zone => `label_replace(label_replace(vector(0), "namespace", "${app}", "", ""), "zone", "${zone}", "", "")`);
    return either(counted, ...none);
}

/** Alerts on the number of replicas, and on where they are. */
export function replicaAlerts({ app, cluster }: AppSubject): readonly Alert[] {
    const { min, max } = app.replicas;
    const zones = cluster.zones.length;
    const place = `${app.name} on ${cluster.name}`;
    const of = (name: string): string => series(name, { namespace: app.name });
    const settleMinutes = placementMinutes + Math.ceil(app.health.startupSeconds / 60);
    const loss = zones > 1 ? `than the loss of one of ${zones} zones leaves, ${survivors(min, zones)} of ${min} at the least` : "than one: nothing answers";
    return [
        {
            name: "HoldfastReplicasUnderFloor",
            severity: "critical",
            expression: `${of(recorded.available)} < ${of(recorded.floor)}`,
            after: `${settleMinutes}m`,
            summary: `${place}: {{ $value }} replicas are available, fewer ${loss}`,
        },
        {
            name: "HoldfastReplicasUnderFloor",
            severity: "warning",
            expression: `${of(recorded.available)} < ${of(recorded.wanted)}`,
            after: `${settleMinutes + 10}m`,
            summary: `${place}: {{ $value }} replicas are available, fewer than are wanted, ${min} at the least${zones > 1 ? "; the loss of a zone would leave too few" : ""}`,
        },
        ...(max > min ? [atMaximum(app.name, place, max)] : []),
        {
            name: "HoldfastBudgetBlocks",
            severity: "warning",
            expression: [
                `${greatest(["namespace", "poddisruptionbudget"], series("kube_poddisruptionbudget_status_pod_disruptions_allowed", { namespace: app.name }))} == 0`,
                "and",
                `${greatest(["namespace", "poddisruptionbudget"], series("kube_poddisruptionbudget_status_expected_pods", { namespace: app.name }))} > 0`,
            ].join("\n"),
            after: "30m",
            summary: `${place}: budget {{ $labels.poddisruptionbudget }} lets no pod go for 30 minutes, so no node of theirs can be drained`,
        },
        ...(zones > 1 ? [skew(app.name, place)] : []),
        ...stateAlerts({ app, cluster }, place),
    ];
}

function atMaximum(app: string, place: string, max: number): Alert {
    const autoscaler = { namespace: app, horizontalpodautoscaler: app };
    return {
        name: "HoldfastAutoscalerAtMaximum",
        severity: "warning",
        expression: [
            greatest(["namespace"], series("kube_horizontalpodautoscaler_status_desired_replicas", autoscaler)),
            `>= ${greatest(["namespace"], series("kube_horizontalpodautoscaler_spec_max_replicas", autoscaler))}`,
        ].join("\n"),
        after: "15m",
        summary: `${place}: the autoscaler has been at its maximum of ${max} replicas for 15 minutes; more load finds no more of them`,
    };
}

function skew(app: string, place: string): Alert {
    const byZone = series(recorded.byZone, { namespace: app });
    return {
        name: "HoldfastZoneSkew",
        severity: "warning",
        expression: `max by (namespace) (${byZone}) - min by (namespace) (${byZone}) >= 2`,
        after: "15m",
        summary: `${place}: a zone has {{ $value }} replicas more than another for 15 minutes; its loss would take more than its share`,
    };
}

function stateAlerts({ app }: Pick<AppSubject, "app" | "cluster">, place: string): readonly Alert[] {
    if (app.state === undefined) {
        return [];
    }
    const { replicas } = app.state;
    const least = quorum(replicas);
    const ready = greatest(["namespace"], series("kube_statefulset_status_replicas_ready", { namespace: app.name, statefulset: stateName(app.name) }));
    return [
        {
            name: "HoldfastStateUnderQuorum",
            severity: "critical",
            expression: `${ready} < ${least}`,
            after: "2m",
            summary: `${place}: {{ $value }} of ${replicas} stateful replicas are ready, fewer than the ${least} that are a majority`,
        },
    ];
}
