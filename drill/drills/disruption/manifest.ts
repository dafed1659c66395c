import type { V1Container, V1Deployment, V2HorizontalPodAutoscaler } from "@kubernetes/client-node";

import { scheduling } from "../../../components/config/app/lifecycle";
import { replacementSeconds } from "../../../components/model/recovery";
import { shareOf } from "../../../policy/kubernetes/quantities";
import type { KubeObject, Wire } from "../../api";
import { otherTag } from "../../controlPlane";
import type { Stage } from "../../stage";
import { type BudgetFacts, extraPods } from "../../stage/facts";
import { startAllowanceSeconds } from "./promises";

/** An object whose spec is known. That it is of its kind's form was checked when the stage's facts were read. */
type Manifest<T extends { spec?: unknown }> = KubeObject & { readonly spec: NonNullable<Wire<T>["spec"]> };

export type DeploymentManifest = Manifest<V1Deployment>;
export type AutoscalerManifest = Manifest<V2HorizontalPodAutoscaler>;
type Container = Wire<V1Container>;

/** What drills read of a subject: its objects, and whose they are. */
export type Subjected = Pick<Stage, "subject" | "app">;

/** The app's Deployment, as it is applied. */
export function deploymentManifest({ subject: { objects }, app }: Subjected): DeploymentManifest {
    return find(objects, "Deployment", app.deployment.name) as DeploymentManifest;
}

/** Its autoscaler. Throws where it has none. */
export function autoscalerManifest({ subject: { objects }, app }: Subjected): AutoscalerManifest {
    return find(objects, "HorizontalPodAutoscaler", app.autoscaler?.name) as AutoscalerManifest;
}

function find(objects: readonly KubeObject[], kind: string, name: string | undefined): KubeObject {
    const found = objects.find(object => object.kind === kind && object.metadata.name === name);
    if (found === undefined) {
        throw new Error(`no ${kind} ${name ?? ""} among the objects`);
    }
    return found;
}

/** The Deployment with its first container changed, that of the app. */
export function withContainer(deployment: DeploymentManifest, change: (container: Container) => Partial<Container>): DeploymentManifest {
    const { spec } = deployment;
    const [first, ...others] = spec.template.spec?.containers ?? [];
    if (first === undefined) {
        throw new Error(`Deployment ${deployment.metadata.name} has no container`);
    }
    const containers = [{ ...first, ...change(first) }, ...others];
    return { ...deployment, spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, containers } } } };
}

/** The image under another tag, as that of a next release. */
export function nextImage(image: string): string {
    return otherTag(image, "next");
}

/**
 * What the API server lets a pod tolerate a silent node for where it does not say, in seconds: --default-unreachable-toleration-seconds
 * (https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/).
 */
const defaultTolerationSeconds = 300;

/** How long the Deployment's pods tolerate a silent node, in seconds: the shortest of what holds. Infinity for ever. */
export function toleratedSeconds({ spec }: DeploymentManifest): number {
    const tolerations = (spec.template.spec?.tolerations ?? []).filter(
        ({ key, effect, operator }) => (key === "node.kubernetes.io/unreachable" || (key === undefined && operator === "Exists")) && (effect === undefined || effect === "NoExecute"),
    );
    return tolerations.length === 0 ? defaultTolerationSeconds : Math.min(...tolerations.map(({ tolerationSeconds }) => tolerationSeconds ?? Infinity));
}

/**
 * Seconds from the loss of a zone until its replicas have to be made up for elsewhere. The stack promises what its own tolerations come
 * to. A naive stack promises nothing; it is held against what config gives one who says nothing of it.
 *
 * @param nodes that the zone has.
 */
export function madeUpSeconds(stage: Subjected, nodes: number): number {
    const tolerated = stage.subject.subject === "stack" ? toleratedSeconds(deploymentManifest(stage)) : scheduling.parse(undefined).giveUpNodeSeconds;
    return replacementSeconds(tolerated, nodes);
}

/** The same, with what fake pods take to start. */
export function fullStrengthSeconds(stage: Subjected & Pick<Stage, "fleet">): number {
    return madeUpSeconds(stage, stage.fleet.nodesPerZone) + startAllowanceSeconds;
}

/**
 * Replicas that a drain must leave: what the budget says, percentages rounded up as the disruption controller does
 * (pkg/controller/disruption/disruption.go, getExpectedPodCount). Without a budget, what one that lets one go at a time
 * would leave. The last one may not go, unless it is alone and has a budget that lets it: then nothing is promised, 0.
 */
export function drainFloor(replicas: number, budget: BudgetFacts | undefined): number {
    const { minAvailable, maxUnavailable = 1 } = budget ?? { minAvailable: undefined };
    const left = minAvailable === undefined ? replicas - shareOf(maxUnavailable, replicas, Math.ceil) : shareOf(minAvailable, replicas, Math.ceil);
    const isLetGo = replicas === 1 && budget !== undefined;
    return isLetGo ? left : Math.max(1, left);
}

/** Extra pods of the Deployment's rollout at a number of replicas; a quarter where it does not say (as Kubernetes). */
export function surgeAt(stage: Subjected, replicas: number): number {
    return extraPods(deploymentManifest(stage).spec.strategy?.rollingUpdate?.maxSurge ?? "25%", replicas);
}
