/**
 * How a replica ends. A mock cannot prove that no request is lost, nor how long a load balancer really
 * takes to let go of a replica: the times are the clouds' own settings, asserted where they are set.
 */
import assert from "node:assert/strict";

import { kindOf } from "../../components/cluster";
import type { PlannedStack } from "../../plan/run";
import { all, clusterConfigs, inputsOf, minimalApp } from "../support/plan";
import { everyKind, first, fullApp, type Manifest, ownerOf, planApp, types } from "../support/kubernetes";

interface Ending {
    readonly preStop: number;
    readonly grace: number;
    /** Time that the cluster's load balancers need, in seconds. */
    readonly deregistration: number;
}

function endingOf(plan: PlannedStack): Ending {
    const { container, template } = ownerOf(plan, "app");
    return {
        preStop: container.lifecycle.preStop.sleep.seconds,
        grace: template.spec.terminationGracePeriodSeconds,
        deregistration: kindOf(first(plan.config.clusters)).deregistrationSeconds,
    };
}

/** The deregistration times that a plan's load balancers were given, in seconds. */
function registeredDeregistrations(plan: PlannedStack): number[] {
    const annotated = [...all(plan, types.service), ...all(plan, types.ingress)].flatMap(resource => {
        const { annotations } = inputsOf<Manifest<unknown>>(resource).metadata as { annotations?: Readonly<Record<string, string>> };
        return Object.values(annotations ?? {}).flatMap(value => /deregistration_delay\.timeout_seconds=(\d+)/.exec(value)?.[1] ?? []);
    });
    const backends = all(plan, "kubernetes:cloud.google.com/v1:BackendConfig").map(
        resource => inputsOf<Manifest<{ connectionDraining: { drainingTimeoutSec: number } }>>(resource).spec.connectionDraining.drainingTimeoutSec,
    );
    return [...annotated.map(Number), ...backends];
}

for (const { label, cluster } of everyKind) {
    describe(`the end of a replica on ${label}`, () => {
        let plan: PlannedStack;

        before(async () => {
            plan = await planApp({ ...fullApp, shutdown: { drainSeconds: 37 } }, cluster);
        });

        it("goes on serving for longer than the load balancer goes on sending", () => {
            const { preStop, deregistration } = endingOf(plan);
            assert.ok(preStop > deregistration, `${preStop} s against ${deregistration} s`);
        });

        it("outlasts every deregistration time that was set on a load balancer", () => {
            const { preStop, deregistration } = endingOf(plan);
            for (const seconds of registeredDeregistrations(plan)) {
                assert.equal(seconds, deregistration);
                assert.ok(preStop > seconds);
            }
        });

        it("has time to finish what is open before it is killed", () => {
            const { preStop, grace } = endingOf(plan);
            assert.ok(grace > preStop + 37, `${grace} s against ${preStop} s + 37 s`);
        });
    });
}

describe("the deregistration time", () => {
    it("is set on both load balancers of EKS, and on GKE's backend", async () => {
        assert.deepEqual(registeredDeregistrations(await planApp(fullApp, clusterConfigs.eks)), [20, 20]);
        assert.deepEqual(registeredDeregistrations(await planApp(fullApp, clusterConfigs.gke)), [20]);
    });
});

describe("the end of a replica, from config", () => {
    it("takes times that are given as they are", async () => {
        const plan = await planApp({ ...minimalApp, shutdown: { preStopSeconds: 60, drainSeconds: 30, graceSeconds: 120 } });
        assert.deepEqual(endingOf(plan), { preStop: 60, grace: 120, deregistration: 10 });
    });

    it("refuses to stop serving before the load balancer stops sending", async () => {
        await assert.rejects(planApp({ ...minimalApp, shutdown: { preStopSeconds: 20 } }, clusterConfigs.eks), /shutdown\.preStopSeconds/);
    });

    it("refuses to kill before the drain is over", async () => {
        const shutdown = { preStopSeconds: 30, drainSeconds: 30, graceSeconds: 59 };
        await assert.rejects(planApp({ ...minimalApp, shutdown }, clusterConfigs.eks), /shutdown\.graceSeconds/);
    });

    it("refuses to kill at the very end of the drain", async () => {
        const shutdown = { preStopSeconds: 30, drainSeconds: 30, graceSeconds: 60 };
        await assert.rejects(planApp({ ...minimalApp, shutdown }, clusterConfigs.eks), /shutdown\.graceSeconds/);
    });
});
