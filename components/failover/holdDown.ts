import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { bothHealthy, metricsRegion, unhealthyAlarm } from "./healthCheck";

/** What a {@link HoldDown} is made from. */
export interface HoldDownArgs {
    /** The primary's name. */
    readonly cluster: string;
    /** The primary's endpoint check. */
    readonly check: aws.route53.HealthCheck;
    /** Minutes of unbroken health that let it answer again; at least 1. */
    readonly holdMinutes: number;
}

const secondsPerMinute = 60;

/**
 * Holds a failed primary back: it is out as soon as its endpoint check fails, and in again only after
 * so many minutes without a failure. A calculated check needs both the endpoint check and an alarm on
 * that check's own metric, whose minimum over the hold-down must be healthy.
 *
 * How exactly Route 53 slides the alarm's window can only be seen on AWS.
 */
export class HoldDown extends pulumi.ComponentResource {
    /** Id of the check that the primary's record goes by. */
    public readonly healthCheckId: pulumi.Output<string>;

    constructor(name: string, args: HoldDownArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:failover:HoldDown", name, {}, opts);
        const periodSeconds = args.holdMinutes * secondsPerMinute;
        const alarm = unhealthyAlarm(
            name,
            args.check,
            { periodSeconds, description: `${args.cluster} was unhealthy in the last ${args.holdMinutes} minutes` },
            { parent: this },
        );
        const recovered = new aws.route53.HealthCheck(
            `${name}-recovered`,
            {
                type: "CLOUDWATCH_METRIC",
                cloudwatchAlarmName: alarm.name,
                cloudwatchAlarmRegion: metricsRegion,
                insufficientDataHealthStatus: "Healthy",
                // The check keeps a copy of the alarm's settings: this renews it when they change.
                triggers: { period: String(periodSeconds) },
                tags: { Name: `${name}-recovered` },
            },
            { parent: this },
        );
        this.healthCheckId = bothHealthy(name, [args.check, recovered], { parent: this }).id;
        this.registerOutputs({ healthCheckId: this.healthCheckId });
    }
}
