import type { V1Deployment } from "@kubernetes/client-node";

import { type Wire, kinds } from "../../api";
import type { DrillResult } from "../../result";
import { type DeploymentManifest, deploymentManifest, nextImage, withContainer } from "../../drills/disruption/manifest";
import { neverUnder, none, secondsText, within } from "../../drills/disruption/promises";
import { rolledOut } from "../../drills/disruption/rollouts";
import { replicaPods } from "../../drills/failure/pods";
import { type Tenant, type Watch, atRest } from "../site";
import { drilledApart } from "./broken";
import type { LiveOptions, SiteDrill } from "./drill";
import { resultOf } from "./findings";
import { nothingFails } from "./promises";
import { goneSeconds, untilAnswered } from "./rest";
import { fullStrengthSince } from "./strength";

/** A new release: every replica is replaced. */
export const updateDrill: SiteDrill = {
    name: "rolling update",
    quick: true,
    scope: "cluster",
    naive: "breaks",
    obstacle: () => undefined,
    run: async ({ tenants }, options) => {
        const watches = await Promise.all(tenants.map(tenant => options.watch(tenant)));
        return drilledApart(options, updateDrill.name, watches, watch => update(watch, options));
    },
};

async function update(watch: Watch, { say }: LiveOptions): Promise<DrillResult> {
    const { tenant, sampler } = watch;
    const { api, app, cluster } = tenant;
    const { replicas, progressDeadlineSeconds } = app.deployment;
    await untilAnswered(watch);
    const old = await replicaPods(tenant);
    const release = await otherRelease(tenant);
    const from = sampler.mark("new release");
    await api.apply(release);
    const took = await rolledOut(tenant);
    const to = sampler.mark(took === undefined ? "not rolled out" : "rolled out");
    // The last old replicas are in no count any more, but they still end, and may have requests open.
    const missing = await atRest(tenant, goneSeconds);
    const now = new Set((await replicaPods(tenant)).map(({ metadata }) => metadata?.uid));
    const left = old.filter(({ metadata }) => now.has(metadata?.uid)).map(({ metadata }) => metadata?.name ?? "");
    sampler.mark(missing === undefined ? "all old replicas are gone" : "not at rest");
    say(`${cluster}: new release ${took === undefined ? "not rolled out" : `rolled out in ${secondsText(took)}`}`);
    return resultOf(watch, () => ({
        drill: updateDrill.name,
        what: `${replicas} replicas got a new release`,
        promises: [
            ...nothingFails(watch),
            none("old replicas that are left", left),
            neverUnder("ready replicas never under", { floor: replicas, of: replicas, measured: sampler.ready.min(from, to) }),
            within("rolled out within", progressDeadlineSeconds, took === undefined ? undefined : to - from, "not rolled out"),
        ],
        series: sampler.series(replicas),
        fullStrengthSeconds: fullStrengthSince(watch, from),
        notes: missing === undefined ? [] : [`not at rest after ${goneSeconds} s: ${missing}`],
    }));
}

/** The next release, or the first one again where the next is what runs: drills may be repeated, and the same once more would replace nothing. */
async function otherRelease(tenant: Tenant): Promise<DeploymentManifest> {
    const { api, app, namespace } = tenant;
    const first = deploymentManifest(tenant);
    const next = withContainer(first, ({ image = app.deployment.image }) => ({ image: nextImage(image) }));
    const live = await api.get({ kind: kinds.deployment, name: app.deployment.name, namespace });
    return imageOf(live) === imageOf(next) ? first : next;
}

function imageOf(deployment: Wire<V1Deployment> | DeploymentManifest | undefined): string | undefined {
    return deployment?.spec?.template.spec?.containers[0]?.image;
}
