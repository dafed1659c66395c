import { surge } from "../../components/model/capacity";
import { amountOf } from "../../policy/kubernetes/quantities";
import type { KubeObject } from "../api";
import { type Container, type PodTemplate, objectsOf } from "./objects";

/** What drills need to know of an app, read off its objects. */
export interface AppFacts {
    readonly namespace: string;
    readonly deployment: DeploymentFacts;
    /** The Service that the world comes in by. */
    readonly service: { readonly name: string };
    /** Undefined where the replicas are fixed. */
    readonly autoscaler: AutoscalerFacts | undefined;
    /** Disruption budget of the replicas. */
    readonly budget: BudgetFacts | undefined;
    /** Replicas that keep data. */
    readonly state: StateFacts | undefined;
}

export interface DeploymentFacts {
    readonly name: string;
    /** Labels that its pods are picked by. */
    readonly labels: Readonly<Record<string, string>>;
    /** The same as a selector: "app=shop,part=web". */
    readonly selector: string;
    readonly image: string;
    /** Replicas at rest: what the manifest says, or the autoscaler's minimum where that is more. */
    readonly replicas: number;
    /** CPU that a pod requests, in cores. */
    readonly requestCores: number;
    /** Extra pods of a rollout, and pods that may be missing in it, at rest. */
    readonly maxSurge: number;
    readonly maxUnavailable: number;
    readonly minReadySeconds: number;
    readonly progressDeadlineSeconds: number;
}

export interface AutoscalerFacts {
    readonly name: string;
    readonly min: number;
    readonly max: number;
    /** CPU use that it aims at, in percent of the request. */
    readonly targetPercent: number;
}

export interface BudgetFacts {
    readonly name: string;
    /** A number or a percentage; one of the two is set. */
    readonly maxUnavailable: number | string | undefined;
    readonly minAvailable: number | string | undefined;
}

export interface StateFacts {
    readonly name: string;
    readonly selector: string;
    readonly replicas: number;
    /** Names of its claims. */
    readonly claims: readonly string[];
    readonly budget: BudgetFacts | undefined;
}

/** Kubernetes' defaults for what a manifest leaves out (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/ and pod-v1). */
const defaults = { surge: "25%", unavailable: "25%", progressDeadlineSeconds: 600, targetPercent: 80 } as const;

/** The facts of the one app in some objects. Throws where there is no Deployment, more than one, or no Service in front of it. */
export function factsOf(objects: readonly KubeObject[]): AppFacts {
    const [deployment, ...others] = objectsOf(objects, "Deployment");
    if (deployment === undefined || others.length > 0) {
        throw new Error(`drills need one Deployment, and there are ${others.length + (deployment === undefined ? 0 : 1)}`);
    }
    const { metadata, spec } = deployment;
    const { name, namespace = "default" } = metadata;
    const podLabels = spec.template.metadata?.labels ?? {};
    const service = objectsOf(objects, "Service").find(candidate => candidate.spec.type === "LoadBalancer" && picks(candidate.spec.selector, podLabels));
    if (service === undefined) {
        throw new Error(`drills need a LoadBalancer Service in front of Deployment ${name}`);
    }
    const scaler = objectsOf(objects, "HorizontalPodAutoscaler").find(({ spec: { scaleTargetRef } }) => scaleTargetRef.kind === "Deployment" && scaleTargetRef.name === name);
    const least = scaler?.spec.minReplicas ?? 1;
    const replicas = Math.max(spec.replicas ?? 1, least);
    // Recreate ends all of them before it makes the first new one.
    const rollout = spec.strategy?.type === "Recreate" ? { maxSurge: 0, maxUnavailable: replicas } : (spec.strategy?.rollingUpdate ?? {});
    const { maxSurge = defaults.surge, maxUnavailable = defaults.unavailable } = rollout;
    const labels = spec.selector.matchLabels ?? {};
    return {
        namespace,
        deployment: {
            name,
            labels,
            selector: selectorOf(labels),
            image: spec.template.spec.containers[0]?.image ?? "",
            replicas,
            requestCores: requestOf(spec.template, "cpu"),
            maxSurge: extraPods(maxSurge, replicas),
            maxUnavailable: missingPods(maxUnavailable, replicas),
            minReadySeconds: spec.minReadySeconds ?? 0,
            progressDeadlineSeconds: spec.progressDeadlineSeconds ?? defaults.progressDeadlineSeconds,
        },
        service: { name: service.metadata.name },
        autoscaler:
            scaler === undefined
                ? undefined
                : {
                      name: scaler.metadata.name,
                      min: least,
                      max: scaler.spec.maxReplicas,
                      targetPercent: scaler.spec.metrics?.find(({ resource }) => resource?.name === "cpu")?.resource?.target.averageUtilization ?? defaults.targetPercent,
                  },
        budget: budgetOf(objects, podLabels),
        state: stateOf(objects),
    };
}

function stateOf(objects: readonly KubeObject[]): StateFacts | undefined {
    const [set] = objectsOf(objects, "StatefulSet");
    if (set === undefined) {
        return undefined;
    }
    const { name } = set.metadata;
    const { replicas = 1, volumeClaimTemplates = [], template } = set.spec;
    const labels = set.spec.selector.matchLabels ?? {};
    const ordinals = Array.from({ length: replicas }, (_, ordinal) => ordinal);
    return {
        name,
        selector: selectorOf(labels),
        replicas,
        claims: volumeClaimTemplates.flatMap(({ metadata: { name: volume } }) => ordinals.map(ordinal => `${volume}-${name}-${ordinal}`)),
        budget: budgetOf(objects, template.metadata?.labels ?? {}),
    };
}

function budgetOf(objects: readonly KubeObject[], podLabels: Readonly<Record<string, string>>): BudgetFacts | undefined {
    const budget = objectsOf(objects, "PodDisruptionBudget").find(({ spec }) => picks(spec.selector.matchLabels, podLabels));
    return budget === undefined ? undefined : { name: budget.metadata.name, maxUnavailable: budget.spec.maxUnavailable, minAvailable: budget.spec.minAvailable };
}

/** Whether labels that select pods pick those with the given labels. None select nothing here. */
function picks(selector: Readonly<Record<string, string>> | undefined, labels: Readonly<Record<string, string>>): boolean {
    const pairs = Object.entries(selector ?? {});
    return pairs.length > 0 && pairs.every(([key, value]) => labels[key] === value);
}

function selectorOf(labels: Readonly<Record<string, string>>): string {
    return Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(",");
}

/** What a pod requests of a resource: what its containers do, each at least its limit where it says no more. In cores or bytes. */
export function requestOf({ spec }: PodTemplate, resource: "cpu" | "memory"): number {
    const requestOfOne = ({ resources }: Container): number => amountOf(resources?.requests?.[resource] ?? resources?.limits?.[resource] ?? "0");
    return spec.containers.reduce((sum, container) => sum + requestOfOne(container), 0);
}

/** Extra pods of a rollout: a number, or a percentage rounded up. */
export function extraPods(value: number | string, replicas: number): number {
    return typeof value === "number" ? value : surge(replicas, percentOf(value));
}

/** Pods that may be missing in a rollout: a number, or a percentage rounded down. */
function missingPods(value: number | string, replicas: number): number {
    return typeof value === "number" ? value : Math.floor((replicas * percentOf(value)) / 100);
}

function percentOf(text: string): number {
    const [, percent] = /^(\d+)%$/.exec(text) ?? [];
    if (percent === undefined) {
        throw new Error(`${text} is no percentage`);
    }
    return Number(percent);
}
