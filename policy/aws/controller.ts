import { type KubernetesCluster, nameOf, namespaceOf } from "../clusters";
import type { StackGraph, Typed } from "../graph";
import { hasNlb } from "../kubernetes/backends";
import { numberOf } from "../kubernetes/quantities";
import { type Fault, shown } from "../rule";
import { type Mapping, at, differs, isMapping, isSaid, isUnknown } from "../values";
import { type EksCluster, isAutoMode, kubernetesOf, membersOf } from "./eks";
import { albsOf, gateOf, isOfAutoMode } from "./loadBalancers";

type Release = Typed<"kubernetes:helm.sh/v3:Release">;

/** The AWS Load Balancer Controller: the name of its chart, its Deployment and its service account. */
const controller = "aws-load-balancer-controller";

/** What it would else ask of the node, whose answers go one hop and not to pods (…/deploy/installation, "Using metadata server version 2"). */
const needed = ["region", "vpcId"];

/** Gives a service account a role (https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html). */
const roleAnnotation = "eks.amazonaws.com/role-arn";

/** One leads, another stands by; the chart has as many where nothing is said. */
const fewestReplicas = 2;

/** What keeps a cluster's Services and Ingresses from getting load balancers. */
export function controllerFaults(graph: StackGraph, cluster: EksCluster): readonly Fault[] {
    const kubernetes = kubernetesOf(graph, cluster);
    if (kubernetes === undefined) {
        return [];
    }
    const entries = entriesOf(kubernetes);
    const stray = isAutoMode(cluster) ? [] : entries.filter(({ auto }) => auto);
    const own = entries.filter(({ auto }) => !auto);
    const releases = kubernetes.objects("kubernetes:helm.sh/v3:Release").filter(({ inputs }) => inputs.chart?.split("/").at(-1) === controller);
    const installed = releases.length > 0 || kubernetes.objects("kubernetes:apps/v1:Deployment").some(({ inputs }) => inputs.metadata?.name === controller);
    return [
        ...stray.map(({ resource }) => ({ resource, found: `it asks for EKS Auto Mode, which ${cluster.name} has not` })),
        ...(installed ? [] : own.map(({ resource }) => ({ resource, found: `it asks for ${controller}, which ${cluster.name} has not` }))),
        ...releases.flatMap(release => releaseFaults(graph, cluster, kubernetes, release)),
    ];
}

/** What asks for a load balancer, and whether it asks Auto Mode. */
function entriesOf(kubernetes: KubernetesCluster): readonly { readonly resource: Fault["resource"]; readonly auto: boolean }[] {
    return [
        ...kubernetes.objects("kubernetes:core/v1:Service").filter(hasNlb).map(service => ({ resource: service, auto: isOfAutoMode(gateOf(service)) })),
        ...albsOf(kubernetes).flatMap(({ ingress, gate }) => (gate === undefined ? [] : [{ resource: ingress, auto: isOfAutoMode(gate) }])),
    ];
}

function releaseFaults(graph: StackGraph, cluster: EksCluster, kubernetes: KubernetesCluster, release: Release): readonly Fault[] {
    const { values, namespace } = release.inputs;
    // Values in files can't be seen.
    if (!isMapping(values)) {
        return [];
    }
    const account = mappingAt(values, "serviceAccount");
    const name = account["name"] ?? controller;
    const accounts = kubernetes.objects("kubernetes:core/v1:ServiceAccount").filter(({ inputs }) => isSaid(at(inputs.metadata?.annotations, roleAnnotation)));
    const associations = membersOf(graph, cluster, "aws:eks/podIdentityAssociation:PodIdentityAssociation");
    const identified =
        isSaid(mappingAt(account, "annotations")[roleAnnotation]) ||
        accounts.some(each => maySay(nameOf(each), name) && maySay(namespaceOf(each), namespace ?? "default")) ||
        associations.some(({ inputs }) => maySay(inputs.serviceAccount, name) && maySay(inputs.namespace, namespace ?? "default"));
    return [
        ...needed.filter(key => !isSaid(values[key])).map(key => `values.${key} is nothing`),
        ...(numberOf(values["replicaCount"], fewestReplicas) < fewestReplicas ? [`values.replicaCount is ${shown(values["replicaCount"])}`] : []),
        ...(identified ? [] : [`its service account ${shown(name)} has no role`]),
    ].map(found => ({ resource: release, found }));
}

/** Whether two inputs say the same, as far as is known. */
function maySay(one: unknown, other: unknown): boolean {
    return isUnknown(other) || !differs(one, other);
}

function mappingAt(mapping: Mapping, key: string): Mapping {
    const value = mapping[key];
    return isMapping(value) ? value : {};
}
