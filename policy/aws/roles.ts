import { type StackGraph, type Typed, groupBy } from "../graph";
import { isUnknown, items } from "../values";
import { type EksCluster, type NodeGroup, eksClusters, isAutoMode, membersOf } from "./eks";

type Addon = Typed<"aws:eks/addon:Addon">;
export type Role = Typed<"aws:iam/role:Role">;

/** A role, and what acts as it. */
interface Use {
    readonly resource: EksCluster | NodeGroup | Addon;
    readonly role: Role;
}

/** What a role may do by AWS's own policies. */
interface Rights {
    /** Names of AWS's policies, such as AmazonEKSClusterPolicy. */
    readonly managed: readonly string[];
    /** Whether it has other policies as well, whose rights are not known by name. */
    readonly others: boolean;
}

/** A role that lacks rights, or has too many, with the names of policies. */
interface RoleFault extends Use {
    readonly policies: readonly string[];
}

/** Of each row a role needs one policy. https://docs.aws.amazon.com/eks/latest/userguide/cluster-iam-role.html */
const clusterPolicies = [["AmazonEKSClusterPolicy"]];

/** https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html */
const autoModePolicies = [
    ...clusterPolicies,
    ["AmazonEKSComputePolicy"],
    ["AmazonEKSBlockStoragePolicy"],
    ["AmazonEKSLoadBalancingPolicy"],
    ["AmazonEKSNetworkingPolicy"],
];

/** https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html and auto-create-node-role.html */
const nodePolicies = [
    ["AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy"],
    ["AmazonEC2ContainerRegistryPullOnly", "AmazonEC2ContainerRegistryReadOnly"],
];

/** What add-ons need (…/userguide/cni-iam-role.html, ebs-csi.html). */
export const addonPolicies: Readonly<Record<string, readonly string[]>> = {
    "vpc-cni": ["AmazonEKS_CNI_Policy"],
    "aws-ebs-csi-driver": ["AmazonEBSCSIDriverPolicy", "AmazonEBSCSIDriverPolicyV2"],
};

/** Session Manager is how to get a shell on a node without SSH. */
const allowedToNodes = [...nodePolicies.flat(), "AmazonSSMManagedInstanceCore"];

/** Roles of clusters, nodes and add-ons that lack one of AWS's policies; a role with policies of another's making is not judged. */
export function missingRightsOf(graph: StackGraph): readonly RoleFault[] {
    const rightsOf = rightsIn(graph);
    const needs = [
        ...clusterRolesOf(graph).map(use => ({ ...use, needed: isAutoMode(use.resource) ? autoModePolicies : clusterPolicies })),
        ...nodeRolesOf(graph).map(use => ({ ...use, needed: nodePolicies })),
        ...graph.ofType("aws:eks/addon:Addon").flatMap(resource => {
            const choice = addonPolicies[resource.inputs.addonName ?? ""];
            return choice === undefined ? [] : addonRolesOf(graph, resource).map(role => ({ resource, role, needed: [choice] }));
        }),
    ];
    return needs
        .map(({ resource, role, needed }) => {
            const { managed, others } = rightsOf(role);
            const lacking = others ? [] : needed.filter(choice => !choice.some(policy => managed.includes(policy)));
            return { resource, role, policies: lacking.map(choice => choice.join(" or ")) };
        })
        .filter(({ policies }) => policies.length > 0);
}

/** Roles of nodes with policies that nodes don't need. */
export function extraRightsOf(graph: StackGraph): readonly RoleFault[] {
    const rightsOf = rightsIn(graph);
    return nodeRolesOf(graph)
        .map(({ resource, role }) => ({ resource, role, policies: rightsOf(role).managed.filter(policy => !allowedToNodes.includes(policy)) }))
        .filter(({ policies }) => policies.length > 0);
}

/** The roles that clusters act as. */
export function clusterRolesOf(graph: StackGraph): readonly (Use & { readonly resource: EksCluster })[] {
    return eksClusters(graph).flatMap(resource => graph.sourcesOf(resource, "roleArn", "aws:iam/role:Role").map(role => ({ resource, role })));
}

/** The roles that nodes act as, each once. */
export function nodeRolesOf(graph: StackGraph): readonly Use[] {
    const uses = [
        ...eksClusters(graph).flatMap(resource => graph.sourcesOf(resource, "computeConfig", "aws:iam/role:Role").map(role => ({ resource, role }))),
        ...graph
            .ofType("aws:eks/nodeGroup:NodeGroup")
            .flatMap(resource => graph.sourcesOf(resource, "nodeRoleArn", "aws:iam/role:Role").map(role => ({ resource, role }))),
    ];
    return [...groupBy(uses, ({ role }) => role.urn).values()].flatMap(([first]) => first ?? []);
}

function addonRolesOf(graph: StackGraph, addon: Addon): readonly Role[] {
    return ["podIdentityAssociations", "serviceAccountRoleArn"].flatMap(input => graph.sourcesOf(addon, input, "aws:iam/role:Role"));
}

/**
 * Looks up whether a cluster's nodes lack what each of these policies allows: then its add-ons need a role
 * of their own. Nodes that act as a role from elsewhere, or that the stack doesn't make, are not known to.
 */
export function nodesLacking(graph: StackGraph): (cluster: EksCluster, policies: readonly string[]) => boolean {
    const rightsOf = rightsIn(graph);
    return (cluster, policies) => {
        const groups = membersOf(graph, cluster, "aws:eks/nodeGroup:NodeGroup");
        const roles = groups.map(group => graph.sourcesOf(group, "nodeRoleArn", "aws:iam/role:Role"));
        const isKnown = roles.length > 0 && roles.every(({ length }) => length > 0);
        return isKnown && !roles.flat().some(role => rightsOf(role).others || rightsOf(role).managed.some(policy => policies.includes(policy)));
    };
}

const awsPolicy = /^arn:[^:]+:iam::aws:policy\/(?:.*\/)?([^/]+)$/;

/** Looks up the rights of roles in a stack. */
function rightsIn(graph: StackGraph): (role: Role) => Rights {
    const attachments = graph.ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    const attached = groupBy(attachments, ({ sources }) => sources["role"]?.[0]);
    const inline = groupBy(graph.ofType("aws:iam/rolePolicy:RolePolicy"), ({ sources }) => sources["role"]?.[0]);
    return role => {
        const arns = [...items(role.inputs.managedPolicyArns), ...(attached.get(role.urn) ?? []).map(({ inputs }) => inputs.policyArn)];
        const names = arns.map(arn => (isUnknown(arn) ? undefined : awsPolicy.exec(arn ?? "")?.[1]));
        return {
            managed: names.filter(name => name !== undefined),
            others: names.includes(undefined) || inline.has(role.urn) || items(role.inputs.inlinePolicies).length > 0,
        };
    };
}
