import { cidr, formatCidr, size, subnet } from "../model/cidr";

/**
 * How a cluster's addresses are shared out: half for pods, a quarter for nodes, a sixteenth for
 * Services, the rest stays free. GKE's subnets span zones, so a zone more or less changes nothing.
 */
export interface GkeAddressPlan {
    readonly nodes: string;
    readonly pods: string;
    readonly services: string;
    /** Most nodes the pod range has room for. */
    readonly maxNodes: number;
}

/** Widest and narrowest block: pods of at least 32 nodes must fit. */
export const networkPrefixes = { widest: 8, narrowest: 19 };

/**
 * Most pods on a node. GKE gives each node twice as many addresses, as a power of two
 * (https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr): a /25 for 64 pods.
 */
export const maxPodsPerNode = 64;
const addressesPerNode = 2 * maxPodsPerNode;

/** The ranges of a cluster in its block. */
export function gkeAddressPlan(block: string): GkeAddressPlan {
    const whole = cidr(block);
    const pods = subnet(whole, 1, 1);
    return {
        nodes: formatCidr(subnet(whole, 2, 0)),
        services: formatCidr(subnet(whole, 4, 4)),
        pods: formatCidr(pods),
        maxNodes: size(pods) / addressesPerNode,
    };
}
