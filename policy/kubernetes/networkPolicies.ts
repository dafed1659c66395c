import type { Typed } from "../graph";
import { type Rule, resourceRule, shown } from "../rule";
import { appNamespaceRule } from "./appNamespaces";
import { type Direction, isNeighbour, isOf, opensEveryPort, pickedPods, picksAll, policiesOf, reachesWorld, rulesOf } from "./networkTraffic";

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

function everyPortRules(policy: Typed<typeof networkPolicy>, direction: Direction): ReturnType<typeof rulesOf> {
    return isOf(policy, direction) ? rulesOf(policy, direction).filter(opensEveryPort) : [];
}
