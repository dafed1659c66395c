import { kinds } from "../../api";
import type { AppFacts, Sampler, Stage } from "../../stage";
import type { Step } from "./rules";

/** What the autoscaler said of one of its looks. */
export interface Look extends Step {
    /** Use of CPU that it read, in percent of what is requested, over the pods that it knew of. */
    readonly percent: number | undefined;
    /** When it last changed the replicas; it says so in whole seconds. */
    readonly scaledAt: string | undefined;
}

/** The facts of a stage's autoscaler. Throws where there is none. */
export function autoscalerOf({ cluster, app: { autoscaler } }: Stage): NonNullable<AppFacts["autoscaler"]> {
    if (autoscaler === undefined) {
        throw new Error(`${cluster} has no autoscaler`);
    }
    return autoscaler;
}

export interface AutoscalerWatch {
    /** Its looks, as far as it said anything new. */
    readonly looks: readonly Look[];
    /** Ends it. Throws where it could not see all. */
    stop(): void;
}

/**
 * Watches what the app's autoscaler says of itself, on a sampler's clock. It writes its status after each look in one piece: what it
 * read, how many replicas there were and how many it then asked for (pkg/controller/podautoscaler/horizontal.go, setStatus).
 */
export async function watchAutoscaler(stage: Stage, { now }: Sampler): Promise<AutoscalerWatch> {
    const { api, namespace } = stage;
    const looks: Look[] = [];
    let failure: unknown;
    const observation = api.observe(kinds.horizontalPodAutoscaler, { namespace, fields: `metadata.name=${autoscalerOf(stage).name}` }, ([live]) => {
        const { currentReplicas, desiredReplicas, currentMetrics, lastScaleTime } = live?.status ?? {};
        if (currentReplicas === undefined || desiredReplicas === undefined) {
            return;
        }
        const percent = currentMetrics?.find(({ resource }) => resource?.name === "cpu")?.resource?.current.averageUtilization;
        looks.push({ at: now(), from: currentReplicas, to: desiredReplicas, percent, scaledAt: lastScaleTime });
    });
    observation.ended.catch((error: unknown) => {
        failure = error;
    });
    await observation.started;
    return {
        looks,
        stop: () => {
            observation.stop();
            if (failure !== undefined) {
                throw failure instanceof Error ? failure : new Error("the autoscaler could not be watched");
            }
        },
    };
}

/** The looks after which it changed the replicas. What was there at the first look is none. */
export function stepsIn(looks: readonly Look[]): readonly Look[] {
    return looks.filter((look, index) => index > 0 && look.scaledAt !== looks[index - 1]?.scaledAt && look.to !== look.from);
}
