import type { HoldfastConfig } from "../../components/config";
import { downtimeMinutesPerYear, formatAvailability } from "../../components/model/availability";
import { zoneLoss } from "../../components/model/capacity";
import { checkTimeoutSeconds } from "../../components/model/recovery";
import { ttlOf } from "../../components/objectives";
import type { ObjectiveSummary } from "../summary";
import type { PlainOutputs } from "./outputs";

type Objectives = PlainOutputs["objectives"];

/** The objectives in words. */
export function objectiveSummaries(objectives: Objectives, config: HoldfastConfig): ObjectiveSummary[] {
    return [
        availability(objectives, config),
        ...rto(objectives, config),
        ...zoneLosses(objectives, config),
        ...replacement(objectives),
        ...recoveryPoints(objectives),
    ];
}

function availability({ availability: share, availabilityBasis: basis }: Objectives, { clusters }: HoldfastConfig): ObjectiveSummary {
    const name = "Availability";
    if (share === null) {
        return { name, value: clusters.length === 0 ? "not known here" : "not promised", basis };
    }
    const minutes = downtimeMinutesPerYear(share);
    const downtime = minutes < 1 ? `${Math.ceil(minutes * 60)} s a year down` : `${Math.ceil(minutes)} min a year down`;
    return { name, value: formatAvailability(share), basis: `${downtime}; ${basis}` };
}

function rto({ rtoSeconds }: Objectives, config: HoldfastConfig): ObjectiveSummary[] {
    if (rtoSeconds === null || config.failover === undefined) {
        return [];
    }
    const { interval, failures } = config.failover.check;
    return [
        {
            name: "RTO, cluster loss",
            value: `${rtoSeconds} s`,
            basis: `${failures} failures × (check interval ${interval} s + up to ${checkTimeoutSeconds} s to fail) + ${ttlOf(config)} s that resolvers keep an answer`,
        },
    ];
}

/** One line for all clusters that fare alike, which they do when they have as many zones. */
function zoneLosses({ zoneLoss: byCluster }: Objectives, { app, clusters: inOrder }: HoldfastConfig): ObjectiveSummary[] {
    if (app === undefined) {
        return [];
    }
    const name = "Capacity after a zone loss";
    const alike = new Map<number, { readonly loss: Loss; readonly clusters: string[] }>();
    for (const { name: cluster } of inOrder) {
        const loss = byCluster[cluster] ?? null;
        const zones = loss?.zones ?? 0;
        alike.set(zones, { loss, clusters: [...(alike.get(zones)?.clusters ?? []), cluster] });
    }
    return [...alike.values()].map(({ loss, clusters }) => ({
        name: alike.size > 1 ? `${name}, ${clusters.join(", ")}` : name,
        value: loss === null ? "none" : `${loss.survivors} of ${loss.replicas} replicas`,
        basis: lossBasis(loss, app),
    }));
}

type Loss = Objectives["zoneLoss"][string];

function lossBasis(
    loss: Loss,
    { replicas, scaling }: NonNullable<HoldfastConfig["app"]>,
): string {
    if (loss === null) {
        return "no zones are named, so all replicas may be in the one that is lost";
    }
    const counts = Array.from({ length: replicas.max - replicas.min + 1 }, (_, index) => replicas.min + index);
    const worst = counts
        .map(count => zoneLoss(count, loss.zones, scaling.cpu))
        .reduce((a, b) => (b.utilisation > a.utilisation ? b : a));
    const atMinimum = `at the minimum they run at ${percent(loss.utilisation)} of their request (target ${scaling.cpu} %, safe to ${loss.safeTargetPercent} %)`;
    return worst.utilisation > 1
        ? `${atMinimum}; worst at ${worst.replicas} replicas, ${percent(worst.utilisation)} until replacements are ready`
        : `${atMinimum}; at no size over 100 %`;
}

function percent(share: number): string {
    return `${Math.round(share * 100)} %`;
}

function replacement({ replacementSeconds }: Objectives): ObjectiveSummary[] {
    return replacementSeconds === null
        ? []
        : [
              {
                  name: "Replacement, zone loss",
                  value: `${replacementSeconds} s`,
                  basis: "until lost replicas are asked for anew: 50 s node grace + what the pods tolerate, 10 s more for each further node of the zone",
              },
          ];
}

function recoveryPoints({ rpo }: Objectives): ObjectiveSummary[] {
    return [
        { name: "RPO, zone loss", value: rpo.zoneLoss.loses, basis: rpo.zoneLoss.because },
        { name: "RPO, cluster loss", value: rpo.clusterLoss.loses, basis: rpo.clusterLoss.because },
    ];
}
