import { albsOf, annotationOf } from "../aws/loadBalancers";
import { clustersOf } from "../clusters";
import { type StackGraph, isOfType } from "../graph";
import { called } from "../kubernetes/workloads";
import { type Fault, type Rule, shown, stackRule } from "../rule";
import { isSaid, items } from "../values";
import { type DnsRecord, type HealthCheck, askedNameOf, choicesOf, dnsNameOf, isAddress, judgesOf, recordType, targetsOf } from "./answers";
import { covers } from "./doors";

const ingressType = "kubernetes:networking.k8s.io/v1:Ingress";
const internal = "internal";

/** Whether what records and health checks ask can be found, and reached. */
export const failoverReach: readonly Rule[] = [
    stackRule(
        {
            name: "health-check-name-served",
            // Another stack may make the record.
            level: "advisory",
            why: "A check that asks for a name without a record fails for ever: its cluster counts as down, however well it is.",
            ids: [],
            fix: "correct fqdn of the check, or make the record that it asks for",
        },
        graph => {
            const records = graph.ofType(recordType).filter(isAddress);
            const names = records.flatMap(record => dnsNameOf(record) ?? []);
            // A name that only an update knows may be the one; a proof for a certificate, which is a CNAME, never is.
            return records.some(record => record.inputs.type !== "CNAME" && dnsNameOf(record) === undefined)
                ? []
                : [...askedNames(graph)]
                      .filter(([, name]) => !covers(names, name))
                      .map(([check, name]) => ({ resource: check, found: `fqdn is ${shown(name)}, and no record has that name` }));
        },
    ),
    stackRule(
        {
            name: "failover-door-public",
            level: "mandatory",
            why: "A load balancer that is internal has addresses that neither clients nor health checkers reach: its cluster never answers.",
            ids: [],
            // Where the class says a scheme, it overrules the annotation; where neither does, it is internal
            // (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/ingress_class/).
            fix: "set spec.scheme of the IngressClassParams to \"internet-facing\", or on Google Cloud the annotation kubernetes.io/ingress.class to gce",
        },
        graph => {
            const schemes = new Map(
                clustersOf(graph)
                    .flatMap(albsOf)
                    .map(({ ingress, params }) => [
                        ingress.urn,
                        (isSaid(params?.scheme) ? params.scheme : undefined) ?? annotationOf(ingress, "scheme") ?? (params === undefined ? undefined : internal),
                    ]),
            );
            const doors = choicesOf(graph)
                .filter(record => judgesOf(graph, record).asking.length > 0)
                .flatMap(record => targetsOf(graph, record))
                .filter(target => isOfType(target, ingressType));
            return [...new Set(doors)].flatMap((door): readonly Fault[] => {
                if (schemes.get(door.urn) === internal) {
                    return [{ resource: door, found: `failover DNS points at ${called(door)}, whose load balancer has scheme ${internal}` }];
                }
                const ofGoogle = door.inputs.metadata?.annotations?.["kubernetes.io/ingress.class"] === "gce-internal";
                return ofGoogle ? [{ resource: door, found: `failover DNS points at ${called(door)}, whose class is gce-internal` }] : [];
            });
        },
    ),
];

/** The checks that decide about records, each with the name it asks for; those of names elsewhere in the world are left out. */
function askedNames(graph: StackGraph): ReadonlyMap<HealthCheck, string> {
    const pairs = choicesOf(graph).flatMap(record =>
        judgesOf(graph, record).asking.flatMap(check => {
            const name = askedNameOf(check);
            return name !== undefined && isNearby(record, name) ? [[check, name] as const] : [];
        }),
    );
    return new Map(pairs);
}

/** Whether a name is of the same domain as a record, and none that the record itself sends to. */
function isNearby(record: DnsRecord, name: string): boolean {
    const [, ...domain] = (dnsNameOf(record) ?? "").split(".");
    const sent = [...items(record.inputs.records), ...items(record.inputs.aliases).map(alias => alias.name ?? "")];
    return domain.length > 1 && name.endsWith(`.${domain.join(".")}`) && !sent.includes(name);
}
