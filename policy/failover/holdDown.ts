import type { StackGraph, Typed } from "../graph";
import { type Fault, type Rule, shown, stackRule } from "../rule";
import { isSaid, isUnknown, entries } from "../values";
import { type HealthCheck, checkType, leavesOf } from "./answers";

const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
type Alarm = Typed<typeof alarmType>;

/** Route 53 publishes the metrics of health checks there and nowhere else. */
const metricsRegion = "us-east-1";
const statusMetric = { namespace: "AWS/Route53", metricName: "HealthCheckStatus" };

/** Statistics that are below 1 as soon as the status was 0 once. */
const rememberingStatistics = ["Minimum", "Average"];

/** Less than what a failing primary needs to show that it fails again. */
const shortestHoldSeconds = 300;

/** A failed primary that stays out until it has been well for some time. */
export const failoverHoldDown: readonly Rule[] = [
    stackRule(
        {
            name: "health-alarm-region",
            level: "mandatory",
            why: `Health checks have their metrics in ${metricsRegion} only: an alarm elsewhere never hears of a failure.`,
            ids: [],
            fix: `set region of the alarm, and cloudwatchAlarmRegion of the check that reads it, to ${metricsRegion}`,
        },
        graph => [
            ...graph
                .ofType(alarmType)
                .filter(alarm => isOnStatus(alarm) && isElsewhere(alarm.inputs.region))
                .map(alarm => ({ resource: alarm, found: `region is ${shown(alarm.inputs.region)}` })),
            ...readers(graph)
                .filter(({ check, alarm }) => isOnStatus(alarm) && isElsewhere(check.inputs.cloudwatchAlarmRegion))
                .map(({ check }) => ({ resource: check, found: `cloudwatchAlarmRegion is ${shown(check.inputs.cloudwatchAlarmRegion)}` })),
        ],
    ),
    stackRule(
        {
            name: "hold-down-remembers",
            level: "mandatory",
            why: "An alarm that one failure does not raise, or that recovery clears at once, brings the primary back while it still comes and goes.",
            ids: [],
            fix: "alarm on a Minimum LessThanThreshold 1 over one evaluation period as long as the hold-down",
        },
        graph =>
            readers(graph)
                .filter(({ alarm }) => isOnStatus(alarm))
                .flatMap(({ alarm }) => memoryFaults(alarm).map(found => ({ resource: alarm, found }))),
    ),
    stackRule(
        {
            name: "hold-down-length",
            level: "advisory",
            why: "A hold-down that is over within minutes sends clients to and fro between clusters as often as a failing primary comes and goes.",
            ids: [],
            fix: `set period of the alarm to the hold-down in seconds, at least ${shortestHoldSeconds}`,
        },
        graph =>
            readers(graph)
                .filter(({ alarm: { inputs } }) => isSaid(inputs.period) && !isUnknown(inputs.period))
                .filter(({ alarm }) => isOnStatus(alarm) && (alarm.inputs.period ?? 0) * (alarm.inputs.evaluationPeriods ?? 1) < shortestHoldSeconds)
                .map(({ alarm }) => ({ resource: alarm, found: `period is ${shown(alarm.inputs.period)}` })),
    ),
    stackRule(
        {
            name: "hold-down-missing-data",
            level: "mandatory",
            why: "A new check has no metric yet, and none comes while CloudWatch is down: called unhealthy then, a primary that works goes out.",
            ids: [],
            fix: "set treatMissingData to \"notBreaching\", and insufficientDataHealthStatus to \"Healthy\"",
        },
        graph =>
            readers(graph).flatMap(({ check, alarm }): readonly Fault[] => [
                ...(alarm.inputs.treatMissingData === "breaching" ? [{ resource: alarm, found: "treatMissingData is \"breaching\"" }] : []),
                ...(check.inputs.insufficientDataHealthStatus === "Unhealthy"
                    ? [{ resource: check, found: "insufficientDataHealthStatus is \"Unhealthy\"" }]
                    : []),
            ]),
    ),
    stackRule(
        {
            name: "hold-down-own-check",
            level: "mandatory",
            why: "A hold-down that watches another cluster's check lets its own primary back at once, and keeps it out when the other fails.",
            ids: [],
            fix: "name in the alarm's dimensions the check that the calculated one has beside it",
        },
        graph => {
            const alarms = new Map(readers(graph).map(({ check, alarm }) => [check, alarm]));
            return graph
                .ofType(checkType)
                .filter(({ inputs }) => inputs.type === "CALCULATED")
                .flatMap(check => {
                    const leaves = leavesOf(graph, check);
                    return leaves.flatMap((leaf): readonly Fault[] => {
                        const alarm = alarms.get(leaf);
                        const watched = alarm === undefined ? [] : graph.sourcesOf(alarm, "dimensions", checkType);
                        return alarm !== undefined && watched.length > 0 && !watched.some(each => leaves.includes(each))
                            ? [{ resource: alarm, found: `it watches ${watched.map(({ name }) => name).join(", ")}, which ${check.name} does not need` }]
                            : [];
                    });
                });
        },
    ),
    stackRule(
        {
            name: "hold-down-renewed",
            level: "advisory",
            why: "A check keeps a copy of its alarm's settings: a new hold-down does not reach it unless something makes it read them again.",
            ids: [],
            fix: "set triggers of the check to what may change in the alarm, its period above all",
        },
        graph =>
            readers(graph)
                .filter(({ check, alarm }) => isOnStatus(alarm) && entries(check.inputs.triggers).length === 0)
                .map(({ check }) => ({ resource: check, found: `triggers is ${shown(check.inputs.triggers)}` })),
    ),
];

interface Reader {
    readonly check: HealthCheck;
    readonly alarm: Alarm;
}

/** The checks that go by an alarm of this stack. */
function readers(graph: StackGraph): readonly Reader[] {
    return graph.ofType(checkType).flatMap(check => graph.sourcesOf(check, "cloudwatchAlarmName", alarmType).map(alarm => ({ check, alarm })));
}

/** Whether an alarm is on the status of a health check. */
function isOnStatus({ inputs: { namespace, metricName } }: Alarm): boolean {
    return namespace === statusMetric.namespace && metricName === statusMetric.metricName;
}

/** Whether a region is said, and another than the metrics'. Where none is, the provider has it. */
function isElsewhere(region: string | undefined): boolean {
    return isSaid(region) && !isUnknown(region) && region !== metricsRegion;
}

function memoryFaults({ inputs: { statistic, comparisonOperator, threshold, evaluationPeriods } }: Alarm): readonly string[] {
    return [
        ...(isSaid(statistic) && rememberingStatistics.includes(statistic) ? [] : [`statistic is ${shown(statistic)}`]),
        ...(comparisonOperator === "LessThanThreshold" && threshold === 1 ? [] : [`it alarms on ${shown(comparisonOperator)} ${shown(threshold)}`]),
        // Of several periods each must have failed: what was short would be forgotten.
        ...(evaluationPeriods === 1 ? [] : [`evaluationPeriods is ${shown(evaluationPeriods)}`]),
    ];
}
