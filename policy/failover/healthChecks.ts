import { noticeSeconds } from "../../components/model/recovery";
import { type StackGraph, isOfType } from "../graph";
import { type Fault, type Rule, resourceRule, shown, stackRule } from "../rule";
import { isSet, isUnknown, items } from "../values";
import {
    type DnsRecord,
    type HealthCheck,
    type Owners,
    askedNameOf,
    checkType,
    choiceNamesOf,
    choicesOf,
    dnsNameOf,
    isAsking,
    isEndpointCheck,
    judgesOf,
    leavesOf,
    longestTtlSeconds,
    ownersOf,
    targetsOf,
    ttlOf,
} from "./answers";
import { type Door, isDoor, hasTls } from "./doors";

/** Route 53's defaults (https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html). */
const defaults = { requestInterval: 30, failureThreshold: 3 };

/** The intervals that Route 53 has. */
const intervals = [10, 30];

/** Longer than this, people have noticed and act by hand. */
const longestRtoSeconds = 300;

/** How Route 53 learns that a cluster is down. */
export const failoverHealthChecks: readonly Rule[] = [
    resourceRule(
        {
            name: "health-check-interval",
            level: "mandatory",
            why: "Route 53 asks every 10 or every 30 seconds, and refuses anything else.",
            ids: [],
            fix: "set requestInterval to 10 or 30",
        },
        checkType,
        // The engine shows 0 where nothing is said.
        ({ requestInterval: interval }) =>
            isSet(interval) && !isUnknown(interval) && interval !== 0 && !intervals.includes(interval) && `requestInterval is ${shown(interval)}`,
    ),
    resourceRule(
        {
            name: "health-check-patience",
            level: "advisory",
            why: "With a threshold of 1, one lost packet on the way from a checker moves all clients to another cloud.",
            ids: [],
            fix: "set failureThreshold to 2 or 3",
        },
        checkType,
        (_, check) => isAsking(check) && check.inputs.failureThreshold === 1 && "failureThreshold is 1",
    ),
    stackRule(
        {
            name: "failover-rto",
            level: "advisory",
            why: `Clients wait for the failed checks and for their resolver's answer to run out: over ${longestRtoSeconds} s that is longer than people take.`,
            ids: [],
            fix: "lower requestInterval or failureThreshold of the health check",
        },
        graph =>
            choicesOf(graph).flatMap((record): readonly Fault[] => {
                const slowest = Math.max(0, ...judgesOf(graph, record).asking.map(secondsToFail));
                // A TTL that is too long has a rule of its own.
                const ttl = Math.min(ttlOf(record), longestTtlSeconds);
                return slowest + ttl > longestRtoSeconds
                    ? [{ resource: record, found: `failing over takes ${slowest + ttl} s: ${slowest} s until the check fails, ${ttl} s of TTL` }]
                    : [];
            }),
    ),
    stackRule(
        {
            name: "health-check-asks",
            level: "mandatory",
            why: "A check that is off counts as healthy for ever, one that is inverted as healthy while the cluster is down, and an alarm alone comes minutes late.",
            ids: [],
            fix: "let the record's check be one that asks the cluster, or a calculated one with such a child; not disabled, not inverted",
        },
        graph =>
            choicesOf(graph).flatMap((record): readonly Fault[] => {
                const { leaves, asking } = judgesOf(graph, record);
                if (leaves.length === 0 || leaves.some(({ inputs }) => inputs.type === "RECOVERY_CONTROL")) {
                    return [];
                }
                return asking.length === 0
                    ? [{ resource: record, found: `${leaves.map(described).join(" and ")}, so nothing asks the cluster` }]
                    : asking.filter(({ inputs }) => inputs.invertHealthcheck === true).map(check => ({ resource: check, found: "invertHealthcheck is true" }));
            }),
    ),
    stackRule(
        {
            name: "health-check-own-cluster",
            level: "mandatory",
            why: "A record that is judged by another cluster stays while its own is down, and goes when the other is.",
            ids: [],
            fix: "let the health check ask a name, in fqdn, whose record points at the same load balancer as this one, and at no other",
        },
        graph => {
            const owners = ownersOf(graph);
            const strangers = choicesOf(graph).flatMap(record => judgesOf(graph, record).asking.flatMap(check => strangerFaults(graph, record, check, owners)));
            const told = new Set(strangers.map(({ resource }) => resource));
            return [...strangers, ...sharedFaults(graph).filter(({ resource }) => !told.has(resource))];
        },
    ),
    stackRule(
        {
            name: "health-check-https",
            level: "mandatory",
            why: "Where users come by HTTPS, plain HTTP is answered with a redirect, which counts as healthy, whatever is behind it.",
            ids: [],
            fix: "set type to \"HTTPS\", port to 443, and enableSni to true or leave it out",
        },
        graph =>
            ofDoors(graph, (check, door) => {
                const { type, port, enableSni } = check.inputs;
                if (!hasTls(door) || isUnknown(type) || type === "TCP") {
                    return [];
                }
                return [
                    ...(type?.startsWith("HTTPS") === true ? [] : [`type is ${shown(type)}, and ${door.name} has TLS`]),
                    ...(!isSet(port) || isUnknown(port) || port === 443 ? [] : [`port is ${shown(port)}, and ${door.name} has TLS at 443`]),
                    ...(enableSni === false ? ["enableSni is false, so that the load balancer isn't told whose certificate is meant"] : []),
                ];
            }),
    ),
    stackRule(
        {
            name: "health-check-http",
            level: "mandatory",
            why: "A load balancer takes connections also when everything behind it is down: only an answer says that the app is there.",
            ids: [],
            fix: "set type to \"HTTPS\", and resourcePath to the readiness path",
        },
        graph =>
            ofDoors(graph, (check, door) =>
                check.inputs.type === "TCP" && isOfType(door, "kubernetes:networking.k8s.io/v1:Ingress") ? [`type is "TCP", and ${door.name} speaks HTTP`] : [],
            ),
    ),
    stackRule(
        {
            name: "health-check-calculated",
            level: "mandatory",
            // A threshold of 0 counts as healthy, one over the number of children as unhealthy, always
            // (https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html).
            why: "A calculated check that needs fewer than all of its children goes on as healthy while the cluster is down, or forgets its hold-down.",
            ids: [],
            fix: "set childHealthThreshold to the number of childHealthchecks",
        },
        graph => graph.ofType(checkType).flatMap(check => calculatedFaults(graph, check)),
    ),
];

/** Seconds until a check that asks has failed. */
function secondsToFail({ inputs: { requestInterval, failureThreshold } }: HealthCheck): number {
    return noticeSeconds({
        intervalSeconds: requestInterval ?? defaults.requestInterval,
        failures: failureThreshold ?? defaults.failureThreshold,
    });
}

/** A check for a message: `east-recovered reads an alarm`. */
function described(check: HealthCheck): string {
    return `${check.name} ${isEndpointCheck(check) ? "is disabled" : "reads an alarm"}`;
}

/** Whether what a check asks for is the cluster that a record answers with. */
function strangerFaults(graph: StackGraph, record: DnsRecord, check: HealthCheck, owners: Owners): readonly Fault[] {
    const name = askedNameOf(check);
    if (name !== undefined && name === dnsNameOf(record)) {
        return [{ resource: check, found: `fqdn is ${shown(name)}, which whichever cluster is in force answers` }];
    }
    const owner = name === undefined ? undefined : owners.get(name);
    const asked = owner === undefined ? [] : targetsOf(graph, owner);
    const answered = targetsOf(graph, record);
    const isStranger = asked.length > 0 && answered.length > 0 && !asked.some(target => answered.includes(target));
    const found = `it answers with ${namesOf(answered)}, and its check ${check.name} asks ${name ?? ""}, which is ${namesOf(asked)}`;
    return isStranger ? [{ resource: record, found }] : [];
}

function namesOf(resources: readonly { readonly name: string }[]): string {
    return resources.map(({ name }) => name).join(", ");
}

/** Records of a name that share what asks. */
function sharedFaults(graph: StackGraph): readonly Fault[] {
    return choiceNamesOf(graph).flatMap(records => {
        const seen = new Map<string, DnsRecord>();
        return records.flatMap(record =>
            judgesOf(graph, record).asking.flatMap((check): readonly Fault[] => {
                const key = `${record.inputs.type ?? ""} ${check.urn}`;
                const other = seen.get(key);
                seen.set(key, record);
                return other === undefined ? [] : [{ resource: record, found: `its check ${check.name} is that of ${other.name} too` }];
            }),
        );
    });
}

/** Faults of the checks that ask a cluster's way in, each seen with it. */
function ofDoors(graph: StackGraph, faults: (check: HealthCheck, door: Door) => readonly string[]): readonly Fault[] {
    const pairs = choicesOf(graph).flatMap(record =>
        targetsOf(graph, record)
            .filter(isDoor)
            .flatMap(door => judgesOf(graph, record).asking.map(check => ({ check, door }))),
    );
    const once = new Map(pairs.map(({ check, door }) => [check, door]));
    return [...once].flatMap(([check, door]) => faults(check, door).map(found => ({ resource: check, found })));
}

function calculatedFaults(graph: StackGraph, check: HealthCheck): readonly Fault[] {
    const { type, childHealthThreshold, childHealthchecks } = check.inputs;
    const threshold = childHealthThreshold ?? 0;
    const children = Math.max(items(childHealthchecks).length, items(check.sources["childHealthchecks"]).length);
    if (type !== "CALCULATED" || children === 0 || isUnknown(threshold)) {
        return [];
    }
    // Of several that all ask, some may be enough; of an asking one and its memory, both are needed.
    const leaves = leavesOf(graph, check);
    const isMixed = leaves.some(isAsking) && !leaves.every(isAsking);
    return threshold === 0 || threshold > children || (isMixed && threshold < children)
        ? [{ resource: check, found: `childHealthThreshold is ${threshold} of ${children} children` }]
        : [];
}
