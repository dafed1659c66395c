import { type StackGraph, groupBy } from "../graph";
import { type Fault, type Rule, resourceRule, shown, stackRule } from "../rule";
import { at, differs, isSaid, isUnknown, items } from "../values";
import { eksClusters } from "./eks";

const logGroup = "aws:cloudwatch/logGroup:LogGroup";

/** Drivers of EBS volumes: of EKS Auto Mode, and of the add-on. */
const ebsDrivers = ["ebs.csi.eks.amazonaws.com", "ebs.csi.aws.com"];

export const resourceCost: readonly Rule[] = [
    resourceRule(
        {
            name: "eks-standard-support",
            level: "advisory",
            why: "A cluster that stays on its version past standard support costs six times as much: $0.60 an hour.",
            ids: [],
            // https://aws.amazon.com/eks/pricing; by default EXTENDED (https://docs.aws.amazon.com/eks/latest/APIReference/API_UpgradePolicyRequest.html).
            fix: "set upgradePolicy.supportType to STANDARD, and upgrade before standard support ends: EKS then does it by itself",
        },
        "aws:eks/cluster:Cluster",
        ({ upgradePolicy }) => {
            const found = at(upgradePolicy, "supportType");
            return differs(found, "STANDARD") && `upgradePolicy.supportType is ${shown(found)}`;
        },
    ),
    stackRule(
        {
            name: "eks-log-group-owned",
            level: "advisory",
            why: "EKS makes the group for its logs itself if there is none, without an end, and it stays when the cluster goes.",
            ids: [],
            fix: "add a LogGroup /aws/eks/<name of the cluster>/cluster with retentionInDays, before the cluster",
        },
        graph => {
            // EKS finds the group by this name alone (https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html).
            const names = new Set(graph.ofType(logGroup).map(({ inputs }) => inputs.name));
            if ([...names].some(isUnknown)) {
                return [];
            }
            return eksClusters(graph)
                .filter(({ inputs }) => items(inputs.enabledClusterLogTypes).length > 0 && isSaid(inputs.name) && !isUnknown(inputs.name))
                .map(resource => ({ resource, group: `/aws/eks/${resource.inputs.name ?? ""}/cluster` }))
                .filter(({ group }) => !names.has(group))
                .map(({ resource, group }) => ({ resource, found: `no LogGroup ${group}` }));
        },
    ),
    resourceRule(
        {
            name: "log-group-ends",
            level: "advisory",
            why: "Logs without an end are paid for every month, for ever.",
            ids: ["CKV_AWS_66"],
            fix: "set retentionInDays; 365 is what audits ask for",
        },
        logGroup,
        // Nothing said is 0, for ever; the class DELIVERY has its own 2 (the SDK's docs).
        ({ retentionInDays, logGroupClass }) => logGroupClass !== "DELIVERY" && (retentionInDays ?? 0) === 0 && `retentionInDays is ${shown(retentionInDays)}`,
    ),
    stackRule(
        {
            name: "ebs-gp3",
            level: "advisory",
            why: "gp2 costs a quarter more than gp3, and up to 1,000 GiB it is slower.",
            ids: [],
            // https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
            fix: "set the volume type to gp3",
        },
        graph => [...classesOfGp2(graph), ...templatesOfGp2(graph)],
    ),
    resourceRule(
        {
            name: "launch-template-frees-disks",
            level: "advisory",
            why: "Disks that outlive their nodes add up, one for each node there ever was.",
            ids: [],
            fix: "set blockDeviceMappings[].ebs.deleteOnTermination to true",
        },
        "aws:ec2/launchTemplate:LaunchTemplate",
        ({ blockDeviceMappings }) =>
            items(blockDeviceMappings)
                .filter(({ ebs }) => String(ebs?.deleteOnTermination) === "false")
                .map(({ deviceName }) => `ebs.deleteOnTermination of ${deviceName ?? "a device"} is false`),
    ),
    stackRule(
        {
            name: "nat-one-a-zone",
            level: "advisory",
            why: "A NAT gateway costs by the hour; a second one in a zone adds nothing that the first can't do.",
            ids: [],
            fix: "route all private subnets of a zone through one NAT gateway",
        },
        spareNats,
    ),
    stackRule(
        {
            name: "elastic-ip-used",
            level: "advisory",
            why: "A public IPv4 address is paid for whether anything has it or not.",
            ids: ["CKV2_AWS_19"],
            // https://aws.amazon.com/vpc/pricing
            fix: "take the Eip out, or give it to what it is for",
        },
        graph => {
            const used = new Set(graph.resources.flatMap(({ sources }) => Object.values(sources).flat()));
            return graph
                .ofType("aws:ec2/eip:Eip")
                .filter(({ urn, inputs }) => !used.has(urn) && ![inputs.instance, inputs.networkInterface, inputs.associateWithPrivateIp].some(isSaid))
                .map(resource => ({ resource, found: "nothing in the stack has this address" }));
        },
    ),
];

function classesOfGp2(graph: StackGraph): readonly Fault[] {
    return graph
        .ofType("kubernetes:storage.k8s.io/v1:StorageClass")
        .filter(({ inputs }) => ebsDrivers.includes(inputs.provisioner ?? "") && inputs.parameters?.["type"] === "gp2")
        .map(resource => ({ resource, found: "parameters.type is \"gp2\"" }));
}

function templatesOfGp2(graph: StackGraph): readonly Fault[] {
    return graph
        .ofType("aws:ec2/launchTemplate:LaunchTemplate")
        .filter(({ inputs }) => items(inputs.blockDeviceMappings).some(({ ebs }) => ebs?.volumeType === "gp2"))
        .map(resource => ({ resource, found: "blockDeviceMappings.ebs.volumeType is \"gp2\"" }));
}

/** NAT gateways beyond the first of each network and zone. */
function spareNats(graph: StackGraph): readonly Fault[] {
    const placed = graph.ofType("aws:ec2/natGateway:NatGateway").flatMap(resource =>
        graph
            .sourcesOf(resource, "subnetId", "aws:ec2/subnet:Subnet")
            .map(({ sources, inputs: { availabilityZone } }) => ({ resource, network: sources["vpcId"]?.[0], zone: availabilityZone })),
    );
    const known = placed.filter(({ zone }) => isSaid(zone) && !isUnknown(zone));
    return [...groupBy(known, ({ network, zone }) => `${network ?? ""} ${zone ?? ""}`).values()].flatMap(([first, ...spare]) =>
        spare.map(({ resource, zone }) => ({ resource, found: `${first?.resource.name ?? "another"} is in ${zone ?? "no zone"} already` })),
    );
}
