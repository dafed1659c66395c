import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";

import { type Wire, conditionOf, kinds } from "../../api";
import { isAble } from "../../drills/disruption/watch";
import { replicaPods } from "../../drills/failure/pods";
import type { LiveNode } from "../cluster";
import type { LiveSite, Watch } from "../site";

type Pod = Wire<V1Pod>;
type Status = Wire<V1ContainerStatus>;

/** An app's container as its pod's status has it now. */
export interface ContainerNow {
    /** Of the pod: another one that has its place is not it. */
    readonly uid: string;
    /** "containerd://6fa5…"; of the last one where none runs. */
    readonly id: string;
    readonly restarts: number;
    readonly running: boolean;
    /** Whether the pod gets requests. */
    readonly ready: boolean;
    /** Time from the end of the one before until this one started, in whole seconds, as the kubelet noted both; undefined where there is none before. */
    readonly pauseSeconds: number | undefined;
}

/** The one of an app's containers that something is done to. */
export interface Victim {
    readonly pod: string;
    readonly node: LiveNode;
    /** As it was at first. */
    readonly before: ContainerNow;
    /** As it is; undefined once its pod is gone. */
    now(): ContainerNow | undefined;
}

/** Picks a container of an app that gets requests, of those the one that was restarted least, and watches it with the app's sampler. */
export async function pickVictim({ cluster }: LiveSite, { tenant, sampler }: Watch): Promise<Victim> {
    const { namespace } = tenant;
    const pod = leastRestarted(await replicaPods(tenant));
    const { name = "" } = pod.metadata ?? {};
    const node = cluster.nodes.find(candidate => candidate.name === pod.spec?.nodeName);
    const before = containerOf(pod);
    if (node === undefined || before === undefined) {
        throw new Error(`${tenant.cluster}: pod ${name} has no container on a node of ${cluster.name}`);
    }
    let now: ContainerNow | undefined = before;
    await sampler.watch({
        kind: kinds.pod,
        where: { namespace, fields: `metadata.name=${name}` },
        seen: ([seen]) => {
            now = seen === undefined ? undefined : containerOf(seen);
        },
    });
    return { pod: name, node, before, now: () => now };
}

/** Of the pods that get requests the one whose container was restarted least; of several such, the first by name. */
export function leastRestarted(pods: readonly Pod[]): Pod {
    const restarts = (pod: Pod): number => containerOf(pod)?.restarts ?? Infinity;
    const [least] = pods.filter(isAble).sort((a, b) => restarts(a) - restarts(b) || (a.metadata?.name ?? "").localeCompare(b.metadata?.name ?? ""));
    if (least === undefined) {
        throw new Error("no pod gets requests");
    }
    return least;
}

/** A pod's first container by the pod's manifest, that of the app; undefined where the kubelet has not told of it yet. */
export function containerOf(pod: Pod): ContainerNow | undefined {
    const name = pod.spec?.containers[0]?.name;
    const status = pod.status?.containerStatuses?.find(candidate => candidate.name === name);
    if (status === undefined) {
        return undefined;
    }
    const running = status.state?.running !== undefined;
    return {
        uid: pod.metadata?.uid ?? "",
        id: status.containerID ?? "",
        restarts: status.restartCount,
        running,
        ready: conditionOf(pod, "Ready") === "True",
        pauseSeconds: pauseOf(status),
    };
}

function pauseOf({ state, lastState }: Status): number | undefined {
    const [ended, started] = [lastState?.terminated?.finishedAt, state?.running?.startedAt];
    return ended === undefined || started === undefined ? undefined : (Date.parse(started) - Date.parse(ended)) / 1000;
}

/** Whether the container runs again in its pod, after so many restarts more than before, and gets requests where that is asked for. */
export function runsAgain({ before, now }: Pick<Victim, "before" | "now">, restarts: number, asked: "running" | "ready"): string | undefined {
    const seen = now();
    if (seen?.uid !== before.uid) {
        return "its pod is gone";
    }
    const done = seen.restarts - before.restarts;
    return done >= restarts && seen.running && (asked === "running" || seen.ready) ? undefined : `${done} of ${restarts} restarts, ${seen.running ? (seen.ready ? "ready" : "not ready") : "not running"}`;
}
