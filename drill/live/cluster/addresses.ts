/** Clusters that a world has room for. */
export const mostClusters = 10;

/** Nodes that a cluster has room for: each has a /24 of its own for its pods. */
export const mostNodes = 128;

/** Names and addresses of a cluster in the world. They are the world's own: nothing outside has or sees them. */
export interface ClusterNet {
    /** Name of the bridge that all its nodes are on. */
    readonly bridge: string;
    /** Address of the bridge, which is the world's on it: the API server listens there. */
    readonly gateway: string;
    /** All addresses of its pods, and of nothing else: what comes from another is none of the cluster's, and kube-proxy treats it so. */
    readonly pods: string;
}

/** Names and addresses of a node. */
export interface NodeNet {
    /** Network namespace, and the world's end of the cable to it. At most 15 characters, as every device. */
    readonly namespace: string;
    readonly cable: string;
    readonly address: string;
    /** Addresses of its pods. */
    readonly pods: string;
}

/** Length of the prefix of the nodes' network, and of each node's pods. */
export const prefixLength = 24;

/** The n-th cluster's addresses, counted from 0. */
export function clusterNet(cluster: number): ClusterNet {
    if (cluster >= mostClusters) {
        throw new Error(`a world has room for ${mostClusters} clusters: drill a stack of fewer`);
    }
    const base = `10.${200 + cluster}`;
    return { bridge: `hf${cluster}`, gateway: `${base}.0.1`, pods: `${base}.128.0/17` };
}

/** A cluster's n-th node's addresses, counted from 0. */
export function nodeNet(cluster: number, node: number): NodeNet {
    if (node >= mostNodes) {
        throw new Error(`a cluster has room for ${mostNodes} nodes: drill one of fewer zones`);
    }
    const own = 11 + node;
    const base = `10.${200 + cluster}`;
    return { namespace: `hf${cluster}-${own}`, cable: `hf${cluster}-${own}`, address: `${base}.0.${own}`, pods: `${base}.${128 + node}.0/${prefixLength}` };
}

/** Address of a load balancer, counted from 0, in a zone, counted likewise: on the world's loopback device, as if it were on the internet. */
export function doorAddress(cluster: number, door: number, zone: number): string {
    return `10.${220 + cluster}.${door}.${zone + 1}`;
}
