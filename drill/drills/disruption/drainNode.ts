import type { V1Pod } from "@kubernetes/client-node";

import { ApiError, NotYet, TimedOut, type Wire, kinds } from "../../api";
import type { Stage } from "../../stage";
import { startAllowanceSeconds } from "./promises";

/** How a node's drain went. */
export interface Drain {
    /** Evictions that a disruption budget put off. */
    readonly refusals: number;
    /** Pods that were still there when patience ended; none where the drain ended. */
    readonly left: readonly string[];
}

/** Time between two evictions that are asked for of one pod, in milliseconds. `kubectl drain` waits 5 s; asking more often tries the budget harder. */
const askAgainMs = 1000;

/** A node takes no more pods. */
export async function cordon({ api }: Stage, node: string): Promise<void> {
    await api.patch({ kind: kinds.node, name: node }, { spec: { unschedulable: true } });
}

/**
 * Evicts a node's pods, but for those of DaemonSets, and waits until they are gone, as `kubectl drain` does and the clouds do in
 * upgrades. It is given up after the sum of what each pod may take to end and its replacement to start.
 */
export async function drainNode(stage: Stage, node: string): Promise<Drain> {
    const { api, cluster } = stage;
    const asked = new Map<string, number>();
    let refusals = 0;
    const ask = async (pod: Wire<V1Pod>): Promise<void> => {
        const { name = "", namespace = "", uid = "", deletionTimestamp } = pod.metadata ?? {};
        if (deletionTimestamp !== undefined || performance.now() - (asked.get(uid) ?? -Infinity) < askAgainMs) {
            return;
        }
        asked.set(uid, performance.now());
        try {
            refusals += (await api.evict(name, namespace)) ? 0 : 1;
        } catch (error) {
            if (!(error instanceof ApiError && error.status === 404)) {
                throw error;
            }
        }
    };
    const there = async (): Promise<readonly Wire<V1Pod>[]> => (await api.list(kinds.pod, { fields: `spec.nodeName=${node}` })).filter(pod => !isOfDaemon(pod));
    const seconds = (await there()).reduce((sum, { spec }) => sum + (spec?.terminationGracePeriodSeconds ?? 0) + startAllowanceSeconds, startAllowanceSeconds);
    try {
        await api.until(
            `${cluster}: drain of ${node}`,
            async () => {
                const pods = await there();
                await Promise.all(pods.map(ask));
                return pods.length === 0 ? true : new NotYet(`${pods.length} pods are there`);
            },
            { seconds, everyMs: 250 },
        );
        return { refusals, left: [] };
    } catch (error) {
        if (!(error instanceof TimedOut)) {
            throw error;
        }
        return { refusals, left: (await there()).map(({ metadata }) => metadata?.name ?? "") };
    }
}

function isOfDaemon({ metadata }: Wire<V1Pod>): boolean {
    return (metadata?.ownerReferences ?? []).some(({ kind }) => kind === "DaemonSet");
}

/** Takes a node away with its pods, at once. */
export async function abandonNode({ api, controlPlane }: Stage, node: string): Promise<void> {
    for (const { metadata: { name = "", namespace = "" } = {} } of await api.list(kinds.pod, { fields: `spec.nodeName=${node}` })) {
        await api.delete({ kind: kinds.pod, name, namespace }, { graceSeconds: 0 });
    }
    await controlPlane.removeNode(node);
}
