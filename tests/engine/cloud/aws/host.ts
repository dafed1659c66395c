import { madeUpId } from "../emulated";
import { at, text } from "../kind";
import { type Host, type HostKind, ownerOf } from "../kubernetes/host";
import type { Thing, World } from "../world";
import { isAuto } from "./clusterKinds";
import { loadBalancer, networkInterface } from "./interfaces";

const clusterType = "aws:eks/cluster:Cluster";

/** EKS below a cluster. */
export const eksHost: HostKind = {
    find: (world, address) => {
        const cluster = world.ofType(clusterType).find(({ outputs }) => outputs["endpoint"] === address);
        return cluster && new EksHost(world, cluster);
    },
};

class EksHost implements Host {
    readonly groups = ["eks.amazonaws.com", "karpenter.sh"];
    readonly disk = "aws:disk";

    constructor(
        private readonly world: World,
        private readonly cluster: Thing,
    ) {}

    get refusal(): string | undefined {
        if (!this.cluster.ready) {
            return "the cluster is not active";
        }
        const { inputs } = this.cluster;
        const admitted = this.world.ofType("aws:eks/accessPolicyAssociation:AccessPolicyAssociation").some(association => association.inputs["clusterName"] === this.cluster.id && association.ready);
        return admitted || at(inputs, "accessConfig.bootstrapClusterCreatorAdminPermissions") === true ? undefined : "Unauthorized: no access entry of the cluster lets its caller in";
    }

    get hasNodes(): boolean {
        const { inputs } = this.cluster;
        return isAuto(inputs)
            ? this.mayBy(text(inputs, "computeConfig.nodeRoleArn"), "AmazonEKSWorkerNodeMinimalPolicy") && this.mayBy(text(inputs, "computeConfig.nodeRoleArn"), "AmazonEC2ContainerRegistryPullOnly")
            : this.world.ofType("aws:eks/nodeGroup:NodeGroup").some(group => group.ready && group.inputs["clusterName"] === this.cluster.id);
    }

    get balances(): boolean {
        const { inputs } = this.cluster;
        return isAuto(inputs)
            ? at(inputs, "kubernetesNetworkConfig.elasticLoadBalancing.enabled") === true && this.mayBy(text(inputs, "roleArn"), "AmazonEKSLoadBalancingPolicy")
            : this.runs("aws-load-balancer-controller") && this.lets("aws-load-balancer-controller");
    }

    get provisions(): boolean {
        const { inputs } = this.cluster;
        return isAuto(inputs)
            ? at(inputs, "storageConfig.blockStorage.enabled") === true && this.mayBy(text(inputs, "roleArn"), "AmazonEKSBlockStoragePolicy")
            : this.world.get("aws", "aws:eks/addon:Addon", `${this.cluster.id}:aws-ebs-csi-driver`) !== undefined;
    }

    balance(owner: Thing): { readonly status: unknown } {
        const named = ownerOf(owner);
        const there = this.world.ofType(loadBalancer).find(({ inputs }) => inputs["owner"] === named);
        const annotations = (at(owner.inputs, "metadata.annotations") ?? {}) as Readonly<Record<string, unknown>>;
        const inputs = { owner: named, certificateArn: annotations["alb.ingress.kubernetes.io/certificate-arn"] };
        const balancer = there ?? this.make(inputs);
        balancer.inputs = inputs;
        return { status: { loadBalancer: { ingress: [{ hostname: balancer.outputs["hostname"] }] } } };
    }

    unbalance(owner: Thing): void {
        const named = ownerOf(owner);
        for (const type of [loadBalancer, networkInterface]) {
            this.world.ofType(type).filter(({ inputs }) => inputs["owner"] === named).forEach(found => {
                this.world.remove(found);
            });
        }
    }

    /** A load balancer with an interface in each of the network's public subnets, as they are marked for it. */
    private make(inputs: Readonly<Record<string, unknown>>): Thing {
        const id = madeUpId({ world: this.world, type: loadBalancer }, "k8s");
        const own = at(this.cluster.inputs, "vpcConfig.subnetIds") as readonly unknown[];
        const subnets = this.world.ofType("aws:ec2/subnet:Subnet");
        const vpcId = subnets.find(subnet => own.includes(subnet.id))?.inputs["vpcId"];
        for (const subnet of subnets.filter(found => found.inputs["vpcId"] === vpcId && isPublic(found))) {
            this.world.add({
                place: "aws",
                type: networkInterface,
                id: madeUpId({ world: this.world, type: networkInterface }, "eni"),
                urn: undefined,
                inputs: { owner: inputs["owner"], vpcId, subnetId: subnet.id, public: true },
                outputs: {},
            });
        }
        return this.world.add({ place: "aws", type: loadBalancer, id, urn: undefined, inputs, outputs: { hostname: `${id}.elb.us-east-1.amazonaws.com` } });
    }

    private mayBy(role: string, policy: string): boolean {
        return this.world.ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment").some(({ inputs, ready }) => ready && role.endsWith(`/${text(inputs, "role")}`) && text(inputs, "policyArn").endsWith(`/${policy}`));
    }

    private runs(deployment: string): boolean {
        return this.world.all().some(({ place, type, inputs }) => place === this.cluster.outputs["endpoint"] && type === "kubernetes:apps/v1:Deployment" && at(inputs, "metadata.name") === deployment);
    }

    private lets(serviceAccount: string): boolean {
        return this.world.ofType("aws:eks/podIdentityAssociation:PodIdentityAssociation").some(({ inputs }) => inputs["clusterName"] === this.cluster.id && inputs["serviceAccount"] === serviceAccount);
    }
}

/** Subnets that load balancers of the Internet go into carry this tag (https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html). */
function isPublic({ inputs }: Thing): boolean {
    const tags = inputs["tags"] as Readonly<Record<string, unknown>> | undefined;
    return tags?.["kubernetes.io/role/elb"] === "1";
}
