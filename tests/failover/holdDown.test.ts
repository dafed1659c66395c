/**
 * A primary that comes back after a hold-down, or at once. A mock cannot prove how CloudWatch slides
 * its window, nor that Route 53 reads the alarm as asserted.
 */
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { all, find, inputsOf, planConfig, tagsOf } from "../support/plan";
import { answersOf, type HealthCheck, healthCheck, only, twoClouds } from "../support/kubernetes";

const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
const checkType = "aws:route53/healthCheck:HealthCheck";

const withFailback = (failback: unknown): Promise<PlannedStack> =>
    planConfig({ ...twoClouds, failover: { ...twoClouds.failover, failback } });

describe("failback after a hold-down", () => {
    let plan: PlannedStack;

    before(async () => {
        plan = await withFailback({ holdMinutes: 45 });
    });

    const gate = (): HealthCheck => healthCheck(plan, answersOf(plan).get("east")?.healthCheckId);

    it("lets the primary answer only while its endpoint and its recent past are healthy", () => {
        assert.equal(gate().type, "CALCULATED");
        assert.deepEqual(gate().childHealthchecks, ["${failover-east.id}", "${failover-east-hold-recovered.id}"]);
        assert.equal(gate().childHealthThreshold, gate().childHealthchecks?.length);
    });

    it("nests no calculated check in another, which Route 53 refuses", () => {
        const children = (gate().childHealthchecks ?? []).map(id => healthCheck(plan, id).type);
        assert.deepEqual(children, ["HTTPS", "CLOUDWATCH_METRIC"]);
    });

    it("remembers by an alarm on the endpoint check's own metric, over the whole hold-down", () => {
        const alarm = inputsOf(only(plan, alarmType));
        assert.deepEqual(
            { ...alarm, alarmDescription: "" },
            {
                alarmDescription: "",
                region: "us-east-1",
                namespace: "AWS/Route53",
                metricName: "HealthCheckStatus",
                dimensions: { HealthCheckId: "${failover-east.id}" },
                statistic: "Minimum",
                period: 45 * 60,
                evaluationPeriods: 1,
                comparisonOperator: "LessThanThreshold",
                threshold: 1,
                treatMissingData: "notBreaching",
                tags: tagsOf("failover-east-hold"),
            },
        );
    });

    it("reads that alarm where it is, and takes no data for health", () => {
        const recovered = inputsOf<HealthCheck>(find(plan, checkType, "failover-east-hold-recovered"));
        assert.equal(recovered.cloudwatchAlarmName, "${failover-east-hold.name}");
        assert.equal(recovered.cloudwatchAlarmRegion, "us-east-1");
        assert.equal(recovered.insufficientDataHealthStatus, "Healthy");
    });

    it("never holds the standby back: it must answer at once", () => {
        assert.equal(answersOf(plan).get("central")?.healthCheckId, "${failover-central.id}");
        assert.equal(healthCheck(plan, "${failover-central.id}").type, "HTTPS");
    });

    it("is by default one of 30 minutes", async () => {
        const standard = await planConfig(twoClouds);
        assert.equal(inputsOf<{ period: number }>(only(standard, alarmType)).period, 1_800);
    });

    it("fits into a day, the longest that an alarm looks back, at the most that config allows", async () => {
        const longest = await withFailback({ holdMinutes: 1_440 });
        assert.equal(inputsOf<{ period: number }>(only(longest, alarmType)).period, 86_400);
        await assert.rejects(withFailback({ holdMinutes: 1_441 }), /holdMinutes/);
    });
});

describe("failback at once", () => {
    it("goes by the endpoint check alone, and makes neither alarm nor calculated check", async () => {
        const plan = await withFailback({ holdMinutes: 0 });
        assert.equal(answersOf(plan).get("east")?.healthCheckId, "${failover-east.id}");
        assert.deepEqual(all(plan, checkType).map(({ name }) => name).sort(), ["failover-central", "failover-east"]);
        assert.deepEqual(all(plan, alarmType), []);
    });
});
