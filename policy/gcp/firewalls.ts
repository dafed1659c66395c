import { isWorld } from "../addresses";
import { type StackGraph, type Typed, groupBy } from "../graph";
import { type Fault, type Rule, stackRule } from "../rule";
import { isSaid, isUnknown, items } from "../values";
import { gkeCluster } from "./gke";

const firewall = "gcp:compute/firewall:Firewall";
const network = "gcp:compute/network:Network";
type Firewall = Typed<typeof firewall>;
type Network = Typed<typeof network>;

/** What Google takes where nothing is said (the docs of the SDK's Firewall). */
const defaultPriority = 1000;

/** Of the rules that GKE makes in a cluster's network (https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules). */
const gkePriority = 1000;

/** What firewalls of one network do to each other. */
export const gcpFirewalls: readonly Rule[] = [
    stackRule(
        {
            name: "gcp-deny-last",
            level: "mandatory",
            // Of rules of one priority, those that deny go first (https://cloud.google.com/firewall/docs/firewalls).
            why: "The lowest number wins: a firewall that refuses all, ahead of those that allow, cuts off nodes, health checks and clients.",
            ids: [],
            fix: "set priority of the firewall that refuses all to 65534",
        },
        graph => {
            const clustered = new Set(graph.ofType(gkeCluster).flatMap(each => graph.sourcesOf(each, "network", network)));
            return [...firewallsByNetwork(graph)].flatMap(([of, rules]): readonly Fault[] => {
                const allowing = rules.filter(({ inputs }) => isInForce(inputs) && items(inputs.allows).length > 0).map(priorityOf);
                const last = Math.max(clustered.has(of) ? gkePriority : -1, ...allowing.filter(priority => !Number.isNaN(priority)));
                return rules
                    .filter(rule => refusesWorld(rule) && !isOfSome(rule) && priorityOf(rule) <= last)
                    .map(rule => ({ resource: rule, found: `it refuses all at priority ${priorityOf(rule)}, and others of ${of.name} allow at ${last}` }));
            });
        },
    ),
];

/** Whether a firewall refuses whatever comes in, from anywhere. */
export function refusesWorld({ inputs }: Firewall): boolean {
    return (
        isInForce(inputs) &&
        items(inputs.denies).some(({ protocol, ports }) => protocol === "all" && items(ports).length === 0) &&
        items(inputs.sourceRanges).some(isWorld)
    );
}

/** Whether a firewall judges what comes in. */
function isInForce({ direction, disabled }: Firewall["inputs"]): boolean {
    return direction !== "EGRESS" && disabled !== true;
}

/** Whether a firewall is for some machines of its network only. */
function isOfSome({ inputs: { targetTags, targetServiceAccounts } }: Firewall): boolean {
    return isSaid(targetTags) || isSaid(targetServiceAccounts);
}

/** NaN where only an update knows. */
function priorityOf({ inputs: { priority } }: Firewall): number {
    return isUnknown(priority) ? NaN : (priority ?? defaultPriority);
}

function firewallsByNetwork(graph: StackGraph): ReadonlyMap<Network, readonly Firewall[]> {
    const pairs = graph.ofType(firewall).flatMap(rule => graph.sourcesOf(rule, "network", network).map(of => ({ of, rule })));
    return new Map([...groupBy(pairs, ({ of }) => of)].map(([of, members]) => [of, members.map(({ rule }) => rule)]));
}
