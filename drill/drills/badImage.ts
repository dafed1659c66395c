import type { V1Pod } from "@kubernetes/client-node";

import type { Wire } from "../api";
import { faultyImage } from "../controlPlane";
import type { DrillResult } from "../result";
import type { Stage } from "../stage";
import { deploymentManifest, withContainer } from "./disruption/manifest";
import { neverUnder, resultOf, secondsText, startAllowanceSeconds, within } from "./disruption/promises";
import { rolloutMissing, saysFailed } from "./disruption/rollouts";
import { waitFor } from "./disruption/watch";
import type { ClusterDrill, DrillOptions } from "./drill";
import { replicaPods } from "./failure/pods";

type Pod = Wire<V1Pod>;
type Fault = Parameters<typeof faultyImage>[1];

const faults: Readonly<Record<Fault, string>> = { unpullable: "can't be pulled", unready: "starts and never becomes ready" };

/** A release that does not work: the old replicas must stay, the rollout must be told as failed, and the old image must come back. */
export const badImageDrill: ClusterDrill = {
    name: "bad image",
    quick: true,
    lane: "changes",
    scope: "cluster",
    naive: "breaks",
    obstacle: () => undefined,
    run: async (stage, { full, say }) => {
        const results = [await rollOutFault(stage, "unpullable", say)];
        // Without a readiness probe a container counts as ready once it starts; the stand-in's never does, which would flatter.
        if (full && deploymentManifest(stage).spec.template.spec?.containers[0]?.readinessProbe !== undefined) {
            await stage.restore();
            results.push(await rollOutFault(stage, "unready", say));
        }
        return results;
    },
};

async function rollOutFault(stage: Stage, fault: Fault, say: DrillOptions["say"]): Promise<DrillResult> {
    const { api, app, cluster } = stage;
    const { replicas, minReadySeconds } = app.deployment;
    // It must be more than minReadySeconds. Only a drill is in such a hurry.
    const deadline = Math.min(app.deployment.progressDeadlineSeconds, minReadySeconds + startAllowanceSeconds);
    const good = deploymentManifest(stage);
    const bad = withContainer(good, ({ image = app.deployment.image }) => ({ image: faultyImage(image, fault) }));
    const sampler = await stage.sample();
    const badAt = sampler.mark(`an image that ${faults[fault]}`);
    await api.apply({ ...bad, spec: { ...bad.spec, progressDeadlineSeconds: deadline } });
    const patience = deadline + startAllowanceSeconds;
    const told = await waitFor(api, `${cluster}: the rollout fails`, async () => ((await saysFailed(stage)) ? undefined : "it goes on"), patience);
    const toldAt = sampler.mark(told === undefined ? "nothing is told" : "the rollout is told as failed");
    const before = sampler.ready.min(badAt, toldAt);
    say(`${cluster}: ${told === undefined ? "the rollout is not told as failed" : `the rollout is told as failed after ${secondsText(toldAt - badAt)}`}; least ready ${before} of ${replicas}`);
    await api.apply(good);
    const undone = await waitFor(api, `${cluster}: the old image again`, async () => (await rolloutMissing(stage)) ?? otherImages(await replicasOf(stage), app.deployment.image), app.deployment.progressDeadlineSeconds);
    const undoneAt = sampler.mark(undone === undefined ? "the old image is not back" : "the old image is back");
    const left = undone === undefined ? otherImages(await replicasOf(stage), app.deployment.image) : undefined;
    sampler.stop();
    return resultOf(stage, sampler, {
        drill: badImageDrill.name,
        what: `a new image that ${faults[fault]}, then the old one again${deadline < app.deployment.progressDeadlineSeconds ? `; the deadline for progress was shortened from ${app.deployment.progressDeadlineSeconds} s to ${deadline} s` : ""}`,
        promises: [
            neverUnder("old replicas ready never under", { floor: replicas, of: replicas, measured: sampler.ready.min(badAt, undoneAt) }),
            within("told as failed within", patience, told === undefined ? undefined : toldAt - badAt, "never"),
            // Those that the rollout took away start anew, all at the same time.
            within("all of the old image again within", minReadySeconds + startAllowanceSeconds, undone === undefined ? undefined : undoneAt - toldAt, left ?? "not all are ready"),
        ],
        series: sampler.series(replicas),
        notes: [],
    });
}

/** The app's pods, those on their way out left out. */
async function replicasOf(stage: Stage): Promise<readonly Pod[]> {
    return (await replicaPods(stage)).filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
}

/** Pods of another image than they should have, in words; undefined where there is none. */
export function otherImages(pods: readonly Pod[], image: string): string | undefined {
    const others = pods.filter(({ spec }) => spec?.containers[0]?.image !== image);
    return others.length === 0 ? undefined : `${others.length} of ${pods.length} of another image`;
}
