import { type KubernetesCluster, nameOf } from "../clusters";
import type { Typed } from "../graph";
import { type Ingress, alb, hasAlb } from "../kubernetes/backends";
import type { Service } from "../kubernetes/workloads";
import { at, isSaid, isSet } from "../values";

/** Labels of a namespace by which pods wait for their load balancer: of EKS Auto Mode, and of the AWS Load Balancer Controller. */
const gates = { auto: "eks.amazonaws.com/pod-readiness-gate-inject", controller: "elbv2.k8s.aws/pod-readiness-gate-inject" };

const autoModeController = "eks.amazonaws.com/alb";
const controllers: readonly (string | undefined)[] = [autoModeController, "ingress.k8s.aws/alb"];

/** Whether a label or class is of EKS Auto Mode. */
export function isOfAutoMode(name: string): boolean {
    return name.startsWith("eks.amazonaws.com/");
}

/** The label by which pods behind a Service's network load balancer wait for it. */
export function gateOf({ inputs }: Service): string {
    return inputs.spec?.loadBalancerClass === "eks.amazonaws.com/nlb" ? gates.auto : gates.controller;
}

/** An Ingress that asks for an application load balancer. */
export interface Alb {
    readonly ingress: Ingress;
    /** The label by which pods behind it wait for it; undefined where its class can't be seen. */
    readonly gate: string | undefined;
    /** What its class says for all Ingresses. */
    readonly params: Params | undefined;
}

const paramsTypes = ["kubernetes:eks.amazonaws.com/v1:IngressClassParams", "kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams"] as const;

type ParamsType = (typeof paramsTypes)[number];
type Params = Typed<ParamsType>["inputs"]["spec"];

/** What classes say for all their Ingresses. */
export function paramsOf(cluster: KubernetesCluster): readonly (Typed<ParamsType>)[] {
    return paramsTypes.flatMap((type): readonly Typed<ParamsType>[] => cluster.objects(type));
}

/** Ingresses of a cluster that ask for an application load balancer. */
export function albsOf(cluster: KubernetesCluster): readonly Alb[] {
    const classes = new Map(cluster.objects("kubernetes:networking.k8s.io/v1:IngressClass").map(each => [nameOf(each), each.inputs.spec]));
    const paramsByName = new Map(paramsOf(cluster).map(each => [nameOf(each), each.inputs.spec]));
    return cluster
        .objects("kubernetes:networking.k8s.io/v1:Ingress")
        .map(ingress => ({ ingress, spec: classes.get(ingress.inputs.spec?.ingressClassName) }))
        .filter(({ ingress, spec }) => (isSet(spec) ? controllers.includes(spec.controller) : hasAlb(ingress)))
        .map(({ ingress, spec }) => ({
            ingress,
            gate: isSet(spec) ? gateOfController(spec.controller) : gateOfClass(ingress.inputs.spec?.ingressClassName),
            params: paramsByName.get(spec?.parameters?.name),
        }));
}

function gateOfController(controller: string | undefined): string {
    return controller === autoModeController ? gates.auto : gates.controller;
}

/** The controller's chart makes a class of this name, which the stack then doesn't show. */
function gateOfClass(name: string | undefined): string | undefined {
    return name === "alb" ? gates.controller : undefined;
}

/** A setting of an application load balancer by its annotation; undefined for nothing. */
export function annotationOf({ inputs: { metadata } }: Ingress | Service, name: string): string | undefined {
    const value = at(metadata?.annotations, `${alb}${name}`);
    return isSaid(value) ? value : undefined;
}
