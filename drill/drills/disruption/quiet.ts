import { NotYet } from "../../api";
import type { Sampler, Stage } from "../../stage";
import { steady } from "../../standIns/loads";
import { autoscalerManifest } from "./manifest";

/** Longest wait for the autoscaler, in seconds: it looks every 15 s at numbers that are up to 30 s old. */
const scaleSeconds = 180;

/**
 * The hour at which upgrades are made: the load is so low that the autoscaler is at its minimum. Its wait before it scales
 * down is left out, so that a drill need not sit through that.
 *
 * @returns the replicas, and a note where something was done to get there.
 */
export async function toMinimum(stage: Stage, { ready }: Sampler): Promise<{ readonly replicas: number; readonly note: string | undefined }> {
    const { api, app, cluster, load } = stage;
    const { deployment, autoscaler } = app;
    if (autoscaler === undefined || autoscaler.min >= deployment.replicas) {
        return { replicas: deployment.replicas, note: undefined };
    }
    const { min } = autoscaler;
    const manifest = autoscalerManifest(stage);
    const { behavior } = manifest.spec;
    load.set(steady(load.atTarget(min) / 2));
    await api.apply({ ...manifest, spec: { ...manifest.spec, behavior: { ...behavior, scaleDown: { ...behavior?.scaleDown, stabilizationWindowSeconds: 0 } } } });
    await api.until(`${cluster}: the autoscaler's minimum`, () => Promise.resolve(ready.last === min ? true : new NotYet(`${ready.last ?? 0} ready`)), { seconds: scaleSeconds });
    return { replicas: min, note: `the load was so low that the autoscaler was at its minimum, ${min}; its stabilization window for that was set to 0 s` };
}
