// What this can't prove: that a kubelet takes no longer than this. The drills with real containers are for that.
import assert from "node:assert/strict";

import { afterCrashSeconds, afterHangSeconds, backOffSeconds, containerTimesOf, detectSeconds, endSeconds, mostStartSeconds, startSeconds, timesOf } from "../../../drill/live/drills/restarts";
import { crashDrill, restartPromises } from "../../../drill/live/drills/crash";
import { leftOutSeconds } from "../../../drill/live/drills/hang";
import { containerOf, leastRestarted, runsAgain } from "../../../drill/live/drills/container";
import { liveStartSeconds } from "../../../drill/live/drills/promises";
import { tooSlow } from "../../../drill/live/drills/slowStart";
import { factsOf } from "../../../drill/stage/facts";
import { objectsOf } from "../../../drill/stage/objects";
import { stackSubjects } from "../../../drill/stage";
import { planProjectStack } from "../../support/plan";

/** Times of a pod whose one container has some fields. */
function times(container: object, pod: object = {}): ReturnType<typeof timesOf> {
    const deployment = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web" },
        spec: { selector: {}, template: { spec: { ...pod, containers: [{ name: "web", image: "web:1", ...container }] } } },
    };
    const [read] = objectsOf([deployment], "Deployment");
    assert.ok(read !== undefined);
    return timesOf(read.spec.template);
}

describe("how long restarts may take", () => {
    it("comes to so much for prod, by its probes", async () => {
        const [east] = stackSubjects(await planProjectStack("prod"));
        assert.ok(east !== undefined);
        const ofProd = containerTimesOf({ subject: east, app: factsOf(east.objects) });
        const { liveness, readiness } = ofProd;
        // Liveness 3 × 10 s + 2 s; readiness 2 × 5 s + 2 s; grace 50 s of which 25 s is sleep; startup 2 s, readiness 5 s, and the allowance.
        assert.deepEqual([detectSeconds(liveness), detectSeconds(readiness), endSeconds(ofProd), startSeconds(ofProd)], [32, 12, 50, 7 + liveStartSeconds]);
        assert.equal(afterHangSeconds(ofProd, 0), 32 + 50 + 7 + liveStartSeconds);
        assert.equal(afterCrashSeconds(ofProd, 1), 10 + 7 + liveStartSeconds);
        assert.equal(mostStartSeconds(ofProd), 60);
        assert.equal(tooSlow(ofProd, 40), undefined);
    });

    it("takes Kubernetes' defaults for what a probe leaves out", () => {
        assert.equal(detectSeconds(times({ livenessProbe: {} }).liveness), 3 * 10 + 1);
        assert.equal(endSeconds(times({})), 30);
    });

    it("has no end where nothing probes", () => {
        assert.equal(afterHangSeconds(times({}), 0), Infinity);
        assert.equal(mostStartSeconds(times({})), Infinity);
    });

    it("doubles the back-off up to five minutes, and waits for nothing at the first restart", () => {
        assert.deepEqual([0, 1, 2, 3, 5, 6, 20].map(backOffSeconds), [0, 10, 20, 40, 160, 300, 300]);
    });

    it("leaves a program two seconds after a hook that takes all of the grace period", () => {
        const sleeping = (seconds: number): object => ({ lifecycle: { preStop: { sleep: { seconds } } } });
        assert.deepEqual([25, 48, 49, 50].map(seconds => endSeconds(times(sleeping(seconds), { terminationGracePeriodSeconds: 50 }))), [50, 50, 51, 52]);
    });

    it("goes by the liveness probe's own grace period where it has one", () => {
        assert.equal(endSeconds(times({ livenessProbe: { terminationGracePeriodSeconds: 5 } }, { terminationGracePeriodSeconds: 50 })), 5);
    });

    it("counts each probe's delay from the container's start", () => {
        const startup = { initialDelaySeconds: 4, periodSeconds: 2 };
        assert.equal(startSeconds(times({ startupProbe: startup, readinessProbe: { initialDelaySeconds: 5, periodSeconds: 3, successThreshold: 2 } })), 6 + 6 + liveStartSeconds);
        assert.equal(startSeconds(times({ startupProbe: startup, readinessProbe: { initialDelaySeconds: 10, periodSeconds: 3 } })), 6 + 4 + 3 + liveStartSeconds);
    });
});

describe("a replica that hangs", () => {
    const { readiness } = times({ readinessProbe: { periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 2 } });
    const door = (targets: "pods" | "nodes", localNodes: boolean, detectionSeconds: number, protocol: "http" | "tcp" = "http") => ({
        targets,
        localNodes,
        detectionSeconds,
        withdrawSeconds: targets === "pods" ? 4 : 0,
        check: { protocol, port: "traffic" as const, intervalSeconds: 10, timeoutSeconds: 5, unhealthy: 2, healthy: 2, initial: 1 },
    });

    it("gets nothing from a load balancer of pods once its probe or the balancer has noticed", () => {
        assert.equal(leftOutSeconds(door("pods", false, 25), readiness), 12 + 3 + 4);
        assert.equal(leftOutSeconds(door("pods", false, 7), readiness), 7);
        assert.equal(leftOutSeconds(door("pods", false, 25), undefined), 25);
    });

    it("goes unnoticed by a balancer that only connects, since the kernel still takes connections", () => {
        assert.equal(leftOutSeconds(door("pods", false, 7, "tcp"), readiness), 12 + 3 + 4);
        assert.equal(leftOutSeconds(door("pods", false, 7, "tcp"), undefined), Infinity);
    });

    it("gets nothing from one of nodes once its probe has noticed, and the balancer after that where nodes keep to their own", () => {
        assert.equal(leftOutSeconds(door("nodes", false, 25), readiness), 12 + 3);
        assert.equal(leftOutSeconds(door("nodes", true, 7), readiness), 12 + 3 + 7);
        assert.equal(leftOutSeconds(door("nodes", true, 7), undefined), Infinity);
    });
});

describe("a slow start", () => {
    it("is left out where the startup probe gives up first, and says by how much", () => {
        assert.equal(tooSlow(times({ startupProbe: { periodSeconds: 2, failureThreshold: 20 }, livenessProbe: {} }), 40), "the startup probe gives a program 40 s to start, and the drill's takes 40 s");
        assert.equal(tooSlow(times({ startupProbe: { periodSeconds: 2, failureThreshold: 21 }, livenessProbe: {} }), 40), undefined);
    });

    it("is left out where the liveness probe waits for nothing and kills it", () => {
        assert.equal(tooSlow(times({ livenessProbe: {} }), 40), "the liveness probe gives a program 30 s to start, and the drill's takes 40 s");
        assert.equal(tooSlow(times({ livenessProbe: { initialDelaySeconds: 11 } }), 40), undefined);
        assert.equal(tooSlow(times({}), 40), undefined);
    });
});

type Pod = Parameters<typeof leastRestarted>[0][number];

/** A pod with a container beside that of the app, which comes first in its status. */
function pod(name: string, restarts: number, { ready = true, ended, waits = false }: { readonly ready?: boolean; readonly ended?: string; readonly waits?: boolean } = {}): Pod {
    const side = { name: "beside", image: "beside:1", imageID: "", containerID: "containerd://beside", ready: true, restartCount: 0, state: {} };
    const app = {
        ...side,
        name: "web",
        containerID: `containerd://${name}-${restarts}`,
        restartCount: restarts,
        ready,
        state: waits ? { waiting: { reason: "CrashLoopBackOff" } } : { running: { startedAt: "2026-03-02T09:00:00Z" } },
        ...(ended === undefined ? {} : { lastState: { terminated: { exitCode: 137, finishedAt: ended } } }),
    };
    return {
        metadata: { name, uid: `uid-${name}` },
        spec: { containers: [{ name: "web" }, { name: "beside" }] },
        status: { containerStatuses: [side, app], conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
    };
}

describe("the container that something is done to", () => {
    it("is that of the app, in the ready pod that was restarted least", () => {
        assert.equal(leastRestarted([pod("a", 2), pod("c", 1), pod("b", 1), pod("d", 0, { ready: false })]).metadata?.name, "b");
        assert.equal(containerOf(pod("b", 1))?.id, "containerd://b-1");
        assert.throws(() => leastRestarted([pod("d", 0, { ready: false })]), /no pod gets requests/);
    });

    it("has paused from the end of the one before until its start", () => {
        assert.equal(containerOf(pod("a", 1, { ended: "2026-03-02T08:59:49Z" }))?.pauseSeconds, 11);
        assert.equal(containerOf(pod("a", 1, { ended: "2026-03-02T08:59:49Z", waits: true }))?.pauseSeconds, undefined);
    });

    const before = containerOf(pod("a", 3));
    const missing = (now: Pod | undefined, restarts: number, asked: "running" | "ready"): string | undefined => {
        assert.ok(before !== undefined);
        return runsAgain({ before, now: () => (now === undefined ? undefined : containerOf(now)) }, restarts, asked);
    };

    it("runs again once it was restarted so often, in the same pod", () => {
        assert.equal(missing(pod("a", 3), 1, "running"), "0 of 1 restarts, ready");
        assert.equal(missing(pod("a", 4, { waits: true, ready: false }), 1, "running"), "1 of 1 restarts, not running");
        assert.equal(missing(pod("a", 4, { ready: false }), 1, "running"), undefined);
        assert.equal(missing(pod("a", 4, { ready: false }), 1, "ready"), "1 of 1 restarts, not ready");
        assert.equal(missing(pod("a", 5), 2, "ready"), undefined);
        assert.equal(missing(pod("b", 5), 2, "ready"), "its pod is gone");
        assert.equal(missing(undefined, 2, "ready"), "its pod is gone");
    });

    /** Whether each promise of two restarts is kept. */
    const kept = (after: Pod | undefined, first = before): readonly boolean[] => {
        assert.ok(first !== undefined);
        return restartPromises(first, after === undefined ? undefined : containerOf(after)).map(promise => promise.kept);
    };

    it("must be restarted twice in its pod, the second time after its back-off", () => {
        const fresh = containerOf(pod("a", 0));
        assert.deepEqual(kept(pod("a", 2, { ended: "2026-03-02T08:59:50Z" }), fresh), [true, true]);
        assert.deepEqual(kept(pod("a", 2, { ended: "2026-03-02T08:59:58Z" }), fresh), [true, false]);
        assert.deepEqual(kept(pod("a", 3, { ended: "2026-03-02T08:59:50Z" }), fresh), [false, false]);
        assert.deepEqual(kept(pod("b", 2, { ended: "2026-03-02T08:59:50Z" }), fresh), [false, false]);
        assert.deepEqual(kept(undefined), [false, false]);
        // It was restarted three times before: 10, 20, 40 s are over, and the next is 80 s.
        assert.deepEqual(kept(pod("a", 5, { ended: "2026-03-02T08:59:20Z" })), [true, false]);
        assert.deepEqual(kept(pod("a", 5, { ended: "2026-03-02T08:58:40Z" })), [true, true]);
    });

    it("is drilled in the full set only", () => {
        assert.equal(crashDrill.quick, false);
    });
});
