import type { V1Ingress, V1IngressClass, V1Service } from "@kubernetes/client-node";

import type { AddressKind } from "../../components/cluster";
import { type Wire, kindOf, kinds } from "../api";
import { reconcile } from "./reconcile";
import type { StandIn, StandInOptions } from "./standIn";

export interface LoadBalancersOptions extends StandInOptions {
    /** What the cluster's cloud gives a load balancer. */
    readonly addressKind: AddressKind;
    readonly region: string;
}

type Service = Wire<V1Service>;
type Ingress = Wire<V1Ingress>;
type IngressClass = Wire<V1IngressClass>;

const ingressKind = kindOf<Ingress>("networking.k8s.io/v1", "Ingress");
const ingressClassKind = kindOf<IngressClass>("networking.k8s.io/v1", "IngressClass");

/** Annotation that names an Ingress's class on GKE, and did elsewhere before there was a field for it. */
export const classAnnotation = "kubernetes.io/ingress.class";

/** Controller of Ingresses on a cluster that exists already; it stands for whatever is installed there. */
export const ownIngressController = "drill.holdfast.dev/ingress";

/**
 * The clouds' controllers, each with what its load balancers are known by: a Service names one in `loadBalancerClass`, an
 * IngressClass in `controller`, and an Ingress on GKE in an annotation. What names another gets no address, as in a real
 * cluster. Sources: https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-nlb.html and auto-configure-alb.html;
 * https://kubernetes-sigs.github.io/aws-load-balancer-controller (nlb, ingress_class);
 * https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters and ingress.
 */
const controllers: Readonly<Record<string, AddressKind | "either">> = {
    "eks.amazonaws.com/nlb": "hostname",
    "eks.amazonaws.com/alb": "hostname",
    "service.k8s.aws/nlb": "hostname",
    "ingress.k8s.aws/alb": "hostname",
    "networking.gke.io/l4-regional-external": "ip",
    "networking.gke.io/l4-regional-internal": "ip",
    gce: "ip",
    "gce-internal": "ip",
    [ownIngressController]: "either",
};

/** Whether a cluster's cloud serves a controller's objects. What names no controller is the cluster's own to serve. */
export function isServed(controller: string | undefined, addressKind: AddressKind): boolean {
    const served = controller === undefined ? "either" : controllers[controller];
    return served === "either" || served === addressKind;
}

/**
 * The n-th load balancer's address, counted from 1: a name or an address that is reserved to lead nowhere (RFC 2606 `.invalid`; RFC 5737
 * 192.0.2.0/24).
 */
export function addressOf(addressKind: AddressKind, { namespace, name, region, n }: { readonly namespace: string; readonly name: string; readonly region: string; readonly n: number }): object {
    switch (addressKind) {
        case "hostname":
            return { hostname: `${name}-${namespace}-${n}.elb.${region}.invalid` };
        case "ip":
            return { ip: `192.0.2.${((n - 1) % 254) + 1}` };
        default:
            return addressKind satisfies never;
    }
}

/** Gives LoadBalancer Services and Ingresses an address as soon as they are there, and does nothing else. */
export function playLoadBalancers({ api, fail, addressKind, region }: LoadBalancersOptions): StandIn {
    let last = 0;
    const statusOf = ({ namespace = "", name = "" }: { readonly namespace?: string; readonly name?: string }): object => ({
        status: { loadBalancer: { ingress: [addressOf(addressKind, { namespace, name, region, n: ++last })] } },
    });
    const services = reconcile<Service>(
        api,
        {
            what: "an address",
            kind: kinds.service,
            needs: ({ spec, status }) => spec?.type === "LoadBalancer" && !hasAddress(status) && isServed(spec.loadBalancerClass, addressKind),
            act: async ({ metadata = {} }) => {
                await api.patch({ kind: kinds.service, ...named(metadata) }, statusOf(metadata), { subresource: "status" });
            },
        },
        fail,
    );
    const controllerOf = async ({ metadata, spec }: Ingress): Promise<string | undefined> => {
        const name = spec?.ingressClassName;
        if (name === undefined) {
            return metadata?.annotations?.[classAnnotation];
        }
        const ingressClass = await api.get({ kind: ingressClassKind, name });
        return ingressClass?.spec?.controller ?? `no IngressClass ${name}`;
    };
    const ingresses = reconcile<Ingress>(
        api,
        {
            what: "an address",
            kind: ingressKind,
            needs: ({ status }) => !hasAddress(status),
            act: async ingress => {
                const { metadata = {} } = ingress;
                if (isServed(await controllerOf(ingress), addressKind)) {
                    await api.patch({ kind: ingressKind, ...named(metadata) }, statusOf(metadata), { subresource: "status" });
                }
            },
        },
        fail,
    );
    return {
        unproved: ["load balancers are an address in a status and nothing else: no request is sent, no replica is health-checked or drained, and that a cloud takes the annotations is not seen"],
        ready: Promise.all([services.started, ingresses.started]).then(() => undefined),
        stop: () => {
            services.stop();
            ingresses.stop();
        },
    };
}

function hasAddress(status: Service["status"] | Ingress["status"]): boolean {
    return (status?.loadBalancer?.ingress ?? []).length > 0;
}

function named({ name = "", namespace }: { readonly name?: string; readonly namespace?: string }): { readonly name: string; readonly namespace?: string } {
    return { name, ...(namespace === undefined ? {} : { namespace }) };
}
