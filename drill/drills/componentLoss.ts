import { kinds } from "../api";
import type { DrillResult, PromiseResult } from "../result";
import type { Stage } from "../stage";
import { neverOver } from "./scaling/judge";
import { neverUnder, none, resultOf, secondsText } from "./disruption/promises";
import { isAble, waitFor } from "./disruption/watch";
import type { ClusterDrill, DrillOptions } from "./drill";
import { sameAsFirst, unlikeFirst } from "./failure/endpoints";
import { changedPods, stayingPods } from "./failure/pods";

const elected = ["kube-scheduler", "kube-controller-manager"] as const;

/** Longest wait for the control plane's work, in seconds. What it takes is the cloud's to promise, not the stack's; it is told. */
const workSeconds = 120;

/**
 * The control plane fails part by part: the scheduler and the controller manager that lead are killed, then the API server is started
 * anew. The app must not notice; and afterwards there must be a control plane again that replaces a lost replica.
 */
export const componentLossDrill: ClusterDrill = {
    name: "component loss",
    quick: true,
    lane: "losses",
    scope: "cluster",
    naive: "spared",
    obstacle: () => undefined,
    run: async (stage, options) => [await failPartByPart(stage, options)],
};

async function failPartByPart(stage: Stage, { say }: DrillOptions): Promise<DrillResult> {
    const { cluster, app, controlPlane } = stage;
    const { replicas } = app.deployment;
    const sampler = await stage.sample();
    const before = await stayingPods(stage);

    const leaders = await Promise.all(elected.map(of => controlPlane.leader(of)));
    const killedAt = sampler.mark(`${leaders.map(({ name }) => name).join(" and ")} are killed`);
    await Promise.all(leaders.map(leader => leader.kill()));
    // As whatever keeps a control plane running would: a new instance waits for the lease of the dead one to lapse.
    await Promise.all(leaders.map(leader => leader.start()));
    await Promise.all(elected.map(of => controlPlane.leader(of)));
    const ledAt = sampler.mark("others lead");
    say(`${cluster}: others lead ${secondsText(ledAt - killedAt)} after the leading scheduler and controller manager were killed`);
    const restartAt = sampler.mark("the API server is killed");
    await controlPlane.component("kube-apiserver").restart();
    const servedAt = sampler.mark("the API server serves again");
    say(`${cluster}: the API server serves again after ${secondsText(servedAt - restartAt)}`);
    await Promise.all(elected.map(of => controlPlane.leader(of)));
    const after = await stayingPods(stage);
    const calmAt = sampler.now();

    const replaced = await replaceOne(stage);
    sampler.mark(`a deleted replica is ${replaced === undefined ? "not " : ""}replaced`);
    say(`${cluster}: ${replaced === undefined ? "a deleted replica was not replaced" : `a deleted replica was replaced after ${secondsText(replaced)}`}`);
    sampler.stop();
    return resultOf(stage, sampler, {
        drill: componentLossDrill.name,
        what: "the leading scheduler and controller manager were killed, then the API server; last of all a replica was deleted",
        promises: [
            neverUnder("the same endpoints, never under", { floor: replicas, of: replicas, measured: sameAsFirst(sampler.endpoints).min(0, calmAt) }),
            neverOver("other endpoints never over", 0, unlikeFirst(sampler.endpoints).max(0, calmAt)),
            none("pods that changed", changedPods(before, after)),
            wantedPromise(replicas, sampler.wanted.min(0, calmAt), sampler.wanted.max(0, calmAt)),
            { name: "a deleted replica is replaced", promised: "yes", measured: replaced === undefined ? `not within ${workSeconds} s` : "yes", kept: replaced !== undefined },
        ],
        series: sampler.series(replicas),
        notes: [
            `others led after ${secondsText(ledAt - killedAt)}, the API server served again after ${secondsText(servedAt - restartAt)}${replaced === undefined ? "" : `, the deleted replica was replaced after ${secondsText(replaced)}`}`,
        ],
        unseen: "the API server was away; what is in place needs none of it",
    });
}

/** Deletes a replica, and waits for all to be ready again with another in its place. Returns seconds; undefined where it was not. */
async function replaceOne({ api, cluster, namespace, app }: Stage): Promise<number | undefined> {
    const { replicas, selector } = app.deployment;
    const [first] = await api.list(kinds.pod, { namespace, labels: selector });
    const { name = "", uid } = first?.metadata ?? {};
    await api.delete({ kind: kinds.pod, name, namespace }, { graceSeconds: 0 });
    const others = async (): Promise<number> => (await api.list(kinds.pod, { namespace, labels: selector })).filter(pod => isAble(pod) && pod.metadata?.uid !== uid).length;
    return waitFor(
        api,
        `${cluster}: a replica in place of ${name}`,
        async () => {
            const ready = await others();
            return ready >= replicas ? undefined : `${ready} of ${replicas} ready`;
        },
        workSeconds,
    );
}

function wantedPromise(replicas: number, least: number, most: number): PromiseResult {
    return { name: "replicas wanted", promised: String(replicas), measured: least === most ? String(least) : `${least} to ${most}`, kept: least === replicas && most === replicas };
}
