import type { KindBill } from "../cluster";
import { hourly } from "../model/cost";
import type { GkeConfig } from "./config";

/** What a cluster on GKE costs; traffic, requests and logs are paid by use and not in it. */
export const gkeBill: KindBill<GkeConfig> = {
    usage: "Google Cloud traffic and logs",
    resources: {
        "gcp:container/cluster:Cluster": (_, region) => [hourly("control planes", "gcp.gke.management-fee", region)],
        "gcp:kms/cryptoKey:CryptoKey": () => [{ part: "keys and alarms", sku: "gcp.kms.key-version", region: "global", quantity: 1 }],
        "gcp:container/nodePool:NodePool": (inputs, region) => {
            const { machineType } = inputs["nodeConfig"] as { machineType: string };
            const { totalMinNodeCount } = inputs["autoscaling"] as { totalMinNodeCount: number };
            return [hourly("nodes", `gcp.gce.od.${machineType}`, region, totalMinNodeCount)];
        },
    },
    // One forwarding rule for a Service, one each for HTTP and HTTPS of an Ingress; Google may bill the
    // first five of a project as one, so this is the upper bound.
    service: () => [hourly("load balancers", "gcp.lb.forwarding-rule.first5", "global")],
    ingress: () => [hourly("load balancers", "gcp.lb.forwarding-rule.first5", "global", 2)],
    volume: ({ region }, gib) => [{ part: "volumes", sku: "gcp.pd.balanced", region, quantity: gib }],
    nodes: ({ nodes, region, zones }, { cores, gib }) => [
        // NAT is paid by the node; one a zone is the least there is.
        hourly("NAT and endpoints", "gcp.nat.vm-hour", region, nodes.mode === "auto" ? zones.length : totalMinNodes(nodes.pools)),
        ...(nodes.mode === "auto"
            ? [
                  hourly("nodes", "gcp.autopilot.general.vcpu", region, cores),
                  hourly("nodes", "gcp.autopilot.general.memory", region, gib),
              ]
            : []),
    ],
};

function totalMinNodes(pools: readonly { readonly minNodes: number }[]): number {
    return pools.reduce((sum, { minNodes }) => sum + minNodes, 0);
}
