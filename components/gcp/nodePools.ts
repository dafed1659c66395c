import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

import type { PoolConfig } from "../config/values";
import { physicalPoolName, poolKey, spotKey } from "../poolName";

/** What node pools are made from. */
export interface NodePoolsArgs {
    readonly cluster: gcp.container.Cluster;
    readonly region: string;
    readonly zones: readonly string[];
    readonly pools: readonly PoolConfig[];
    /** E-mail of the nodes' service account. */
    readonly serviceAccount: pulumi.Input<string>;
    readonly dependsOn: readonly pulumi.Resource[];
}

/** Google's scope for "what the service account may do", as its guides ask. */
const cloudPlatform = "https://www.googleapis.com/auth/cloud-platform";

/**
 * Regional node pools: each spans the cluster's zones, scales between totals over all of them, and
 * keeps them balanced.
 */
export class NodePools extends pulumi.ComponentResource {
    public readonly pools: readonly gcp.container.NodePool[];

    constructor(name: string, args: NodePoolsArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:gcp:NodePools", name, {}, opts);
        this.pools = args.pools.map(pool => this.createPool(`${name}-${pool.name}`, pool, args));
        this.registerOutputs({ pools: this.pools });
    }

    private createPool(name: string, pool: PoolConfig, args: NodePoolsArgs): gcp.container.NodePool {
        return new gcp.container.NodePool(
            name,
            {
                name: physicalPoolName(pool),
                cluster: args.cluster.name,
                location: args.region,
                nodeLocations: [...args.zones],
                // For each zone. The autoscaler never grows a pool to its minimum, it only stops there.
                initialNodeCount: Math.ceil(pool.minNodes / args.zones.length),
                autoscaling: {
                    totalMinNodeCount: pool.minNodes,
                    totalMaxNodeCount: pool.maxNodes,
                    locationPolicy: "BALANCED",
                },
                management: { autoRepair: true, autoUpgrade: true },
                upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
                networkConfig: { enablePrivateNodes: true },
                nodeConfig: {
                    machineType: pool.machine,
                    imageType: "COS_CONTAINERD",
                    diskType: "pd-balanced",
                    diskSizeGb: pool.diskGb,
                    spot: pool.spot,
                    serviceAccount: args.serviceAccount,
                    oauthScopes: [cloudPlatform],
                    shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
                    workloadMetadataConfig: { mode: "GKE_METADATA" },
                    metadata: { "disable-legacy-endpoints": "true" },
                    kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
                    labels: { [poolKey]: pool.name, ...(pool.spot ? { [spotKey]: "true" } : {}) },
                    ...(pool.spot ? { taints: [{ key: spotKey, value: "true", effect: "NO_SCHEDULE" }] } : {}),
                },
            },
            {
                parent: this,
                dependsOn: [...args.dependsOn],
                // The provider deletes first whatever has a name of ours, even where the name changes too: pods would have no node.
                deleteBeforeReplace: false,
                // Its change would replace the pool.
                ignoreChanges: ["initialNodeCount"],
            },
        );
    }
}
