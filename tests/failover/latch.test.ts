/**
 * Failback by hand: a primary that failed stays out until people decide. A mock cannot prove that the
 * alarm's event reaches the state machine, nor that it may throw the switch: only AWS shows that.
 */
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { all, find, inputsOf, planConfig } from "../support/plan";
import { answersOf, type HealthCheck, healthCheck, only, twoClouds } from "../support/kubernetes";

const manual = { ...twoClouds, failover: { ...twoClouds.failover, failback: "manual" } } as const;
const checkType = "aws:route53/healthCheck:HealthCheck";

interface Machine {
    readonly region: string;
    readonly roleArn: string;
    readonly definition: string;
}

describe("failback by hand", () => {
    let plan: PlannedStack;

    before(async () => {
        plan = await planConfig(manual);
    });

    const gate = (): HealthCheck => healthCheck(plan, answersOf(plan).get("east")?.healthCheckId);

    it("lets the primary answer only while its endpoint is healthy and its switch was not thrown", () => {
        assert.equal(gate().type, "CALCULATED");
        assert.deepEqual(gate().childHealthchecks, ["${failover-east.id}", "${failover-east-latch-switch.id}"]);
        assert.equal(gate().childHealthThreshold, 2);
    });

    it("has a switch that asks nobody, is healthy at first, and that an update does not reset", () => {
        const latch = find(plan, checkType, "failover-east-latch-switch");
        const { disabled, invertHealthcheck } = inputsOf<HealthCheck>(latch);
        assert.deepEqual({ disabled, invertHealthcheck }, { disabled: true, invertHealthcheck: false });
        assert.deepEqual(latch.ignoreChanges, ["invertHealthcheck"]);
    });

    it("lets an update change everything of the endpoint's own check", () => {
        const check = find(plan, checkType, "failover-east");
        assert.deepEqual(check.ignoreChanges, []);
        assert.equal("disabled" in inputsOf<HealthCheck>(check), false);
    });

    it("throws the switch at the first minute without health", () => {
        const alarm = inputsOf<{ region: string; period: number; evaluationPeriods: number; statistic: string; dimensions: unknown }>(
            only(plan, "aws:cloudwatch/metricAlarm:MetricAlarm"),
        );
        assert.deepEqual([alarm.region, alarm.period, alarm.evaluationPeriods, alarm.statistic], ["us-east-1", 60, 1, "Minimum"]);
        assert.deepEqual(alarm.dimensions, { HealthCheckId: "${failover-east.id}" });
    });

    it("has the alarm's event, and no other, start the machine", () => {
        const rule = inputsOf<{ region: string; eventPattern: string }>(only(plan, "aws:cloudwatch/eventRule:EventRule"));
        assert.equal(rule.region, "us-east-1");
        assert.deepEqual(JSON.parse(rule.eventPattern), {
            source: ["aws.cloudwatch"],
            "detail-type": ["CloudWatch Alarm State Change"],
            resources: ["${failover-east-latch.arn}"],
            detail: { state: { value: ["ALARM"] } },
        });
        const target = inputsOf<{ region: string; arn: string }>(only(plan, "aws:cloudwatch/eventTarget:EventTarget"));
        assert.deepEqual([target.region, target.arn], ["us-east-1", "${failover-east-latch.arn}"]);
    });

    it("has a machine that inverts the switch, and may do nothing else", () => {
        const machine = inputsOf<Machine>(only(plan, "aws:sfn/stateMachine:StateMachine"));
        const { States } = JSON.parse(machine.definition) as { States: Readonly<Record<string, { Resource: string; Parameters: unknown }>> };
        assert.deepEqual(Object.keys(States), ["Throw"]);
        assert.equal(States["Throw"]?.Resource, "arn:aws:states:::aws-sdk:route53:updateHealthCheck");
        assert.deepEqual(States["Throw"].Parameters, { HealthCheckId: "${failover-east-latch-switch.id}", Inverted: true });
        const { policy } = inputsOf<{ policy: string }>(find(plan, "aws:iam/rolePolicy:RolePolicy", "failover-east-latch-machine"));
        assert.deepEqual((JSON.parse(policy) as { Statement: unknown }).Statement, [
            {
                Effect: "Allow",
                Action: ["route53:UpdateHealthCheck"],
                Resource: "arn:aws:route53:::healthcheck/${failover-east-latch-switch.id}",
            },
        ]);
    });

    it("never holds the standby back", () => {
        assert.equal(answersOf(plan).get("central")?.healthCheckId, "${failover-central.id}");
    });

    it("starts afresh at the other cluster when primary changes: the old switch goes", async () => {
        const switched = await planConfig({ ...manual, failover: { ...manual.failover, primary: "central" } });
        const latches = all(switched, "holdfast:failover:Latch").map(({ name }) => name);
        assert.deepEqual(latches, ["failover-central-latch"]);
        assert.equal(answersOf(switched).get("east")?.healthCheckId, "${failover-east.id}");
    });

    it("makes no hold-down beside it", () => {
        assert.deepEqual(all(plan, "holdfast:failover:HoldDown"), []);
    });
});

describe("failback by hand in active-active", () => {
    it("holds nobody back: there is no primary", async () => {
        const { domain, zone } = twoClouds.failover;
        const plan = await planConfig({ ...twoClouds, failover: { domain, zone, mode: "active-active", failback: "manual" } });
        assert.deepEqual(all(plan, "holdfast:failover:Latch"), []);
        assert.equal(answersOf(plan).size, 2);
    });
});
