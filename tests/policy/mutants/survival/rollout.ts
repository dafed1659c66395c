import { type Mutant, both, set, setKey } from "../../plant";
import { autoscaler, container, deployment, ingress, pod, service, statefulSet } from "./types";

const app = "east-shop-deployment";
const state = "east-shop-state";

const replacement: readonly Mutant[] = [
    { defect: "a rollout that may stop every replica", rule: "rollout-keeps-replicas", plant: set(deployment, app, "spec.strategy.rollingUpdate.maxUnavailable", "100%") },
    { defect: "a rollout that stops one replica first", rule: "rollout-keeps-replicas", plant: set(deployment, app, "spec.strategy.rollingUpdate.maxUnavailable", 1) },
    {
        defect: "a rollout by Kubernetes' default, which stops a quarter of six",
        rule: "rollout-keeps-replicas",
        plant: both(set(deployment, app, "spec.strategy", undefined), set(autoscaler, "east-shop-autoscaler", "spec.minReplicas", 6)),
    },
    {
        defect: "a rollout without surge that has to stop one replica first",
        rule: "rollout-keeps-replicas",
        plant: set(deployment, app, "spec.strategy.rollingUpdate", { maxSurge: 0, maxUnavailable: "25%" }),
    },
    { defect: "a rollout that can neither start nor stop a replica", rule: "rollout-moves", plant: set(deployment, app, "spec.strategy.rollingUpdate.maxSurge", 0) },
    { defect: "a paused Deployment", rule: "deployment-not-paused", plant: set(deployment, app, "spec.paused", true) },
    { defect: "a canary of the state that was forgotten", rule: "stateful-partition", plant: set(statefulSet, state, "spec.updateStrategy.rollingUpdate", { partition: 2 }) },
    { defect: "a rollout that stops all first", rule: "rollout-keeps-replicas", plant: set(deployment, "central-shop-deployment", "spec.strategy", { type: "Recreate" }) },
    { defect: "a rollout without a deadline", rule: "rollout-reports-failure", plant: set(deployment, app, "spec.progressDeadlineSeconds", 2147483647) },
    { defect: "a rollout's deadline shorter than a start", rule: "rollout-reports-failure", plant: set(deployment, app, "spec.progressDeadlineSeconds", 60) },
    { defect: "replicas that count as available at once", rule: "rollout-settles", plant: set(deployment, app, "spec.minReadySeconds", 0) },
    { defect: "stateful replicas that count as available at once", rule: "rollout-settles", plant: set(statefulSet, state, "spec.minReadySeconds", undefined) },
    { defect: "no revision to go back to", rule: "rollout-can-go-back", plant: set(deployment, app, "spec.revisionHistoryLimit", 0) },
    { defect: "stateful replicas that are updated by hand", rule: "stateful-rollout", plant: set(statefulSet, state, "spec.updateStrategy", { type: "OnDelete" }) },
    { defect: "stateful replicas that start in order", rule: "stateful-parallel", plant: set(statefulSet, state, "spec.podManagementPolicy", undefined) },
];

const questions: readonly Mutant[] = [
    { defect: "no readiness probe", rule: "probe-readiness", plant: set(deployment, app, `${container}.readinessProbe`, undefined) },
    { defect: "no readiness probe of the state", rule: "probe-readiness", plant: set(statefulSet, state, `${container}.readinessProbe`, undefined) },
    { defect: "no liveness probe", rule: "probe-liveness", plant: set(deployment, app, `${container}.livenessProbe`, undefined) },
    { defect: "no startup probe", rule: "probe-startup", plant: set(deployment, app, `${container}.startupProbe`, undefined) },
    { defect: "a startup probe that allows less than liveness", rule: "probe-startup", plant: set(deployment, app, `${container}.startupProbe.failureThreshold`, 5) },
    { defect: "liveness that asks for readiness", rule: "probes-differ", plant: set(deployment, app, `${container}.livenessProbe.httpGet.path`, "/readyz") },
    { defect: "a probe of a port that is not there", rule: "probe-port-exists", plant: set(deployment, app, `${container}.readinessProbe.httpGet.port`, "htpp") },
    { defect: "a TCP probe of a port that is not there", rule: "probe-port-exists", plant: set(statefulSet, state, `${container}.startupProbe.tcpSocket.port`, "redis") },
    { defect: "a probe of a number that no container has", rule: "probe-port-declared", plant: set(deployment, app, `${container}.readinessProbe.httpGet.port`, 8080) },
    { defect: "readiness that takes minutes to fail", rule: "probe-readiness-quick", plant: set(statefulSet, state, `${container}.readinessProbe.periodSeconds`, 30) },
    { defect: "liveness that gives up before readiness", rule: "probe-liveness-patient", plant: set(deployment, app, `${container}.livenessProbe.periodSeconds`, 3) },
];

const ending: readonly Mutant[] = [
    { defect: "no preStop", rule: "shutdown-prestop", plant: set(deployment, app, `${container}.lifecycle`, undefined) },
    { defect: "a preStop that does nothing", rule: "shutdown-prestop", plant: set(deployment, app, `${container}.lifecycle.preStop`, { exec: { command: ["true"] } }) },
    { defect: "a preStop whose shell does nothing", rule: "shutdown-prestop", plant: set(deployment, app, `${container}.lifecycle.preStop`, { exec: { command: ["/bin/sh", "-c", "exit 0"] } }) },
    { defect: "a preStop shorter than deregistration", rule: "shutdown-outlasts-deregistration", plant: set(deployment, app, `${container}.lifecycle.preStop.sleep.seconds`, 10) },
    {
        defect: "a preStop by command shorter than deregistration",
        rule: "shutdown-outlasts-deregistration",
        plant: set(deployment, app, `${container}.lifecycle.preStop`, { exec: { command: ["/bin/sh", "-c", "sleep 15"] } }),
    },
    {
        defect: "a load balancer that deregisters by AWS's default",
        rule: "shutdown-outlasts-deregistration",
        plant: setKey(service, "east-shop-service", "metadata.annotations", "service.beta.kubernetes.io/aws-load-balancer-target-group-attributes", undefined),
    },
    {
        defect: "an Ingress that deregisters in two minutes",
        rule: "shutdown-outlasts-deregistration",
        plant: setKey(ingress, "east-shop-ingress", "metadata.annotations", "alb.ingress.kubernetes.io/target-group-attributes", "stickiness.enabled=false,deregistration_delay.timeout_seconds=120"),
    },
    {
        defect: "a Service that overrules its Ingress' deregistration",
        rule: "shutdown-outlasts-deregistration",
        plant: setKey(service, "east-shop-ingress-service", "metadata.annotations", "alb.ingress.kubernetes.io/target-group-attributes", "deregistration_delay.timeout_seconds=60"),
    },
    {
        defect: "a BackendConfig that drains for a minute",
        rule: "shutdown-outlasts-deregistration",
        plant: set("kubernetes:cloud.google.com/v1:BackendConfig", "central-shop-entry-backend", "spec.connectionDraining.drainingTimeoutSec", 60),
    },
    { defect: "a grace period that ends with preStop", rule: "shutdown-grace", plant: set(deployment, app, `${pod}.terminationGracePeriodSeconds`, 25) },
    { defect: "a grace period shorter than the state's preStop", rule: "shutdown-grace", plant: set(statefulSet, state, `${pod}.terminationGracePeriodSeconds`, 2) },
];

export const rollout: readonly Mutant[] = [...replacement, ...questions, ...ending];
