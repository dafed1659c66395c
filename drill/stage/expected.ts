import type { AppConfig } from "../../components/config";
import type { KubeObject } from "../api";
import type { AppFacts } from "./facts";
import { type ScalingRules, objectsOf } from "./objects";

/**
 * What config says of the app that a subject's objects are of. Drills go by the objects, which is what they try; so that a stack can't
 * lower its own bar by saying less, its objects are held against this first.
 */
export interface Expected {
    readonly replicas: AppConfig["replicas"];
    readonly scaling: AppConfig["scaling"];
    readonly giveUpNodeSeconds: number;
    readonly budgetMaxUnavailable: number | string;
    /** Undefined for an app that keeps no data. */
    readonly stateReplicas: number | undefined;
}

/** What a config says of its app. */
export function expectedOf({ replicas, scaling, scheduling, budget, state }: AppConfig): Expected {
    return { replicas, scaling, giveUpNodeSeconds: scheduling.giveUpNodeSeconds, budgetMaxUnavailable: budget.maxUnavailable, stateReplicas: state?.replicas };
}

/** Where objects say otherwise than config, a line each: "autoscaler: at most 10, and config says 12". */
export function contradictions(objects: readonly KubeObject[], { deployment, autoscaler, budget, state, namespace }: AppFacts, expected: Expected): readonly string[] {
    const [scaler] = objectsOf(objects, "HorizontalPodAutoscaler");
    const [manifest] = objectsOf(objects, "Deployment");
    const { up, down, cpu } = expected.scaling;
    const level = objectsOf(objects, "Namespace").find(({ metadata }) => metadata.name === namespace)?.metadata.labels?.[enforced];
    const facts: readonly Fact[] = [
        ["replicas at rest", deployment.replicas, expected.replicas.min],
        ["replicas at most", autoscaler?.max, expected.replicas.max],
        ["the autoscaler's target, in percent", autoscaler?.targetPercent, cpu],
        ["steps up", stepsOf(scaler?.spec.behavior?.scaleUp), stepsAs(up)],
        ["steps down", stepsOf(scaler?.spec.behavior?.scaleDown), stepsAs(down)],
        ["replicas that a rollout may miss", manifest?.spec.strategy?.rollingUpdate?.maxUnavailable, 0],
        ["seconds until a silent node is given up", toleratedOf(manifest), expected.giveUpNodeSeconds],
        ["replicas that the budget lets go", budget?.maxUnavailable, expected.budgetMaxUnavailable],
        ["replicas that keep data", state?.replicas, expected.stateReplicas],
        ["the namespace's Pod Security level", level, "restricted"],
    ];
    return facts.filter(([, said, meant]) => said !== meant).map(([what, said, meant]) => `${what}: ${said ?? "none"}, and config says ${meant ?? "none"}`);
}

type Fact = readonly [what: string, said: number | string | undefined, meant: number | string | undefined];

const enforced = "pod-security.kubernetes.io/enforce";

/** Taints of a silent node, that a pod tolerates for a while. */
const silent = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

type DeploymentObject = ReturnType<typeof objectsOf<"Deployment">>[number];

/** Longest time that the pods put up with a silent node, in seconds; undefined where they leave one of its taints to Kubernetes. */
function toleratedOf(manifest: DeploymentObject | undefined): number | undefined {
    const tolerations = manifest?.spec.template.spec.tolerations ?? [];
    const times = silent.map(taint => tolerations.find(({ key }) => key === taint)?.tolerationSeconds);
    return times.includes(undefined) ? undefined : Math.max(...times.map(Number));
}

/** An autoscaler's pace as text, for comparison: "window 300 s; 1 Pods in 60 s; 10 Percent in 60 s". */
function stepsOf(rules: ScalingRules | undefined): string | undefined {
    if (rules === undefined) {
        return undefined;
    }
    const policies = (rules.policies ?? []).map(({ type, value, periodSeconds }) => `${value} ${type} in ${periodSeconds} s`).sort();
    return [`window ${rules.stabilizationWindowSeconds ?? 0} s`, ...policies].join("; ");
}

function stepsAs({ pods, percent, periodSeconds, windowSeconds }: AppConfig["scaling"]["up"]): string {
    const policies = [`${pods} Pods in ${periodSeconds} s`, `${percent} Percent in ${periodSeconds} s`].sort();
    return [`window ${windowSeconds} s`, ...policies].join("; ");
}
