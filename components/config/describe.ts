import type { NodesConfig } from "./values";

/** How the nodes come about, in words; `autoName` is what the cloud calls its own way. */
export function describeNodes(nodes: NodesConfig, autoName: string): string {
    if (nodes.mode === "auto") {
        return autoName;
    }
    return nodes.pools
        .map(({ name, machine, minNodes, maxNodes, spot }) => `pool ${name}: ${minNodes}–${maxNodes} × ${machine}${spot ? ", spot" : ""}`)
        .join("; ");
}
