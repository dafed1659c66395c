import { checkApiAccess, checkMachines, checkPools, checkPrivate, checkZones } from "../config/checks/common";
import { type Problem, joinPath } from "../config/problems";
import { cidr } from "../model/cidr";
import { gkeAddressPlan, networkPrefixes } from "./addressPlan";
import type { GkeConfig } from "./config";

/** What is wrong with a GKE cluster's config. */
export function checkGke(config: GkeConfig, path: string): readonly Problem[] {
    return [
        ...checkZones(config.zones, config.region, path, zone => zone.replace(/-[a-z]$/, "")),
        ...checkBlock(config, path),
        ...checkVersion(config, path),
        ...checkApiAccess(config.apiAccess, path),
        ...checkPools(config.nodes, config.zones, path),
        ...checkMachines(config.nodes, path, machineType, "n2-standard-2"),
    ];
}

/** Series, type and size (https://cloud.google.com/compute/docs/machine-resource). */
const machineType = /^[a-z0-9]+(-[a-z0-9]+)+$/;

/**
 * Minor versions that new clusters can have, by channel: from 1.`oldest` to 1.`newest`. Source: the table at
 * the head of https://cloud.google.com/kubernetes-engine/docs/release-notes, as of 2026-09.
 */
const minorVersions: Readonly<Record<GkeConfig["channel"], { readonly oldest: number; readonly newest: number }>> = {
    RAPID: { oldest: 34, newest: 37 },
    REGULAR: { oldest: 34, newest: 36 },
    STABLE: { oldest: 34, newest: 35 },
    EXTENDED: { oldest: 31, newest: 36 },
};

function checkVersion({ version, channel }: GkeConfig, path: string): readonly Problem[] {
    const { oldest, newest } = minorVersions[channel];
    const minor = Number(version.split(".")[1]);
    return minor >= oldest && minor <= newest
        ? []
        : [
              {
                  path: joinPath(path, "version"),
                  received: version,
                  allowed: `a version that GKE's channel ${channel} offers: 1.${oldest} to 1.${newest}`,
                  // The channel moves a cluster on, so that raising the lowest version changes nothing for it.
                  fix: minor < oldest ? `set version to "1.${oldest}" or leave it out` : `set version to "1.${newest}", or choose another channel`,
                  reads: [joinPath(path, "channel")],
              },
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
    const publicBlock = checkPrivate(config.cidr, path);
    if (publicBlock.length > 0 || config.nodes.mode === "auto") {
        return publicBlock;
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
