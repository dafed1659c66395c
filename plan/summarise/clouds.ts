import { type ClusterConfig, kindOf } from "../../components/cluster";
import type { AppConfig, HoldfastConfig } from "../../components/config";
import { shareOut } from "../../components/model/capacity";
import type { Recording } from "../recorder";
import type { AddOnSummary, AppSummary, CloudSummary, ClusterSummary, ZoneSummary } from "../summary";
import { type GroupedResources, addOnSummaries } from "./groups";
import type { PlainOutputs } from "./outputs";

/** Clusters by cloud, in the order of the config. */
export function cloudSummaries(config: HoldfastConfig, { resources }: Recording, groups: GroupedResources, outputs: PlainOutputs): CloudSummary[] {
    const clouds = new Map<string, ClusterSummary[]>();
    for (const cluster of config.clusters) {
        const { cloud } = kindOf(cluster);
        clouds.set(cloud, [...(clouds.get(cloud) ?? []), clusterSummary(cluster, config, { groups, outputs, addOns: addOnSummaries(resources, cluster, config) })]);
    }
    return [...clouds].map(([name, clusters]) => ({ name, clusters }));
}

function clusterSummary(
    cluster: ClusterConfig,
    { app }: HoldfastConfig,
    { groups, outputs, addOns }: { readonly groups: GroupedResources; readonly outputs: PlainOutputs; readonly addOns: readonly AddOnSummary[] },
): ClusterSummary {
    const facts = kindOf(cluster).describe(cluster);
    return {
        name: cluster.name,
        kind: cluster.kind,
        region: facts.region,
        version: facts.version ?? "its own version",
        zones: zoneSummaries(facts.zones, app),
        nodes: facts.nodes,
        addOns,
        groups: groups.byCluster.get(cluster.name) ?? [],
        ...(app === undefined ? {} : { app: appSummary(app, outputs.endpoints[cluster.name]?.url ?? "") }),
    };
}

function zoneSummaries(zones: readonly string[], app: AppConfig | undefined): ZoneSummary[] {
    const replicas = shareOut(app?.replicas.min ?? 0, zones.length);
    const volumes = shareOut(app?.state?.replicas ?? 0, zones.length);
    return zones.map((name, index) => ({ name, replicas: replicas[index] ?? 0, volumes: volumes[index] ?? 0 }));
}

function appSummary({ name, image, replicas, ingress, state }: AppConfig, url: string): AppSummary {
    return {
        name,
        image,
        minReplicas: replicas.min,
        maxReplicas: replicas.max,
        door: ingress === undefined ? "LoadBalancer Service" : "Ingress",
        url,
        ...(state === undefined ? {} : { state: { replicas: state.replicas, size: state.size, mountPath: state.mountPath } }),
    };
}
