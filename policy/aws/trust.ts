import type { StackGraph } from "../graph";
import type { Fault } from "../rule";
import { allowancesOf } from "./documents";
import { isAutoMode } from "./eks";
import { type Role, clusterRolesOf, nodeRolesOf } from "./roles";

/** A service that acts as a role. */
interface Trust {
    readonly role: Role;
    readonly service: string;
    /** What the role must allow the service. */
    readonly actions: readonly string[];
}

const assume = ["sts:AssumeRole"];

/**
 * EKS tags the sessions that it has for Auto Mode and for pods
 * (https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html, pod-id-role.html).
 */
const assumeTagged = [...assume, "sts:TagSession"];

/** Roles that don't trust the service that acts as them. Those whose policy can't be read are left out. */
export function trustFaults(graph: StackGraph): readonly Fault[] {
    return trustsOf(graph).flatMap(({ role, service, actions }) => {
        const allowances = allowancesOf(role.inputs.assumeRolePolicy);
        if (allowances === undefined) {
            return [];
        }
        const allowed = allowances.filter(({ principals }) => principals.includes(service)).flatMap(allowance => allowance.actions);
        const lacking = actions.filter(action => !allowed.includes(action) && !allowed.includes("sts:*"));
        return lacking.length === 0 ? [] : [{ resource: role, found: `${service} acts as it, and is not allowed ${lacking.join(", ")}` }];
    });
}

function trustsOf(graph: StackGraph): readonly Trust[] {
    const podRoles = [
        ...graph
            .ofType("aws:eks/podIdentityAssociation:PodIdentityAssociation")
            .flatMap(association => graph.sourcesOf(association, "roleArn", "aws:iam/role:Role")),
        ...graph.ofType("aws:eks/addon:Addon").flatMap(addon => graph.sourcesOf(addon, "podIdentityAssociations", "aws:iam/role:Role")),
    ];
    const logRoles = graph.ofType("aws:ec2/flowLog:FlowLog").flatMap(log => graph.sourcesOf(log, "iamRoleArn", "aws:iam/role:Role"));
    return [
        ...clusterRolesOf(graph).map(({ resource, role }) => ({
            role,
            service: "eks.amazonaws.com",
            actions: isAutoMode(resource) ? assumeTagged : assume,
        })),
        ...nodeRolesOf(graph).map(({ role }) => ({ role, service: "ec2.amazonaws.com", actions: assume })),
        ...podRoles.map(role => ({ role, service: "pods.eks.amazonaws.com", actions: assumeTagged })),
        ...logRoles.map(role => ({ role, service: "vpc-flow-logs.amazonaws.com", actions: assume })),
    ];
}
