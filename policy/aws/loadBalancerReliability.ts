import { type KubernetesCluster, clustersOf, inNamespaceOf, nameOf, namespaceOf } from "../clusters";
import { groupBy } from "../graph";
import { alb, backendsOf, hasNlb } from "../kubernetes/backends";
import { type Fault, type Rule, shown, stackRule } from "../rule";
import { at, differs, isSaid, isUnknown } from "../values";
import { controllerFaults } from "./controller";
import { eksClusters, kubernetesOf } from "./eks";
import { type Alb, albsOf, annotationOf, gateOf, paramsOf } from "./loadBalancers";

const serviceType = "kubernetes:core/v1:Service";

export const loadBalancerReliability: readonly Rule[] = [
    stackRule(
        {
            name: "eks-service-has-class",
            level: "mandatory",
            why: "Without a class a Service gets the load balancer of the old in-tree controller, which knows nodes and not pods, or none at all.",
            ids: [],
            // https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-nlb.html, network-load-balancing.html
            fix: "set spec.loadBalancerClass to eks.amazonaws.com/nlb in Auto Mode, else to service.k8s.aws/nlb",
        },
        graph =>
            eksClusters(graph)
                .flatMap(cluster => kubernetesOf(graph, cluster)?.objects(serviceType) ?? [])
                .filter(service => service.inputs.spec?.type === "LoadBalancer" && !isSaid(service.inputs.spec.loadBalancerClass) && !hasNlb(service))
                .map(resource => ({ resource, found: "spec.loadBalancerClass is nothing" })),
    ),
    stackRule(
        {
            name: "alb-targets-pods",
            level: "mandatory",
            why: "A load balancer that sends to nodes judges nodes: a pod that ends still gets traffic, and a node that ends takes connections of pods elsewhere with it.",
            ids: [],
            fix: `set the annotation ${alb}target-type to ip`,
        },
        graph => clustersOf(graph).flatMap(cluster => albsOf(cluster).flatMap(each => targetFaults(cluster, each))),
    ),
    stackRule(
        {
            name: "alb-class-complete",
            level: "mandatory",
            why: "An Ingress of a class that isn't there, or whose parameters aren't, is taken up by no controller.",
            ids: [],
            // https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-alb.html
            fix: "add the IngressClass, and the IngressClassParams that it names",
        },
        graph => clustersOf(graph).flatMap(classFaults),
    ),
    stackRule(
        {
            name: "load-balancer-controller-works",
            level: "mandatory",
            why: "A Service or Ingress whose controller isn't there, or may do nothing, never gets an address.",
            ids: [],
            fix: "in Auto Mode use the classes of eks.amazonaws.com; without it the chart aws-load-balancer-controller, with region, vpcId and two replicas, and for its service account a PodIdentityAssociation or the annotation eks.amazonaws.com/role-arn",
        },
        graph => eksClusters(graph).flatMap(cluster => controllerFaults(graph, cluster)),
    ),
    stackRule(
        {
            name: "load-balancer-readiness-gate",
            level: "mandatory",
            why: "A rollout that goes by the kubelet alone takes the last old pod before the load balancer sends to the first new one.",
            ids: [],
            // https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/pod_readiness_gate
            fix: "set the label on the namespace to enabled",
        },
        graph => clustersOf(graph).flatMap(gateFaults),
    ),
];

/** Services may overrule their Ingress, and the class both; where none says anything, it is instance (…/guide/ingress/annotations). */
function targetFaults(cluster: KubernetesCluster, { ingress, params }: Alb): readonly Fault[] {
    const names = new Set(backendsOf(ingress).map(({ name }) => name));
    const services = inNamespaceOf(cluster, ingress, serviceType).filter(service => names.has(nameOf(service)));
    const ofIngress = annotationOf(ingress, "target-type");
    const types = services.map(service => params?.targetType ?? annotationOf(service, "target-type") ?? ofIngress);
    return [...new Set(types)].filter(type => differs(type, "ip")).map(type => ({ resource: ingress, found: `${alb}target-type is ${shown(type)}` }));
}

function classFaults(cluster: KubernetesCluster): readonly Fault[] {
    const classes = cluster.objects("kubernetes:networking.k8s.io/v1:IngressClass");
    const names = new Set(classes.map(nameOf));
    const params = new Set(paramsOf(cluster).map(nameOf));
    return [
        ...albsOf(cluster)
            .map(({ ingress }) => ({ resource: ingress, name: ingress.inputs.spec?.ingressClassName }))
            // The controller's chart makes a class alb.
            .filter(({ name }) => isSaid(name) && name !== "alb" && !mayHave(names, name))
            .map(({ resource, name }) => ({ resource, found: `no IngressClass ${shown(name)}` })),
        ...classes
            .map(resource => ({ resource, parameters: resource.inputs.spec?.parameters }))
            .filter(({ parameters }) => parameters?.kind === "IngressClassParams" && !mayHave(params, parameters.name))
            .map(({ resource, parameters }) => ({ resource, found: `no IngressClassParams ${shown(parameters?.name)}` })),
    ];
}

/** Whether a name is among those of objects, of which some may not be known yet. */
function mayHave(names: ReadonlySet<string | undefined>, name: string | undefined): boolean {
    return isUnknown(name) || names.has(name) || [...names].some(each => !isSaid(each) || isUnknown(each));
}

/** A namespace that the stack doesn't make is not judged. */
function gateFaults(cluster: KubernetesCluster): readonly Fault[] {
    const wanted = [
        ...cluster.objects(serviceType).filter(hasNlb).map(service => ({ name: namespaceOf(service), gate: gateOf(service) })),
        ...albsOf(cluster).map(({ ingress, gate }) => ({ name: namespaceOf(ingress), gate })),
    ];
    const gatesByName = groupBy(wanted, ({ name }) => name);
    return cluster.objects("kubernetes:core/v1:Namespace").flatMap(resource => {
        const gates = new Set((gatesByName.get(nameOf(resource) ?? "") ?? []).flatMap(({ gate }) => gate ?? []));
        return [...gates]
            .map(gate => ({ gate, found: at(resource.inputs.metadata?.labels, gate) }))
            .filter(({ found }) => differs(found, "enabled"))
            .map(({ gate, found }) => ({ resource, found: `label ${gate} is ${shown(found)}` }));
    });
}
