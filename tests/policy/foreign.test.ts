// What this cannot prove: that an engine names these sources for every way to write a kubeconfig.
import assert from "node:assert/strict";

import { evaluate } from "../../policy/evaluate";
import { type Resource, StackGraph } from "../../policy/graph";
import { clustersOf } from "../../policy/clusters";
import { rules } from "../../policy/rules";

const stack = "urn:pulumi:mine::mine::pulumi:pulumi:Stack::mine";

function urnOf(type: string, name: string): string {
    return `urn:pulumi:mine::mine::${type}::${name}`;
}

/** A resource of a program that has no components: all stand below the stack. */
function flat(type: string, name: string, inputs: unknown, more: Partial<Resource> = {}): Resource {
    return { urn: urnOf(type, name), type, name, parent: stack, provider: urnOf("pulumi:providers:default", "default"), protect: false, inputs, sources: {}, ...more };
}

const zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
const subnets = zones.map(zone => flat("aws:ec2/subnet:Subnet", zone, { availabilityZone: zone, cidrBlock: "10.0.0.0/20" }));
const urnsOf = (resources: readonly Resource[]): readonly string[] => resources.map(({ urn }) => urn);

const eks = flat("aws:eks/cluster:Cluster", "mine", { name: "mine" }, { sources: { vpcConfig: urnsOf(subnets) } });
const gke = flat("gcp:container/cluster:Cluster", "mine", { location: "us-central1", nodeLocations: ["us-central1-a", "us-central1-b"] });

function provider(cluster: Resource): Resource {
    return flat("pulumi:providers:kubernetes", "mine", { kubeconfig: "${kubeconfig}" }, { provider: undefined, sources: { kubeconfig: [cluster.urn] } });
}

const labels = { app: "shop" };
const deployment = flat(
    "kubernetes:apps/v1:Deployment",
    "shop",
    {
        metadata: { name: "shop", namespace: "shop" },
        spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: "shop", image: "shop:1.0.0" }] } } },
    },
    { provider: urnOf("pulumi:providers:kubernetes", "mine") },
);

function zonesIn(...resources: readonly Resource[]): readonly string[] {
    const [cluster, ...others] = clustersOf(new StackGraph(resources));
    assert.deepEqual(others, []);
    return cluster?.zones ?? [];
}

describe("the policy pack on a program without components", () => {
    const program = [...subnets, eks, provider(eks), deployment];

    it("knows the zones of an EKS cluster by its subnets, though they are not below it", () => {
        assert.deepEqual(zonesIn(...program), zones);
    });

    it("knows the zones of nodes by their groups' subnets, where these differ from the cluster's", () => {
        const inputs = { clusterName: "mine" };
        const group = flat("aws:eks/nodeGroup:NodeGroup", "mine", inputs, { sources: { clusterName: [eks.urn], subnetIds: urnsOf(subnets.slice(0, 2)) } });
        assert.deepEqual(zonesIn(...program, group), zones.slice(0, 2));
    });

    it("knows the zones of a network that a component made, and that the cluster takes an output of", () => {
        const network = flat("awsx:ec2:Vpc", "network", {}, { provider: undefined });
        const own = subnets.map(subnet => ({ ...subnet, parent: network.urn }));
        assert.deepEqual(zonesIn(network, ...own, { ...eks, sources: { vpcConfig: [network.urn] } }, provider(eks), deployment), zones);
    });

    it("knows the zones that a GKE cluster names", () => {
        assert.deepEqual(zonesIn(gke, provider(gke), deployment), ["us-central1-a", "us-central1-b"]);
    });

    it("knows none where the kubeconfig comes from elsewhere, or only an update knows them", () => {
        assert.deepEqual(zonesIn(...subnets, { ...provider(eks), sources: {} }, deployment), []);
        const unknown = subnets.map(subnet => ({ ...subnet, inputs: { availabilityZone: "${zone}" } }));
        assert.deepEqual(zonesIn(...unknown, eks, provider(eks), deployment), []);
        assert.deepEqual(zonesIn({ ...gke, inputs: { location: "us-central1", nodeLocations: "${zones}" } }, provider(gke), deployment), []);
    });

    it("finds what rests on zones", () => {
        const found = evaluate(rules, new StackGraph(program)).filter(({ resource }) => resource === "shop");
        assert.match(found.find(({ rule }) => rule === "spread-over-zones")?.message ?? "", /no DoNotSchedule constraint over the 3 zones of mine/);
        assert.ok(!evaluate(rules, new StackGraph(program.slice(3))).some(({ rule }) => rule === "spread-over-zones"));
    });
});
