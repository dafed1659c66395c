import type { AddressKind } from "../../../../components/cluster";
import { ownIngressController } from "../../../standIns/loadBalancers";
import { aws } from "./aws";
import type { Controller } from "./controller";
import { gcp } from "./gcp";
import { plain } from "./plain";

export type { Controller } from "./controller";

/** The controllers by what names them, as in drill/standIns/loadBalancers.ts. */
const byName: Readonly<Record<string, Controller>> = {
    "eks.amazonaws.com/nlb": aws,
    "eks.amazonaws.com/alb": aws,
    "service.k8s.aws/nlb": aws,
    "ingress.k8s.aws/alb": aws,
    "networking.gke.io/l4-regional-external": gcp,
    "networking.gke.io/l4-regional-internal": gcp,
    gce: gcp,
    "gce-internal": gcp,
    [ownIngressController]: plain,
};

/**
 * Who serves what names no controller. A cluster whose balancers have names is EKS: there Auto Mode sets its own class on a Service without
 * one ("automatically set as the cluster default", https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-nlb.html), and so does the
 * AWS Load Balancer Controller's webhook (webhooks/core/service_mutator.go). One whose balancers have addresses can be anybody's.
 */
const byAddressKind: Readonly<Record<AddressKind, Controller>> = { hostname: aws, ip: plain };

/** The controller that serves an object; undefined for a name that nobody answers to. */
export function controllerNamed(name: string | undefined, addressKind: AddressKind): Controller | undefined {
    return name === undefined ? byAddressKind[addressKind] : byName[name];
}
