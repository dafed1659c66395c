import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

import { gkeAddressPlan } from "./addressPlan";

/** What a {@link GkeNetwork} is made from. */
export interface GkeNetworkArgs {
    readonly region: string;
    readonly cidr: string;
    /** Refuse to delete the network. */
    readonly protect: boolean;
    /** APIs that must be on first. */
    readonly dependsOn: readonly pulumi.Resource[];
}

/** Names of the subnet's ranges for pods and Services. */
export const rangeNames = { pods: "pods", services: "services" };

/**
 * A VPC for a private cluster: one regional subnet with ranges for pods and Services, and a NAT that
 * the cloud keeps in every zone.
 */
export class GkeNetwork extends pulumi.ComponentResource {
    public readonly networkId: pulumi.Output<string>;
    public readonly subnetworkId: pulumi.Output<string>;
    /** What must exist before a node can reach the internet. */
    public readonly routes: readonly pulumi.Resource[];

    constructor(name: string, args: GkeNetworkArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:gcp:GkeNetwork", name, {}, opts);
        const network = new gcp.compute.Network(
            name,
            { autoCreateSubnetworks: false, routingMode: "REGIONAL" },
            { parent: this, protect: args.protect, dependsOn: [...args.dependsOn] },
        );
        this.networkId = network.id;
        this.subnetworkId = this.createSubnet(name, args).id;
        this.createFirewall(name);
        this.routes = [this.createNat(name, args)];
        this.registerOutputs({ networkId: this.networkId, subnetworkId: this.subnetworkId, routes: this.routes });
    }

    private createSubnet(name: string, args: GkeNetworkArgs): gcp.compute.Subnetwork {
        const plan = gkeAddressPlan(args.cidr);
        return new gcp.compute.Subnetwork(
            name,
            {
                network: this.networkId,
                region: args.region,
                ipCidrRange: plan.nodes,
                secondaryIpRanges: [
                    { rangeName: rangeNames.pods, ipCidrRange: plan.pods },
                    { rangeName: rangeNames.services, ipCidrRange: plan.services },
                ],
                privateIpGoogleAccess: true,
                logConfig: { aggregationInterval: "INTERVAL_5_SEC", flowSampling: 0.5, metadata: "INCLUDE_ALL_METADATA" },
            },
            { parent: this },
        );
    }

    /** What no rule allows is refused anyway; this rule says so in the log. GKE adds the rules it needs above it. */
    private createFirewall(name: string): void {
        new gcp.compute.Firewall(
            `${name}-deny`,
            {
                network: this.networkId,
                direction: "INGRESS",
                priority: 65534,
                sourceRanges: ["0.0.0.0/0"],
                denies: [{ protocol: "all" }],
                logConfig: { metadata: "INCLUDE_ALL_METADATA" },
            },
            { parent: this },
        );
    }

    /** Ports are handed out by need: a fixed share per node runs out on busy ones. */
    private createNat(name: string, args: GkeNetworkArgs): gcp.compute.RouterNat {
        const router = new gcp.compute.Router(name, { network: this.networkId, region: args.region }, { parent: this });
        return new gcp.compute.RouterNat(
            name,
            {
                router: router.name,
                region: args.region,
                natIpAllocateOption: "AUTO_ONLY",
                sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
                enableDynamicPortAllocation: true,
                enableEndpointIndependentMapping: false,
                minPortsPerVm: 64,
                maxPortsPerVm: 4096,
                logConfig: { enable: true, filter: "ERRORS_ONLY" },
            },
            { parent: this },
        );
    }
}
