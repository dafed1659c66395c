import { type ClusterConfig, kindOf } from "./cluster";
import type { AppConfig, HoldfastConfig } from "./config";
import { recurrenceOf } from "./config/cron";
import { formatAvailability, parallel, series } from "./model/availability";
import { type ZoneLoss, zoneLoss } from "./model/capacity";
import { recoveryTimeObjective, replacementSeconds } from "./model/recovery";
import { durationWords, gapsOf } from "./model/schedule";
import { backupOf, destinationOf, placeOf } from "./platform/backup/destination";

/** What a stack promises, computed from the settings that are deployed. A stack output. */
export interface Objectives {
    /** Share of time that the app can be expected to answer, by the clouds' own commitments; null where nobody commits. */
    readonly availability: number | null;
    /** What the number rests on. */
    readonly availabilityBasis: string;
    /** Seconds until the world reaches another cluster when one is lost; null without failover. */
    readonly rtoSeconds: number | null;
    /** Seconds until lost replicas of a zone are asked for anew; null without an app. */
    readonly replacementSeconds: number | null;
    /** In plain words: what may be lost of the data. */
    readonly rpo: RecoveryPoint;
    /** Capacity after the loss of a zone, by cluster; null for a cluster that names no zones. */
    readonly zoneLoss: Readonly<Record<string, ZoneLoss | null>>;
}

/** What may be lost of the data, in plain words. */
export interface RecoveryPoint {
    readonly zoneLoss: Loss;
    readonly clusterLoss: Loss;
}

/** Data that is lost, and why no more and no less. */
export interface Loss {
    readonly loses: string;
    /** Longest time between two copies, in seconds; the time that one takes comes on top. Null where nothing here copies, or nothing has to. */
    readonly seconds: number | null;
    readonly because: string;
}

/** The objectives of a config. Pure. */
export function objectivesOf(config: HoldfastConfig): Objectives {
    const { app } = config;
    return {
        ...availabilityOf(config),
        rtoSeconds: config.failover === undefined ? null : rtoOf(config, ttlOf(config)),
        replacementSeconds: app === undefined ? null : replacementSeconds(app.scheduling.giveUpNodeSeconds),
        rpo: rpoOf(config),
        zoneLoss: app === undefined ? {} : Object.fromEntries(config.clusters.map(cluster => [cluster.name, zoneLossOf(app, cluster)])),
    };
}

/**
 * Seconds that resolvers may keep an answer of the failover name: the configured TTL, or the longer
 * one that a cloud fixes for its load balancers. Members' clouds are not known here; Route 53's alias
 * TTL is taken for them.
 */
export function ttlOf({ clusters, failover }: HoldfastConfig): number {
    const own = clusters.map(cluster => kindOf(cluster).fixedTtlSeconds ?? 0);
    const members = failover?.members.map(() => aliasTtlSeconds) ?? [];
    return Math.max(failover?.ttl ?? 0, ...own, ...members);
}

/** "60 seconds (the TTL for load balancers)": Route 53 API reference, ResourceRecordSet.TTL. */
const aliasTtlSeconds = 60;

function rtoOf({ failover }: HoldfastConfig, ttlSeconds: number): number | null {
    return failover === undefined
        ? null
        : recoveryTimeObjective({
              intervalSeconds: failover.check.interval,
              failures: failover.check.failures,
              ttlSeconds,
          });
}

function availabilityOf({ clusters, failover }: HoldfastConfig): Pick<Objectives, "availability" | "availabilityBasis"> {
    const sites = clusters.map(cluster => ({ cluster, commitments: kindOf(cluster).commitments }));
    const promised = sites.filter(({ commitments }) => commitments.length > 0);
    if (promised.length === 0 || promised.length < sites.length) {
        return {
            availability: null,
            availabilityBasis:
                sites.length === 0
                    ? "the clusters are in other stacks"
                    : "no cloud commits to clusters that exist already",
        };
    }
    const shares = promised.map(({ commitments }) => series(commitments.map(({ share }) => share)));
    const each = promised.map(({ cluster }, index) => `${cluster.name} ${formatAvailability(shares[index] ?? 0)}`).join(", ");
    return {
        // Clusters that no name joins do not stand in for each other: the app is as good as its weakest one.
        availability: failover === undefined ? Math.min(...shares) : parallel(shares),
        availabilityBasis: `the clouds' uptime commitments of what a request passes, multiplied (${each})${
            shares.length > 1 && failover !== undefined ? "; sites taken as independent, so a bad release or lapsed certificate is not in it" : ""
        }`,
    };
}

function zoneLossOf({ replicas, scaling }: AppConfig, cluster: ClusterConfig): ZoneLoss | null {
    const zones = kindOf(cluster).describe(cluster).zones.length;
    return zones < 2 ? null : zoneLoss(replicas.min, zones, scaling.cpu);
}

function rpoOf(config: HoldfastConfig): RecoveryPoint {
    const { app } = config;
    if (app === undefined) {
        const elsewhere = { loses: "not known here", seconds: null, because: "this stack has no app; the plans of the stacks that have one say" };
        return { zoneLoss: elsewhere, clusterLoss: elsewhere };
    }
    if (app.state === undefined) {
        const nothing = { loses: "nothing", seconds: null, because: "the app keeps no data in its clusters" };
        return { zoneLoss: nothing, clusterLoss: nothing };
    }
    return withBackups(config) ?? withoutBackups;
}

/** What may be lost where only the app itself copies its data. */
const withoutBackups: RecoveryPoint = {
    zoneLoss: {
        loses: "what one replica has",
        seconds: null,
        because: "a volume stays in its zone; what the app has copied to a replica in another zone is safe",
    },
    clusterLoss: {
        loses: "all since the last copy",
        seconds: null,
        because: "volumes stay in one cloud, and nothing here copies them to another: only the app's own copies elsewhere are safe",
    },
};

/** What may be lost where the volumes are copied on a schedule; undefined where they are not. */
function withBackups(config: HoldfastConfig): RecoveryPoint | undefined {
    const settings = backupOf(config);
    const gaps = settings === undefined ? undefined : gapsOf(recurrenceOf(settings.schedule));
    if (gaps === undefined) {
        return undefined;
    }
    const seconds = gaps.longest;
    const loses = `at most ${durationWords(seconds)} + a backup`;
    const places = config.clusters.flatMap(cluster => {
        const destination = destinationOf(cluster, config);
        return destination === undefined ? [] : [`${cluster.name} to ${placeOf(destination)}`];
    });
    return {
        zoneLoss: {
            loses,
            seconds,
            because:
                "of what one replica alone has: its volume stays in its zone, and a backup restores it into another",
        },
        clusterLoss: {
            loses,
            seconds,
            because: `between two backups, and while one is made; each volume as after a crash, ${places.join(", ")}`,
        },
    };
}
