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

/**
 * Watches what the app's autoscaler says of itself, with a sampler. It writes its status after each look in one piece: what it
 * read, how many replicas there were and how many it then asked for (pkg/controller/podautoscaler/horizontal.go, setStatus).
 *
 * @returns its looks, as far as it said anything new; the list grows until the sampler is stopped.
 */
export async function watchAutoscaler(stage: Stage, { now, watch }: Pick<Sampler, "now" | "watch">): Promise<readonly Look[]> {
    const looks: Look[] = [];
    await watch({
        kind: kinds.horizontalPodAutoscaler,
        where: { namespace: stage.namespace, fields: `metadata.name=${autoscalerOf(stage).name}` },
        seen: ([live]) => {
            const { currentReplicas: from, desiredReplicas: to, currentMetrics, lastScaleTime: scaledAt } = live?.status ?? {};
            if (from === undefined || to === undefined) {
                return;
            }
            const percent = currentMetrics?.find(({ resource }) => resource?.name === "cpu")?.resource?.current.averageUtilization;
            const last = looks.at(-1);
            if (last?.from !== from || last.to !== to || last.percent !== percent || last.scaledAt !== scaledAt) {
                looks.push({ at: now(), from, to, percent, scaledAt });
            }
        },
    });
    return looks;
}

/** The looks after which it changed the replicas. What was there at the first look is none. */
export function stepsIn(looks: readonly Look[]): readonly Look[] {
    return looks.filter((look, index) => index > 0 && look.scaledAt !== looks[index - 1]?.scaledAt && look.to !== look.from);
}
