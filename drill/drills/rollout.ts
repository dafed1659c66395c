import { kindOf } from "../api";
import type { DrillResult, PromiseResult } from "../result";
import type { Sampler, Stage } from "../stage";
import { type DeploymentManifest, deploymentManifest, nextImage, withContainer } from "./disruption/manifest";
import { neverUnder, resultOf, secondsText, within } from "./disruption/promises";
import { rolledOut } from "./disruption/rollouts";
import type { ClusterDrill, DrillOptions } from "./drill";

/** ConfigMap of a changed config. The product gives each config a new one under a new name, and pods roll to it. */
const configName = "drill-next-config";

/** A new image, and after it a new config: all replicas are replaced, twice. */
export const rolloutDrill: ClusterDrill = {
    name: "rollout",
    quick: true,
    lane: "changes",
    scope: "cluster",
    naive: "breaks",
    obstacle: () => undefined,
    run: async (stage, { say }) => [await rollOut(stage, say)],
};

async function rollOut(stage: Stage, say: DrillOptions["say"]): Promise<DrillResult> {
    const { api, app, namespace } = stage;
    const sampler = await stage.sample();
    const image = withContainer(deploymentManifest(stage), container => ({ image: nextImage(container.image ?? app.deployment.image) }));
    const config = withContainer(image, ({ envFrom = [] }) => ({ envFrom: [...envFrom, { configMapRef: { name: configName } }] }));
    const ofImage = await step(stage, sampler, "image", image, say);
    await api.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: configName, namespace }, immutable: true, data: { DRILL: "next" } });
    const ofConfig = await step(stage, sampler, "config", config, say);
    sampler.stop();
    await api.delete({ kind: kindOf("v1", "ConfigMap"), name: configName, namespace });
    return resultOf(stage, sampler, {
        drill: rolloutDrill.name,
        what: `${app.deployment.replicas} replicas got a new image, then a new config`,
        promises: [...ofImage, ...ofConfig],
        series: sampler.series(app.deployment.replicas),
        notes: [],
    });
}

/** Applies a changed Deployment and waits until all replicas are new. */
async function step(stage: Stage, sampler: Sampler, what: string, changed: DeploymentManifest, say: DrillOptions["say"]): Promise<readonly PromiseResult[]> {
    const { api, app, cluster } = stage;
    const { replicas, progressDeadlineSeconds } = app.deployment;
    const from = sampler.mark(`new ${what}`);
    await api.apply(changed);
    const took = await rolledOut(stage);
    const to = sampler.mark(took === undefined ? `new ${what} not rolled out` : `new ${what} rolled out`);
    say(`${cluster}: new ${what} ${took === undefined ? "not rolled out" : `rolled out in ${secondsText(took)}`}; least ready ${sampler.ready.min(from, to)} of ${replicas}`);
    return [
        neverUnder(`ready while the ${what} changes never under`, { floor: replicas, of: replicas, measured: sampler.ready.min(from, to) }),
        within(`new ${what} rolled out within`, progressDeadlineSeconds, took === undefined ? undefined : to - from, "not rolled out"),
    ];
}
