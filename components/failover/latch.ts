import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { inlinePolicy, serviceRole } from "../aws/iam";
import { bothHealthy, metricsRegion, unhealthyAlarm } from "./healthCheck";

/** What a {@link Latch} is made from. */
export interface LatchArgs {
    /** The primary's name. */
    readonly cluster: string;
    /** Name under which it alone answers. */
    readonly host: string;
    /** The primary's endpoint check. */
    readonly check: aws.route53.HealthCheck;
}

const secondsPerMinute = 60;

/**
 * Keeps a failed primary out until people decide: its first failure throws a switch, which a change of
 * `failover.primary` resets (or a person, in Route 53). The switch is a disabled health check: healthy,
 * until an alarm's event has a state machine invert it.
 *
 * The failover itself needs none of this. If us-east-1 is down when the primary fails, the switch may
 * stay as it is, and the primary answers again once it is healthy. That the event inverts the check
 * is by the services' documentation; only AWS can show it.
 */
export class Latch extends pulumi.ComponentResource {
    /** Id of the check that the primary's record goes by. */
    public readonly healthCheckId: pulumi.Output<string>;

    constructor(name: string, args: LatchArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:failover:Latch", name, {}, opts);
        const latch = new aws.route53.HealthCheck(
            `${name}-switch`,
            {
                // A disabled check asks nobody and counts as healthy until it is inverted. What it would ask is
                // fixed, whatever the endpoint's check asks: some of it can't change without a new switch.
                type: "HTTP",
                fqdn: args.host,
                port: 80,
                requestInterval: 30,
                failureThreshold: 3,
                disabled: true,
                invertHealthcheck: false,
                tags: { Name: `${name}-switch` },
            },
            // Thrown from outside; an update must not reset it.
            { parent: this, ignoreChanges: ["invertHealthcheck"] },
        );
        const alarm = unhealthyAlarm(
            name,
            args.check,
            {
                periodSeconds: secondsPerMinute,
                description: `${args.cluster} is unhealthy: it is kept out until failover.primary changes`,
            },
            { parent: this },
        );
        this.createThrow(name, alarm, this.createMachine(name, latch));
        this.healthCheckId = bothHealthy(name, [args.check, latch], { parent: this }).id;
        this.registerOutputs({ healthCheckId: this.healthCheckId });
    }

    /** One step, by Step Functions' own call of Route 53: no code to keep up to date. */
    private createMachine(name: string, latch: aws.route53.HealthCheck): aws.sfn.StateMachine {
        const role = serviceRole(`${name}-machine`, { service: "states.amazonaws.com" }, { parent: this });
        const right = inlinePolicy(
            `${name}-machine`,
            role,
            [
                {
                    Effect: "Allow",
                    Action: ["route53:UpdateHealthCheck"],
                    Resource: pulumi.interpolate`arn:aws:route53:::healthcheck/${latch.id}`,
                },
            ],
            { parent: this },
        );
        return new aws.sfn.StateMachine(
            name,
            {
                region: metricsRegion,
                roleArn: role.arn,
                definition: pulumi.jsonStringify({
                    StartAt: "Throw",
                    States: {
                        Throw: {
                            Type: "Task",
                            Resource: "arn:aws:states:::aws-sdk:route53:updateHealthCheck",
                            Parameters: { HealthCheckId: latch.id, Inverted: true },
                            Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 5, MaxAttempts: 10, BackoffRate: 1.5 }],
                            End: true,
                        },
                    },
                }),
            },
            { parent: this, dependsOn: right },
        );
    }

    /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
    private createThrow(name: string, alarm: aws.cloudwatch.MetricAlarm, machine: aws.sfn.StateMachine): void {
        const role = serviceRole(`${name}-event`, { service: "events.amazonaws.com" }, { parent: this });
        const right = inlinePolicy(
            `${name}-event`,
            role,
            [{ Effect: "Allow", Action: ["states:StartExecution"], Resource: machine.arn }],
            { parent: this },
        );
        const rule = new aws.cloudwatch.EventRule(
            name,
            {
                region: metricsRegion,
                eventPattern: pulumi.jsonStringify({
                    source: ["aws.cloudwatch"],
                    "detail-type": ["CloudWatch Alarm State Change"],
                    resources: [alarm.arn],
                    detail: { state: { value: ["ALARM"] } },
                }),
            },
            { parent: this },
        );
        new aws.cloudwatch.EventTarget(
            name,
            // An id that is made up could not be found again after an update that was cut short.
            { region: metricsRegion, rule: rule.name, targetId: name, arn: machine.arn, roleArn: role.arn },
            { parent: this, dependsOn: right },
        );
    }
}
