import type { Asked, Checked, Existing } from "../provider/provider";
import type { Properties } from "../provider/wire";
import { aws } from "./aws/package";
import { Emulated, type Package } from "./emulated";
import type { World } from "./world";

/** Something that was made at a desk, to be changed and removed there. */
export interface Made extends Existing {
    readonly asked: Asked;
}

/** Where one provider's cloud is asked directly, as the engine asks: for tests of the clouds themselves. */
export class Desk {
    readonly provider: Emulated;

    /** @param settings of the provider resource that asks. */
    constructor(
        readonly world: World,
        rules: Package,
        settings: Properties = {},
    ) {
        this.provider = new Emulated(world, rules);
        this.provider.configure("session", settings);
    }

    /** Who asks: a resource of a type with a name in the program. */
    asked(type: string, name = "it", preview = false): Asked {
        return { urn: `urn:pulumi:test::holdfast::${type}::${name}`, type, name, session: "session", preview };
    }

    async make(type: string, inputs: Properties, name = "it"): Promise<Made> {
        const asked = this.asked(type, name);
        return { asked, ...(await this.provider.create(asked, inputs)) };
    }

    change({ asked, id, inputs }: Made, after: Properties): Promise<Properties> {
        return this.provider.update(asked, id, inputs, { ...inputs, ...after });
    }

    remove({ asked, id }: Pick<Made, "asked" | "id">): Promise<void> {
        return this.provider.delete(asked, id);
    }

    check(type: string, inputs: Properties, before?: Properties, seed = 1): Checked {
        return this.provider.check(this.asked(type), before, inputs, Uint8Array.from([seed, 0xab, 0xcd, 0xef]));
    }

    /** Whether a thing that was made is there. */
    has({ asked: { type }, id }: Made): boolean {
        return this.world.ofType(type).some(thing => thing.id === id);
    }
}

/** AWS in one region. */
export function awsDesk(world: World): Desk {
    return new Desk(world, aws, { region: "us-east-1" });
}

/** A network of AWS with a way out and a subnet. */
export interface MadeNetwork {
    readonly vpc: Made;
    readonly gateway: Made;
    readonly subnet: Made;
}

export async function makeNetwork(desk: Desk): Promise<MadeNetwork> {
    const vpc = await desk.make("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
    const gateway = await desk.make("aws:ec2/internetGateway:InternetGateway", { vpcId: vpc.id });
    const subnet = await desk.make("aws:ec2/subnet:Subnet", { vpcId: vpc.id, cidrBlock: "10.0.0.0/24", tags: { "kubernetes.io/role/elb": "1" } });
    return { vpc, gateway, subnet };
}

/** Inputs of a cluster that runs its nodes itself. */
export function autoCluster(subnet: Made, more: Properties = {}): Properties {
    return {
        name: "east",
        roleArn: "arn:aws:iam::123456789012:role/east",
        vpcConfig: { subnetIds: [subnet.id] },
        computeConfig: { enabled: true, nodeRoleArn: "arn:aws:iam::123456789012:role/nodes" },
        kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
        storageConfig: { blockStorage: { enabled: true } },
        ...more,
    };
}

/** A role's policy, by its last name. */
export function allow(desk: Desk, role: string, policy: string): Promise<Made> {
    return desk.make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { role, policyArn: `arn:aws:iam::aws:policy/${policy}` }, policy);
}

/** Lets the administrators, and with them Pulumi, into a cluster. */
export function letIn(desk: Desk, clusterName: string): Promise<Made> {
    return desk.make("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", { clusterName, principalArn: "arn:aws:iam::123456789012:role/platform", policyArn: "admin" });
}

/** Kubeconfig that leads to an address. */
export function kubeconfigOf(server: unknown): string {
    return JSON.stringify({ clusters: [{ cluster: { server } }] });
}
