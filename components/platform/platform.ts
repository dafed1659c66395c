import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Cluster, ClusterConfig } from "../cluster";
import type { HoldfastConfig } from "../config";
import type { Provided } from "./addOn";
import { addOnsOf } from "./addOns";

/** What a {@link Platform} is made from. */
export interface PlatformArgs {
    readonly cluster: Cluster;
    readonly clusterConfig: ClusterConfig;
    readonly config: HoldfastConfig;
    /** All clusters of the stack. */
    readonly fleet: readonly Cluster[];
    /** The provider of what AWS has no region for. */
    readonly dns: () => aws.Provider;
}

/**
 * What a cluster gets beside the app: the add-ons that config has on, each a component below this one.
 *
 * @example
 * new Platform("east-platform", { cluster, clusterConfig, config, fleet, dns });
 */
export class Platform extends pulumi.ComponentResource {
    /** The cluster as apps find it: with what the add-ons provide. */
    public readonly host: Cluster;

    constructor(name: string, { cluster, clusterConfig, config, fleet, dns }: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
        super("holdfast:platform:Platform", name, {}, { provider: cluster.provider, ...opts });
        this.host = addOnsOf(config).reduce((host, addOn) => {
            const provided = addOn.create({ name: `${cluster.name}-${addOn.key}`, cluster: host, clusterConfig, config, fleet, dns, opts: { parent: this } });
            return withProvided(host, provided);
        }, cluster);
        this.registerOutputs({});
    }
}

/** A cluster as it is once an add-on is there. */
function withProvided(cluster: Cluster, { ready, namespaceLabels, appIngress = [], storage, snapshots, carrier, watcher }: Provided): Cluster {
    return {
        ...cluster,
        // Methods stand on the prototype, which a copy has not.
        serviceTraits: backend => cluster.serviceTraits(backend),
        createEntry: (...args) => cluster.createEntry(...args),
        ready: [...cluster.ready, ...ready],
        namespaceLabels: { ...cluster.namespaceLabels, ...namespaceLabels },
        appIngress: [...(cluster.appIngress ?? []), ...appIngress],
        storage: storage ?? cluster.storage,
        ...(snapshots === undefined ? {} : { backups: { ...cluster.backups, snapshots } }),
        ...(carrier === undefined ? {} : { carrier }),
        ...(watcher === undefined ? {} : { watcher }),
    };
}
