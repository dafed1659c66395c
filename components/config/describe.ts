import type { ClusterFacts } from "../cluster";
import type { NodesConfig } from "./values";

/** The facts of a cluster that has a network and nodes of its own; `autoName` is what its cloud calls nodes of the cloud's making. */
export function describeOwn(config: Omit<ClusterFacts, "nodes" | "version"> & OwnKeys, autoName: string): ClusterFacts {
    const { region, zones, version, protect, cidr, nodes } = config;
    return { region, zones, version, protect, cidr, nodes: describeNodes(nodes, autoName) };
}

interface OwnKeys {
    readonly version: string;
    readonly nodes: NodesConfig;
}

/** How the nodes come about, in words. */
function describeNodes(nodes: NodesConfig, autoName: string): string {
    if (nodes.mode === "auto") {
        return autoName;
    }
    return nodes.pools
        .map(({ name, machine, minNodes, maxNodes, spot }) => `pool ${name}: ${minNodes}–${maxNodes} × ${machine}${spot ? ", spot" : ""}`)
        .join("; ");
}
