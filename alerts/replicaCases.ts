import type { Alert, Severity } from "../components/platform/monitoring/rules";
import type { Case, Fired } from "./cases";
import { zoned, zoneless } from "./subjects";

const deployment = '{namespace="shop",deployment="shop"}';
const available = `kube_deployment_status_replicas_available${deployment}`;
const wanted = `kube_deployment_spec_replicas${deployment}`;
const autoscaler = '{namespace="shop",horizontalpodautoscaler="shop"}';
const stateReady = 'kube_statefulset_status_replicas_ready{namespace="shop",statefulset="shop-state"}';

const names = ["HoldfastReplicasUnderFloor", "HoldfastAutoscalerAtMaximum", "HoldfastBudgetBlocks", "HoldfastZoneSkew", "HoldfastStateUnderQuorum"] as const;
const minutely = { names, subject: zoned, interval: "1m" } as const;

function ofApp(severity: Severity, name: Alert["name"], summary: string, labels: Readonly<Record<string, string>> = {}): Fired {
    return { severity, name, summary, labels: { namespace: "shop", ...labels } };
}

function critical(replicas: number): Fired {
    const summary = `shop on east: ${replicas} replicas are available, fewer than the loss of one of 3 zones leaves, 4 of 6 at the least`;
    return ofApp("critical", "HoldfastReplicasUnderFloor", summary);
}

function warning(replicas: number): Fired {
    const summary = `shop on east: ${replicas} replicas are available, fewer than are wanted, 6 at the least; the loss of a zone would leave too few`;
    return ofApp("warning", "HoldfastReplicasUnderFloor", summary);
}

/** Ready pods of the app, so many in each zone, one node a zone that has any. Other pods of the namespace are no replicas. */
function podsIn(zones: Readonly<Record<string, number>>): Readonly<Record<string, string>> {
    const samples = "1x60";
    const node = (zone: string): [string, string] => [`kube_node_labels{node="node-${zone}",label_topology_kubernetes_io_zone="${zone}"}`, samples];
    const pod = (name: string, zone: string, owner: string, kind: string): [string, string][] => [
        [`kube_pod_status_ready{namespace="shop",pod="${name}",condition="true",uid="${name}"}`, samples],
        [`kube_pod_info{namespace="shop",pod="${name}",node="node-${zone}",created_by_kind="${kind}",created_by_name="${owner}",uid="${name}"}`, samples],
    ];
    return Object.fromEntries([
        ...Object.entries(zones).flatMap(([zone, count]) => [
            ...(count > 0 ? [node(zone)] : []),
            ...Array.from({ length: count }, (_, index) => pod(`shop-${zone}-${index}`, zone, "shop-5d8f", "ReplicaSet")).flat(),
        ]),
        ...pod("shop-state-0", "a", "shop-state", "StatefulSet"),
        ...pod("other-1", "a", "other-77c9", "ReplicaSet"),
    ]);
}

function skew(replicas: number): Fired {
    return ofApp("warning", "HoldfastZoneSkew", `shop on east: a zone has ${replicas} replicas more than another for 15 minutes; its loss would take more than its share`);
}

/** Alerts on replicas, zones, budgets and the stateful replicas. */
export const replicaCases: readonly Case[] = [
    {
        ...minutely,
        title: "a zone is lost and replaced in time: nobody is told",
        series: { [available]: "6x9 4x4 6x30", [wanted]: "6x45" },
        at: ["10m", "15m", "40m"].map(time => ({ time, fires: [] })),
    },
    {
        ...minutely,
        title: "a zone is lost and not replaced: a warning, and no more",
        series: { [available]: "6x9 4x50", [wanted]: "6x60" },
        at: [
            { time: "20m", fires: [] },
            { time: "30m", fires: [warning(4)] },
        ],
    },
    {
        ...minutely,
        title: "fewer than a zone's loss leaves: critical after a start's time",
        series: { [available]: "6x9 3x50", [wanted]: "6x60" },
        at: [
            { time: "13m", fires: [] },
            { time: "15m", fires: [critical(3)] },
        ],
    },
    {
        ...minutely,
        title: "the floor rises with what the autoscaler wants: of 12, 8 are left by a zone",
        series: { [available]: "8x30 7x30", [wanted]: "12x60" },
        at: [
            { time: "29m", fires: [warning(8)] },
            { time: "40m", fires: [critical(7), warning(7)] },
        ],
    },
    {
        ...minutely,
        title: "somebody scales it under its minimum: the minimum is what counts",
        series: { [available]: "1x30", [wanted]: "1x30" },
        at: [{ time: "10m", fires: [critical(1)] }],
    },
    {
        ...minutely,
        subject: zoneless,
        title: "without zones: critical once nothing answers",
        series: { [available]: "1x9 0x30", [wanted]: "6x40" },
        at: [
            { time: "9m", fires: [] },
            {
                time: "14m",
                fires: [
                    ofApp("critical", "HoldfastReplicasUnderFloor", "shop on local: 0 replicas are available, fewer than one: nothing answers"),
                    ofApp("warning", "HoldfastReplicasUnderFloor", "shop on local: 0 replicas are available, fewer than are wanted, 6 at the least"),
                ],
            },
        ],
    },
    {
        ...minutely,
        title: "two sources report the same for a while: it is still one alert",
        series: { [`${available.slice(0, -1)},instance="one"}`]: "3x60", [`${available.slice(0, -1)},instance="two"}`]: "3x60", [wanted]: "6x60" },
        at: [{ time: "5m", fires: [critical(3)] }],
    },
    {
        ...minutely,
        title: "the autoscaler stays at its maximum",
        series: { [`kube_horizontalpodautoscaler_status_desired_replicas${autoscaler}`]: "11x19 12x40", [`kube_horizontalpodautoscaler_spec_max_replicas${autoscaler}`]: "12x60" },
        at: [
            { time: "34m", fires: [] },
            {
                time: "36m",
                fires: [ofApp("warning", "HoldfastAutoscalerAtMaximum", "shop on east: the autoscaler has been at its maximum of 12 replicas for 15 minutes; more load finds no more of them")],
            },
        ],
    },
    {
        ...minutely,
        title: "a budget lets nothing go for half an hour, another has no pods",
        series: {
            'kube_poddisruptionbudget_status_pod_disruptions_allowed{namespace="shop",poddisruptionbudget="shop"}': "1x9 0x60",
            'kube_poddisruptionbudget_status_expected_pods{namespace="shop",poddisruptionbudget="shop"}': "6x70",
            'kube_poddisruptionbudget_status_pod_disruptions_allowed{namespace="shop",poddisruptionbudget="idle"}': "0x70",
            'kube_poddisruptionbudget_status_expected_pods{namespace="shop",poddisruptionbudget="idle"}': "0x70",
        },
        at: [
            { time: "39m", fires: [] },
            {
                time: "41m",
                fires: [
                    ofApp("warning", "HoldfastBudgetBlocks", "shop on east: budget shop lets no pod go for 30 minutes, so no node of theirs can be drained", {
                        poddisruptionbudget: "shop",
                    }),
                ],
            },
        ],
    },
    { ...minutely, title: "replicas are spread as they should be", series: podsIn({ a: 3, b: 2, c: 2 }), at: [{ time: "20m", fires: [] }] },
    {
        ...minutely,
        title: "a zone has two replicas more than another",
        series: podsIn({ a: 3, b: 2, c: 1 }),
        at: [
            { time: "14m", fires: [] },
            { time: "16m", fires: [skew(2)] },
        ],
    },
    { ...minutely, title: "a zone is back without a node: its emptiness counts too", series: podsIn({ a: 3, b: 3, c: 0 }), at: [{ time: "16m", fires: [skew(3)] }] },
    {
        ...minutely,
        title: "the stateful replicas lose their majority",
        series: { [stateReady]: "3x9 2x9 1x9" },
        at: [
            { time: "19m", fires: [] },
            {
                time: "23m",
                fires: [ofApp("critical", "HoldfastStateUnderQuorum", "shop on east: 1 of 3 stateful replicas are ready, fewer than the 2 that are a majority")],
            },
        ],
    },
];
