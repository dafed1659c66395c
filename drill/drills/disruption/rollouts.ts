import { autoscalerTolerance } from "../../../components/model/capacity";
import { NotYet, conditionOf, kinds } from "../../api";
import type { Sampler, Stage, Timeline } from "../../stage";
import { steady } from "../../standIns/loads";
import { waitFor } from "./watch";

/** What is missing until the Deployment's rollout is complete, as `kubectl rollout status` tells; undefined where nothing is. */
export async function rolloutMissing({ api, app: { namespace, deployment } }: Pick<Stage, "api" | "app">): Promise<string | undefined> {
    const live = await api.get({ kind: kinds.deployment, name: deployment.name, namespace });
    const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, observedGeneration = 0 } = live?.status ?? {};
    if (observedGeneration < (live?.metadata?.generation ?? 1)) {
        return "the controller has not looked";
    }
    const wanted = live?.spec?.replicas ?? 1;
    const complete = updatedReplicas === wanted && replicas === wanted && availableReplicas === wanted;
    return complete ? undefined : `${updatedReplicas} new, ${availableReplicas} available, ${replicas} in all, of ${wanted}`;
}

/** Waits for the Deployment's rollout. Returns seconds that it took; undefined where it was not complete in time. */
export function rolledOut(stage: Pick<Stage, "api" | "app" | "cluster">, seconds = stage.app.deployment.progressDeadlineSeconds): Promise<number | undefined> {
    return waitFor(stage.api, `${stage.cluster}: the rollout`, () => rolloutMissing(stage), seconds);
}

/** Whether the Deployment says that its rollout failed (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#failed-deployment). */
export async function saysFailed({ api, app: { namespace, deployment } }: Stage): Promise<boolean> {
    const live = await api.get({ kind: kinds.deployment, name: deployment.name, namespace });
    const current = (live?.status?.observedGeneration ?? 0) >= (live?.metadata?.generation ?? 1);
    return current && live !== undefined && conditionOf(live, "Progressing") === "False";
}

/** Longest wait for the autoscaler to come to its maximum, in seconds: it looks every 15 s at numbers that are up to 30 s old, and takes several steps. */
const scaleSeconds = 240;

/**
 * Has the autoscaler scale up to its maximum by load, and leaves a load that runs the maximum at the target. Returns the maximum.
 * On the way the load is over that by twice the tolerance, so that the autoscaler does not rest a replica short.
 */
export async function toMaximum({ api, app, cluster, load }: Pick<Stage, "api" | "app" | "cluster" | "load">, { ready, wanted }: Pick<Sampler, "ready" | "wanted">): Promise<number> {
    const max = app.autoscaler?.max ?? app.deployment.replicas;
    load.set(steady(load.atTarget(max) * (1 + 2 * autoscalerTolerance)));
    const until = (timeline: Timeline, what: string): Promise<true> =>
        api.until(`${cluster}: ${max} replicas ${what}`, () => Promise.resolve((timeline.last ?? 0) >= max ? true : new NotYet(`${timeline.last ?? 0}`)), { seconds: scaleSeconds });
    await until(wanted, "wanted");
    load.set(steady(load.atTarget(max)));
    await until(ready, "ready");
    return max;
}
