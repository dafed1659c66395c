import type { V1Pod } from "@kubernetes/client-node";

import { ApiError, NotYet, TimedOut, type Wire, kinds } from "../../api";
import type { Stage } from "../../stage";
import { startAllowanceSeconds } from "./promises";

type Pod = Wire<V1Pod>;

/** How a node's drain went. */
export interface Drain {
    /** Pods whose eviction a disruption budget put off, one for each time. */
    readonly putOff: readonly Pod[];
    /** Pods that were still there when patience ended; none where the drain ended. */
    readonly left: readonly string[];
}

/** Time between two evictions that are asked for of one pod, in milliseconds. `kubectl drain` waits 5 s; asking more often tries the budget harder. */
const askAgainMs = 1000;

/** A node takes no more pods. */
export async function cordon({ api }: Pick<Stage, "api">, node: string): Promise<void> {
    await api.patch({ kind: kinds.node, name: node }, { spec: { unschedulable: true } });
}

/** A node's pods that a drain evicts: all but those of DaemonSets. */
export async function drainedPods({ api }: Pick<Stage, "api">, node: string): Promise<readonly Pod[]> {
    return (await api.list(kinds.pod, { fields: `spec.nodeName=${node}` })).filter(pod => !isOfDaemon(pod));
}

/** Longest time until some pods are gone, in seconds, where budgets let one go after another: each ends, and its replacement starts. */
export function drainSeconds(pods: readonly Pod[]): number {
    return pods.reduce((sum, { spec }) => sum + (spec?.terminationGracePeriodSeconds ?? 0) + startAllowanceSeconds, startAllowanceSeconds);
}

/**
 * Evicts a node's pods and waits until they are gone, as `kubectl drain` does and the clouds do in upgrades.
 *
 * @param seconds when it is given up.
 */
export async function drainNode(stage: Pick<Stage, "api" | "cluster">, node: string, seconds: number): Promise<Drain> {
    const { api, cluster } = stage;
    const asked = new Map<string, number>();
    const putOff: Pod[] = [];
    const ask = async (pod: Pod): Promise<void> => {
        const { name = "", namespace = "", uid = "", deletionTimestamp } = pod.metadata ?? {};
        if (deletionTimestamp !== undefined || performance.now() - (asked.get(uid) ?? -Infinity) < askAgainMs) {
            return;
        }
        asked.set(uid, performance.now());
        try {
            if (!(await api.evict(name, namespace))) {
                putOff.push(pod);
            }
        } catch (error) {
            if (!(error instanceof ApiError && error.status === 404)) {
                throw error;
            }
        }
    };
    try {
        await api.until(
            `${cluster}: drain of ${node}`,
            async () => {
                const pods = await drainedPods(stage, node);
                await Promise.all(pods.map(ask));
                return pods.length === 0 ? true : new NotYet(`${pods.length} pods are there`);
            },
            { seconds, everyMs: 250 },
        );
        return { putOff, left: [] };
    } catch (error) {
        if (!(error instanceof TimedOut)) {
            throw error;
        }
        return { putOff, left: (await drainedPods(stage, node)).map(({ metadata }) => metadata?.name ?? "") };
    }
}

function isOfDaemon({ metadata }: Pod): boolean {
    return (metadata?.ownerReferences ?? []).some(({ kind }) => kind === "DaemonSet");
}

/** Takes a node away with its pods, at once. */
export async function abandonNode({ api, controlPlane }: Stage, node: string): Promise<void> {
    for (const { metadata: { name = "", namespace = "" } = {} } of await api.list(kinds.pod, { fields: `spec.nodeName=${node}` })) {
        await api.delete({ kind: kinds.pod, name, namespace }, { graceSeconds: 0 });
    }
    await controlPlane.removeNode(node);
}
