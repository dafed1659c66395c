import { type Resource, type Typed, isOfType } from "../graph";
import { hasTls as ingressHasTls } from "../kubernetes/networkServices";
import { isSaid, items } from "../values";

const ingressType = "kubernetes:networking.k8s.io/v1:Ingress";
const serviceType = "kubernetes:core/v1:Service";

/** How clients come into a cluster. */
export type Door = Typed<typeof ingressType> | Typed<typeof serviceType>;

/** A Service's certificate, on AWS (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/). */
const certificateAnnotation = "service.beta.kubernetes.io/aws-load-balancer-ssl-cert";

export function isDoor(resource: Resource): resource is Door {
    return isOfType(resource, ingressType) || isOfType(resource, serviceType);
}

/** Whether clients may come by HTTPS. */
export function hasTls(door: Door): boolean {
    return isOfType(door, ingressType) ? ingressHasTls(door.inputs) : isSaid(door.inputs.metadata?.annotations?.[certificateAnnotation]);
}

/** Hosts that an Ingress answers for; undefined where it answers for any. */
export function hostsOf({ inputs: { spec } }: Typed<typeof ingressType>): readonly string[] | undefined {
    const hosts = items(spec?.rules).map(({ host }) => host ?? "");
    return hosts.length === 0 || hosts.includes("") || isSaid(spec?.defaultBackend?.service?.name) ? undefined : hosts;
}

/** Whether one of the hosts is a name, or stands for it by a `*` in place of its first label. */
export function covers(hosts: readonly string[], name: string): boolean {
    return hosts.some(host => host === name || (host.startsWith("*.") && name.split(".").slice(1).join(".") === host.slice("*.".length)));
}
