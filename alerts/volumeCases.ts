import type { Severity } from "../components/platform/monitoring/rules";
import type { Case, Fired } from "./cases";
import { zoned, zoneless } from "./subjects";

const labels = { namespace: "shop", persistentvolumeclaim: "my-data-shop-state-0" };
const claim = `{namespace="${labels.namespace}",persistentvolumeclaim="${labels.persistentvolumeclaim}"}`;

function full(severity: Severity, left: number, under: number): Fired {
    const summary = `east: volume shop/my-data-shop-state-0 has ${left}% of its room left, under ${under} %`;
    return { severity, name: "HoldfastVolumeNearlyFull", labels, summary };
}

/** Of what is not there no label is known, but those that were asked for by name. */
function blind(cluster: string, about: string, of: string, found: Readonly<Record<string, string>> = {}): Fired {
    const summary = `${cluster}: nothing was measured of ${of} for 15 minutes, so no alert can tell of them`;
    return { severity: "warning", name: "HoldfastMonitoringBlind", labels: { about, ...found }, summary };
}

const deployment = { namespace: "shop", deployment: "shop" };

/** Alerts on volumes, and on series that are not there. */
export const volumeCases: readonly Case[] = [
    {
        names: ["HoldfastVolumeNearlyFull"],
        subject: zoned,
        title: "a volume fills up",
        interval: "1m",
        series: { [`kubelet_volume_stats_capacity_bytes${claim}`]: "1000x120", [`kubelet_volume_stats_available_bytes${claim}`]: "200x19 140x39 40x30" },
        at: [
            { time: "34m", fires: [] },
            { time: "36m", fires: [full("warning", 14, 15)] },
            { time: "70m", fires: [full("warning", 4, 15), full("critical", 4, 5)] },
        ],
    },
    {
        names: ["HoldfastMonitoringBlind"],
        subject: zoned,
        title: "nothing is measured at all",
        interval: "1m",
        series: { 'up{job="monitoring/cert-manager"}': "0x60" },
        at: [
            { time: "14m", fires: [] },
            {
                time: "16m",
                fires: [
                    blind("east", "volumes", "volumes"),
                    blind("east", "replicas", "the replicas of shop", deployment),
                    blind("east", "requests", "the requests of shop", { job: "monitoring/app-shop" }),
                    blind("east", "certificates", "certificates"),
                ],
            },
        ],
    },
    {
        names: ["HoldfastMonitoringBlind"],
        subject: zoneless,
        title: "what is not asked for is not missed",
        interval: "1m",
        series: { 'up{job="monitoring/cert-manager"}': "0x60" },
        at: [{ time: "16m", fires: [blind("local", "volumes", "volumes"), blind("local", "replicas", "the replicas of shop", deployment)] }],
    },
];
