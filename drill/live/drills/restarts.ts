import { deploymentManifest, type Subjected } from "../../drills/disruption/manifest";
import { type PodTemplate, type Probe, objectsOf } from "../../stage/objects";
import { liveStartSeconds } from "./promises";

/** What a pod's manifest says of how its first container, that of the app, starts, is asked, and ends. */
export interface ContainerTimes {
    readonly liveness: Probe | undefined;
    readonly readiness: Probe | undefined;
    readonly startup: Probe | undefined;
    /** Time that the pod has to end, in seconds. */
    readonly graceSeconds: number;
    /** Of that, time that its hook sleeps before the program is told, in seconds. */
    readonly preStopSeconds: number;
}

/** Time that a pod has to end where it does not say, in seconds (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination). */
const defaultGraceSeconds = 30;

/** Time that a program is left after its hook, however long that took, in seconds (minimumGracePeriodInSeconds in pkg/kubelet/kuberuntime/kuberuntime_manager.go of Kubernetes 1.36). */
const leastGraceSeconds = 2;

/**
 * The kubelet's back-off, in seconds: a container that ends again is restarted after 10 s, then twice as long each time, 300 s at most
 * (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy; initialCrashLoopBackOff and MaxCrashLoopBackOff in
 * pkg/kubelet/kubelet.go of Kubernetes 1.36: what shortens both, ReduceDefaultCrashLoopBackOffDecay, is alpha and off there).
 */
const backOff = { firstSeconds: 10, mostSeconds: 300 } as const;

/** How an app's container starts, is asked, and ends, by its Deployment. */
export function containerTimesOf({ subject, app }: Subjected): ContainerTimes {
    const { name } = deploymentManifest({ subject, app }).metadata;
    const deployment = objectsOf(subject.objects, "Deployment").find(({ metadata }) => metadata.name === name);
    if (deployment === undefined) {
        throw new Error(`no Deployment ${name} among the objects`);
    }
    return timesOf(deployment.spec.template);
}

/** The same by a pod's template. */
export function timesOf({ spec: { containers, terminationGracePeriodSeconds: graceSeconds = defaultGraceSeconds } }: PodTemplate): ContainerTimes {
    const { livenessProbe: liveness, readinessProbe: readiness, startupProbe: startup, lifecycle } = containers[0] ?? {};
    return { liveness, readiness, startup, graceSeconds, preStopSeconds: lifecycle?.preStop?.sleep?.seconds ?? 0 };
}

/**
 * Longest time until a probe has found that a program hangs which was well until then, in seconds: it hangs just after it has answered, and each
 * of the probes that must fail is a period after the one before. Infinity where nothing probes.
 */
export function detectSeconds(probe: Probe | undefined): number {
    return probe === undefined ? Infinity : probe.periodSeconds * probe.failureThreshold + probe.timeoutSeconds;
}

/**
 * Longest time until a container is gone whose liveness probe has failed, in seconds. The hook before its end runs within the grace period; a program
 * that hangs is killed when that is over, but not earlier than 2 s after the hook (killContainer in pkg/kubelet/kuberuntime/kuberuntime_container.go
 * of Kubernetes 1.36). The probe may have a grace period of its own
 * (https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#probe-level-terminationgraceperiodseconds).
 */
export function endSeconds({ liveness, graceSeconds: ofPod, preStopSeconds }: ContainerTimes): number {
    const graceSeconds = liveness?.terminationGracePeriodSeconds ?? ofPod;
    return Math.max(graceSeconds, Math.min(preStopSeconds, graceSeconds) + leastGraceSeconds);
}

/**
 * Longest wait before a container is started again that has ended, in seconds.
 *
 * @param restarts how often it was restarted before. None of them counts that was ten minutes before this end, so that it may be less.
 */
export function backOffSeconds(restarts: number): number {
    return restarts === 0 ? 0 : Math.min(backOff.firstSeconds * 2 ** (restarts - 1), backOff.mostSeconds);
}

/**
 * Longest time from a container's start until it gets requests, in seconds, where its program listens at once: the startup probe first, then the
 * readiness probe (https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/). The delay of each counts from the start.
 */
export function startSeconds({ readiness, startup }: ContainerTimes): number {
    const started = startup === undefined ? 0 : startup.initialDelaySeconds + startup.periodSeconds * startup.successThreshold;
    const ready = readiness === undefined ? 0 : Math.max(readiness.initialDelaySeconds - started, 0) + readiness.periodSeconds * readiness.successThreshold;
    return started + ready + liveStartSeconds;
}

/** Longest time that a program may take until it listens, in seconds: then the probe that waits for it gives it up. Infinity where none does. */
export function mostStartSeconds({ startup, liveness }: ContainerTimes): number {
    const waits = startup ?? liveness;
    return waits === undefined ? Infinity : waits.initialDelaySeconds + waits.periodSeconds * waits.failureThreshold;
}

/** Longest time until a container that was killed gets requests again, in seconds. @param restarts how often it was restarted before. */
export function afterCrashSeconds(times: ContainerTimes, restarts: number): number {
    return backOffSeconds(restarts) + startSeconds(times);
}

/** Longest time until a container whose program hangs was restarted and gets requests again, in seconds. Infinity where nothing would notice. */
export function afterHangSeconds(times: ContainerTimes, restarts: number): number {
    return detectSeconds(times.liveness) + endSeconds(times) + backOffSeconds(restarts) + startSeconds(times);
}
