import { checkApiAccess, checkPools, checkZones } from "../config/checks/common";
import { type Problem, joinPath } from "../config/problems";
import { cidr } from "../model/cidr";
import { gkeAddressPlan, networkPrefixes } from "./addressPlan";
import type { GkeConfig } from "./config";

/** What is wrong with a GKE cluster's config. */
export function checkGke(config: GkeConfig, path: string): readonly Problem[] {
    return [
        ...checkZones(config.zones, config.region, path, zone => zone.replace(/-[a-z]$/, "")),
        ...checkBlock(config, path),
        ...checkApiAccess(config.apiAccess, path),
        ...checkPools(config.nodes, config.zones, path),
    ];
}

function checkBlock(config: GkeConfig, path: string): readonly Problem[] {
    const { widest, narrowest } = networkPrefixes;
    const { prefix } = cidr(config.cidr);
    const cidrPath = joinPath(path, "cidr");
    if (prefix < widest || prefix > narrowest) {
        return [
            {
                path: cidrPath,
                received: config.cidr,
                allowed: `a block from /${widest} to /${narrowest}: half of it is for pods, a quarter for nodes`,
                fix: "choose a block such as 10.32.0.0/16",
            },
        ];
    }
    if (config.nodes.mode === "auto") {
        return [];
    }
    const wanted = config.nodes.pools.reduce((sum, pool) => sum + pool.maxNodes, 0);
    const { maxNodes } = gkeAddressPlan(config.cidr);
    return wanted <= maxNodes
        ? []
        : [
              {
                  path: cidrPath,
                  received: config.cidr,
                  allowed: `a block with room for the pods of ${wanted} nodes; this one has room for ${maxNodes}`,
                  fix: "choose a wider block, or lower maxNodes of the pools",
                  reads: [joinPath(path, "nodes")],
              },
          ];
}

/** What the user of a GKE cluster should know. */
export function gkeWarnings(config: GkeConfig): readonly string[] {
    return config.apiAccess.length > 0
        ? []
        : [`${config.name}: apiAccess is empty: \`pulumi up\` must run inside the VPC to reach the API server`];
}
