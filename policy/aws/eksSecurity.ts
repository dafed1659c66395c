import { isWorld } from "../addresses";
import { nameOf, namespaceOf } from "../clusters";
import type { StackGraph } from "../graph";
import { type Fault, type Rule, resourceRule, shown, stackRule } from "../rule";
import { at, differs, isMapping, isSaid, isUnknown, items, parsed } from "../values";
import { type EksCluster, addonsOf, eksClusters, isAutoMode, kubernetesOf, membersOf, missing } from "./eks";

const cluster = "aws:eks/cluster:Cluster";

/** All that EKS can log (https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html). */
const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** What checkov asks for. */
const auditDays = 365;

/** Where EKS writes what its control plane logs. */
const controlPlaneGroup = /^\/aws\/eks\/.+\/cluster$/;

export const eksSecurity: readonly Rule[] = [
    resourceRule(
        {
            name: "eks-api-private",
            level: "mandatory",
            why: "Nodes must reach the API server without leaving the network, also when its public way in is shut.",
            ids: ["CIS EKS 5.4.2"],
            fix: "set vpcConfig.endpointPrivateAccess to true",
        },
        cluster,
        ({ vpcConfig }) => {
            const found = at(vpcConfig, "endpointPrivateAccess");
            return differs(found, true) && `vpcConfig.endpointPrivateAccess is ${shown(found)}`;
        },
    ),
    resourceRule(
        {
            name: "eks-api-sources",
            level: "mandatory",
            why: "An API server that all the world can ask is one leaked credential, or one flaw, away from being all the world's.",
            ids: ["CKV_AWS_38", "CKV_AWS_39", "CIS EKS 5.4.1"],
            fix: "set vpcConfig.publicAccessCidrs to the blocks that people and pipelines come from, or endpointPublicAccess to false",
        },
        cluster,
        ({ vpcConfig }) => {
            // EKS takes true and 0.0.0.0/0 where nothing is said: the SDK's docs of both.
            const open = at(vpcConfig, "endpointPublicAccess");
            const sources = at(vpcConfig, "publicAccessCidrs");
            if (open === false || isUnknown(open) || isUnknown(sources)) {
                return false;
            }
            return isSaid(sources)
                ? items(sources).filter(isWorld).map(cidr => `vpcConfig.publicAccessCidrs has ${shown(cidr)}`)
                : "the API server is public, and vpcConfig.publicAccessCidrs says nothing, which is 0.0.0.0/0";
        },
    ),
    resourceRule(
        {
            name: "eks-control-plane-logs",
            level: "mandatory",
            why: "Who did what to a cluster stands in the control plane's logs, and nowhere if they are off when it happens.",
            ids: ["CKV_AWS_37", "CIS EKS 2.1.1"],
            fix: `set enabledClusterLogTypes to ${logTypes.join(", ")}`,
        },
        cluster,
        ({ enabledClusterLogTypes }) => {
            const off = isUnknown(enabledClusterLogTypes) ? [] : missing(logTypes, items(enabledClusterLogTypes));
            return off.length > 0 && `enabledClusterLogTypes lacks ${off.join(", ")}`;
        },
    ),
    resourceRule(
        {
            name: "eks-secrets-encrypted",
            level: "mandatory",
            why: "Without a key of your own you can't shut off whoever gets at the control plane's storage, nor see who read it.",
            ids: ["CKV_AWS_58", "CIS EKS 5.3.1"],
            fix: "set encryptionConfig to a KMS key's ARN and resources [secrets]; mind that taking it off again replaces the cluster",
        },
        cluster,
        ({ encryptionConfig }) => {
            const found = at(encryptionConfig, "resources");
            return !isUnknown(found) && !items(found).includes("secrets") && `encryptionConfig.resources is ${shown(found)}`;
        },
    ),
    resourceRule(
        {
            name: "eks-access-by-entries",
            level: "mandatory",
            why: "The aws-auth ConfigMap makes an administrator of whoever can edit it, and CloudTrail knows nothing of it.",
            ids: [],
            fix: "set accessConfig.authenticationMode to API",
        },
        cluster,
        ({ accessConfig }) => {
            const found = at(accessConfig, "authenticationMode");
            return differs(found, "API") && `accessConfig.authenticationMode is ${shown(found)}`;
        },
    ),
    resourceRule(
        {
            name: "eks-creator-not-admin",
            level: "mandatory",
            why: "Whoever happened to create the cluster, often a pipeline, is otherwise its administrator without standing in any list.",
            ids: [],
            fix: "set accessConfig.bootstrapClusterCreatorAdminPermissions to false and name the administrators by AccessEntry; changing it replaces the cluster",
        },
        cluster,
        ({ accessConfig }) => {
            // By default true, by the SDK's docs.
            const found = at(accessConfig, "bootstrapClusterCreatorAdminPermissions");
            return differs(found, false) && `accessConfig.bootstrapClusterCreatorAdminPermissions is ${shown(found)}`;
        },
    ),
    stackRule(
        {
            name: "eks-network-policies-enforced",
            level: "mandatory",
            why: "A NetworkPolicy that nobody enforces is worse than none: it looks shut and is open.",
            ids: ["CIS EKS 5.4.4"],
            fix: "for Auto Mode put enable-network-policy-controller: \"true\" into the ConfigMap amazon-vpc-cni in kube-system; else give the vpc-cni add-on the configurationValues {\"enableNetworkPolicy\":\"true\"}",
        },
        graph => eksClusters(graph).flatMap(each => (isAutoMode(each) ? controllerOff(graph, each) : agentOff(graph, each))),
    ),
    stackRule(
        {
            name: "eks-pod-identity-agent",
            level: "mandatory",
            why: "Without the agent, pods that were given a role of their own get none, and fall back on the node's.",
            ids: ["CIS EKS 5.2.1"],
            fix: "add the add-on eks-pod-identity-agent",
        },
        graph =>
            eksClusters(graph)
                // Auto Mode's nodes have it built in (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html).
                .filter(each => !isAutoMode(each) && identitiesOf(graph, each) > 0 && !addonsOf(graph, each).has("eks-pod-identity-agent"))
                .map(each => ({ resource: each, found: `${identitiesOf(graph, each)} pod identity associations, and no add-on eks-pod-identity-agent` })),
    ),
    stackRule(
        {
            name: "audit-log-kept-a-year",
            level: "advisory",
            why: "Break-ins are found months later, and then the log of how it was done must still be there.",
            ids: ["CKV_AWS_338"],
            fix: `set retentionInDays to ${auditDays} or more`,
        },
        graph => {
            const flows = graph.ofType("aws:ec2/flowLog:FlowLog").flatMap(log => log.sources["logDestination"] ?? []);
            return graph
                .ofType("aws:cloudwatch/logGroup:LogGroup")
                .filter(({ urn, inputs }) => flows.includes(urn) || controlPlaneGroup.test(inputs.name ?? ""))
                .map(resource => ({ resource, days: resource.inputs.retentionInDays ?? 0 }))
                // 0 is for ever.
                .filter(({ days }) => days > 0 && days < auditDays)
                .map(({ resource, days }) => ({ resource, found: `retentionInDays is ${days}` }));
        },
    ),
];

/** https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html */
function controllerOff(graph: StackGraph, each: EksCluster): readonly Fault[] {
    const kubernetes = kubernetesOf(graph, each);
    if (kubernetes === undefined) {
        return [];
    }
    const switches = kubernetes
        .objects("kubernetes:core/v1:ConfigMap")
        .filter(map => nameOf(map) === "amazon-vpc-cni" && namespaceOf(map) === "kube-system");
    return switches.length === 0
        ? [{ resource: each, found: "EKS Auto Mode without a ConfigMap amazon-vpc-cni in kube-system" }]
        : switches
              .map(map => ({ resource: map, value: at(map.inputs.data, "enable-network-policy-controller") }))
              .filter(({ value }) => differs(value, "true"))
              .map(({ resource, value }) => ({ resource, found: `enable-network-policy-controller is ${shown(value)}` }));
}

/** https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html; no add-on at all is another rule's. */
function agentOff(graph: StackGraph, each: EksCluster): readonly Fault[] {
    return membersOf(graph, each, "aws:eks/addon:Addon")
        .filter(({ inputs }) => inputs.addonName === "vpc-cni" && !isUnknown(inputs.configurationValues))
        .map(addon => {
            const values = parsed(addon.inputs.configurationValues);
            return { resource: addon, value: isMapping(values) ? values["enableNetworkPolicy"] : undefined };
        })
        .filter(({ value }) => String(value) !== "true")
        .map(({ resource, value }) => ({ resource, found: `configurationValues.enableNetworkPolicy is ${shown(value)}` }));
}

/** How many service accounts of a cluster are given a role by EKS Pod Identity. */
function identitiesOf(graph: StackGraph, each: EksCluster): number {
    const ofAddons = membersOf(graph, each, "aws:eks/addon:Addon").filter(({ inputs }) => isSaid(inputs.podIdentityAssociations));
    return membersOf(graph, each, "aws:eks/podIdentityAssociation:PodIdentityAssociation").length + ofAddons.length;
}
