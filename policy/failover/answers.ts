import { type Resource, type StackGraph, type Typed, groupBy } from "../graph";
import { isSaid, isUnknown, items } from "../values";

export const recordType = "aws:route53/record:Record";
export const checkType = "aws:route53/healthCheck:HealthCheck";
export type DnsRecord = Typed<typeof recordType>;
export type HealthCheck = Typed<typeof checkType>;

/** What can tell Route 53 that an endpoint is down. */
export interface Judges {
    /** Checks that themselves ask, or read an alarm: the children of calculated ones, and those that stand alone. */
    readonly leaves: readonly HealthCheck[];
    /** Those of them that ask an endpoint, and are on. */
    readonly asking: readonly HealthCheck[];
}

/** Records by the one name that each is answered for, always. */
export type Owners = ReadonlyMap<string | undefined, DnsRecord>;

/** Records of one name, in one hosted zone. */
export type Name = readonly DnsRecord[];

/** What resolvers may keep at most, so that they ask again soon after a failure. */
export const longestTtlSeconds = 60;

/** How a name is answered: by records that Route 53 chooses among, or by one alone. */
export const routings = [
    "cidrRoutingPolicy",
    "failoverRoutingPolicies",
    "geolocationRoutingPolicies",
    "geoproximityRoutingPolicy",
    "latencyRoutingPolicies",
    "multivalueAnswerRoutingPolicy",
    "weightedRoutingPolicies",
] as const;

/** How Route 53 chooses a record; undefined for one that it always answers with. */
export function routingOf({ inputs }: DnsRecord): (typeof routings)[number] | undefined {
    return routings.find(routing => {
        const policy: unknown = inputs[routing];
        return isSaid(policy) && policy !== false;
    });
}

/** The records of a stack that Route 53 chooses among. */
export function choicesOf(graph: StackGraph): readonly DnsRecord[] {
    return graph.ofType(recordType).filter(record => routingOf(record) !== undefined);
}

/** A record's name as DNS compares it; undefined where only an update knows it. */
export function dnsNameOf({ inputs: { name } }: DnsRecord): string | undefined {
    return isSaid(name) && !isUnknown(name) ? canonical(name) : undefined;
}

/** A DNS name in lower case, without the dot at its end. */
function canonical(name: string): string {
    return name.toLowerCase().replace(/\.$/, "");
}

/** Records by name. A name that stands in two zones, as one for the inside, is two. */
export function namesOf(graph: StackGraph): readonly Name[] {
    const known = graph.ofType(recordType).filter(record => dnsNameOf(record) !== undefined);
    const byName = groupBy(known, record => [record.inputs.zoneId ?? "", ...items(record.sources["zoneId"]), dnsNameOf(record)].join(" "));
    return [...byName.values()];
}

/** The names that Route 53 chooses records for. */
export function choiceNamesOf(graph: StackGraph): readonly Name[] {
    return namesOf(graph).filter(records => records.some(record => routingOf(record) !== undefined));
}

/** What a record is in failover; nothing where it has another routing. */
export function rolesOf({ inputs }: DnsRecord): readonly string[] {
    return items(inputs.failoverRoutingPolicies).flatMap(({ type }) => type ?? []);
}

/** The roles of failover that a name has no record for; none where it has another routing. */
export function absentRolesOf(records: Name): readonly string[] {
    const roles = records.flatMap(rolesOf);
    return roles.length === 0 || roles.some(isUnknown) ? [] : ["PRIMARY", "SECONDARY"].filter(role => !roles.includes(role));
}

/** Whether a record says where clients connect to: mail servers, proofs of ownership and the like may stand at the same name. */
export function isAddress({ inputs: { type } }: DnsRecord): boolean {
    return isUnknown(type) || ["A", "AAAA", "CNAME"].includes(type ?? "");
}

/** Whether a record is an alias of CloudFront, which judges its origins itself. */
export function isOfCloudFront({ inputs: { aliases } }: DnsRecord): boolean {
    return items(aliases).some(({ zoneId }) => zoneId === cloudFrontZone);
}

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html */
const cloudFrontZone = "Z2FDTNDATAQYW2";

/** Whether a record is an alias, which has the TTL and the health of what it points at. */
export function isAlias({ inputs }: DnsRecord): boolean {
    return items(inputs.aliases).length > 0;
}

/** The records that are answered with always, by name: those of one cluster alone. */
export function ownersOf(graph: StackGraph): Owners {
    return new Map(
        graph
            .ofType(recordType)
            .filter(record => routingOf(record) === undefined)
            .map(record => [dnsNameOf(record), record]),
    );
}

/** What a record points at, in this stack: load balancers, by way of Ingresses and Services. */
export function targetsOf(graph: StackGraph, record: DnsRecord | undefined): readonly Resource[] {
    return [...items(record?.sources["aliases"]), ...items(record?.sources["records"])].flatMap(urn => graph.get(urn) ?? []);
}

/** The name that a check asks for, as DNS compares it; undefined where it asks an address, or only an update knows. */
export function askedNameOf({ inputs: { fqdn, ipAddress } }: HealthCheck): string | undefined {
    return isSaid(fqdn) && !isUnknown(fqdn) && !isSaid(ipAddress) ? canonical(fqdn) : undefined;
}

/** The checks that decide about a record; none where the stack doesn't make them. */
export function judgesOf(graph: StackGraph, record: DnsRecord): Judges {
    const leaves = graph.sourcesOf(record, "healthCheckId", checkType).flatMap(check => leavesOf(graph, check));
    return { leaves, asking: leaves.filter(isAsking) };
}

/** The checks that a calculated one rests on, or a check itself. Route 53 does not nest calculated ones. */
export function leavesOf(graph: StackGraph, check: HealthCheck): readonly HealthCheck[] {
    return check.inputs.type === "CALCULATED" ? graph.sourcesOf(check, "childHealthchecks", checkType) : [check];
}

/** Types of checks that ask an endpoint. */
const askingTypes = ["HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"];

/** Whether a check asks an endpoint, also when it is off; one whose type only an update knows does. */
export function isEndpointCheck({ inputs: { type } }: HealthCheck): boolean {
    return askingTypes.includes(type ?? "") || isUnknown(type);
}

/** Whether a check asks an endpoint now: one that is off counts as healthy always. */
export function isAsking(check: HealthCheck): boolean {
    return isEndpointCheck(check) && check.inputs.disabled !== true;
}

/** Seconds that resolvers keep an answer: an alias of a load balancer has 60, whatever is said. NaN where only an update knows. */
export function ttlOf(record: DnsRecord): number {
    const { ttl } = record.inputs;
    return isAlias(record) ? aliasSeconds : typeof ttl === "number" ? ttl : NaN;
}

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html */
const aliasSeconds = 60;
