import { kindOf } from "../../cluster";
import type { HoldfastConfig } from "../../config";
import { type LoggingConfig, loggingSettings } from "../../config/platform/logging";
import { settingsOf } from "../../config/platform/toggle";
import { type Problem, pathOf } from "../../config/problems";
import { quorumSurvivesZoneLoss } from "../../model/capacity";
import { mebibytes } from "../../model/quantity";
import type { AddOn, Footprint } from "../addOn";
import { agentRequests } from "./agents";
import { Logging } from "./logging";
import { agentNamespace, storeNamespace, storeNodes } from "./places";
import { demandOf, operatorReplicas, requests } from "./room";

/** What containers write, gathered on each node and searchable in one place. */
export const logging: AddOn = {
    key: "logging",
    title: "Fluent Bit and Elasticsearch",
    namespaces: [agentNamespace, storeNamespace],
    check: config => idleSettings(settingsIn(config)),
    warnings,
    footprint: config => footprintOf(settingsIn(config)),
    create: ({ name, cluster, clusterConfig, config, opts }) =>
        new Logging(
            name,
            {
                settings: settingsIn(config),
                cluster,
                hostAccess: kindOf(clusterConfig).hostAccess(clusterConfig),
                appPriority: config.app?.scheduling.priority ?? defaultPriority,
            },
            opts,
        ),
};

/** An app's, where there is none. */
const defaultPriority = 1_000_000;

/** Its own defaults. */
const defaults = loggingSettings.parse({});

function settingsIn({ platform }: HoldfastConfig): LoggingConfig {
    return settingsOf(loggingSettings, platform.logging) ?? defaults;
}

/** Settings of an Elasticsearch that is not made. */
function idleSettings(settings: LoggingConfig): readonly Problem[] {
    const keys = ["retentionDays", "size", "memory"] as const;
    return settings.to === undefined
        ? []
        : keys
              .filter(key => settings[key] !== defaults[key])
              .map(key => ({
                  path: pathOf(["platform", "logging", key]),
                  received: settings[key],
                  allowed: "nothing beside to: the endpoint has its own",
                  fix: `remove ${key}, or remove to`,
                  reads: [pathOf(["platform", "logging", "to"])],
              }));
}

function warnings(config: HoldfastConfig): readonly string[] {
    const { to, retentionDays } = settingsIn(config);
    if (to !== undefined || config.clusters.length === 0) {
        return [];
    }
    const zones = config.clusters.map(cluster => ({ name: cluster.name, zones: kindOf(cluster).describe(cluster).zones.length }));
    return [
        `logging: each cluster keeps its own lines, ${retentionDays} days of them, and they go with it: platform.logging.to ships them elsewhere; what the clouds log themselves is kept, and paid, beside it`,
        ...zones
            .filter(({ zones }) => zones > 1 && !quorumSurvivesZoneLoss(storeNodes, zones))
            .map(({ name, zones }) => `${name}: ${storeNodes} Elasticsearch nodes over ${zones} zones lose their majority with one zone: until it is back, agents hold the lines`),
    ];
}

/** Agents on every node; operator and Elasticsearch where it is here. The setup is a Job of the program's, and counted as such. */
function footprintOf(settings: LoggingConfig): Footprint {
    const eachNode = agentRequests;
    if (settings.to !== undefined) {
        return { pods: { cores: 0, gib: 0 }, eachNode, volumesGib: [] };
    }
    const operator = demandOf(requests.operator);
    const node = demandOf(requests.store(settings));
    return {
        pods: {
            cores: operatorReplicas * operator.cores + storeNodes * node.cores,
            gib: operatorReplicas * operator.gib + storeNodes * node.gib,
        },
        eachNode,
        volumesGib: Array.from({ length: storeNodes }, () => mebibytes(settings.size) / 1024),
    };
}
