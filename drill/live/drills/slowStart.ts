import { otherTag } from "../../controlPlane";
import { type DeploymentManifest, deploymentManifest, withContainer } from "../../drills/disruption/manifest";
import { neverUnder, none, secondsText, within } from "../../drills/disruption/promises";
import { rolledOut } from "../../drills/disruption/rollouts";
import { replicaPods } from "../../drills/failure/pods";
import type { DrillResult } from "../../result";
import { type Tenant, type Watch, atRest } from "../site";
import { containerOf } from "./container";
import { drilledApart } from "./broken";
import type { LiveOptions, SiteDrill } from "./drill";
import { resultOf } from "./findings";
import { nothingFails } from "./promises";
import { goneSeconds, untilAnswered } from "./rest";
import { type ContainerTimes, containerTimesOf, mostStartSeconds } from "./restarts";
import { fullStrengthSince } from "./strength";

/** Time from the program's start until it listens, in seconds, in the release of this drill: as one that fills its caches first. */
export const slowStartSeconds = 40;

/** A release whose program takes its time to start is rolled out, and taken back. */
export const slowStartDrill: SiteDrill = {
    name: "slow start",
    quick: false,
    scope: "cluster",
    // It has no probe: a replica gets requests before its program listens.
    naive: "breaks",
    obstacle: ({ ours }) => tooSlow(containerTimesOf(ours), slowStartSeconds),
    run: async ({ tenants }, options) => {
        const watches = await Promise.all(tenants.map(tenant => options.watch(tenant)));
        return drilledApart(options, slowStartDrill.name, watches, watch => release(watch, options));
    },
};

/** Why a container is killed before its program listens; undefined where it is not. */
export function tooSlow(times: ContainerTimes, seconds: number): string | undefined {
    const most = mostStartSeconds(times);
    const { startup } = times;
    return seconds < most ? undefined : `the ${startup === undefined ? "liveness" : "startup"} probe gives a program ${most} s to start, and the drill's takes ${seconds} s`;
}

async function release(watch: Watch, { say }: LiveOptions): Promise<DrillResult> {
    const { tenant, sampler } = watch;
    const { api, app, cluster } = tenant;
    const { replicas, progressDeadlineSeconds } = app.deployment;
    const good = deploymentManifest(tenant);
    const slow = withContainer(good, ({ image = app.deployment.image }) => ({ image: otherTag(image, "slow") }));
    await untilAnswered(watch);
    const slowAt = sampler.mark("a release that is slow to start");
    await api.apply(slow);
    const took = await rolledOut(tenant);
    const outAt = sampler.mark(took === undefined ? "not rolled out" : "rolled out");
    const restarted = await restartedPods(tenant, slow);
    await api.apply(good);
    const back = await rolledOut(tenant);
    const backAt = sampler.mark(back === undefined ? "not taken back" : "taken back");
    // The last slow replicas are in no count any more, but they still end, and may have requests open.
    const missing = await atRest(tenant, goneSeconds);
    say(`${cluster}: the slow release ${took === undefined ? "not rolled out" : `rolled out in ${secondsText(took)}`}, ${back === undefined ? "and not taken back" : `taken back in ${secondsText(back)}`}`);
    return resultOf(watch, () => ({
        drill: slowStartDrill.name,
        what: `${replicas} replicas got a release whose program takes ${slowStartSeconds} s to start, and then the one before again`,
        promises: [
            ...nothingFails(watch),
            neverUnder("ready replicas never under", { floor: replicas, of: replicas, measured: sampler.ready.min(slowAt, backAt) }),
            none("slow containers that were restarted", restarted),
            within("the slow release rolled out within", progressDeadlineSeconds, took === undefined ? undefined : outAt - slowAt, "not rolled out"),
            within("taken back within", progressDeadlineSeconds, back === undefined ? undefined : backAt - outAt, "not taken back"),
        ],
        series: sampler.series(replicas),
        fullStrengthSeconds: fullStrengthSince(watch, slowAt),
        notes: missing === undefined ? [] : [`not at rest after ${goneSeconds} s: ${missing}`],
    }));
}

/** Pods of a release whose container was restarted. */
async function restartedPods(tenant: Tenant, { spec }: DeploymentManifest): Promise<readonly string[]> {
    const image = spec.template.spec?.containers[0]?.image;
    const pods = await replicaPods(tenant);
    return pods.filter(pod => pod.spec?.containers[0]?.image === image && (containerOf(pod)?.restarts ?? 0) > 0).map(({ metadata }) => metadata?.name ?? "");
}
