import type { Properties } from "../../provider/wire";
import { madeUpId } from "../emulated";
import { emptied } from "../kubernetes/emptied";
import { type Kind, type Kinds, at, text } from "../kind";
import type { Thing, World } from "../world";
import { networkInterface } from "./interfaces";
import { arn, regionOf } from "./names";

/** Puts a network interface into each subnet, on behalf of something that is in them. */
function attach(world: World, owner: string, subnetIds: readonly unknown[]): void {
    for (const subnetId of subnetIds) {
        const subnet = world.ofType("aws:ec2/subnet:Subnet").find(({ id }) => id === subnetId);
        const inputs = { owner, subnetId, vpcId: subnet?.inputs["vpcId"] };
        world.add({ place: "aws", type: networkInterface, id: madeUpId({ world, type: networkInterface }, "eni"), urn: undefined, inputs, outputs: {} });
    }
}

/** Takes away the network interfaces of something. */
function detach(world: World, owner: string): void {
    world.ofType(networkInterface).filter(({ inputs }) => inputs["owner"] === owner).forEach(found => {
        world.remove(found);
    });
}

/** Whether a cluster runs its nodes itself. */
export function isAuto(inputs: Properties): boolean {
    return at(inputs, "computeConfig.enabled") === true;
}

/** The API of a cluster answers at an address of its own, however often one of the name is made. */
function endpoint({ world, id, inputs, settings, type, place }: Parameters<NonNullable<Kind["outputs"]>>[0]): Properties {
    const there = world.get(place, type, id)?.outputs["endpoint"];
    const region = regionOf({ inputs, settings });
    return {
        endpoint: there ?? `https://${madeUpId({ world, type }, "c").slice(2)}.gr7.${region}.eks.amazonaws.com`,
        certificateAuthority: { data: Buffer.from(`authority of ${id}`).toString("base64") },
        identities: [{ oidcs: [{ issuer: `https://oidc.eks.${region}.amazonaws.com/id/${id}` }] }],
    };
}

const cluster: Kind = {
    id: ({ inputs }) => text(inputs, "name"),
    outputs: making => ({ arn: arn(making, "eks", `cluster/${making.id}`), version: making.inputs["version"], ...endpoint(making) }),
    settle: ({ world, id, inputs }) => {
        // The control plane's own interfaces, and those of the nodes that Auto Mode runs.
        detach(world, id);
        attach(world, id, at(inputs, "vpcConfig.subnetIds") as readonly unknown[]);
        return {};
    },
    // ResourceInUseException (https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteCluster.html).
    heldBy: [{ type: "aws:eks/nodeGroup:NodeGroup", through: "clusterName" }],
    holds: ({ inputs }) => (inputs["deletionProtection"] === true ? "deletion protection is on" : undefined),
    goes: (thing, world) => {
        detach(world, thing.id);
        emptied(world, text(thing.outputs, "endpoint"));
    },
};

/** What an association, an add-on or a node group asks of its cluster. */
const needsCluster: Kind["refuse"] = ({ world, inputs }) => {
    const found = world.ofType("aws:eks/cluster:Cluster").find(({ id }) => id === inputs["clusterName"]);
    return found?.ready === true ? undefined : `cluster ${text(inputs, "clusterName")} is ${found === undefined ? "not there" : "not active"}`;
};

const nodeGroup: Kind = {
    id: ({ inputs }) => `${text(inputs, "clusterName")}:${text(inputs, "nodeGroupName")}`,
    outputs: making => ({ arn: arn(making, "eks", `nodegroup/${making.id.replace(":", "/")}`) }),
    refuse: needsCluster,
    settle: ({ world, id, inputs }) => {
        detach(world, id);
        attach(world, id, inputs["subnetIds"] as readonly unknown[]);
        return {};
    },
    goes: (thing: Thing, world) => {
        detach(world, thing.id);
    },
};

/** EKS's types. */
export const clusterKinds: Kinds = {
    "aws:eks/cluster:Cluster": cluster,
    "aws:eks/nodeGroup:NodeGroup": nodeGroup,
    "aws:eks/accessEntry:AccessEntry": { id: ({ inputs }) => `${text(inputs, "clusterName")}:${text(inputs, "principalArn")}`, refuse: needsCluster },
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
        id: ({ inputs }) => ["clusterName", "principalArn", "policyArn"].map(property => text(inputs, property)).join("#"),
        refuse: needsCluster,
    },
    "aws:eks/addon:Addon": { id: ({ inputs }) => `${text(inputs, "clusterName")}:${text(inputs, "addonName")}`, refuse: needsCluster },
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
        id: making => madeUpId(making, "a"),
        importedBy: ({ id, inputs }) => `${text(inputs, "clusterName")},${id}`,
        outputs: making => ({ associationId: making.id, associationArn: arn(making, "eks", `podidentityassociation/${text(making.inputs, "clusterName")}/${making.id}`) }),
        refuse: making =>
            needsCluster(making) ??
            (making.world.ofType(making.type).some(({ inputs }) => ["clusterName", "namespace", "serviceAccount"].every(property => inputs[property] === making.inputs[property]))
                ? `an association for ${text(making.inputs, "namespace")}/${text(making.inputs, "serviceAccount")} exists already`
                : undefined),
    },
};
