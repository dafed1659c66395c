// The network as it is asked for. A mock cannot prove that a route carries a packet, or that GKE adds the
// firewall rules that it needs above ours.
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { below, fullApp, labels, made, setting, waitsFor } from "../support/clusters";
import { all, clusterConfigs, find, inputsOf, planConfig } from "../support/plan";

describe("GkeNetwork", () => {
    let plan: PlannedStack;
    before(async () => {
        plan = await planConfig({ clusters: [clusterConfigs.gke], app: fullApp });
    });

    it("is a network, one subnet over all zones, a firewall rule, a router and its NAT", () => {
        const inside = new Set(below(plan, find(plan, "holdfast:gcp:GkeNetwork", "central-network")));
        assert.deepEqual(labels(made(plan).filter(resource => inside.has(resource))), [
            "gcp:compute/firewall:Firewall central-network-deny",
            "gcp:compute/network:Network central-network",
            "gcp:compute/router:Router central-network",
            "gcp:compute/routerNat:RouterNat central-network",
            "gcp:compute/subnetwork:Subnetwork central-network",
        ]);
    });

    it("has no subnets but its own (CKV2_GCP_18)", () => {
        assert.deepEqual(inputsOf(find(plan, "gcp:compute/network:Network", "central-network")), {
            autoCreateSubnetworks: false,
            routingMode: "REGIONAL",
        });
    });

    it("has a firewall of its own, which refuses and logs what no other rule allows (CKV2_GCP_18)", () => {
        assert.deepEqual(inputsOf(find(plan, "gcp:compute/firewall:Firewall", "central-network-deny")), {
            network: "${central-network.id}",
            direction: "INGRESS",
            priority: 65534,
            sourceRanges: ["0.0.0.0/0"],
            denies: [{ protocol: "all" }],
            logConfig: { metadata: "INCLUDE_ALL_METADATA" },
        });
    });

    it("allows nothing in by a rule of its own", () => {
        assert.deepEqual(all(plan, "gcp:compute/firewall:Firewall").filter(rule => "allows" in inputsOf(rule)), []);
    });

    const subnet = (path: string): unknown => setting(find(plan, "gcp:compute/subnetwork:Subnetwork", "central-network"), path);

    it("shares its block out: a quarter for nodes, half for pods, a sixteenth for Services", () => {
        assert.equal(subnet("ipCidrRange"), "10.32.0.0/18");
        assert.deepEqual(subnet("secondaryIpRanges"), [
            { rangeName: "pods", ipCidrRange: "10.32.128.0/17" },
            { rangeName: "services", ipCidrRange: "10.32.64.0/20" },
        ]);
        assert.deepEqual([subnet("region"), subnet("network")], ["us-central1", "${central-network.id}"]);
    });

    it("reaches Google without the internet (CKV_GCP_74)", () => {
        assert.equal(subnet("privateIpGoogleAccess"), true);
    });

    it("logs its flows (CKV_GCP_26)", () => {
        assert.deepEqual(subnet("logConfig"), {
            aggregationInterval: "INTERVAL_5_SEC",
            flowSampling: 0.5,
            metadata: "INCLUDE_ALL_METADATA",
        });
    });

    it("leaves by Cloud NAT, for all addresses, with as many ports as a node needs", () => {
        assert.deepEqual(inputsOf(find(plan, "gcp:compute/routerNat:RouterNat", "central-network")), {
            router: "${central-network.name}",
            region: "us-central1",
            natIpAllocateOption: "AUTO_ONLY",
            sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
            enableDynamicPortAllocation: true,
            enableEndpointIndependentMapping: false,
            minPortsPerVm: 64,
            maxPortsPerVm: 4096,
            logConfig: { enable: true, filter: "ERRORS_ONLY" },
        });
        assert.deepEqual(inputsOf(find(plan, "gcp:compute/router:Router", "central-network")), {
            network: "${central-network.id}",
            region: "us-central1",
        });
    });

    it("has its way out before the app pulls an image, and until the app is gone", () => {
        const awaited = waitsFor(plan, find(plan, "kubernetes:apps/v1:Deployment", "central-shop-deployment"));
        assert.ok(awaited.has("gcp:compute/routerNat:RouterNat central-network"));
    });
});
