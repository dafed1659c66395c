import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type Endpoint, HaApp } from "./app";
import { tagResources } from "./aws/resourceTag";
import { type Cluster, createCluster } from "./cluster";
import type { AppConfig, FailoverConfig, HoldfastConfig } from "./config";
import { checkPathOf } from "./config/checkPath";
import { tlsRequest } from "./config/tls";
import { Failover, createDnsProvider, ownParticipant } from "./failover";
import { type Objectives, objectivesOf, ttlOf } from "./objectives";
import { Platform, addOnsOf } from "./platform";

/** What a stack exports. */
export interface StackOutputs {
    /** Where the app answers, by cluster. */
    readonly endpoints: Readonly<Record<string, Endpoint>>;
    /** The name the world reaches the app by; without failover, the one cluster's URL; null where there is neither. */
    readonly url: pulumi.Output<string> | null;
    /** Kubeconfigs by cluster, as JSON; secret. */
    readonly kubeconfigs: pulumi.Output<Readonly<Record<string, string>>>;
    readonly clusters: Readonly<Record<string, ClusterOutput>>;
    readonly objectives: Objectives;
}

/** What a stack exports of a cluster. */
export interface ClusterOutput {
    readonly kind: string;
    readonly region: string;
    readonly zones: readonly string[];
    readonly version: pulumi.Output<string>;
}

/** Makes everything that a config asks for. */
export function deploy(config: HoldfastConfig): StackOutputs {
    tagResources();
    const clusters = config.clusters.map(cluster => createCluster(cluster, {}, { nodesScale: config.platform.autoscaling !== false }));
    const dns = once(createDnsProvider);
    const hosts = addOnsOf(config).length === 0 ? clusters : deployPlatform(clusters, config, dns);
    const { app } = config;
    const endpoints = app === undefined ? {} : deployApp(app, hosts, config);
    const failover = config.failover === undefined ? undefined : deployFailover(config.failover, endpoints, config, dns);
    const [only] = Object.values(endpoints);
    return {
        endpoints,
        url: failover?.url ?? (clusters.length === 1 && only !== undefined ? only.url : null),
        kubeconfigs: pulumi.secret(Object.fromEntries(clusters.map(({ name, kubeconfig }) => [name, kubeconfig]))),
        clusters: Object.fromEntries(
            clusters.map(({ name, kind, region, zones, version }) => [name, { kind, region, zones, version }]),
        ),
        objectives: objectivesOf(config),
    };
}

/** Puts the add-ons on each cluster. Returns the clusters as apps find them. */
function deployPlatform(clusters: readonly Cluster[], config: HoldfastConfig, dns: () => aws.Provider): readonly Cluster[] {
    return config.clusters.flatMap((clusterConfig, index) => {
        const cluster = clusters[index];
        return cluster === undefined
            ? []
            : [new Platform(`${cluster.name}-platform`, { cluster, clusterConfig, config, fleet: clusters, dns }).host];
    });
}

/** Makes something when it is first asked for. */
function once<T>(make: () => T): () => T {
    let made: { readonly value: T } | undefined;
    return () => (made ??= { value: make() }).value;
}

function deployApp(app: AppConfig, clusters: readonly Cluster[], config: HoldfastConfig): Record<string, Endpoint> {
    const tls = tlsRequest(app, config);
    return Object.fromEntries(
        clusters.map(cluster => [
            cluster.name,
            new HaApp(`${cluster.name}-${app.name}`, { app, cluster, tls }).endpoint,
        ]),
    );
}

function deployFailover(
    failover: FailoverConfig,
    endpoints: Readonly<Record<string, Endpoint>>,
    config: HoldfastConfig,
    dns: () => aws.Provider,
): Failover {
    return new Failover(
        "failover",
        {
            config: failover,
            own: Object.entries(endpoints).map(([name, endpoint]) => ownParticipant(name, endpoint)),
            checkPath: checkPathOf(config),
            ttlSeconds: ttlOf(config),
        },
        { provider: dns() },
    );
}
