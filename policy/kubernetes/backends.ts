import { type Typed, groupBy } from "../graph";
import { at, isMapping, isUnknown, items, parsed, textOf } from "../values";
import { nameOf } from "../clusters";
import { type Namespace, type Service, called } from "./workloads";
import { numberOf } from "./quantities";

/** What load balancers are told, on Services, Ingresses and what these refer to. */

export type Ingress = Typed<"kubernetes:networking.k8s.io/v1:Ingress">;
type IngressService = NonNullable<NonNullable<NonNullable<Ingress["inputs"]["spec"]>["defaultBackend"]>["service"]>;

/** Annotations of AWS's load balancer controller (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/). */
export const nlb = "service.beta.kubernetes.io/aws-load-balancer-";
export const alb = "alb.ingress.kubernetes.io/";

const nlbClasses = ["eks.amazonaws.com/nlb", "service.k8s.aws/nlb"];

/** Whether AWS's controller makes a network load balancer for a Service. */
export function hasNlb({ inputs }: Service): boolean {
    const { type, loadBalancerClass } = inputs.spec ?? {};
    const made = inputs.metadata?.annotations?.[`${nlb}type`];
    return type === "LoadBalancer" && (nlbClasses.includes(loadBalancerClass ?? "") || ["external", "nlb", "nlb-ip"].includes(made ?? ""));
}

/** Whether AWS's controller makes an application load balancer for an Ingress. */
export function hasAlb({ inputs }: Ingress): boolean {
    const annotations = inputs.metadata?.annotations ?? {};
    const className = inputs.spec?.ingressClassName ?? annotations["kubernetes.io/ingress.class"];
    return className === "alb" || Object.keys(annotations).some(key => key.startsWith(alb));
}

/** Whether Google's controller makes a passthrough load balancer for a Service, which sends to nodes and not to pods. */
export function hasPassthrough({ inputs }: Service): boolean {
    return inputs.spec?.type === "LoadBalancer" && textOf(inputs.spec.loadBalancerClass).startsWith("networking.gke.io/l4-regional-");
}

/** Attributes in an annotation: "a=1,b=2". */
export function attributesOf(annotation: string | undefined): ReadonlyMap<string, string> {
    const pairs = textOf(annotation).split(",").map(pair => pair.trim().split("="));
    return new Map(pairs.map(([key = "", value = ""]) => [key, value]));
}

/** The Services that an Ingress sends to, as it says it. */
export function backendsOf({ inputs }: Ingress): readonly IngressService[] {
    const paths = items(inputs.spec?.rules).flatMap(({ http }) => items(http?.paths));
    // A port of this name means that the backend stands in an annotation, not in a Service.
    return [inputs.spec?.defaultBackend, ...paths.map(({ backend }) => backend)]
        .flatMap(backend => backend?.service ?? [])
        .filter(({ port }) => port?.name !== "use-annotation");
}

/** Ingresses of a namespace by the Services that they send to. */
export function ingressesByService(namespace: Namespace): ReadonlyMap<Service | undefined, readonly Ingress[]> {
    const pairs = namespace.objects("kubernetes:networking.k8s.io/v1:Ingress").flatMap(ingress => {
        const names = new Set(backendsOf(ingress).map(({ name }) => name ?? ""));
        return [...names].map(name => ({ ingress, service: namespace.find("kubernetes:core/v1:Service", name) }));
    });
    return new Map([...groupBy(pairs, ({ service }) => service)].map(([service, members]) => [service, members.map(({ ingress }) => ingress)]));
}

type BackendConfig = Typed<"kubernetes:cloud.google.com/v1:BackendConfig">;

/** The BackendConfigs that a Service names for its ports (https://cloud.google.com/kubernetes-engine/docs/how-to/ingress-configuration#associating_backendconfig_with_your_ingress). */
export function backendConfigsOf(namespace: Namespace, { inputs }: Service): readonly BackendConfig[] {
    const said = parsed(inputs.metadata?.annotations?.["cloud.google.com/backend-config"]);
    const { default: all, ports } = isMapping(said) ? said : {};
    const names = [all, ...(isMapping(ports) ? Object.values(ports) : [])].filter(name => typeof name === "string");
    return [...new Set(names)].flatMap(name => namespace.find("kubernetes:cloud.google.com/v1:BackendConfig", name) ?? []);
}

/** How long a load balancer goes on sending to a replica that goes. */
export interface Deregistration {
    readonly seconds: number;
    /** Who says so, for a message. */
    readonly by: string;
}

/** AWS's default for every target group (https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html). */
const awsDeregistrationSeconds = 300;

/** Deregistration times of the load balancers in front of a Service. */
export function deregistrationsOf(namespace: Namespace, service: Service, ingresses: readonly Ingress[]): readonly Deregistration[] {
    const annotations = service.inputs.metadata?.annotations ?? {};
    const own = hasNlb(service) ? [awsDeregistration(at(annotations, `${nlb}target-group-attributes`), called(service))] : [];
    // A Service may overrule its Ingress.
    const ofIngresses = ingresses
        .filter(hasAlb)
        .map(ingress => awsDeregistration(at(annotations, `${alb}target-group-attributes`) ?? at(ingress.inputs.metadata?.annotations ?? {}, `${alb}target-group-attributes`), called(ingress)));
    const ofConfigs = backendConfigsOf(namespace, service).map(config => ({
        // Without a number there is no draining (kubernetes/ingress-gce, pkg/backends/features/draining.go).
        seconds: numberOf(config.inputs.spec?.connectionDraining?.drainingTimeoutSec, 0),
        by: `BackendConfig ${nameOf(config) ?? config.name}`,
    }));
    return [...own, ...ofIngresses, ...ofConfigs];
}

function awsDeregistration(annotation: string | undefined, by: string): Deregistration {
    const said = attributesOf(annotation).get("deregistration_delay.timeout_seconds");
    return said === undefined && !isUnknown(annotation) ? { seconds: awsDeregistrationSeconds, by: `${by}, by AWS's default,` } : { seconds: Number(said), by };
}
