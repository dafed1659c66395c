import { type ClusterConfig, kindOf } from "../../cluster";
import type { HoldfastConfig } from "../../config";
import { type AutoscalingConfig, autoscalingSettings } from "../../config/platform/autoscaling";
import { settingsOf } from "../../config/platform/toggle";
import { type AddOn, noFootprint } from "../addOn";
import { Headroom, headroomNamespace, headroomOf } from "./headroom";

/** Nodes that come with the load, where the cloud brings none by itself, and room for the replicas of a lost zone. */
export const autoscaling: AddOn = {
    key: "autoscaling",
    title: "node autoscaler where the cloud has none, and room for the loss of a zone",
    namespaces: [headroomNamespace],
    check: () => [],
    warnings: config => config.clusters.flatMap(cluster => warningsOf(config, cluster)),
    // The room is a Deployment of its own in the plan, and so is counted there.
    footprint: (_, cluster) => {
        const scaling = kindOf(cluster).nodeScaling(cluster);
        return scaling.by === "add-on" ? { ...noFootprint, pods: scaling.demand } : noFootprint;
    },
    create: ({ name, cluster, config, opts }) => {
        const { prefer, room } = settingsIn(config);
        cluster.createNodeAutoscaler?.(`${name}-nodes`, { prefer }, opts);
        const { app } = config;
        const buffer = app === undefined ? undefined : headroomOf(app.replicas, room, cluster.zones.length);
        if (app !== undefined && buffer !== undefined && buffer.replicas > 0) {
            new Headroom(`${name}-room`, { app, buffer, cluster }, opts);
        }
        // The app's first nodes are there; those that it needs beside them come while it starts.
        return { ready: [] };
    },
};

function settingsIn({ platform }: HoldfastConfig): AutoscalingConfig {
    return settingsOf(autoscalingSettings, platform.autoscaling) ?? autoscalingSettings.parse({});
}

function warningsOf(config: HoldfastConfig, cluster: ClusterConfig): readonly string[] {
    const kind = kindOf(cluster);
    const keepsRoom = settingsIn(config).room !== "none" && config.app !== undefined;
    return [
        ...(kind.nodeScaling(cluster).by === "owner" ? [`${cluster.name}: platform.autoscaling adds no nodes to a cluster that exists already: who owns it must`] : []),
        ...(keepsRoom && kind.describe(cluster).zones.length < 2 ? [`${cluster.name}: fewer than two zones are named: platform.autoscaling keeps no room for the loss of one`] : []),
    ];
}
