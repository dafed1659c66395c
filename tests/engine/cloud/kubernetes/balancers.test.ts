// What this can't prove: what a cloud's controller does in every state. It proves that the emulated one makes a load balancer
// only where it can, and that none goes on its own.
import assert from "node:assert/strict";

import { type Desk, Desk as DeskOf, type Made, type MadeNetwork, allow, autoCluster, awsDesk, kubeconfigOf, letIn, makeNetwork } from "../desk";
import { gcp } from "../gcp/package";
import { World } from "../world";
import { kubernetes } from "./package";

const serviceType = "kubernetes:core/v1:Service";
const ingressType = "kubernetes:networking.k8s.io/v1:Ingress";
const service = { metadata: { name: "shop", namespace: "default" }, spec: { type: "LoadBalancer" } };
const ingress = { metadata: { name: "shop", namespace: "default" }, spec: { ingressClassName: "alb" } };

describe("load balancers of an emulated EKS", () => {
    let world: World;
    let cloud: Desk;
    let network: MadeNetwork;
    let cluster: Made;
    let right: Made;
    let desk: Desk;

    beforeEach(async () => {
        world = new World();
        cloud = awsDesk(world);
        network = await makeNetwork(cloud);
        cluster = await cloud.make("aws:eks/cluster:Cluster", autoCluster(network.subnet));
        await letIn(cloud, "east");
        await allow(cloud, "nodes", "AmazonEKSWorkerNodeMinimalPolicy");
        await allow(cloud, "nodes", "AmazonEC2ContainerRegistryPullOnly");
        right = await allow(cloud, "east", "AmazonEKSLoadBalancingPolicy");
        desk = new DeskOf(world, kubernetes, { kubeconfig: kubeconfigOf(cluster.outputs["endpoint"]) });
    });

    const balancers = (): number => world.ofType("aws:loadBalancer").length;

    it("come with a Service that asks for one, and go with it", async () => {
        const plain = await desk.make(serviceType, { ...service, spec: { type: "ClusterIP" } }, "plain");
        assert.equal(balancers(), 0);
        await desk.remove(plain);
        const made = await desk.make(serviceType, service);
        assert.match(JSON.stringify(made.outputs["status"]), /elb\.us-east-1\.amazonaws\.com/);
        assert.equal(balancers(), 1);
        assert.deepEqual((await desk.change(made, { metadata: { ...service.metadata, labels: { a: "1" } } }))["status"], made.outputs["status"]);
        assert.equal(balancers(), 1);
        await desk.remove(made);
        assert.deepEqual([balancers(), world.ofType("aws:networkInterface").filter(({ inputs }) => inputs["public"] === true).length], [0, 0]);
    });

    it("come only once the controller may make them", async () => {
        await cloud.remove(right);
        const made = desk.make(serviceType, service);
        await new Promise(resolve => setImmediate(resolve));
        assert.deepEqual([balancers(), world.ofType(serviceType)[0]?.ready], [0, false]);
        await allow(cloud, "east", "AmazonEKSLoadBalancingPolicy");
        await made;
        assert.deepEqual([balancers(), world.ofType(serviceType)[0]?.ready], [1, true]);
    });

    it("keep their Service where nobody can take them away any more", async () => {
        const made = await desk.make(serviceType, service);
        await cloud.remove(right);
        await assert.rejects(desk.remove(made), /default\/shop is never gone: nothing removes the finalizer of its load balancer/);
        assert.deepEqual([desk.has(made), balancers()], [true, 1]);
        await allow(cloud, "east", "AmazonEKSLoadBalancingPolicy");
        await desk.remove(made);
        assert.equal(balancers(), 0);
    });

    it("keep their Service, and the namespace that it is in, likewise", async () => {
        const namespace = await desk.make("kubernetes:core/v1:Namespace", { metadata: { name: "shop" } });
        const made = await desk.make(serviceType, { ...service, metadata: { name: "shop", namespace: "shop" } });
        await cloud.remove(right);
        await assert.rejects(desk.remove(namespace), /is never gone/);
        assert.deepEqual([desk.has(namespace), desk.has(made), balancers()], [true, true, 1]);
    });

    it("keep their Ingress where its class is gone", async () => {
        const ingressClass = await desk.make("kubernetes:networking.k8s.io/v1:IngressClass", { metadata: { name: "alb" } });
        const made = await desk.make(ingressType, ingress);
        await desk.remove(ingressClass);
        await assert.rejects(desk.remove(made), /default\/shop is never gone: its IngressClass alb is no longer there/);
        assert.deepEqual([desk.has(made), balancers()], [true, 1]);
        await desk.make("kubernetes:networking.k8s.io/v1:IngressClass", { metadata: { name: "alb" } });
        await desk.remove(made);
        assert.equal(balancers(), 0);
    });

    it("stay where their cluster goes first, and keep subnet, gateway and VPC", async () => {
        await desk.make(serviceType, service);
        await cloud.remove(cluster);
        assert.deepEqual([world.ofType(serviceType).length, balancers()], [0, 1]);
        await assert.rejects(cloud.remove(network.subnet), /aws:networkInterface eni-\w+ uses it/);
        await assert.rejects(cloud.remove(network.gateway), /has a public address in its network/);
        for (const { type, id } of world.all().filter(({ type }) => type === "aws:ec2/subnet:Subnet" || type === "aws:ec2/internetGateway:InternetGateway")) {
            world.remove({ place: "aws", type, id });
        }
        await assert.rejects(cloud.remove(network.vpc), /aws:networkInterface eni-\w+ uses it/);
    });

    it("hold the certificate of their Ingress until it names another", async () => {
        const [old, next] = [await cloud.make("aws:acm/certificate:Certificate", { domainName: "a" }, "old"), await cloud.make("aws:acm/certificate:Certificate", { domainName: "b" }, "next")];
        const withCertificate = (id: string): object => ({ ...ingress.metadata, annotations: { "alb.ingress.kubernetes.io/certificate-arn": id } });
        const made = await desk.make(ingressType, { ...ingress, metadata: withCertificate(old.id) });
        await assert.rejects(cloud.remove(old), /a load balancer uses it/);
        await desk.change(made, { metadata: withCertificate(next.id) });
        await cloud.remove(old);
        await assert.rejects(cloud.remove(next), /a load balancer uses it/);
    });
});

describe("load balancers of an emulated EKS with nodes of ours", () => {
    it("need the controller, and its right", async () => {
        const world = new World();
        const cloud = awsDesk(world);
        const { subnet } = await makeNetwork(cloud);
        const cluster = await cloud.make("aws:eks/cluster:Cluster", autoCluster(subnet, { computeConfig: undefined }));
        await letIn(cloud, "east");
        const desk = new DeskOf(world, kubernetes, { kubeconfig: kubeconfigOf(cluster.outputs["endpoint"]) });
        await cloud.make("aws:eks/nodeGroup:NodeGroup", { clusterName: "east", nodeGroupName: "general", subnetIds: [subnet.id] });
        const identity = await cloud.make("aws:eks/podIdentityAssociation:PodIdentityAssociation", { clusterName: "east", namespace: "kube-system", serviceAccount: "aws-load-balancer-controller" });
        const controller = await desk.make("kubernetes:apps/v1:Deployment", { metadata: { name: "aws-load-balancer-controller", namespace: "kube-system" } });
        const made = await desk.make(serviceType, service);
        await desk.remove(controller);
        await assert.rejects(desk.remove(made), /is never gone/);
        await desk.make("kubernetes:apps/v1:Deployment", controller.inputs);
        await cloud.remove(identity);
        await assert.rejects(desk.remove(made), /is never gone/);
        await cloud.make("aws:eks/podIdentityAssociation:PodIdentityAssociation", identity.inputs);
        await desk.remove(made);
        assert.deepEqual(world.ofType("aws:loadBalancer"), []);
    });
});

describe("load balancers of an emulated GKE", () => {
    it("have the address that is reserved for them, keep their network, and outlive their cluster", async () => {
        const world = new World();
        const cloud = new DeskOf(world, gcp, { project: "acme" });
        const network = await cloud.make("gcp:compute/network:Network", { name: "central" });
        const reserved = await cloud.make("gcp:compute/globalAddress:GlobalAddress", { name: "entry" });
        const cluster = await cloud.make("gcp:container/cluster:Cluster", { name: "central", location: "us-central1", enableAutopilot: true, network: network.id, deletionProtection: false });
        const desk = new DeskOf(world, kubernetes, { kubeconfig: kubeconfigOf(`https://${String(cluster.outputs["endpoint"])}`) });
        const made = await desk.make(ingressType, { metadata: { name: "shop", namespace: "default", annotations: { "kubernetes.io/ingress.global-static-ip-name": "entry" } }, spec: {} });
        assert.deepEqual(made.outputs["status"], { loadBalancer: { ingress: [{ ip: reserved.outputs["address"] }] } });
        await assert.rejects(cloud.remove(reserved), /gcp:forwardingRule k8s-fr-\d+ uses it/);
        await cloud.remove(cluster);
        await assert.rejects(cloud.remove(network), /gcp:forwardingRule k8s-fr-\d+ uses it/);
    });
});
