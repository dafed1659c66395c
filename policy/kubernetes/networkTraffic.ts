import { isWorld } from "../addresses";
import { type KubernetesCluster, namespaceOf } from "../clusters";
import { type Typed, groupBy } from "../graph";
import type { InputsByType } from "../inputs";
import { entries, isSaid, isSet, isUnknown, items } from "../values";
import type { Labels, PodType } from "./pods";
import { type LabelSelector, picks } from "./selectors";
import type { Namespace } from "./workloads";

/** What NetworkPolicies let through (https://kubernetes.io/docs/concepts/services-networking/network-policies/). */

export type NetworkPolicy = Typed<"kubernetes:networking.k8s.io/v1:NetworkPolicy">;
type PolicySpec = NonNullable<InputsByType["kubernetes:networking.k8s.io/v1:NetworkPolicy"]["spec"]>;
type Port = NonNullable<NonNullable<NonNullable<PolicySpec["egress"]>[number]["ports"]>[number]>;
type Peer = NonNullable<NonNullable<NonNullable<PolicySpec["egress"]>[number]["to"]>[number]>;

export type Direction = "Ingress" | "Egress";

/** A rule of a policy, of either direction. */
export interface TrafficRule {
    /** Where from, or where to; everywhere where empty. */
    readonly peers: readonly Peer[];
    /** Every port where empty. */
    readonly ports: readonly Port[];
}

/** A port of a pod that someone wants to reach. */
export interface Target {
    readonly port: number;
    /** Names that the pod's containers give the port. */
    readonly names: readonly string[];
    readonly protocol: string;
}

/** The policies of a namespace. */
export function policiesOf({ cluster, name }: Namespace): readonly NetworkPolicy[] {
    const byNamespace = cache.get(cluster) ?? groupBy(cluster.objects("kubernetes:networking.k8s.io/v1:NetworkPolicy"), namespaceOf);
    cache.set(cluster, byNamespace);
    return byNamespace.get(name) ?? [];
}

/** Rules ask for the policies one after another; a cluster's objects never change. */
const cache = new WeakMap<KubernetesCluster, ReadonlyMap<string, readonly NetworkPolicy[]>>();

/** Whether a policy is of a direction. Where it says none it is of Ingress, and of Egress if it has rules for that. */
export function isOf(policy: NetworkPolicy, direction: Direction): boolean {
    const { policyTypes, egress } = policy.inputs.spec ?? {};
    return isSaid(policyTypes) ? items(policyTypes).includes(direction) : direction === "Ingress" || items(egress).length > 0;
}

/** A policy's rules of a direction. */
export function rulesOf({ inputs }: NetworkPolicy, direction: Direction): readonly TrafficRule[] {
    return direction === "Ingress"
        ? items(inputs.spec?.ingress).map(({ from, ports }) => ({ peers: items(from), ports: items(ports) }))
        : items(inputs.spec?.egress).map(({ to, ports }) => ({ peers: items(to), ports: items(ports) }));
}

/** The policies of a direction that hold pods of these labels. Where there are none, the pods may do everything. */
export function holding(namespace: Namespace, direction: Direction, labels: Labels): readonly NetworkPolicy[] {
    return policiesOf(namespace).filter(policy => isOf(policy, direction) && picks(policy.inputs.spec?.podSelector ?? {}, labels));
}

/** Whether a selector picks every pod; so does one that is left out of a policy. */
export function picksAll(selector: LabelSelector | undefined): boolean {
    return entries(selector?.matchLabels).length === 0 && items(selector?.matchExpressions).length === 0;
}

/** What makes the pods that a policy, or a peer in its own namespace, picks. */
export function pickedPods(namespace: Namespace, selector: LabelSelector | undefined): readonly Typed<PodType>[] {
    return namespace.picked(selector ?? {});
}

/** Whether a rule lets traffic to a port through, wherever from or to. */
export function opens({ ports }: TrafficRule, { port, names, protocol }: Target): boolean {
    return (
        ports.length === 0 ||
        ports.some(each => {
            const covers =
                !isSet(each.port) ||
                isUnknown(each.port) ||
                (typeof each.port === "string" ? names.includes(each.port) : port >= each.port && port <= (each.endPort ?? each.port));
            return covers && (each.protocol ?? "TCP") === protocol;
        })
    );
}

const lastPort = 65_535;

/** Whether a rule lets traffic to every port of a protocol through. */
export function opensEveryPort({ ports }: TrafficRule): boolean {
    const isEvery = ({ port, endPort }: Port): boolean => !isSet(port) || (typeof port === "number" && port <= 1 && (endPort ?? 0) >= lastPort);
    return ports.length === 0 || ports.some(isEvery);
}

/** Whether a rule lets traffic from or to all the world through. */
export function reachesWorld({ peers }: TrafficRule): boolean {
    return peers.length === 0 || peers.some(({ ipBlock }) => isWorld(ipBlock?.cidr ?? ""));
}

/** Whether a peer is pods of the policy's own namespace. */
export function isNeighbour({ podSelector, namespaceSelector, ipBlock }: Peer): boolean {
    return isSet(podSelector) && !isSet(namespaceSelector) && !isSet(ipBlock);
}
