import type { V1Pod } from "@kubernetes/client-node";

import { type Wire, kinds } from "../../api";
import type { Stage } from "../../stage";
import { isAble } from "../disruption/watch";

type Pod = Wire<V1Pod>;

/** Pods of the app's Deployment, those on their way out among them. */
export function replicaPods({ api, namespace, app }: Pick<Stage, "api" | "namespace" | "app">): Promise<readonly Pod[]> {
    return api.list(kinds.pod, { namespace, labels: app.deployment.selector });
}

/** All pods of the app's namespace that stay: jobs come and go by themselves. */
export async function stayingPods({ api, namespace }: Pick<Stage, "api" | "namespace">): Promise<readonly Pod[]> {
    const pods = await api.list(kinds.pod, { namespace });
    return pods.filter(pod => isAble(pod) && pod.spec?.restartPolicy !== "Never" && pod.spec?.restartPolicy !== "OnFailure");
}

/** Names of pods that are not as they were: gone, replaced, started anew, or not ready. */
export function changedPods(before: readonly Pod[], after: readonly Pod[]): readonly string[] {
    const now = new Map(after.map(pod => [pod.metadata?.uid, pod]));
    return before
        .filter(pod => {
            const same = now.get(pod.metadata?.uid);
            return same === undefined || !isAble(same) || restarts(same) !== restarts(pod);
        })
        .map(({ metadata }) => metadata?.name ?? "")
        .sort();
}

function restarts({ status }: Pod): number {
    return (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}

/** Whether a pod has some labels. */
export function isOf({ metadata }: Pod, labels: Readonly<Record<string, string>>): boolean {
    return Object.entries(labels).every(([key, value]) => metadata?.labels?.[key] === value);
}

/** The node with the most pods of the app; of several such, the first by name. */
export function fullestNode(pods: readonly Pod[]): string {
    const counts = new Map<string, number>();
    for (const { spec } of pods) {
        const node = spec?.nodeName ?? "";
        counts.set(node, (counts.get(node) ?? 0) + 1);
    }
    const [fullest] = [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
    if (fullest === undefined) {
        throw new Error("no pod is on a node");
    }
    return fullest[0];
}
