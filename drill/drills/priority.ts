import { kinds } from "../api";
import type { DrillResult, PromiseResult } from "../result";
import type { Sampler, Stage } from "../stage";
import { restartAnnotation } from "../stage/restore";
import { type Filler, fillNodes } from "./disruption/filler";
import { autoscalerManifest, surgeAt } from "./disruption/manifest";
import { neverUnder, resultOf, secondsText, startAllowanceSeconds, within } from "./disruption/promises";
import { refusedByQuota } from "./disruption/quota";
import { rolledOut } from "./disruption/rollouts";
import { waitFor } from "./disruption/watch";
import type { ClusterDrill, DrillOptions } from "./drill";

/**
 * Pods that matter less take all room on all nodes, and then the app wants its maximum, and a rollout's surge on top: others
 * must yield, and the namespace's quota must let it all in.
 */
export const priorityDrill: ClusterDrill = {
    name: "priority and quota",
    quick: true,
    lane: "changes",
    scope: "cluster",
    naive: "breaks",
    obstacle: ({ app }) => (app.autoscaler === undefined ? "the replicas are fixed" : undefined),
    run: async (stage, options) => {
        const { api, app, namespace } = stage;
        const deployment = { kind: kinds.deployment, name: app.deployment.name, namespace };
        const sampler = await stage.sample();
        const filler = await fillNodes(stage);
        const before = await api.get(deployment);
        try {
            // It would remember for five minutes how many replicas there were.
            await api.delete({ kind: kinds.horizontalPodAutoscaler, name: app.autoscaler?.name ?? "", namespace });
            return [await crowdOut(stage, sampler, filler, options)];
        } finally {
            sampler.stop();
            const restartedAt = before?.spec?.template.metadata?.annotations?.[restartAnnotation] ?? null;
            await api.patch(deployment, { spec: { replicas: app.deployment.replicas, template: { metadata: { annotations: { [restartAnnotation]: restartedAt } } } } });
            await api.apply(autoscalerManifest(stage));
            await filler.remove();
        }
    },
};

async function crowdOut(stage: Stage, sampler: Sampler, filler: Filler, { full, say }: DrillOptions): Promise<DrillResult> {
    const { api, app, cluster } = stage;
    const { replicas } = app.deployment;
    const max = app.autoscaler?.max ?? replicas;
    say(`${cluster}: ${filler.pods} pods ${filler.priority} have taken all room`);
    await api.patch({ kind: kinds.deployment, name: app.deployment.name, namespace: app.namespace }, { spec: { replicas: max } }, { subresource: "scale" });
    const wantedAt = sampler.mark(`${max} replicas are wanted`);
    const promised = filler.graceSeconds + startAllowanceSeconds;
    const took = await waitFor(api, `${cluster}: ${max} replicas ready`, () => ((sampler.ready.last ?? 0) >= max ? undefined : `${sampler.ready.last ?? 0}`), promised);
    say(`${cluster}: ${took === undefined ? `${sampler.ready.last ?? 0} of ${max} replicas are ready` : `${max} replicas ready after ${secondsText(took)}`}`);
    const rollout = took === undefined ? undefined : await rollOutAtMaximum(stage, sampler, max, full);
    const yielded = filler.pods - (await filler.left());
    return resultOf(stage, sampler, {
        drill: priorityDrill.name,
        what: `${filler.pods} pods ${filler.priority} took all room on all nodes; then the app was scaled by hand to its maximum, ${max} replicas${rollout === undefined ? "" : ", and a rollout its surge on top"}`,
        promises: [
            within("all wanted replicas ready within", promised, took, `${sampler.ready.last ?? 0} of ${max} after ${secondsText(sampler.now() - wantedAt)}`),
            neverUnder("ready replicas never under", { floor: replicas, of: replicas, measured: sampler.ready.min() }),
            ...(rollout?.promises ?? []),
        ],
        series: sampler.series(replicas),
        notes: [`${yielded} of ${filler.pods} of the others had to yield`, ...(rollout?.notes ?? [])],
    });
}

/** A rollout when there are as many replicas as there may be. Its end is waited for in the full set only: it takes a minute. */
async function rollOutAtMaximum(stage: Stage, sampler: Sampler, max: number, full: boolean): Promise<{ readonly promises: readonly PromiseResult[]; readonly notes: readonly string[] }> {
    const { api, app, cluster } = stage;
    const pods = max + surgeAt(stage, max);
    const began = new Date();
    let most = 0;
    const observation = api.observe(kinds.deployment, { namespace: app.namespace, fields: `metadata.name=${app.deployment.name}` }, ([live]) => {
        most = Math.max(most, live?.status?.replicas ?? 0);
    });
    await observation.started;
    const from = sampler.mark("rollout restart");
    await stage.restart();
    await waitFor(api, `${cluster}: ${pods} pods`, () => (most >= pods ? undefined : `${most}`), startAllowanceSeconds);
    const took = full ? await rolledOut(stage) : undefined;
    const to = sampler.now();
    observation.stop();
    const refused = full ? await refusedByQuota(stage, began) : [];
    return {
        promises: [
            neverUnder("the maximum and its surge let in by the quota", { floor: pods, of: pods, measured: most }),
            ...(full
                ? [
                      neverUnder("ready in a rollout at the maximum never under", { floor: max, of: max, measured: sampler.ready.min(from, to) }),
                      within("rollout at the maximum ends within", app.deployment.progressDeadlineSeconds, took, "not at its end"),
                  ]
                : []),
        ],
        notes: refused.length === 0 ? [] : [`the quota put off pods of the rollout at the maximum: ${refused.join(", ")}`],
    };
}
