import type { Typed } from "../graph";
import { type Rule, resourceRule, shown } from "../rule";
import { differs, isSet, items } from "../values";
import { appNamespaceRule } from "./appNamespaces";
import { ingressesByService } from "./backends";
import { type Direction, type TrafficRule, isNeighbour, isOf, opens, opensEveryPort, pickedPods, picksAll, policiesOf, reachesWorld, rulesOf } from "./networkTraffic";
import { podLabelsOf } from "./pods";
import { picks } from "./selectors";
import { called } from "./workloads";

/** Where AWS and Google answer a node's questions about itself. */
const metadata = "169.254.169.254";

const networkPolicy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

/** Who may talk to whom: nobody, but for what is named. */
export const networkPolicies: readonly Rule[] = [
    defaultDeny("Ingress", "Without it every pod of the cluster may talk to the app's pods, and so may whoever breaks into one."),
    defaultDeny("Egress", "Without it whoever breaks into a pod may send what they find to anywhere, and load what they lack."),
    resourceRule(
        {
            name: "network-ingress-ports",
            level: "mandatory",
            why: "Who may reach one port of a pod then reaches all of them, also those for metrics and debugging.",
            ids: [],
            fix: "name the ports that are meant in the rule's ports",
        },
        networkPolicy,
        (_, policy) => everyPortRules(policy, "Ingress").map(() => "an ingress rule opens every port"),
    ),
    resourceRule(
        {
            name: "network-egress-world",
            level: "mandatory",
            why: "Such a rule takes away what the policies are there for: whoever breaks in may send anything to anywhere.",
            ids: [],
            fix: "name the ports that the app needs in the rule's ports, and where it can be known the addresses in to",
        },
        networkPolicy,
        (_, policy) =>
            everyPortRules(policy, "Egress")
                .filter(reachesWorld)
                .map(() => "an egress rule opens every port of every address"),
    ),
    resourceRule(
        {
            name: "network-egress-metadata",
            level: "advisory",
            why: "The node's metadata address hands out the node's own rights in the cloud to whoever breaks into a pod that may ask it.",
            ids: [],
            fix: `except ${metadata}/32 from the block, unless the pods take their own identity from there`,
        },
        networkPolicy,
        (_, policy) =>
            (isOf(policy, "Egress") ? rulesOf(policy, "Egress") : [])
                .filter(rule => opens(rule, { port: 80, names: [], protocol: "TCP" }) && !(opensEveryPort(rule) && reachesWorld(rule)))
                .flatMap(({ peers }) => peers.flatMap(({ ipBlock }) => (isSet(ipBlock) ? [ipBlock] : [])))
                .filter(({ cidr, except }) => covers(cidr ?? "", metadata) && !items(except).some(each => covers(each, metadata)))
                .map(({ cidr }) => `an egress rule opens port 80 of ${metadata} by ${cidr ?? ""}`),
    ),
    appNamespaceRule(
        {
            name: "network-state-open",
            level: "mandatory",
            why: "Whoever breaks into any pod of the cluster, or comes in from outside, may try the passwords of the data.",
            ids: [],
            fix: "name the pods that need the data in the rule's from",
        },
        namespace => {
            const inner = namespace
                .objects("kubernetes:apps/v1:StatefulSet")
                .filter(set => namespace.servicesOf(set).every(service => differs(service.inputs.spec?.type, "LoadBalancer") && !ingressesByService(namespace).has(service)));
            return policiesOf(namespace)
                .filter(policy => isOf(policy, "Ingress") && rulesOf(policy, "Ingress").some(rule => !opensEveryPort(rule) && letsAllIn(rule)))
                .flatMap(policy =>
                    inner
                        .filter(set => picks(policy.inputs.spec?.podSelector ?? {}, podLabelsOf(set)))
                        .map(set => ({ resource: policy, found: `it lets pods of all namespaces, or the world, in to ${called(set)}` })),
                );
        },
    ),
    appNamespaceRule(
        {
            name: "network-policy-selects",
            level: "advisory",
            why: "A policy whose labels no pod has does nothing, and what it was meant to allow or forbid is not.",
            ids: ["kube-score networkpolicy-targets-pod"],
            fix: "give the selector the labels of the pods that are meant, or remove the policy",
        },
        namespace =>
            // A chart's pods can't be seen.
            (namespace.isWhole ? policiesOf(namespace) : []).flatMap(policy => {
                const rules = (["Ingress", "Egress"] as const).flatMap(direction => rulesOf(policy, direction));
                const neighbours = rules.flatMap(({ peers }) => peers.filter(isNeighbour));
                return [policy.inputs.spec?.podSelector, ...neighbours.map(({ podSelector }) => podSelector)]
                    .filter(selector => pickedPods(namespace, selector).length === 0)
                    .map(selector => ({ resource: policy, found: `no pod of namespace ${namespace.name} is picked by ${shown(selector)}` }));
            }),
    ),
];

/** A rule that a policy holds all pods of each namespace, from which on all that is not allowed is denied. */
function defaultDeny(direction: Direction, why: string): Rule {
    return appNamespaceRule(
        {
            name: `namespace-denies-${direction.toLowerCase()}`,
            level: "mandatory",
            why,
            ids: ["CKV2_K8S_6", "CIS EKS 4.3.2", "CIS GKE 4.3.2", "kube-score pod-networkpolicy"],
            fix: `add a NetworkPolicy with an empty podSelector and policyTypes ["${direction}"]`,
        },
        namespace =>
            policiesOf(namespace).some(policy => isOf(policy, direction) && picksAll(policy.inputs.spec?.podSelector))
                ? []
                : [{ found: `no NetworkPolicy holds all pods of namespace ${namespace.name} for ${direction}` }],
    );
}

/** Whether a rule lets pods of every namespace in, or all the world. */
function letsAllIn(rule: TrafficRule): boolean {
    return reachesWorld(rule) || rule.peers.some(({ namespaceSelector, podSelector }) => isSet(namespaceSelector) && picksAll(namespaceSelector) && picksAll(podSelector));
}

/** Whether a block of IPv4 addresses has one. */
function covers(cidr: string, address: string): boolean {
    const [base = "", prefix = ""] = cidr.split("/");
    const bits = (text: string): string => text.split(".").map(part => Number(part).toString(2).padStart(8, "0")).join("");
    return /^[\d.]+\/\d+$/.test(cidr) && bits(base).slice(0, Number(prefix)) === bits(address).slice(0, Number(prefix));
}

function everyPortRules(policy: Typed<typeof networkPolicy>, direction: Direction): ReturnType<typeof rulesOf> {
    return isOf(policy, direction) ? rulesOf(policy, direction).filter(opensEveryPort) : [];
}
