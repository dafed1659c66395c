import type { V1Endpoint, V1EndpointSlice, V1Node, V1Service } from "@kubernetes/client-node";

import type { Wire } from "../../api";
import { zoneLabel } from "../../controlPlane";
import type { Door } from "./door";
import type { Pool } from "./pools";

export type Service = Wire<V1Service>;
export type Node = Wire<V1Node>;
/** Over the wire, a slice without endpoints has null for them. */
export type EndpointSlice = Omit<Wire<V1EndpointSlice>, "endpoints"> & { readonly endpoints?: readonly Wire<V1Endpoint>[] | null };

/** What is known of a cluster. */
export interface View {
    readonly services: readonly Service[];
    readonly slices: readonly EndpointSlice[];
    readonly nodes: readonly Node[];
}

/** Somebody that a load balancer sends to. */
export interface Target {
    /** Of the pod, or the node. */
    readonly name: string;
    readonly zone: string | undefined;
    readonly address: string;
    readonly port: number;
    readonly checkPort: number;
    /** Its share, at least 1: whoever has no ready endpoint is found by the check. */
    readonly weight: number;
}

/** A label that keeps a node out of load balancers (https://kubernetes.io/docs/reference/labels-annotations-taints/#node-kubernetes-io-exclude-from-external-load-balancers). */
const excluded = "node.kubernetes.io/exclude-from-external-load-balancers";

/** Taints of nodes that an autoscaler is about to take away (IsNodeSuitableAsTrafficProxy of the AWS Load Balancer Controller; GKE's zone_getter.go has the first). */
const leaving = new Set(["ToBeDeletedByClusterAutoscaler", "karpenter.sh/disrupted"]);

/** The targets that a pool should have. */
export function targetsOf({ door, servicePort, zone }: Pool, view: View): readonly Target[] {
    const service = view.services.find(({ metadata }) => metadata?.namespace === door.namespace && metadata.name === door.service);
    const port = service?.spec?.ports?.find(({ name, port: number }) => servicePort === number || servicePort === name);
    if (service === undefined || port === undefined) {
        return [];
    }
    const slices = view.slices.filter(({ metadata }) => metadata?.namespace === door.namespace && metadata.labels?.["kubernetes.io/service-name"] === door.service);
    const all = door.targets === "pods" ? podTargets(door, slices, port.name ?? "", view.nodes) : nodeTargets(door, slices, port.nodePort, service.spec?.healthCheckNodePort, view.nodes);
    return zone === undefined ? all : all.filter(target => target.zone === zone);
}

/** Ready endpoints. One that ends is none: it is not ready from the moment that its pod is deleted. */
function podTargets(door: Door, slices: readonly EndpointSlice[], portName: string, nodes: readonly Node[]): readonly Target[] {
    const zones = new Map(nodes.map(({ metadata }) => [metadata?.name, metadata?.labels?.[zoneLabel]]));
    const targets = slices.flatMap(({ endpoints, ports }) => {
        const port = (ports ?? []).find(({ name }) => (name ?? "") === portName)?.port;
        return port === undefined
            ? []
            : (endpoints ?? [])
                  .filter(({ conditions }) => conditions?.ready !== false && conditions?.terminating !== true)
                  .map(({ addresses, nodeName, targetRef, zone }): Target => {
                      const address = addresses[0] ?? "";
                      return { name: targetRef?.name ?? address, zone: zone ?? zones.get(nodeName), address, port, checkPort: checkPortOf(door, port), weight: 1 };
                  });
    });
    // An endpoint can be in two slices while it moves from one to the other.
    return [...new Map(targets.map(target => [target.address, target])).values()];
}

function nodeTargets(door: Door, slices: readonly EndpointSlice[], nodePort: number | undefined, healthCheckNodePort: number | undefined, nodes: readonly Node[]): readonly Target[] {
    if (nodePort === undefined) {
        return [];
    }
    const endpoints = slices.flatMap(slice => slice.endpoints ?? []);
    return nodes.flatMap((node): readonly Target[] => {
        const { name = "", labels = {} } = node.metadata ?? {};
        const address = node.status?.addresses?.find(({ type }) => type === "InternalIP")?.address;
        const own = endpoints.filter(({ nodeName }) => nodeName === name);
        const isTarget = labels[excluded] === undefined && !(node.spec?.taints ?? []).some(({ key }) => leaving.has(key)) && (!door.localNodes || own.length > 0);
        const ready = own.filter(({ conditions }) => conditions?.ready !== false).length;
        return address === undefined || !isTarget
            ? []
            : [{ name, zone: labels[zoneLabel], address, port: nodePort, checkPort: checkPortOf(door, nodePort, healthCheckNodePort), weight: door.weighted ? Math.max(ready, 1) : 1 }];
    });
}

function checkPortOf({ check }: Door, trafficPort: number, healthCheckNodePort?: number): number {
    switch (check.port) {
        case "traffic":
            return trafficPort;
        case "healthCheckNodePort":
            return healthCheckNodePort ?? trafficPort;
        default:
            return check.port;
    }
}
