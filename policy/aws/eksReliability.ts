import type { StackGraph, Typed } from "../graph";
import { type Fault, type Rule, resourceRule, shown, stackRule } from "../rule";
import { at, differs, isSaid, isUnknown, items } from "../values";
import { type EksCluster, type Subnet, eksClusters, membersOf, nodeSubnetsOf, subnetsOf, vpcsOf, zonesWithout } from "./eks";
import { missingRightsOf } from "./roles";
import { trustFaults } from "./trust";

const cluster = "aws:eks/cluster:Cluster";

/** Longest that KMS waits, and what it takes where nothing is said (the SDK's docs). */
const longestWindow = 30;

export const eksReliability: readonly Rule[] = [
    resourceRule(
        {
            name: "eks-version-pinned",
            level: "advisory",
            why: "Without a version, a cluster that is made anew is another than the one that was tested.",
            ids: [],
            fix: "set version to a minor version, such as \"1.35\"",
        },
        cluster,
        ({ version }) => !isSaid(version) && "version is nothing, so EKS takes its newest",
    ),
    resourceRule(
        {
            name: "eks-zonal-shift",
            level: "advisory",
            why: "A zone that is ill but not down keeps its share of the traffic, unless it can be shifted away.",
            ids: [],
            fix: "set zonalShiftConfig.enabled to true",
        },
        cluster,
        ({ zonalShiftConfig }) => {
            const found = at(zonalShiftConfig, "enabled");
            return differs(found, true) && `zonalShiftConfig.enabled is ${shown(found)}`;
        },
    ),
    resourceRule(
        {
            name: "eks-protections-agree",
            level: "advisory",
            why: "Pulumi's protection stops only Pulumi, and EKS's only the last step of a destroy: apart, each lets through what the other would stop.",
            ids: [],
            fix: "set deletionProtection and the resource option protect to the same",
        },
        cluster,
        ({ deletionProtection }, { protect }) =>
            differs(deletionProtection ?? false, protect) && `deletionProtection is ${shown(deletionProtection ?? false)}, protect is ${shown(protect)}`,
    ),
    resourceRule(
        {
            name: "eks-deletion-protected",
            level: "advisory",
            why: "One command typed into the wrong terminal takes the cluster, and all on it, away.",
            ids: [],
            fix: "set deletionProtection and the resource option protect to true; take both off only to destroy",
        },
        cluster,
        ({ deletionProtection }, { protect }) => !protect && differs(deletionProtection, true) && `protect is false, deletionProtection is ${shown(deletionProtection)}`,
    ),
    stackRule(
        {
            name: "eks-key-protected",
            level: "mandatory",
            why: "With the key gone, every Secret of the cluster is unreadable for good, however well the cluster itself is protected.",
            ids: [],
            fix: "set the resource option protect of the key to true",
        },
        graph =>
            eksClusters(graph)
                .filter(({ protect }) => protect)
                .flatMap(each =>
                    graph
                        .sourcesOf(each, "encryptionConfig", "aws:kms/key:Key")
                        .filter(key => !key.protect)
                        .map(key => ({ resource: key, found: `cluster ${each.name} is protected, its key is not` })),
                ),
    ),
    stackRule(
        {
            name: "eks-key-enabled",
            level: "mandatory",
            why: "With its key turned off a cluster can read none of its Secrets, and no pod that needs one starts.",
            ids: [],
            fix: "set isEnabled of the key to true, or leave it out",
        },
        graph =>
            eksClusters(graph).flatMap(each =>
                graph
                    .sourcesOf(each, "encryptionConfig", "aws:kms/key:Key")
                    .filter(({ inputs }) => inputs.isEnabled === false)
                    .map(key => ({ resource: key, found: `isEnabled is false, and cluster ${each.name} encrypts its Secrets with it` })),
            ),
    ),
    resourceRule(
        {
            name: "kms-key-deletion-window",
            level: "advisory",
            why: "The deletion of a key can be taken back only as long as KMS waits with it.",
            ids: [],
            fix: `set deletionWindowInDays to ${longestWindow}, or leave it out`,
        },
        "aws:kms/key:Key",
        ({ deletionWindowInDays }) => (deletionWindowInDays ?? longestWindow) < longestWindow && `deletionWindowInDays is ${shown(deletionWindowInDays)}`,
    ),
    resourceRule(
        {
            name: "eks-auto-mode-whole",
            level: "mandatory",
            why: "EKS Auto Mode is nodes, volumes and load balancers together; EKS refuses one without the others.",
            ids: [],
            fix: "set computeConfig.enabled, storageConfig.blockStorage.enabled and kubernetesNetworkConfig.elasticLoadBalancing.enabled to the same, and for Auto Mode bootstrapSelfManagedAddons to false",
        },
        cluster,
        ({ computeConfig, storageConfig, kubernetesNetworkConfig, bootstrapSelfManagedAddons }) => {
            // Both are said in the docs of the SDK's Cluster.
            const nodes = at(computeConfig, "enabled") ?? false;
            const volumes = at(at(storageConfig, "blockStorage"), "enabled") ?? false;
            const balancers = at(at(kubernetesNetworkConfig, "elasticLoadBalancing"), "enabled") ?? false;
            if ([nodes, volumes, balancers].some(isUnknown)) {
                return false;
            }
            return nodes === volumes && nodes === balancers
                ? nodes && differs(bootstrapSelfManagedAddons, false) && `Auto Mode, and bootstrapSelfManagedAddons is ${shown(bootstrapSelfManagedAddons)}`
                : `enabled is ${shown(nodes)} for computeConfig, ${shown(volumes)} for blockStorage, ${shown(balancers)} for elasticLoadBalancing`;
        },
    ),
    stackRule(
        {
            name: "eks-every-zone",
            level: "mandatory",
            why: "A zone that the network has and the cluster doesn't know of takes over nothing when another is lost.",
            ids: [],
            fix: "put a private subnet of each zone into vpcConfig.subnetIds",
        },
        graph =>
            eksClusters(graph).flatMap(each => {
                const lacking = zonesWithout(networkOf(graph, each), subnetsOf(graph, each));
                return lacking.length === 0 ? [] : [{ resource: each, found: `vpcConfig.subnetIds has no subnet in ${lacking.join(", ")}` }];
            }),
    ),
    stackRule(
        {
            name: "eks-has-admin",
            level: "mandatory",
            why: "A cluster that nobody has all rights on can't be repaired when it must be.",
            ids: [],
            fix: "add an AccessEntry for a principal, and give it AmazonEKSClusterAdminPolicy on the whole cluster by an AccessPolicyAssociation",
        },
        graph => eksClusters(graph).flatMap(each => accessFaults(graph, each)),
    ),
    stackRule(
        {
            name: "eks-roles-have-rights",
            level: "mandatory",
            why: "A cluster without its rights makes no load balancers or nodes, and nodes without theirs never join, which shows only after half an hour of waiting.",
            ids: [],
            fix: "attach the policies to the role",
        },
        graph =>
            missingRightsOf(graph).map(({ resource, role, policies }) => ({
                resource: role,
                found: `${resource.name} acts as ${role.name}, which lacks ${policies.join(", ")}`,
            })),
    ),
    stackRule(
        {
            name: "service-roles-trusted",
            level: "mandatory",
            why: "A role that doesn't trust the service that should act as it gives that service no rights, whatever is attached to it.",
            ids: [],
            fix: "allow the service these actions in assumeRolePolicy",
        },
        trustFaults,
    ),
];

/** All subnets of the networks that a cluster's nodes are in. */
function networkOf(graph: StackGraph, each: EksCluster): readonly Subnet[] {
    return vpcsOf(graph, nodeSubnetsOf(graph, each)).flatMap(vpc => graph.usersOf(vpc, "vpcId", "aws:ec2/subnet:Subnet"));
}

/** Clusters that take no entries, or whose creator is administrator, are other rules'. */
function accessFaults(graph: StackGraph, each: EksCluster): readonly Fault[] {
    const { accessConfig } = each.inputs;
    if (accessConfig?.authenticationMode !== "API" || accessConfig.bootstrapClusterCreatorAdminPermissions !== false) {
        return [];
    }
    // Entries of other types are for nodes, and take no rights (the SDK's docs).
    const entries = membersOf(graph, each, "aws:eks/accessEntry:AccessEntry").filter(({ inputs }) => (inputs.type ?? "STANDARD") === "STANDARD");
    const associations = membersOf(graph, each, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation").filter(givesAll);
    const administrators = entries.filter(
        ({ urn, inputs }) =>
            // What a group may do, the cluster itself says.
            items(inputs.kubernetesGroups).length > 0 ||
            associations.some(
                ({ sources, inputs: { principalArn } }) => sources["principalArn"]?.includes(urn) === true || principalArn === inputs.principalArn,
            ),
    );
    return administrators.length > 0 ? [] : [{ resource: each, found: `${entries.length} access entries for people or pipelines, none with all rights` }];
}

/** https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html */
function givesAll({ inputs }: Typed<"aws:eks/accessPolicyAssociation:AccessPolicyAssociation">): boolean {
    const { policyArn, accessScope } = inputs;
    const scope = at(accessScope, "type");
    return (isUnknown(policyArn) || policyArn?.endsWith("/AmazonEKSClusterAdminPolicy") === true) && !differs(scope, "cluster");
}
