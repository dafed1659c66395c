import { z } from "zod";

import { Unplayable } from "../../unplayable";
import { type Door, type TargetCheck, detectionSecondsOf } from "../door";
import { type IngressObject, type ServiceObject, routeOf } from "../objects";
import { type Controller, annotationsBelow, attributes, json, layerFour, read, synSeconds, trueOrFalse, wholeNumber } from "./controller";

/**
 * The AWS Load Balancer Controller (https://github.com/kubernetes-sigs/aws-load-balancer-controller, read at v3.5), whose load balancing EKS Auto
 * Mode brings under names of its own (https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-nlb.html and auto-configure-alb.html,
 * which list no other default). A Service gets a Network Load Balancer, an Ingress an Application Load Balancer.
 */

const servicePrefix = "service.beta.kubernetes.io/aws-load-balancer-";
const ingressPrefix = "alb.ingress.kubernetes.io/";

/** Settings that change nothing of what is played. */
const ofNoEffect = z.string().optional();

const targetType = z.enum(["instance", "ip"]).default("instance");

const checkPort = z.union([z.literal("traffic-port").transform(() => "traffic" as const), wholeNumber]);

/** Defaults: API_TargetGroupAttribute of https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference. */
const targetGroup = z.strictObject({
    "deregistration_delay.timeout_seconds": wholeNumber.default(300),
    // False by default: then a target's connections outlive its deregistration, while here they always end with it.
    "deregistration_delay.connection_termination.enabled": ofNoEffect,
    "target_health_state.unhealthy.connection_termination.enabled": trueOrFalse.default(true),
    "preserve_client_ip.enabled": ofNoEffect,
});

/** Defaults: API_LoadBalancerAttribute of the same. */
const networkBalancer = z.strictObject({ "load_balancing.cross_zone.enabled": trueOrFalse.default(false), "deletion_protection.enabled": ofNoEffect });
const applicationBalancer = z.strictObject({ "idle_timeout.timeout_seconds": wholeNumber.default(60), "deletion_protection.enabled": ofNoEffect });

const serviceSettings = z.strictObject({
    "nlb-target-type": targetType,
    attributes: attributes.prefault("").pipe(networkBalancer),
    "target-group-attributes": attributes.prefault("").pipe(targetGroup),
    "healthcheck-protocol": z
        .string()
        .transform(value => value.toUpperCase())
        .pipe(z.enum(["TCP", "HTTP"]))
        .optional(),
    "healthcheck-port": checkPort.optional(),
    "healthcheck-path": z.string().optional(),
    "healthcheck-interval": wholeNumber.optional(),
    "healthcheck-timeout": wholeNumber.optional(),
    "healthcheck-healthy-threshold": wholeNumber.optional(),
    "healthcheck-unhealthy-threshold": wholeNumber.optional(),
    scheme: ofNoEffect,
    name: ofNoEffect,
    type: ofNoEffect,
    subnets: ofNoEffect,
    "security-groups": ofNoEffect,
    "additional-resource-tags": ofNoEffect,
});

/** defaultHealthCheck… in pkg/service/model_builder.go. "ForInstanceModeLocal" is for nodes of a Service of policy Local. */
const networkDefaults = { protocol: "TCP", port: "traffic", intervalSeconds: 10, timeoutSeconds: 10, healthy: 3, unhealthy: 3, path: "/" } as const;
const localDefaults = { protocol: "HTTP", port: "healthCheckNodePort", intervalSeconds: 10, timeoutSeconds: 6, healthy: 2, unhealthy: 2, path: "/healthz" } as const;

/**
 * A new target needs one check that passes ("Your target is not in service until it passes one health check",
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-troubleshooting.html and the application one); the healthy threshold is for
 * "considering an unhealthy target healthy" (API_TargetGroup).
 */
const initial = 1;

/**
 * Time until a pod that was taken out of a target group gets nothing new, in seconds. A guess: AWS gives no number, but says that "the target may still receive connections due to configuration propagation
 * delay" (network/edit-target-group-attributes.html#deregistration-delay). Users of Application Load Balancers reckon with about 10 s for that
 * (https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/1719); a preStop sleep of 5 s was too short and 25 s long enough (issues/1064), 15 s too short for others
 * (https://github.com/alphagov/govuk-helm-charts/pull/2202).
 */
const withdrawSeconds = 15;

const unprovedOfBoth = [
    "AWS's load balancers take seconds to minutes to register a target, and each of their nodes checks it on its own; here one balancer a cluster does at once",
    "AWS does not say how soon it takes the address of a dead zone out of a load balancer's name; here that takes as long as Route 53's fast check needs by default, 30 s",
];

/** Those whose targets are pods. */
const withdrawalUnproved = `AWS does not say for how long a pod that is taken out still gets new connections; here it is ${withdrawSeconds} s`;

/**
 * The same of a Network Load Balancer. Users measured two minutes, whatever the deregistration delay (networkWithdrawalUnproved has where), and AWS recommends a delay "of at least 120 seconds to ensure that requests
 * are completed" (the same section). That is more than an app of ours waits by default (components/config/shutdown.ts), so it is told in every report and not played: no drill shows that the wait is long enough here.
 */
const networkWithdrawSeconds = withdrawSeconds;

const networkWithdrawalUnproved =
    "users of Network Load Balancers measured that a target gets new connections for two minutes after it was taken out, whatever the deregistration delay (kubernetes-sigs/aws-load-balancer-controller#2366 and #3270, aws/containers-roadmap#470), and AWS recommends a delay of 120 s: a preStop sleep that is shorter then fails requests, which is not seen here";

const networkUnproved = [
    ...unprovedOfBoth,
    "a Network Load Balancer lets the connections of a target go on after its deregistration delay by default; here they end then",
    "a Network Load Balancer also watches how targets answer connections (passive checks) and sends a client's own packets on: a client whose target is silent tries the name's next address at once, while here it is let in and waits",
];

/** TCP idle timeout of a Network Load Balancer, in seconds (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html#connection-idle-timeout). */
const networkIdleSeconds = 350;

/**
 * An Application Load Balancer waits this long for a connection ("failed to establish a connection to the target before the connection timeout expired (10 seconds)", HTTP 504 in
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html). What a target that was taken out has not answered when its
 * delay is over gets a 502 (the same page).
 */
const applicationConnectSeconds = 10;

/** @param local whether targets are nodes of a Service of policy Local. */
function networkCheck(settings: z.output<typeof serviceSettings>, local: boolean): TargetCheck {
    const defaults = local ? localDefaults : networkDefaults;
    const protocol = settings["healthcheck-protocol"] ?? defaults.protocol;
    return {
        ...(protocol === "HTTP" ? { protocol: "http", path: settings["healthcheck-path"] ?? defaults.path, statuses: "200-399" } : { protocol: "tcp" }),
        port: settings["healthcheck-port"] ?? defaults.port,
        intervalSeconds: settings["healthcheck-interval"] ?? defaults.intervalSeconds,
        timeoutSeconds: settings["healthcheck-timeout"] ?? defaults.timeoutSeconds,
        healthy: settings["healthcheck-healthy-threshold"] ?? defaults.healthy,
        unhealthy: settings["healthcheck-unhealthy-threshold"] ?? defaults.unhealthy,
        initial,
    };
}

function serviceDoor(service: ServiceObject): Door {
    const { metadata, spec } = service;
    const whose = `Service ${metadata.namespace}/${metadata.name}`;
    const settings = read(serviceSettings, annotationsBelow(metadata.annotations, servicePrefix), whose);
    const nodes = settings["nlb-target-type"] === "instance";
    if (nodes && !spec.allocateLoadBalancerNodePorts) {
        throw new Unplayable(`${whose} asks for nodes as targets but has no node ports: set ${servicePrefix}nlb-target-type: ip, or allocateLoadBalancerNodePorts: true`);
    }
    const check = networkCheck(settings, nodes && spec.externalTrafficPolicy === "Local");
    const group = settings["target-group-attributes"];
    return {
        ...layerFour(service),
        targets: nodes ? "nodes" : "pods",
        // It registers all nodes, and has the check find those without a pod (pkg/backend/endpoint_resolver.go).
        localNodes: false,
        weighted: false,
        check,
        withdrawSeconds: nodes ? 0 : networkWithdrawSeconds,
        deregistrationSeconds: group["deregistration_delay.timeout_seconds"],
        endsUnhealthy: group["target_health_state.unhealthy.connection_termination.enabled"],
        failsOpen: true,
        retries: 0,
        connectSeconds: synSeconds,
        idleSeconds: networkIdleSeconds,
        spread: "one a zone",
        crossZone: settings.attributes["load_balancing.cross_zone.enabled"],
        detectionSeconds: detectionSecondsOf(check),
        unproved: nodes ? networkUnproved : [...networkUnproved, withdrawalUnproved, networkWithdrawalUnproved],
    };
}

const ingressSettings = z.strictObject({
    "target-type": targetType,
    "load-balancer-attributes": attributes.prefault("").pipe(applicationBalancer),
    "target-group-attributes": attributes.prefault("").pipe(targetGroup),
    "listen-ports": json.pipe(z.array(z.union([z.strictObject({ HTTP: z.number() }), z.strictObject({ HTTPS: z.number() })]))).optional(),
    "ssl-redirect": wholeNumber.optional(),
    "certificate-arn": z.string().optional(),
    "healthcheck-port": checkPort.default("traffic"),
    "healthcheck-protocol": z.literal("HTTP").optional(),
    // defaultHealthCheck… in pkg/ingress/model_builder.go
    "healthcheck-path": z.string().default("/"),
    "healthcheck-interval-seconds": wholeNumber.default(15),
    "healthcheck-timeout-seconds": wholeNumber.default(5),
    "healthy-threshold-count": wholeNumber.default(2),
    "unhealthy-threshold-count": wholeNumber.default(2),
    "success-codes": z.string().default("200"),
    scheme: ofNoEffect,
    subnets: ofNoEffect,
    "ssl-policy": ofNoEffect,
    "load-balancer-name": ofNoEffect,
    "security-groups": ofNoEffect,
    tags: ofNoEffect,
});

function applicationCheck(settings: z.output<typeof ingressSettings>): TargetCheck {
    return {
        protocol: "http",
        path: settings["healthcheck-path"],
        statuses: settings["success-codes"],
        port: settings["healthcheck-port"],
        intervalSeconds: settings["healthcheck-interval-seconds"],
        timeoutSeconds: settings["healthcheck-timeout-seconds"],
        healthy: settings["healthy-threshold-count"],
        unhealthy: settings["unhealthy-threshold-count"],
        initial,
    };
}

function ingressDoor(ingress: IngressObject): Door {
    const { metadata } = ingress;
    const settings = read(ingressSettings, annotationsBelow(metadata.annotations, ingressPrefix), `Ingress ${metadata.namespace}/${metadata.name}`);
    const { hosts, service, servicePort } = routeOf(ingress);
    const nodes = settings["target-type"] === "instance";
    const check = applicationCheck(settings);
    // "defaults to '[{"HTTP": 80}]' or '[{"HTTPS": 443}]' depending on whether certificate-arn is specified" (docs/guide/ingress/annotations.md).
    const ports = settings["listen-ports"] ?? (settings["certificate-arn"] === undefined ? [{ HTTP: 80 }] : [{ HTTPS: 443 }]);
    // "every HTTP listener will be configured with a default action which redirects to HTTPS, other rules will be ignored" (the same, ssl-redirect).
    const redirects = settings["ssl-redirect"] !== undefined;
    return {
        object: "Ingress",
        namespace: metadata.namespace,
        name: metadata.name,
        mode: "http",
        listens: ports.map(port => ("HTTPS" in port ? { port: port.HTTPS, tls: true, servicePort } : { port: port.HTTP, tls: false, ...(redirects ? { redirect: true } : { servicePort }) })),
        hosts,
        service,
        targets: nodes ? "nodes" : "pods",
        localNodes: false,
        weighted: false,
        check,
        withdrawSeconds: nodes ? 0 : withdrawSeconds,
        deregistrationSeconds: settings["target-group-attributes"]["deregistration_delay.timeout_seconds"],
        endsUnhealthy: false,
        // "If a target group contains only unhealthy registered targets, the load balancer routes requests to all those targets" (application/target-group-health-checks.html).
        failsOpen: true,
        // "It does not retry across multiple AZs while processing a request" (an AWS engineer, https://repost.aws/questions/QUx1Aafz9fQc2nbRlRRZutOA).
        retries: 0,
        connectSeconds: applicationConnectSeconds,
        idleSeconds: settings["load-balancer-attributes"]["idle_timeout.timeout_seconds"],
        spread: "one a zone",
        // "With Application Load Balancers, cross-zone load balancing is always turned on at load balancer level" (https://repost.aws/knowledge-center/elb-dns-cross-zone-balance-configuration).
        crossZone: true,
        detectionSeconds: detectionSecondsOf(check),
        unproved: nodes ? unprovedOfBoth : [...unprovedOfBoth, withdrawalUnproved],
    };
}

export const aws: Controller = { serviceDoor, ingressDoor };
