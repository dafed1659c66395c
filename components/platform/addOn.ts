import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { SnapshotTraits } from "../backups";
import type { Carrier, Cluster, ClusterConfig, StorageTraits, Watcher } from "../cluster";
import type { HoldfastConfig, PlatformConfig } from "../config";
import type { Problem } from "../config/problems";

/** One of the things that a cluster may get beside the app. All that is special about it lives in its folder. */
export interface AddOn {
    /** Its key in `holdfast:platform`. */
    readonly key: keyof PlatformConfig;
    /** What it brings, for people: "Prometheus, Alertmanager and Grafana". */
    readonly title: string;
    /** Namespaces that it makes, which no app may have. */
    readonly namespaces: readonly string[];
    /** What is wrong with a config that has it on and that the schema can't say. */
    check(config: HoldfastConfig): readonly Problem[];
    /** What the user should know though it works. */
    warnings(config: HoldfastConfig): readonly string[];
    /** What its pods on a cluster take. Objects that are registered one by one are counted as such, and are not in it. */
    footprint(config: HoldfastConfig, cluster: ClusterConfig): Footprint;
    /** Makes it on a cluster. */
    create(context: AddOnContext): Provided;
}

/** CPU and memory that pods request. */
export interface Demand {
    readonly cores: number;
    readonly gib: number;
}

/** What charts and operators put on a cluster, for the bill: what a plan can't see, since it renders no chart. */
export interface Footprint {
    /** Pods of which there is a fixed number, in all. */
    readonly pods: Demand;
    /** What runs on every node, on one. */
    readonly eachNode: Demand;
    /** Sizes of the volumes, in GiB. */
    readonly volumesGib: readonly number[];
}

/** What an add-on is made from. */
export interface AddOnContext {
    /** Prefix of the names of what it makes: `<cluster>-<key>`. */
    readonly name: string;
    /** The cluster, with what add-ons before this one provide. */
    readonly cluster: Cluster;
    readonly clusterConfig: ClusterConfig;
    readonly config: HoldfastConfig;
    /** All clusters of the stack, for what one keeps at another. */
    readonly fleet: readonly Cluster[];
    /** The provider of what AWS has no region for: Route 53 and IAM. Made when it is first asked for. */
    readonly dns: () => aws.Provider;
    /** Its component's options: parent and provider. */
    readonly opts: pulumi.ComponentResourceOptions;
}

/** What an add-on changes about the cluster for what comes after it: later add-ons, and the app. */
export interface Provided {
    /** What must exist before workloads can rest on it. */
    readonly ready: readonly pulumi.Resource[];
    /** Labels that an app's namespace needs. */
    readonly namespaceLabels?: Readonly<Record<string, string>>;
    /** Ways in to the app's replicas, beside the clients'. */
    readonly appIngress?: Cluster["appIngress"];
    /** How volumes are made from now on. */
    readonly storage?: StorageTraits;
    /** How they are copied at a point in time. */
    readonly snapshots?: SnapshotTraits | undefined;
    /** What carries apps' requests from now on. */
    readonly carrier?: Carrier;
    /** Who collects metrics from now on. */
    readonly watcher?: Watcher;
}

/** A footprint of nothing, to begin with. */
export const noFootprint: Footprint = { pods: { cores: 0, gib: 0 }, eachNode: { cores: 0, gib: 0 }, volumesGib: [] };
