import { autoscalerTolerance, controlError, desiredReplicas } from "../../../components/model/capacity";
import type { PromiseResult } from "../../result";
import type { AppFacts } from "../../stage";
import { startAllowanceSeconds } from "../disruption/promises";
import { type Behavior, type ScalingRules, leastAfter, lookSeconds, mostAfter, policiesInWords, seenOffSeconds } from "./rules";
import { type Look, stepsIn } from "./watch";

type AutoscalerFacts = NonNullable<AppFacts["autoscaler"]>;

/** A step, and what it may be. */
export interface JudgedStep {
    /** "3 → 6 at 17.2 s: 114 % of 60 % asks for 6, policies let 7". */
    readonly words: string;
    readonly lawful: boolean;
}

/**
 * Holds each step against the autoscaler's own law, ceil(N · current / target), its bounds, and its policies. Replicas that are
 * not measured yet count as idle in a step up, so it may be smaller than the law says, but never greater; a step down
 * may go no lower than any look of its window advised.
 */
export function judgeSteps(looks: readonly Look[], facts: AutoscalerFacts, behavior: Behavior): readonly JudgedStep[] {
    const steps = stepsIn(looks);
    return steps.map((step, index) => {
        const earlier = steps.slice(0, index);
        return step.to > step.from ? judgeUp(step, earlier, facts, behavior.up) : judgeDown(step, { earlier, looks, facts, rules: behavior.down });
    });
}

/** What the law asks for after a look. Where nothing was read, as many as there are. */
function advice({ from, percent }: Look, { targetPercent }: AutoscalerFacts): number {
    return percent === undefined ? from : desiredReplicas(from, percent, targetPercent);
}

function judgeUp(step: Look, earlier: readonly Look[], facts: AutoscalerFacts, rules: ScalingRules): JudgedStep {
    const asked = advice(step, facts);
    const most = mostAfter(step, earlier, rules);
    return { words: `${read(step, facts)} asks for ${asked}, policies let ${most}`, lawful: step.to <= Math.min(asked, most, facts.max) };
}

interface Downward {
    readonly earlier: readonly Look[];
    readonly looks: readonly Look[];
    readonly facts: AutoscalerFacts;
    readonly rules: ScalingRules;
}

function judgeDown(step: Look, { earlier, looks, facts, rules }: Downward): JudgedStep {
    const since = step.at - rules.windowSeconds;
    // It says only what is new: what it said before the window began, it may have found again until the look before its next word.
    const inWindow = looks.filter(({ at }, index) => at <= step.at && (looks[index + 1]?.at ?? Infinity) - lookSeconds > since + seenOffSeconds);
    const highest = Math.max(...inWindow.map(look => advice(look, facts)));
    const least = leastAfter(step, earlier, rules);
    return { words: `${read(step, facts)}, at most ${highest} asked for in ${rules.windowSeconds} s, policies let ${least}`, lawful: step.to >= Math.max(highest, least, facts.min) };
}

function read({ from, to, at, percent }: Look, { targetPercent }: AutoscalerFacts): string {
    return `${from} → ${to} at ${at.toFixed(1)} s: ${percent ?? "nothing"} % of ${targetPercent} %`;
}

/** The promise that every step is a lawful one. */
export function stepsPromise(steps: readonly JudgedStep[], { up, down }: Behavior): PromiseResult {
    const unlawful = steps.filter(({ lawful }) => !lawful);
    const lawful = `${steps.length - unlawful.length} of ${steps.length} steps`;
    return {
        name: "steps within ceil(N · current / target) and the policies",
        promised: `all: up ${policiesInWords(up)}, down ${policiesInWords(down)}`,
        measured: unlawful.length === 0 ? lawful : `${lawful}; not ${unlawful.map(({ words }) => words).join("; ")}`,
        kept: unlawful.length === 0,
    };
}

/** Use in whole percent of a request, cut off as the autoscaler does (pkg/controller/podautoscaler/metrics/utilization.go). */
export function percentOfRequest(cores: number, requestCores: number): number {
    // Millionths, so that 57 is not cut to 56 for the way in which computers hold fractions.
    return Math.floor(Math.round((cores / requestCores) * 1e8) / 1e6);
}

/** A count that must not rise over a bound. */
export function neverOver(name: string, bound: number, measured: number): PromiseResult {
    return { name, promised: String(bound), measured: String(measured), kept: measured <= bound };
}

/**
 * Whether an autoscaler was content at a look: what it read is within its tolerance of the target, bounds included
 * (pkg/controller/podautoscaler/replica_calculator.go, isWithin).
 */
export function atTarget(look: Look | undefined, { targetPercent }: AutoscalerFacts): boolean {
    const ratio = look?.percent === undefined ? Infinity : look.percent / targetPercent;
    return ratio >= 1 - autoscalerTolerance && ratio <= 1 + autoscalerTolerance;
}

/** The promise that the control error e = r − y is within the tolerance at the end. */
export function errorPromise(look: Look | undefined, facts: AutoscalerFacts): PromiseResult {
    const { targetPercent } = facts;
    const error = look?.percent === undefined ? undefined : controlError(targetPercent, look.percent);
    return {
        name: "control error at the end",
        promised: `within ±${Math.round(autoscalerTolerance * targetPercent * 10) / 10} points of ${targetPercent} %`,
        measured: error === undefined ? "nothing was read" : `${error > 0 ? "+" : ""}${error} points`,
        kept: atTarget(look, facts),
    };
}

/** A load on an app that has an autoscaler. */
export interface Burden {
    /** Replicas when it comes. */
    readonly replicas: number;
    readonly cores: number;
    /** CPU that a replica requests, in cores. */
    readonly requestCores: number;
    readonly autoscaler: AutoscalerFacts;
    readonly rules: ScalingRules;
    readonly scrapeSeconds: number;
}

/** What a load asks of an app, by the model. */
export interface Demand {
    /** Use in percent of what the replicas request. */
    readonly percent: number;
    /** Replicas that the autoscaler's law asks for, at most its maximum. */
    readonly most: number;
    /** Replicas with which the autoscaler is within its tolerance; with one less it is not. */
    readonly enough: number;
    /** Longest time until they are ready, in seconds. */
    readonly longest: number;
}

/** What a load asks of an app that jumps to it. */
export function demandOf({ replicas, cores, requestCores, autoscaler: { max, targetPercent }, rules, scrapeSeconds }: Burden): Demand {
    const percent = percentOfRequest(cores, replicas * requestCores);
    const most = Math.min(max, desiredReplicas(replicas, percent, targetPercent));
    const enough = Math.min(most, Math.ceil(cores / (requestCores * (targetPercent / 100) * (1 + autoscalerTolerance))));
    return { percent, most, enough, longest: longestScaleUp({ from: replicas, to: most, rules, scrapeSeconds }) };
}

/** A way up. */
export interface Climb {
    readonly from: number;
    readonly to: number;
    readonly rules: ScalingRules;
    /** Between two measurements; each looks back as far. In seconds. */
    readonly scrapeSeconds: number;
}

/**
 * Longest time from a jump of the load until so many replicas are ready, in seconds. The first step comes with the next
 * measurement and the next look. Each further one waits until the last one's replicas are started and were at work for a whole
 * measurement, as they count as idle until then (pkg/controller/podautoscaler/replica_calculator.go, groupPods). There
 * are as many steps as the policies make necessary, and one more, for the first measurement may have seen the new load for a
 * part of its time only.
 */
export function longestScaleUp({ from, to, rules, scrapeSeconds }: Climb): number {
    let policySteps = 0;
    for (let replicas = from; replicas < to; policySteps++) {
        const next = mostAfter({ at: 0, from: replicas }, [], rules);
        if (next <= replicas) {
            return Infinity;
        }
        replicas = next;
    }
    const first = scrapeSeconds + lookSeconds + rules.windowSeconds;
    return first + policySteps * longestToSettle(scrapeSeconds, rules.windowSeconds) + startAllowanceSeconds;
}

/** Longest time from a step until the autoscaler acts on what the new replicas do, in seconds: they start, are measured, and that is looked at. */
export function longestToSettle(scrapeSeconds: number, windowSeconds = 0): number {
    return startAllowanceSeconds + 2 * scrapeSeconds + lookSeconds + windowSeconds;
}
