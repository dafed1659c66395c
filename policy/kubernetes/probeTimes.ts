import type { Container } from "./pods";
import { numberOf } from "./quantities";
import { isSet } from "../values";

type Probe = NonNullable<Container["readinessProbe"]>;

/** Kubernetes' defaults (https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes). */
const defaults = { periodSeconds: 10, failureThreshold: 3 };

/** Time until a probe that fails from now on has its effect, in seconds. */
export function failureSecondsOf({ periodSeconds, failureThreshold }: Probe): number {
    return numberOf(periodSeconds, defaults.periodSeconds) * numberOf(failureThreshold, defaults.failureThreshold);
}

/** Time that a container may take to start, in seconds; 0 without a startup probe. */
export function startupSecondsOf({ startupProbe }: Container): number {
    return isSet(startupProbe) ? numberOf(startupProbe.initialDelaySeconds, 0) + failureSecondsOf(startupProbe) : 0;
}
