import { cidr, contains } from "../../model/cidr";
import { type Problem, joinPath } from "../problems";
import type { NodesConfig } from "../values";

/** Checks that more than one kind of cluster needs. */

/** The widest block that may reach an API server: an organization's, not the internet's. */
const widestAccess = 8;

/** An API server that the whole internet may reach is refused (CKV_AWS_38, CKV_GCP_20). */
export function checkApiAccess(blocks: readonly string[], path: string): readonly Problem[] {
    const open = blocks.flatMap((block, index) =>
        cidr(block).prefix >= widestAccess
            ? []
            : [
                  {
                      path: joinPath(path, "apiAccess", index),
                      received: block,
                      allowed: `a block of /${widestAccess} or narrower; the API server is never open to everyone`,
                      fix: "name the addresses of your office, VPN or runners, for example 203.0.113.0/24",
                  },
              ],
    );
    return [...open, ...checkDistinct(blocks, joinPath(path, "apiAccess"), { allowed: "each block once", fix: "remove it here" })];
}

/** Addresses that nobody has on the internet: RFC 1918, and RFC 6598, which clouds route like it. */
const privateBlocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map(cidr);

/** What a cluster's network takes for its own can't be reached on the internet any more, so it is private. */
export function checkPrivate(block: string, path: string): readonly Problem[] {
    return privateBlocks.some(outer => contains(outer, cidr(block)))
        ? []
        : [
              {
                  path: joinPath(path, "cidr"),
                  received: block,
                  allowed: "a block inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10, which are private",
                  fix: "choose a block such as 10.16.0.0/16",
              },
          ];
}

/** Machine types look different from cloud to cloud; `example` is one of this cloud's. */
export function checkMachines(nodes: NodesConfig, path: string, form: RegExp, example: string): readonly Problem[] {
    return (nodes.mode === "auto" ? [] : nodes.pools).flatMap(({ machine }, index) =>
        form.test(machine)
            ? []
            : [
                  {
                      path: joinPath(path, "nodes", "pools", index, "machine"),
                      received: machine,
                      allowed: `a machine type of the cluster's own cloud, such as ${example}`,
                      fix: `for example machine: ${example}`,
                      reads: [joinPath(path, "kind")],
                  },
              ],
    );
}

/** Zones must differ and belong to the region; `regionOf` says which region a zone is in. */
export function checkZones(
    zones: readonly string[],
    region: string,
    path: string,
    regionOf: (zone: string) => string,
): readonly Problem[] {
    const foreign = zones.flatMap((zone, index) =>
        regionOf(zone) === region
            ? []
            : [
                  {
                      path: joinPath(path, "zones", index),
                      received: zone,
                      allowed: `a zone of ${region}`,
                      fix: `name a zone of ${region}, or set region to ${regionOf(zone)}`,
                      reads: [joinPath(path, "region")],
                  },
              ],
    );
    return [...checkDistinctZones(zones, path), ...foreign];
}

/** A zone that is named twice would count as two. */
export function checkDistinctZones(zones: readonly string[], path: string): readonly Problem[] {
    return checkDistinct(zones, joinPath(path, "zones"), { allowed: "each zone once", fix: "name another zone, or remove it" });
}

/** Entries of the list at `path` that stand in it before. */
export function checkDistinct(
    entries: readonly (string | number)[],
    path: string,
    words: Pick<Problem, "allowed" | "fix">,
): readonly Problem[] {
    const reads = entries.map((_, index) => joinPath(path, index));
    return entries.flatMap((entry, index) =>
        entries.indexOf(entry) === index ? [] : [{ path: joinPath(path, index), received: entry, ...words, reads }],
    );
}

/** Pools must have different names, bounds in order, and a node in each zone unless they are spot. */
export function checkPools(nodes: NodesConfig, zones: readonly string[], path: string): readonly Problem[] {
    if (nodes.mode === "auto") {
        return [];
    }
    const poolsPath = joinPath(path, "nodes", "pools");
    const zonesPath = joinPath(path, "zones");
    const names = nodes.pools.map((_, index) => joinPath(poolsPath, index, "name"));
    const perPool = nodes.pools.flatMap((pool, index): Problem[] => {
        const at = (key: string): string => joinPath(poolsPath, index, key);
        const problems: Problem[] = [];
        if (nodes.pools.findIndex(other => other.name === pool.name) !== index) {
            problems.push({ path: at("name"), received: pool.name, allowed: "a name that no other pool has", fix: "rename the pool", reads: names });
        }
        if (pool.minNodes > pool.maxNodes) {
            problems.push({
                path: at("minNodes"),
                received: pool.minNodes,
                allowed: `at most maxNodes, ${pool.maxNodes}`,
                fix: "lower minNodes or raise maxNodes",
                reads: [at("maxNodes")],
            });
        }
        if (!pool.spot && pool.minNodes < zones.length) {
            problems.push({
                path: at("minNodes"),
                received: pool.minNodes,
                allowed: `at least ${zones.length}, one a zone (counts are totals over all zones)`,
                fix: `set minNodes to ${zones.length} or more`,
                reads: [zonesPath, at("spot")],
            });
        }
        if (pool.maxNodes < zones.length) {
            problems.push({
                path: at("maxNodes"),
                received: pool.maxNodes,
                allowed: `at least ${zones.length}, one a zone`,
                fix: `set maxNodes to ${zones.length} or more`,
                reads: [zonesPath],
            });
        }
        return problems;
    });
    return nodes.pools.every(pool => pool.spot)
        ? [
              ...perPool,
              {
                  path: poolsPath,
                  received: nodes.pools.map(pool => pool.name),
                  allowed: "at least one pool that is not spot, for what must keep running",
                  fix: "add a pool without spot: true",
              },
          ]
        : perPool;
}
