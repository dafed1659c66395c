import type { KubernetesCluster } from "../clusters";
import type { StackGraph, Typed } from "../graph";
import { type Fault, type Rule, shown, stackRule } from "../rule";
import { isMapping, isSaid, isUnknown, listOf, parsed } from "../values";
import { type EksCluster, addonsOf, eksClusters, isAutoMode, kubernetesOf, membersOf, missing } from "./eks";
import { addonPolicies, nodesLacking } from "./roles";

/** What every node and pod needs, and Auto Mode has built in (https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html). */
const vital = ["vpc-cni", "kube-proxy", "coredns"];

/** CoreDNS replicas where nothing is said (https://docs.aws.amazon.com/eks/latest/userguide/coredns-autoscaling.html). */
const defaultDnsReplicas = 2;

/** Fewest that one lost node or zone can't take all of. */
const fewestDnsReplicas = 2;

/** Who serves the volumes of a storage class (…/userguide/create-storage-class.html, ebs-csi.html). */
const autoModeDriver = "ebs.csi.eks.amazonaws.com";
const addonDriver = { provisioner: "ebs.csi.aws.com", addon: "aws-ebs-csi-driver" };

export const addonReliability: readonly Rule[] = [
    stackRule(
        {
            name: "eks-vital-addons",
            level: "mandatory",
            why: "Without a network plug-in no node becomes ready, and without kube-proxy and CoreDNS no pod finds another.",
            ids: [],
            fix: "add the add-ons, or use EKS Auto Mode",
        },
        graph =>
            eksClusters(graph)
                // With that, EKS installs them itself, though nobody keeps them up to date.
                .filter(cluster => !isAutoMode(cluster) && cluster.inputs.bootstrapSelfManagedAddons === false)
                .map(cluster => ({ resource: cluster, lacking: missing(vital, [...addonsOf(graph, cluster)]) }))
                .filter(({ lacking }) => lacking.length > 0)
                .map(({ resource, lacking }) => ({ resource, found: `no add-on ${lacking.join(", ")}` })),
    ),
    stackRule(
        {
            name: "eks-metrics-server",
            level: "mandatory",
            why: "An autoscaler without metrics keeps the replicas it has, however high the load.",
            ids: [],
            fix: "add the add-on metrics-server; Auto Mode does not bring it",
        },
        graph =>
            eksClusters(graph)
                .map(resource => ({ resource, scalers: autoscalersOn(kubernetesOf(graph, resource)) }))
                .filter(({ resource, scalers }) => scalers > 0 && !addonsOf(graph, resource).has("metrics-server"))
                .map(({ resource, scalers }) => ({ resource, found: `HorizontalPodAutoscalers: ${scalers}, and no add-on metrics-server` })),
    ),
    stackRule(
        {
            name: "eks-storage-class-served",
            level: "mandatory",
            why: "A volume whose driver is not there is never made, and its pod never starts.",
            ids: [],
            fix: `with EKS Auto Mode take the provisioner ${autoModeDriver}; without it add the add-on ${addonDriver.addon} and take ${addonDriver.provisioner}`,
        },
        graph => eksClusters(graph).flatMap(cluster => storageFaults(graph, cluster)),
    ),
    stackRule(
        {
            name: "eks-addon-has-rights",
            level: "mandatory",
            why: "A network plug-in without rights gives no pod an address, and a driver without them makes no volume.",
            ids: [],
            fix: "give the add-on's service account a role by podIdentityAssociations",
        },
        graph => {
            const isLacking = nodesLacking(graph);
            return eksClusters(graph).flatMap(cluster =>
                membersOf(graph, cluster, "aws:eks/addon:Addon").flatMap(resource => {
                    const { addonName, podIdentityAssociations, serviceAccountRoleArn } = resource.inputs;
                    const choice = addonPolicies[addonName ?? ""];
                    // The nodes' own rights would do too, where they have them.
                    return choice === undefined || isSaid(podIdentityAssociations) || isSaid(serviceAccountRoleArn) || !isLacking(cluster, choice)
                        ? []
                        : [{ resource, found: `podIdentityAssociations is nothing, and nodes lack ${choice.join(" or ")}` }];
                }),
            );
        },
    ),
    stackRule(
        {
            name: "eks-dns-survives-zone",
            level: "mandatory",
            why: "When the zone or node with all of CoreDNS is lost, no pod finds another until it runs elsewhere.",
            ids: [],
            fix: "in the coredns add-on's configurationValues set autoScaling {enabled: true, minReplicas: 3} and topologySpreadConstraints over topology.kubernetes.io/zone, and leave podDisruptionBudget on",
        },
        graph =>
            graph
                .ofType("aws:eks/addon:Addon")
                .filter(({ inputs }) => inputs.addonName === "coredns" && !isUnknown(inputs.configurationValues))
                .flatMap(addon => dnsFaults(addon).map(found => ({ resource: addon, found }))),
    ),
];

function autoscalersOn(kubernetes: KubernetesCluster | undefined): number {
    const types = ["kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "kubernetes:autoscaling/v1:HorizontalPodAutoscaler"] as const;
    return types.reduce((count, type) => count + (kubernetes?.objects(type).length ?? 0), 0);
}

function storageFaults(graph: StackGraph, cluster: EksCluster): readonly Fault[] {
    const auto = isAutoMode(cluster);
    const hasAddon = addonsOf(graph, cluster).has(addonDriver.addon);
    return (kubernetesOf(graph, cluster)?.objects("kubernetes:storage.k8s.io/v1:StorageClass") ?? []).flatMap(resource => {
        const { provisioner } = resource.inputs;
        if (provisioner === autoModeDriver && !auto) {
            return [{ resource, found: `provisioner is ${autoModeDriver}, and ${cluster.name} has no Auto Mode` }];
        }
        return provisioner === addonDriver.provisioner && !hasAddon
            ? [{ resource, found: `provisioner is ${addonDriver.provisioner}, and ${cluster.name} has no add-on ${addonDriver.addon}` }]
            : [];
    });
}

/** Keys of the add-on's configuration: `aws eks describe-addon-configuration --addon-name coredns`. */
function dnsFaults({ inputs }: Typed<"aws:eks/addon:Addon">): readonly string[] {
    const said = parsed(inputs.configurationValues);
    const values = isMapping(said) ? said : {};
    const scaling = isMapping(values["autoScaling"]) ? values["autoScaling"] : {};
    const replicas = (scaling["enabled"] === true ? scaling["minReplicas"] : values["replicaCount"]) ?? defaultDnsReplicas;
    const spread = listOf(values["topologySpreadConstraints"]).some(
        constraint => isMapping(constraint) && constraint["topologyKey"] === "topology.kubernetes.io/zone",
    );
    const budget = values["podDisruptionBudget"];
    return [
        ...(Number(replicas) < fewestDnsReplicas ? [`CoreDNS may have ${shown(replicas)} replica`] : []),
        ...(spread ? [] : ["CoreDNS is not spread over zones"]),
        ...(isMapping(budget) && isSaid(budget["enabled"]) && budget["enabled"] !== true ? ["CoreDNS has no disruption budget"] : []),
    ];
}
