import type { AddressKind } from "../../../components/cluster";
import type { KubeObject } from "../../api";
import { classAnnotation, isServed } from "../../standIns/loadBalancers";
import { type Controller, controllerNamed } from "./controllers";
import type { Door } from "./door";
import { balancedServices, controllerOf, ingresses } from "./objects";

/** What the cluster's cloud gives a load balancer. */
export interface DoorOptions {
    readonly addressKind: AddressKind;
}

/**
 * The load balancers that a cluster's controllers would make of its objects, Services first. What names a controller of another cloud gets
 * none, as in a real cluster. Throws Unplayable where an object asks for what is not played.
 */
export function doorsOf(objects: readonly KubeObject[], { addressKind }: DoorOptions): readonly Door[] {
    const serving = (name: string | undefined): Controller | undefined => (isServed(name, addressKind) ? controllerNamed(name, addressKind) : undefined);
    const services = balancedServices(objects).flatMap(service => serving(service.spec.loadBalancerClass)?.serviceDoor(service) ?? []);
    const routed = ingresses(objects).flatMap(ingress => {
        const className = ingress.spec.ingressClassName;
        // A class that is nowhere is served by nobody; isServed knows no such name.
        const name = className === undefined ? ingress.metadata.annotations[classAnnotation] : (controllerOf(objects, className) ?? `no IngressClass ${className}`);
        return serving(name)?.ingressDoor(ingress, objects) ?? [];
    });
    return [...services, ...routed];
}
