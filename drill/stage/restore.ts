import type { V1Pod } from "@kubernetes/client-node";
import { z } from "zod";

import { type Api, NotYet, type Wire, kinds } from "../api";
import { type ControlPlane, zoneLabel } from "../controlPlane";
import type { AppFacts } from "./facts";
import { unsettled } from "./settle";

/** Longest waits, in seconds: for nodes to be as they were; for the autoscaler to forget (it looks every 15 s); for metrics of a later time (they are up to 30 s old). */
const nodesSeconds = 120;
const forgetSeconds = 60;
const measuredSeconds = 90;

/** Brings every program back: thaws what is frozen and starts what is dead. */
export async function reviveComponents({ components, zones }: ControlPlane): Promise<void> {
    for (const component of components) {
        component.thaw();
    }
    for (const zone of zones.names) {
        zones.resume(zone);
    }
    // In their order, etcd first: each needs those before it.
    for (const component of components.filter(({ running }) => !running)) {
        await component.start();
    }
}

/** Brings the nodes back: opens those that were closed to pods, and makes up for those that were taken away. Resolves when all are ready. */
export async function reviveNodes(controlPlane: ControlPlane, nodesPerZone: number): Promise<void> {
    const { api, zones } = controlPlane;
    const nodes = await api.list(kinds.node);
    for (const { metadata, spec } of nodes) {
        if (spec?.unschedulable === true) {
            await api.patch({ kind: kinds.node, name: metadata?.name ?? "" }, { spec: { unschedulable: null } });
        }
    }
    for (const zone of zones.names) {
        const short = nodesPerZone - nodes.filter(({ metadata }) => metadata?.labels?.[zoneLabel] === zone).length;
        if (short > 0) {
            await controlPlane.addNodes(zone, short);
        }
    }
    await api.until(
        "nodes as they were",
        async () => {
            const tainted = (await api.list(kinds.node)).filter(({ spec }) => (spec?.taints ?? []).length > 0).map(({ metadata }) => metadata?.name);
            return tainted.length === 0 ? true : new NotYet(`${tainted.join(", ")} tainted`);
        },
        { seconds: nodesSeconds, everyMs: 250 },
    );
}

/**
 * Takes the autoscaler away and waits until its controller has dropped what it remembers of it. Otherwise a peak of the last five
 * minutes keeps the replicas up, or brings them back. It drops them when it looks again and finds nothing, and says
 * so (pkg/controller/podautoscaler/horizontal.go, reconcileKey).
 */
export async function forgetLoad(controlPlane: Pick<ControlPlane, "api" | "leader">, { namespace, autoscaler }: AppFacts): Promise<void> {
    if (autoscaler === undefined) {
        return;
    }
    const { api } = controlPlane;
    const manager = await controlPlane.leader("kube-controller-manager");
    const said = (): number => manager.printed().split("\n").filter(line => line.includes("Horizontal Pod Autoscaler has been deleted") && line.includes(`"${namespace}/${autoscaler.name}"`)).length;
    const before = said();
    const ref = { kind: kinds.horizontalPodAutoscaler, name: autoscaler.name, namespace };
    if ((await api.get(ref)) === undefined) {
        return;
    }
    await api.delete(ref);
    await api.until("the autoscaler forgets", () => Promise.resolve(said() > before ? true : new NotYet("its controller has not looked again")), { seconds: forgetSeconds, everyMs: 250 });
}

/** Sets the Deployment's replicas, and takes annotations from its pods that its manifest does not have, but for that of a restart. */
export async function resetDeployment(api: Api, { namespace, deployment: { name, replicas } }: AppFacts, annotations: readonly string[]): Promise<void> {
    const ref = { kind: kinds.deployment, name, namespace };
    const live = await api.get(ref);
    const extra = Object.keys(live?.spec?.template.metadata?.annotations ?? {}).filter(key => key !== restartAnnotation && !annotations.includes(key));
    await api.patch(ref, {
        spec: {
            replicas,
            paused: null,
            template: { metadata: { annotations: Object.fromEntries(extra.map(key => [key, null])) } },
        },
    });
}

/** Annotation by which `kubectl rollout restart` makes pods new. */
export const restartAnnotation = "kubectl.kubernetes.io/restartedAt";

/**
 * Waits until an app is at rest. Ends pods at once that are ending, and those whose node is gone, which Kubernetes would do a
 * minute later: restoring need not be graceful.
 */
export async function settleQuickly(api: Api, cluster: string, facts: AppFacts, seconds: number): Promise<void> {
    const { namespace } = facts;
    await api.until(
        `${cluster}: the app at rest again`,
        async () => {
            const [pods, nodes] = await Promise.all([api.list(kinds.pod, { namespace }), api.list(kinds.node)]);
            const known = new Set(nodes.map(({ metadata }) => metadata?.name));
            const isOrphan = ({ spec }: Wire<V1Pod>): boolean => spec?.nodeName !== undefined && !known.has(spec.nodeName);
            await endNow(
                api,
                pods.filter(pod => pod.metadata?.deletionTimestamp !== undefined || isOrphan(pod)),
            );
            const missing = await unsettled(api, facts);
            return missing.length === 0 ? true : new NotYet(missing.join("; "));
        },
        { seconds, everyMs: 250 },
    );
}

/**
 * Ends all of an app's pods at once where they are not spread evenly over the zones, so that they are placed anew. It is what
 * a rollout restart does, without the wait for each replacement: nobody uses the app between two drills.
 *
 * @returns whether it did.
 */
export async function rebalance(api: Api, { namespace, deployment: { selector } }: AppFacts, zones: readonly string[]): Promise<boolean> {
    const [nodes, pods] = await Promise.all([api.list(kinds.node), api.list(kinds.pod, { namespace, labels: selector })]);
    const zoneOf = new Map(nodes.map(({ metadata }) => [metadata?.name, metadata?.labels?.[zoneLabel]]));
    const counts = zones.map(zone => pods.filter(({ spec }) => zoneOf.get(spec?.nodeName) === zone).length);
    const even = Math.max(...counts) - Math.min(...counts) <= 1;
    if (!even) {
        await endNow(api, pods);
    }
    return !even;
}

async function endNow(api: Api, pods: readonly Wire<V1Pod>[]): Promise<void> {
    for (const { metadata: { name = "", namespace = "" } = {} } of pods) {
        await api.delete({ kind: kinds.pod, name, namespace }, { graceSeconds: 0 });
    }
}

const podTimesSchema = z.object({ items: z.array(z.object({ timestamp: z.string(), window: z.string() })) });

/** Waits until what the autoscaler is told was measured after a moment, all of it. */
export async function measuredSince(api: Api, moment: Date): Promise<void> {
    await api.until(
        "fresh metrics",
        async () => {
            const { items } = podTimesSchema.parse(await api.raw("GET", "/apis/metrics.k8s.io/v1beta1/nodes"));
            const fresh = items.every(({ timestamp, window }) => Date.parse(timestamp) - Number.parseInt(window) * 1000 >= moment.getTime());
            return fresh ? true : new NotYet("they are older");
        },
        { seconds: measuredSeconds, everyMs: 500 },
    );
}
