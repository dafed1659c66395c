import type { Resource, Typed } from "../graph";
import type { InputsByType } from "../inputs";
import type { Rule } from "../rule";
import { isSaid, isSet, items } from "../values";
import { type NamespaceFault, appNamespaceRule } from "./appNamespaces";
import {
    type NetworkPolicy,
    type Target,
    type TrafficRule,
    holding,
    isNeighbour,
    opens,
    pickedPods,
    picksAll,
    policiesOf,
    reachesWorld,
    rulesOf,
} from "./networkTraffic";
import { knownContainers } from "./podRule";
import { type PodType, podLabelsOf, podSpecOf } from "./pods";
import { picks } from "./selectors";
import type { Namespace, Service } from "./workloads";

type ServicePort = NonNullable<NonNullable<InputsByType["kubernetes:core/v1:Service"]["spec"]>["ports"]>[number];

/** What NetworkPolicies must not cut off. */
export const networkReachability: readonly Rule[] = [
    appNamespaceRule(
        {
            name: "network-dns",
            level: "mandatory",
            why: "Pods that may not ask DNS find nothing by name: not their database, not another app, not the cloud.",
            ids: [],
            fix: "add a NetworkPolicy that lets the pods out to port 53 by UDP and TCP",
        },
        namespace => namespace.pods.flatMap(pod => dnsFaults(namespace, pod)),
    ),
    appNamespaceRule(
        {
            name: "network-service-reachable",
            level: "mandatory",
            why: "Requests to a Service whose pods no NetworkPolicy opens time out, while every pod looks healthy.",
            ids: [],
            fix: "add an ingress rule with the port; for a load balancer one without from, or from its addresses",
        },
        namespace => {
            const backends = ingressBackends(namespace);
            return namespace.objects("kubernetes:core/v1:Service").flatMap(service => serviceFaults(namespace, service, backends));
        },
    ),
    appNamespaceRule(
        {
            name: "network-both-ends",
            level: "mandatory",
            why: "Traffic between pods needs leave at both ends: what one policy lets in and none lets out never arrives.",
            ids: [],
            fix: "add an egress rule for these pods, with the port and the labels of the pods that it goes to",
        },
        namespace => policiesOf(namespace).flatMap(policy => oneEndFaults(namespace, policy)),
    ),
];

function dnsFaults(namespace: Namespace, pod: Typed<PodType>): readonly NamespaceFault[] {
    const policies = holding(namespace, "Egress", podLabelsOf(pod));
    const rules = policies.flatMap(policy => rulesOf(policy, "Egress"));
    const closed = ["UDP", "TCP"].filter(protocol => !rules.some(rule => mayAskDns(rule, protocol)));
    return policies.length === 0 || closed.length === 0
        ? []
        : [{ resource: pod, found: `its pods are held for Egress, and no policy lets them out to port 53 by ${closed.join(" and ")}` }];
}

/** A rule for all ports may be for one place that is no DNS; one that names DNS' port knows where it is. */
function mayAskDns(rule: TrafficRule, protocol: string): boolean {
    const named = rule.ports.length > 0 || reachesWorld(rule) || rule.peers.some(({ namespaceSelector }) => isSet(namespaceSelector));
    return named && opens(rule, { port: 53, names: ["dns", "dns-tcp"], protocol });
}

/** Names of the Services that the namespace's Ingresses send to. */
function ingressBackends(namespace: Namespace): ReadonlySet<string | undefined> {
    const ingresses = namespace.objects("kubernetes:networking.k8s.io/v1:Ingress").map(({ inputs }) => inputs.spec);
    const paths = ingresses.flatMap(spec => items(spec?.rules)).flatMap(({ http }) => items(http?.paths));
    return new Set([...ingresses.map(spec => spec?.defaultBackend), ...paths.map(({ backend }) => backend)].map(backend => backend?.service?.name));
}

function serviceFaults(namespace: Namespace, service: Service, backends: ReadonlySet<string | undefined>): readonly NamespaceFault[] {
    const { type, ports } = service.inputs.spec ?? {};
    const balanced = type === "LoadBalancer";
    const outside = balanced || backends.has(service.inputs.metadata?.name);
    return namespace.servedBy(service).flatMap(pod => {
        const policies = holding(namespace, "Ingress", podLabelsOf(pod));
        const rules = policies.flatMap(policy => rulesOf(policy, "Ingress"));
        return policies.length === 0
            ? []
            : items(ports).flatMap(port => {
                  const open = targetsOf(pod, port).every(target =>
                      rules.some(rule => opens(rule, target) && (!outside || isOpenOutside(rule, balanced))),
                  );
                  const target = `port ${port.targetPort ?? port.port ?? ""} of ${pod.name}`;
                  return open ? [] : [{ resource: service, found: `no NetworkPolicy lets ${outside ? "the world" : "anybody"} in to ${target}` }];
              });
    });
}

/** Load balancers come with addresses, those of their clients or their own; an Ingress' proxy may also be pods of another namespace. */
function isOpenOutside({ peers }: TrafficRule, balanced: boolean): boolean {
    return peers.length === 0 || peers.some(({ ipBlock, namespaceSelector }) => isSet(ipBlock) || (!balanced && isSet(namespaceSelector)));
}

/** The port that a Service's port leads to on a pod; empty where the pod has none of that name, of which another rule speaks. */
function targetsOf(pod: Typed<PodType>, { targetPort, port, protocol }: ServicePort): readonly Target[] {
    const target = isSaid(targetPort) ? targetPort : port;
    const declared = knownContainers(podSpecOf(pod)).flatMap(container => items(container.ports));
    const number = typeof target === "number" ? target : declared.find(({ name }) => name === target)?.containerPort;
    const names = declared.flatMap(({ name, containerPort }) => (containerPort === number && name !== undefined ? [name] : []));
    return number === undefined ? [] : [{ port: number, names, protocol: protocol ?? "TCP" }];
}

/** Neighbours that a policy names and lets in, of which no policy lets a single one out to its pods. */
function oneEndFaults(namespace: Namespace, policy: NetworkPolicy): readonly NamespaceFault[] {
    const servers = pickedPods(namespace, policy.inputs.spec?.podSelector);
    return rulesOf(policy, "Ingress").flatMap(rule =>
        rule.peers.filter(peer => isNeighbour(peer) && !picksAll(peer.podSelector)).flatMap(({ podSelector }) => {
            const clients = pickedPods(namespace, podSelector);
            return servers
                .filter(server => clients.length > 0 && !clients.some(client => isLetOut(namespace, client, server, rule)))
                .map(({ name }) => ({ resource: policy, found: `it lets ${namesOf(clients)} in to ${name}, and no policy lets them out there` }));
        }),
    );
}

function namesOf(resources: readonly Resource[]): string {
    return resources.map(({ name }) => name).join(", ");
}

/** Whether pods may go out to each port of a server that a rule names. */
function isLetOut(namespace: Namespace, client: Typed<PodType>, server: Typed<PodType>, rule: TrafficRule): boolean {
    const policies = holding(namespace, "Egress", podLabelsOf(client));
    const out = policies.flatMap(policy => rulesOf(policy, "Egress")).filter(each => goesTo(each, server));
    return policies.length === 0 || (out.length > 0 && targetsOfRule(rule, server).every(target => out.some(each => opens(each, target))));
}

/** The ports of a pod that a rule names. */
function targetsOfRule({ ports }: TrafficRule, server: Typed<PodType>): readonly Target[] {
    return ports.flatMap(({ port, protocol }) => (isSet(port) ? targetsOf(server, { targetPort: port, protocol }) : []));
}

function goesTo({ peers }: TrafficRule, server: Typed<PodType>): boolean {
    return (
        peers.length === 0 ||
        peers.some(peer => {
            const { podSelector, namespaceSelector } = peer;
            const chosen = isSet(podSelector) ? picks(podSelector, podLabelsOf(server)) : isSet(namespaceSelector);
            return chosen || reachesWorld({ peers: [peer], ports: [] });
        })
    );
}
