import { type StackGraph, groupBy } from "../graph";
import { type Fault, type Rule, shown, stackRule } from "../rule";
import { isSaid, isUnknown, items } from "../values";
import {
    type DnsRecord,
    type Name,
    absentRolesOf,
    askedNameOf,
    checkType,
    choiceNamesOf,
    choicesOf,
    dnsNameOf,
    isAddress,
    isAlias,
    isOfCloudFront,
    longestTtlSeconds,
    namesOf,
    recordType,
    rolesOf,
    routingOf,
} from "./answers";

/** Records that are answered with only while they should be. */
export const failoverDns: readonly Rule[] = [
    stackRule(
        {
            name: "dns-ttl",
            level: "mandatory",
            why: "Until an answer's time is over, resolvers send clients to the cluster that is down.",
            ids: [],
            fix: `set ttl to ${longestTtlSeconds} or less`,
        },
        graph =>
            answersOf(graph)
                .filter(record => isAddress(record) && !isAlias(record) && !isUnknown(record.inputs.ttl) && !isUnknown(record.inputs.aliases))
                .filter(({ inputs: { ttl } }) => !(isSaid(ttl) && ttl <= longestTtlSeconds))
                .map(record => ({ resource: record, found: `${titleOf(record)}: ttl is ${shown(record.inputs.ttl)}` })),
    ),
    stackRule(
        {
            name: "dns-health-check",
            level: "mandatory",
            why: "Without a health check Route 53 goes on answering with a cluster that is down.",
            ids: [],
            fix: "set healthCheckId to a check that asks this record's cluster",
        },
        graph =>
            choicesOf(graph)
                .filter(record => isAddress(record) && !isOfCloudFront(record))
                .filter(record => !isSaid(record.inputs.healthCheckId) && items(record.sources["healthCheckId"]).length === 0)
                .map(record => ({ resource: record, found: `${titleOf(record)}: healthCheckId is not set` })),
    ),
    stackRule(
        {
            name: "dns-target-health",
            level: "mandatory",
            // https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
            why: "A load balancer knows at once that it has no healthy target, and an alias that isn't judged by it is answered with all the same.",
            ids: [],
            fix: "set aliases[].evaluateTargetHealth to true",
        },
        graph =>
            // Route 53 refuses it for CloudFront (https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html).
            choicesOf(graph)
                .filter(record => !isOfCloudFront(record))
                .flatMap(record =>
                    items(record.inputs.aliases)
                        .filter(({ evaluateTargetHealth }) => evaluateTargetHealth !== true)
                        .map(alias => ({ resource: record, found: `${titleOf(record)}: evaluateTargetHealth is ${shown(alias.evaluateTargetHealth)}` })),
                ),
    ),
    stackRule(
        {
            name: "dns-failover-pair",
            level: "mandatory",
            why: "A primary without a secondary has nothing to fail over to, and a secondary alone is never asked for.",
            ids: [],
            fix: "make one PRIMARY and one SECONDARY record of the name",
        },
        graph =>
            ofNames(graph, records => {
                const absent = absentRolesOf(records);
                return absent.length > 0 ? [`there is no ${absent.join(" and no ")} record`] : [];
            }),
    ),
    stackRule(
        {
            name: "dns-one-type",
            level: "mandatory",
            why: "Route 53 chooses among records of one type: a primary and a secondary of different types never take each other's place.",
            ids: [],
            fix: "make the records of the name of one type each; never a CNAME beside others (RFC 1034 3.6.2)",
        },
        graph =>
            ofNames(graph, records => {
                const byType = [...groupBy(records.filter(isAddress), ({ inputs }) => inputs.type ?? "")];
                const roles = byType.map(([, members]) => members.flatMap(rolesOf).sort().join(", "));
                // A and AAAA may stand side by side, each with a primary and a secondary.
                const types = byType.map(([type, members]) => `${type} (${members.map(({ name }) => name).join(", ")})`);
                return byType.length > 1 && (new Set(roles).size > 1 || byType.some(([type]) => type === "CNAME"))
                    ? [`there are records of types ${types.join(" and ")}`]
                    : [];
            }),
    ),
    stackRule(
        {
            name: "dns-one-routing",
            level: "mandatory",
            why: "Route 53 refuses records of one name and type of which some are chosen by one way and some by another, or by none.",
            ids: [],
            fix: "give the records of the name one routing policy; to change it, remove the old records first",
        },
        graph =>
            ofNames(graph, records =>
                [...groupBy(records, ({ inputs }) => inputs.type ?? "").values()].flatMap(members => {
                    const ways = [...new Set(members.map(record => routingOf(record) ?? "none"))];
                    return ways.length > 1 ? [`its records have routing policies ${ways.join(" and ")}`] : [];
                }),
            ),
    ),
    stackRule(
        {
            name: "dns-set-identifier",
            level: "mandatory",
            why: "Route 53 tells the records of a name apart by setIdentifier: two of the same are one, and the last one written is it.",
            ids: [],
            fix: "give each record of the name a setIdentifier of its own",
        },
        graph =>
            choiceNamesOf(graph).flatMap(records => {
                const chosen = records.filter(record => routingOf(record) !== undefined && !isUnknown(record.inputs.setIdentifier));
                const alike = groupBy(chosen, ({ inputs }) => `${inputs.type ?? ""} ${inputs.setIdentifier ?? ""}`);
                return [...alike.values()].flatMap(([first, ...others]) => (first === undefined ? [] : identifierFaults(first, others)));
            }),
    ),
];

/** Faults of records of one name and type that have the same identifier, or none. */
function identifierFaults(first: DnsRecord, others: readonly DnsRecord[]): readonly Fault[] {
    const { setIdentifier } = first.inputs;
    return isSaid(setIdentifier)
        ? others.map(record => ({ resource: record, found: `${titleOf(record)}: setIdentifier is that of ${first.name} too` }))
        : [first, ...others].map(record => ({ resource: record, found: `${titleOf(record)}: setIdentifier is not set` }));
}

/** The records that clients and health checkers ask for: of names that Route 53 chooses records for, and of those that checks ask. */
function answersOf(graph: StackGraph): readonly DnsRecord[] {
    const asked = new Set(graph.ofType(checkType).flatMap(check => askedNameOf(check) ?? []));
    const answering = namesOf(graph).filter(records => records.some(record => routingOf(record) !== undefined || asked.has(dnsNameOf(record) ?? "")));
    const unnamed = graph.ofType(recordType).filter(record => dnsNameOf(record) === undefined && routingOf(record) !== undefined);
    return [...answering.flat(), ...unnamed];
}

/** Faults of names that Route 53 chooses records for, each told of one of the name's records. */
function ofNames(graph: StackGraph, faults: (records: Name) => readonly string[]): readonly Fault[] {
    return choiceNamesOf(graph).flatMap(records => {
        const chosen = records.find(record => routingOf(record) !== undefined);
        return chosen === undefined ? [] : faults(records).map(found => ({ resource: chosen, found: `name ${dnsNameOf(chosen) ?? ""}: ${found}` }));
    });
}

/** A record for a message: `A shop.example.com (primary)`. */
function titleOf({ inputs: { type, name, setIdentifier } }: DnsRecord): string {
    return `${type ?? ""} ${name ?? ""}${isSaid(setIdentifier) ? ` (${setIdentifier})` : ""}`;
}
