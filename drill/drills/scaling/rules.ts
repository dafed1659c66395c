import type { AppConfig } from "../../../components/config";
import type { Stage } from "../../stage";
import { type AutoscalerManifest, autoscalerManifest } from "../disruption/manifest";

/**
 * Time between two looks of the autoscaler, in seconds: --horizontal-pod-autoscaler-sync-period, default 15 s
 * (https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/).
 */
export const lookSeconds = 15;

/** A change of replicas. */
export interface Step {
    /** Seconds since the drill began. */
    readonly at: number;
    readonly from: number;
    readonly to: number;
}

export interface Policy {
    readonly type: "Pods" | "Percent";
    readonly value: number;
    readonly periodSeconds: number;
}

/** How fast an autoscaler may go one way. */
export interface ScalingRules {
    /** Stabilization window, in seconds. */
    readonly windowSeconds: number;
    /** Which of the policies counts: that which allows the most, or the least, or none does. */
    readonly select: "Max" | "Min" | "Disabled";
    readonly policies: readonly Policy[];
}

export interface Behavior {
    readonly up: ScalingRules;
    readonly down: ScalingRules;
}

/**
 * What holds where an autoscaler does not say (pkg/apis/autoscaling/v2/defaults.go; the window down is the controller manager's
 * --horizontal-pod-autoscaler-downscale-stabilization, 5 min).
 */
const defaults: Behavior = {
    up: {
        windowSeconds: 0,
        select: "Max",
        policies: [
            { type: "Pods", value: 4, periodSeconds: 15 },
            { type: "Percent", value: 100, periodSeconds: 15 },
        ],
    },
    down: { windowSeconds: 300, select: "Max", policies: [{ type: "Percent", value: 100, periodSeconds: 15 }] },
};

type WireRules = NonNullable<AutoscalerManifest["spec"]["behavior"]>["scaleUp"];

/** How fast an autoscaler may go, by its manifest. */
export function behaviorOf({ spec: { behavior } }: AutoscalerManifest): Behavior {
    return { up: rulesOf(behavior?.scaleUp, defaults.up), down: rulesOf(behavior?.scaleDown, defaults.down) };
}

/** How fast a stage's autoscaler is to go: as config says, and where there is none, as its manifest does. */
export function behaviorFor({ subject, app }: Pick<Stage, "subject" | "app">): Behavior {
    return subject.expected === undefined ? behaviorOf(autoscalerManifest({ subject, app })) : behaviorIn(subject.expected.scaling);
}

/** The same by config, where whichever of the two policies allows more counts. */
function behaviorIn({ up, down }: AppConfig["scaling"]): Behavior {
    const rules = ({ pods, percent, periodSeconds, windowSeconds }: AppConfig["scaling"]["up"]): ScalingRules => ({
        windowSeconds,
        select: "Max",
        policies: [
            { type: "Pods", value: pods, periodSeconds },
            { type: "Percent", value: percent, periodSeconds },
        ],
    });
    return { up: rules(up), down: rules(down) };
}

function rulesOf(rules: WireRules, { windowSeconds, select, policies }: ScalingRules): ScalingRules {
    return {
        windowSeconds: rules?.stabilizationWindowSeconds ?? windowSeconds,
        select: selectOf(rules?.selectPolicy ?? select),
        policies: rules?.policies?.map(policy => ({ type: typeOf(policy.type), value: policy.value, periodSeconds: policy.periodSeconds })) ?? policies,
    };
}

function selectOf(word: string): ScalingRules["select"] {
    if (word !== "Max" && word !== "Min" && word !== "Disabled") {
        throw new Error(`an autoscaler does not know selectPolicy ${word}`);
    }
    return word;
}

function typeOf(word: string): Policy["type"] {
    if (word !== "Pods" && word !== "Percent") {
        throw new Error(`an autoscaler does not know policy ${word}`);
    }
    return word;
}

/**
 * By how much the time between two steps as it was seen may be off from that between the two decisions, in seconds. A step
 * at the very end of another's period counts as after it; the controller's own clock decides, and a drill does not see that.
 */
export const seenOffSeconds = 1;

/**
 * The most replicas that policies allow after a step up, as the autoscaler reckons: from the replicas at the period's beginning
 * (pkg/controller/podautoscaler/horizontal.go, calculateScaleUpLimitWithScalingRules).
 */
export function mostAfter({ at, from }: Pick<Step, "at" | "from">, earlier: readonly Step[], rules: ScalingRules): number {
    const limits = rules.policies.map(({ type, value, periodSeconds }) => {
        const start = startOf(from, at - periodSeconds, earlier);
        return type === "Pods" ? start + value : Math.ceil(start * (1 + value / 100));
    });
    return Math.max(from, selected(limits, rules.select, from, { most: Math.max, least: Math.min }));
}

/** The fewest that policies allow after a step down (the same, calculateScaleDownLimitWithBehaviors). */
export function leastAfter({ at, from }: Pick<Step, "at" | "from">, earlier: readonly Step[], rules: ScalingRules): number {
    const limits = rules.policies.map(({ type, value, periodSeconds }) => {
        const start = startOf(from, at - periodSeconds, earlier);
        return type === "Pods" ? start - value : Math.trunc(start * (1 - value / 100));
    });
    return Math.min(from, selected(limits, rules.select, from, { most: Math.min, least: Math.max }));
}

/** Replicas at the beginning of a period: now, less what came in it, and what went. */
function startOf(from: number, since: number, earlier: readonly Step[]): number {
    return earlier.filter(({ at }) => at > since + seenOffSeconds).reduce((replicas, step) => replicas - (step.to - step.from), from);
}

type Choose = (...limits: number[]) => number;

function selected(limits: readonly number[], select: ScalingRules["select"], from: number, { most, least }: { readonly most: Choose; readonly least: Choose }): number {
    switch (select) {
        case "Disabled":
            return from;
        case "Min":
            return least(...limits);
        case "Max":
            return most(...limits);
        default:
            return select satisfies never;
    }
}

/** The policies in words: "4 replicas or 100 % in 15 s". */
export function policiesInWords({ policies, select }: ScalingRules): string {
    if (select === "Disabled") {
        return "no step";
    }
    const inOne = new Set(policies.map(({ periodSeconds }) => periodSeconds)).size === 1;
    const words = policies.map(({ type, value, periodSeconds }) => `${value} ${type === "Percent" ? "%" : value === 1 ? "replica" : "replicas"}${inOne ? "" : ` in ${periodSeconds} s`}`);
    return `${words.join(select === "Max" ? " or " : " and ")}${inOne ? ` in ${policies[0]?.periodSeconds ?? 0} s` : ""}`;
}

/**
 * The most turns, from up to down and back, that the windows leave room for in a while. A turn down needs a whole window
 * without a higher advice, and the next turn up one without a lower; each takes a look at the least.
 */
export function turnsAllowed(seconds: number, { up, down }: Behavior): number {
    const cycle = Math.max(up.windowSeconds, lookSeconds) + Math.max(down.windowSeconds, lookSeconds);
    return 2 * Math.floor(seconds / cycle);
}
