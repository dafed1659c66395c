import { type Fault, type Rule, shown } from "../rule";
import { at, differs, hasUnknown, isSaid, isUnknown, textOf } from "../values";
import { alb, attributesOf, backendConfigsOf, hasAlb, hasNlb, hasPassthrough, ingressesByService, nlb } from "./backends";
import { readyPathsOf } from "./probes";
import { type Namespace, type Service, called, namespaceRule, objectRule } from "./workloads";

const serviceType = "kubernetes:core/v1:Service";

/** What load balancers know of the pods behind them. */
export const loadBalancers: readonly Rule[] = [
    objectRule(
        {
            name: "load-balancer-cross-zone",
            level: "mandatory",
            why: "By AWS's default, a network load balancer's address in a zone sends to that zone's pods only: while they are gone, a share of all clients gets no answer.",
            ids: ["CKV_AWS_152"],
            fix: `set ${nlb}attributes to load_balancing.cross_zone.enabled=true`,
        },
        serviceType,
        ({ metadata }, service) => {
            const annotations = metadata?.annotations ?? {};
            const said = at(annotations, `${nlb}attributes`);
            const old = at(annotations, `${nlb}cross-zone-load-balancing-enabled`);
            const isOn = attributesOf(said).get("load_balancing.cross_zone.enabled") === "true" || old === "true";
            return hasNlb(service) && !isOn && !isUnknown(said) && `${nlb}attributes is ${shown(said)}`;
        },
    ),
    objectRule(
        {
            name: "load-balancer-sees-pods",
            level: "advisory",
            why: "A load balancer that sends to nodes asks the node and not the pod: it goes on sending where no replica is ready.",
            ids: [],
            fix: `set ${nlb}nlb-target-type to ip on AWS, externalTrafficPolicy to Local on Google Cloud`,
        },
        serviceType,
        ({ metadata, spec }, service) => {
            // AWS's controller sends to nodes where nothing is said; asked so, `Local` sees pods too.
            const target = at(metadata?.annotations ?? {}, `${nlb}nlb-target-type`);
            if (hasNlb(service) && differs(target, "ip") && metadata?.annotations?.[`${nlb}type`] !== "nlb-ip" && spec?.externalTrafficPolicy !== "Local") {
                return `${nlb}nlb-target-type is ${shown(target)}`;
            }
            return hasPassthrough(service) && spec?.externalTrafficPolicy !== "Local" && `externalTrafficPolicy is ${shown(spec?.externalTrafficPolicy)}`;
        },
    ),
    namespaceRule(
        {
            name: "load-balancer-asks-readiness",
            level: "advisory",
            why: "A load balancer that asks something else than the readiness probe disagrees with Kubernetes about who can serve, in an outage of all times.",
            ids: [],
            fix: "let the load balancer's health check ask the path of the readinessProbe",
        },
        namespace => {
            const ingresses = ingressesByService(namespace);
            return namespace.workloads.flatMap(workload => {
                const paths = readyPathsOf(workload);
                const checks = namespace.servicesOf(workload).flatMap(service => [
                    ...serviceChecks(namespace, service),
                    ...(ingresses.get(service) ?? []).filter(hasAlb).map(ingress => ({
                        resource: ingress,
                        // A Service may overrule its Ingress, and / is the default.
                        path: service.inputs.metadata?.annotations?.[`${alb}healthcheck-path`] ?? ingress.inputs.metadata?.annotations?.[`${alb}healthcheck-path`] ?? "/",
                    })),
                ]);
                return checks
                    .filter(({ path }) => paths.length > 0 && !hasUnknown(paths) && !isUnknown(path) && !paths.includes(path))
                    .map(({ resource, path }): Fault => ({ resource, found: `the load balancer of ${called(resource)} asks ${path}, the readinessProbe of ${called(workload)} ${paths.join(", ")}` }));
            });
        },
    ),
];

interface Check {
    readonly resource: Fault["resource"];
    /** A path, or words for what is asked instead. */
    readonly path: string;
}

/** What the health checks ask that a Service or its BackendConfig names. */
function serviceChecks(namespace: Namespace, service: Service): readonly Check[] {
    const annotations = service.inputs.metadata?.annotations ?? {};
    const protocol = at(annotations, `${nlb}healthcheck-protocol`);
    const asksPath = ["http", "https"].includes(textOf(protocol).toLowerCase());
    const own = { resource: service, path: asksPath ? (annotations[`${nlb}healthcheck-path`] ?? "/") : "only whether the port is open" };
    const configs = backendConfigsOf(namespace, service).flatMap(config => {
        // Where it says nothing, Google's controller takes the readiness probe's.
        const path = config.inputs.spec?.healthCheck?.requestPath;
        return isSaid(path) ? [{ resource: config, path }] : [];
    });
    return hasNlb(service) && !isUnknown(protocol) ? [own, ...configs] : configs;
}
