import { clustersOf } from "../clusters";
import { type StackGraph, type Typed, isOfType } from "../graph";
import { type Service, called, namespacesOf } from "../kubernetes/workloads";
import { ingressesByService } from "../kubernetes/backends";
import { isPublic } from "../kubernetes/networkServices";
import { readyPathsOf } from "../kubernetes/probes";
import { type Fault, type Rule, shown, stackRule } from "../rule";
import { isSaid, isSet, isUnknown, items } from "../values";
import { absentRolesOf, askedNameOf, choiceNamesOf, choicesOf, dnsNameOf, judgesOf, ownersOf, targetsOf } from "./answers";
import { type Door, covers, hostsOf } from "./doors";

const ingressType = "kubernetes:networking.k8s.io/v1:Ingress";
const certificateType = "aws:acm/certificate:Certificate";
const validationType = "aws:acm/certificateValidation:CertificateValidation";
type Ingress = Typed<typeof ingressType>;

/** What a record and its health check find where they point. */
export const failoverEndpoints: readonly Rule[] = [
    stackRule(
        {
            name: "health-check-path",
            level: "advisory",
            why: "In an outage of one part, a check that asks something else than the readiness probe moves clients away from replicas that serve, or leaves them with ones that don't.",
            ids: [],
            fix: "set resourcePath to the path of the readinessProbe",
        },
        graph => {
            const readyPaths = pathsByDoor(graph);
            const pairs = choicesOf(graph).flatMap(record => {
                const paths = [...new Set(targetsOf(graph, record).flatMap(door => readyPaths.get(door.urn) ?? []))];
                return judgesOf(graph, record).asking.map(check => ({ check, paths }));
            });
            return [...new Map(pairs.map(pair => [pair.check, pair])).values()].flatMap(({ check, paths }): readonly Fault[] => {
                const { type, resourcePath } = check.inputs;
                // Without a path, Route 53 asks for /.
                const path = isSaid(resourcePath) ? resourcePath : "/";
                return paths.length === 0 || paths.includes(path) || isUnknown(path) || type === "TCP"
                    ? []
                    : [{ resource: check, found: `resourcePath is ${shown(resourcePath)}, the readinessProbe asks ${paths.join(", ")}` }];
            });
        },
    ),
    stackRule(
        {
            name: "failover-host-served",
            level: "mandatory",
            why: "An Ingress answers 404 for a host that it has no rule for: its cluster counts as down, or users find nothing there.",
            ids: [],
            fix: "add a rule for the host to the Ingress",
        },
        graph =>
            ofIngresses(graph, ({ ingress, name, asked }) => {
                const hosts = hostsOf(ingress);
                const absent = [name, ...asked].filter(host => hosts !== undefined && !hosts.some(isUnknown) && !covers(hosts, host));
                return absent.length === 0 ? undefined : `${called(ingress)} has no rule for ${absent.join(", ")}`;
            }),
    ),
    stackRule(
        {
            name: "failover-certificate",
            level: "mandatory",
            // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
            why: "Health checkers do not look at the certificate: a cluster without one for the name counts as healthy, and every user gets a warning.",
            ids: [],
            fix: "add the name to spec.tls[].hosts of the Ingress, or to subjectAlternativeNames of its certificate",
        },
        graph =>
            ofIngresses(graph, ({ ingress, name }) => {
                const hosts = certifiedHosts(graph, ingress);
                return hosts === undefined || hosts.some(isUnknown) || covers(hosts, name)
                    ? undefined
                    : `${called(ingress)} has a certificate for ${hosts.join(", ")}, and not for ${name}`;
            }),
    ),
    stackRule(
        {
            name: "failover-every-cluster",
            level: "mandatory",
            why: "A cluster that runs the app and that no record answers with is paid for, and saves nobody in an outage.",
            ids: [],
            fix: "make a record of the name, with a health check, that points at the cluster's Ingress or load balancer",
        },
        graph => {
            const records = choicesOf(graph);
            const names = records.flatMap(record => dnsNameOf(record) ?? []);
            const answering = new Set(records.flatMap(record => targetsOf(graph, record)).map(({ urn }) => urn));
            // Where a name lacks its standby, the cluster that is left out is known already.
            const isIncomplete = choiceNamesOf(graph).some(of => absentRolesOf(of).length > 0);
            return answering.size === 0 || isIncomplete
                ? []
                : clustersOf(graph).flatMap((cluster): readonly Fault[] => {
                      const ingresses = cluster.objects(ingressType);
                      const balancers = cluster.objects("kubernetes:core/v1:Service").filter(({ inputs }) => isPublic(inputs));
                      const doors: readonly Door[] = ingresses.length > 0 ? ingresses.filter(ingress => answersFor(ingress, names)) : balancers;
                      const [door] = doors;
                      const takesPart = [...doors, ...balancers].some(({ urn }) => answering.has(urn));
                      return door === undefined || takesPart
                          ? []
                          : [{ resource: door, found: `no failover record points at cluster ${cluster.name}, which ${called(door)} opens` }];
                  });
        },
    ),
];

/** Whether an Ingress has a rule of its own for one of the names. */
function answersFor(ingress: Ingress, names: readonly string[]): boolean {
    const hosts = hostsOf(ingress);
    return hosts === undefined || names.some(name => covers(hosts, name));
}

/** Paths by which pods behind Ingresses and Services say that they are ready, by URN. */
function pathsByDoor(graph: StackGraph): ReadonlyMap<string, readonly string[]> {
    const paths = new Map<string, readonly string[]>();
    for (const namespace of namespacesOf(graph)) {
        const ingresses = ingressesByService(namespace);
        for (const workload of namespace.workloads) {
            const doors = namespace.servicesOf(workload).flatMap((service: Service): readonly Door[] => [service, ...(ingresses.get(service) ?? [])]);
            doors.forEach(({ urn }) => paths.set(urn, [...(paths.get(urn) ?? []), ...readyPathsOf(workload)]));
        }
    }
    return paths;
}

interface Asked {
    readonly ingress: Ingress;
    /** The name that users ask for. */
    readonly name: string;
    /** Names that health checkers ask for. */
    readonly asked: readonly string[];
}

/** Faults of the Ingresses that names point at, each told of the Ingress. */
function ofIngresses(graph: StackGraph, fault: (of: Asked) => string | undefined): readonly Fault[] {
    const owners = ownersOf(graph);
    return choicesOf(graph).flatMap(record => {
        const name = dnsNameOf(record);
        const names = judgesOf(graph, record).asking.flatMap(check => askedNameOf(check) ?? []);
        return targetsOf(graph, record)
            .filter(target => isOfType(target, ingressType))
            .flatMap((ingress): readonly Fault[] => {
                // Where a check asks another cluster, that has a rule of its own.
                const asked = names.filter(each => targetsOf(graph, owners.get(each)).includes(ingress));
                const found = name === undefined ? undefined : fault({ ingress, name, asked });
                return found === undefined ? [] : [{ resource: ingress, found }];
            });
    });
}

/** Hosts that an Ingress' certificate is for, as far as the stack says; undefined where it doesn't. */
function certifiedHosts(graph: StackGraph, ingress: Ingress): readonly string[] | undefined {
    const proved = graph.sourcesOf(ingress, "metadata", validationType).flatMap(validation => graph.sourcesOf(validation, "certificateArn", certificateType));
    const certificates = [...proved, ...graph.sourcesOf(ingress, "metadata", certificateType)];
    if (certificates.length > 0) {
        return certificates.flatMap(({ inputs }) => [inputs.domainName ?? "", ...items(inputs.subjectAlternativeNames)]);
    }
    const tls = items(ingress.inputs.spec?.tls);
    // An entry without hosts is for all of the Ingress' own.
    return tls.length === 0 || tls.some(({ hosts }) => !isSet(hosts) || hosts.length === 0) ? undefined : tls.flatMap(({ hosts }) => items(hosts));
}

