import { kindOf } from "../../cluster";
import { cidr, overlaps } from "../../model/cidr";
import { type Problem, pathOf } from "../problems";
import type { HoldfastConfig } from "../schema";

/** Problems of the clusters, each for itself and against each other. */
export function checkClusters(config: HoldfastConfig): readonly Problem[] {
    return [
        ...nothingToDo(config),
        ...reservedNames(config),
        ...duplicateNames(config),
        ...overlappingNetworks(config),
        ...config.clusters.flatMap((cluster, index) => kindOf(cluster).check(cluster, pathOf(["clusters", index]))),
    ];
}

function nothingToDo(config: HoldfastConfig): readonly Problem[] {
    if (config.clusters.length > 0 || (config.failover?.members.length ?? 0) > 0) {
        return [];
    }
    return [
        {
            path: pathOf(["clusters"]),
            received: config.clusters,
            allowed: "at least one cluster, or failover.members that name clusters of other stacks",
            fix: "add a cluster, for example { name: local, kind: existing }",
        },
    ];
}

/** What stands beside the clusters in a stack has a name too. */
const reserved = "failover";

function reservedNames({ clusters }: HoldfastConfig): readonly Problem[] {
    return clusters.flatMap(({ name }, index) =>
        name === reserved
            ? [{ path: pathOf(["clusters", index, "name"]), received: name, allowed: `any other name: ${reserved} is the failover DNS's own`, fix: "rename the cluster" }]
            : [],
    );
}

function duplicateNames(config: HoldfastConfig): readonly Problem[] {
    const places = [
        ...config.clusters.map((cluster, index) => ({ name: cluster.name, path: pathOf(["clusters", index, "name"]) })),
        ...(config.failover?.members ?? []).map((member, index) => ({
            name: member.name,
            path: pathOf(["failover", "members", index, "name"]),
        })),
    ];
    return places.flatMap(({ name, path }, index) => {
        const first = places.slice(0, index).find(place => place.name === name);
        return first === undefined
            ? []
            : [{ path, received: name, allowed: "a name that no other cluster has", fix: `rename it; ${first.path} has it already`, reads: [first.path] }];
    });
}

function overlappingNetworks(config: HoldfastConfig): readonly Problem[] {
    const networks = config.clusters.flatMap((cluster, index) => {
        const block = kindOf(cluster).describe(cluster).cidr;
        return block === undefined ? [] : [{ block, path: pathOf(["clusters", index, "cidr"]) }];
    });
    return networks.flatMap(({ block, path }, index) => {
        const first = networks.slice(0, index).find(other => overlaps(cidr(other.block), cidr(block)));
        return first === undefined
            ? []
            : [
                  {
                      path,
                      received: block,
                      allowed: "a block that shares no address with another cluster's",
                      fix: `choose one outside ${first.block}, which ${first.path} has`,
                      reads: [first.path],
                  },
              ];
    });
}
