import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Participant } from "./members";

/** What an endpoint's health check is made from. */
export interface EndpointCheckArgs {
    /** Name under which this cluster alone answers. */
    readonly host: string;
    readonly path: string;
    readonly intervalSeconds: number;
    readonly failures: number;
}

const ports = { http: 80, https: 443 } as const;

/**
 * Asks one cluster what its users ask: by a host name of its own, through the same load balancer, on
 * the readiness path. By name rather than by address, so that the checker sends it for routing and
 * TLS. Route 53 does not look at the certificate's validity, and counts a cluster as healthy while
 * more than 18 % of its checkers reach it
 * (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html).
 */
export function endpointCheck(
    name: string,
    participant: Participant,
    args: EndpointCheckArgs,
    opts: pulumi.CustomResourceOptions,
): aws.route53.HealthCheck {
    const scheme = pulumi.output(participant.scheme);
    return new aws.route53.HealthCheck(
        name,
        {
            type: scheme.apply(value => value.toUpperCase()),
            fqdn: args.host,
            port: scheme.apply(value => ports[value]),
            resourcePath: args.path,
            requestInterval: args.intervalSeconds,
            failureThreshold: args.failures,
            enableSni: scheme.apply(value => value === "https"),
            tags: { Name: name },
        },
        opts,
    );
}

/** Health check metrics are published there and nowhere else. */
export const metricsRegion = "us-east-1";

/**
 * An alarm on a health check's own metric: 1 healthy, 0 unhealthy, once a minute. Of what CloudWatch
 * can do, Route 53 understands one period and a plain statistic
 * (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html).
 */
export function unhealthyAlarm(
    name: string,
    check: aws.route53.HealthCheck,
    args: { readonly periodSeconds: number; readonly description: string },
    opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm {
    return new aws.cloudwatch.MetricAlarm(
        name,
        {
            region: metricsRegion,
            alarmDescription: args.description,
            namespace: "AWS/Route53",
            metricName: "HealthCheckStatus",
            dimensions: { HealthCheckId: check.id },
            statistic: "Minimum",
            period: args.periodSeconds,
            evaluationPeriods: 1,
            comparisonOperator: "LessThanThreshold",
            threshold: 1,
            treatMissingData: "notBreaching",
        },
        opts,
    );
}

/** Healthy while both checks are. Neither may be a calculated check itself: Route 53 does not nest them. */
export function bothHealthy(
    name: string,
    checks: readonly [aws.route53.HealthCheck, aws.route53.HealthCheck],
    opts: pulumi.CustomResourceOptions,
): aws.route53.HealthCheck {
    return new aws.route53.HealthCheck(
        name,
        {
            type: "CALCULATED",
            childHealthchecks: checks.map(check => check.id),
            childHealthThreshold: checks.length,
            tags: { Name: name },
        },
        opts,
    );
}
