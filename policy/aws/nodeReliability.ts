import type { StackGraph } from "../graph";
import { numberOf } from "../kubernetes/quantities";
import { type Fault, type Rule, resourceRule, shown, stackRule } from "../rule";
import { at, differs, isSaid, isUnknown } from "../values";
import { type EksCluster, type NodeGroup, type Subnet, addonsOf, eksClusters, isAutoMode, membersOf, subnetsOf, zonesOf, zonesWithout } from "./eks";

const nodeGroup = "aws:eks/nodeGroup:NodeGroup";

export const nodeReliability: readonly Rule[] = [
    stackRule(
        {
            name: "eks-node-group-one-zone",
            level: "advisory",
            why: "A volume is in one zone; a group over several may grow in another, and the volume's pod waits for ever.",
            ids: [],
            fix: "make one node group a zone, each with that zone's subnet alone",
        },
        graph =>
            graph
                .ofType(nodeGroup)
                .map(group => ({ resource: group, zones: zonesOfGroup(graph, group) }))
                .filter(({ zones }) => zones.length > 1)
                .map(({ resource, zones }) => ({ resource, found: `subnetIds are in ${zones.join(", ")}` })),
    ),
    stackRule(
        {
            name: "eks-node-groups-every-zone",
            level: "mandatory",
            why: "A zone without nodes takes over nothing when another is lost.",
            ids: [],
            fix: "add a node group with that zone's subnet and scalingConfig.minSize 1",
        },
        graph =>
            eksClusters(graph).flatMap(cluster => {
                const groups = groupsOf(graph, cluster);
                const staffed = groups.filter(({ inputs }) => inputs.scalingConfig?.minSize !== 0);
                const lacking = groups.length === 0 ? [] : zonesWithout(subnetsOf(graph, cluster), staffed.flatMap(group => subnetsOfGroup(graph, group)));
                return lacking.length === 0 ? [] : [{ resource: cluster, found: `no node group that keeps a node in ${lacking.join(", ")}` }];
            }),
    ),
    stackRule(
        {
            name: "eks-node-groups-outlive-zone",
            level: "advisory",
            why: "What ran in the zone that is lost stays Pending if the other zones' groups may not grow by as much.",
            ids: [],
            fix: "raise scalingConfig.maxSize of the groups until the zones that are left may hold all nodes that run now: with three zones, half as many again as run",
        },
        graph => eksClusters(graph).flatMap(cluster => capacityFaults(graph, cluster)),
    ),
    stackRule(
        {
            name: "eks-nodes-not-all-spot",
            level: "mandatory",
            why: "AWS takes spot machines back with two minutes' notice, and often many of one kind at once.",
            ids: [],
            fix: "set capacityType of a group in each zone to ON_DEMAND, and put onto spot only what can wait",
        },
        graph =>
            eksClusters(graph).flatMap(cluster => {
                const groups = groupsOf(graph, cluster);
                return groups.length > 0 && groups.every(({ inputs }) => inputs.capacityType === "SPOT")
                    ? [{ resource: cluster, found: `capacityType of all ${groups.length} node groups is SPOT` }]
                    : [];
            }),
    ),
    resourceRule(
        {
            name: "eks-node-update-one-by-one",
            level: "advisory",
            why: "An update that takes several nodes at once takes out of one zone what the others must carry meanwhile.",
            ids: [],
            fix: "set updateConfig.maxUnavailable to 1",
        },
        nodeGroup,
        ({ updateConfig }) => {
            const percentage = at(updateConfig, "maxUnavailablePercentage");
            if (isSaid(percentage) && !isUnknown(percentage)) {
                return `updateConfig.maxUnavailablePercentage is ${percentage}`;
            }
            const found = at(updateConfig, "maxUnavailable");
            return differs(found, 1) && `updateConfig.maxUnavailable is ${shown(found)}`;
        },
    ),
    resourceRule(
        {
            name: "eks-node-repair",
            level: "advisory",
            why: "A node that is broken but not gone stays, and its zone has that much less.",
            ids: [],
            fix: "set nodeRepairConfig.enabled to true",
        },
        nodeGroup,
        ({ nodeRepairConfig }) => {
            const found = at(nodeRepairConfig, "enabled");
            return differs(found, true) && `nodeRepairConfig.enabled is ${shown(found)}`;
        },
    ),
    stackRule(
        {
            name: "eks-node-monitoring",
            level: "advisory",
            why: "Without the agent, node repair sees only a node that has gone silent: not a broken disk, network or container runtime.",
            ids: [],
            fix: "add the add-on eks-node-monitoring-agent",
        },
        graph =>
            // Auto Mode has it built in (https://docs.aws.amazon.com/eks/latest/userguide/node-health.html).
            eksClusters(graph)
                .filter(cluster => !isAutoMode(cluster) && groupsOf(graph, cluster).length > 0)
                .filter(cluster => !addonsOf(graph, cluster).has("eks-node-monitoring-agent"))
                .map(cluster => ({ resource: cluster, found: "no add-on eks-node-monitoring-agent" })),
    ),
    stackRule(
        {
            name: "eks-node-version",
            level: "advisory",
            why: "Nodes without a version keep the one they were made with when the control plane moves on, until they are too old for it.",
            ids: [],
            fix: "set version to the cluster's",
        },
        graph =>
            eksClusters(graph).flatMap(cluster =>
                groupsOf(graph, cluster)
                    // An image of one's own has its version within.
                    .filter(({ inputs }) => inputs.amiType !== "CUSTOM" && !isUnknown(cluster.inputs.version) && isSaid(cluster.inputs.version))
                    .filter(({ inputs }) => differs(inputs.version, cluster.inputs.version))
                    .map(group => ({ resource: group, found: `version is ${shown(group.inputs.version)}, the cluster's ${shown(cluster.inputs.version)}` })),
            ),
    ),
];

function groupsOf(graph: StackGraph, cluster: EksCluster): readonly NodeGroup[] {
    return membersOf(graph, cluster, nodeGroup);
}

function zonesOfGroup(graph: StackGraph, group: NodeGroup): readonly string[] {
    return zonesOf(subnetsOfGroup(graph, group));
}

function subnetsOfGroup(graph: StackGraph, group: NodeGroup): readonly Subnet[] {
    return graph.sourcesOf(group, "subnetIds", "aws:ec2/subnet:Subnet");
}

/** Holds only groups of one zone against each other: of others nobody knows where they grow. */
function capacityFaults(graph: StackGraph, cluster: EksCluster): readonly Fault[] {
    const groups = groupsOf(graph, cluster).map(group => {
        const { desiredSize, minSize, maxSize } = group.inputs.scalingConfig ?? {};
        return { zones: zonesOfGroup(graph, group), runs: numberOf(desiredSize ?? minSize, 0), most: numberOf(maxSize, 0) };
    });
    const zones = [...new Set(groups.flatMap(group => group.zones))];
    if (groups.some(group => group.zones.length !== 1) || zones.length < 2) {
        return [];
    }
    const runs = groups.reduce((sum, group) => sum + group.runs, 0);
    return zones
        .map(zone => ({ zone, most: groups.filter(group => group.zones[0] !== zone).reduce((sum, group) => sum + group.most, 0) }))
        .filter(({ most }) => most < runs)
        .map(({ zone, most }) => ({ resource: cluster, found: `${runs} nodes run; when ${zone} is lost, the groups of the other zones may grow to ${most} and no further` }));
}
