import { clustersOf } from "../clusters";
import type { StackGraph } from "../graph";
import { alb } from "../kubernetes/backends";
import { type Rule, stackRule } from "../rule";
import { isMapping, isSaid, isUnknown, listOf, parsed } from "../values";
import { type Alb, albsOf, annotationOf } from "./loadBalancers";

/**
 * Policies without TLS 1.0 and 1.1: TLS13-1-0 and TLS13-1-1 have them
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html).
 */
const modernPolicy = /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)-/;

/** What the controller takes where nothing is said (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations). */
const defaultPolicy = "ELBSecurityPolicy-2016-08";

export const loadBalancerSecurity: readonly Rule[] = [
    stackRule(
        {
            name: "alb-tls-policy",
            level: "mandatory",
            why: "TLS 1.0 and 1.1 are broken, and the load balancer offers them unless told otherwise.",
            ids: ["CKV_AWS_103"],
            fix: `set the annotation ${alb}ssl-policy to ELBSecurityPolicy-TLS13-1-2-2021-06`,
        },
        graph =>
            allAlbs(graph)
                .filter(each => listenersOf(each)?.has("HTTPS") === true)
                .map(({ ingress, params }) => ({ resource: ingress, policy: params?.sslPolicy ?? annotationOf(ingress, "ssl-policy") ?? defaultPolicy }))
                .filter(({ policy }) => !isUnknown(policy) && !modernPolicy.test(policy))
                .map(({ resource, policy }) => ({ resource, found: `the TLS policy is ${policy}` })),
    ),
    stackRule(
        {
            name: "alb-redirects-to-tls",
            level: "mandatory",
            why: "A listener that serves the app without TLS is the one that an attacker in between offers.",
            ids: ["CKV2_AWS_20"],
            fix: `set the annotation ${alb}ssl-redirect to "443"`,
        },
        graph =>
            allAlbs(graph)
                .filter(each => ["HTTP", "HTTPS"].every(protocol => listenersOf(each)?.has(protocol) === true))
                .filter(({ ingress }) => annotationOf(ingress, "ssl-redirect") === undefined)
                .map(({ ingress }) => ({ resource: ingress, found: "it listens for HTTP and HTTPS, and ssl-redirect is nothing" })),
    ),
];

function allAlbs(graph: StackGraph): readonly Alb[] {
    return clustersOf(graph).flatMap(albsOf);
}

/** Protocols that a load balancer listens for; undefined where only an update knows. By default that hangs on whether it has a certificate. */
function listenersOf({ ingress, params }: Alb): ReadonlySet<string> | undefined {
    const ports = annotationOf(ingress, "listen-ports");
    if (ports === undefined) {
        return new Set([isSaid(params?.certificateArn) || annotationOf(ingress, "certificate-arn") !== undefined ? "HTTPS" : "HTTP"]);
    }
    return isUnknown(ports) ? undefined : new Set(listOf(parsed(ports)).flatMap(port => (isMapping(port) ? Object.keys(port) : [])));
}
