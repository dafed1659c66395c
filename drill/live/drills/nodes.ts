import { type Api, conditionOf, kinds } from "../../api";
import { unreachable } from "../../drills/disruption/outage";
import type { Sampler } from "../../stage";
import type { Tenant } from "../site";

/** Notes which nodes are given up while a sampler goes on: those that are not Ready any more, or that pods may not stay on. Resolves after the first look. */
export async function watchGivenUp({ watch }: Pick<Sampler, "watch">): Promise<() => readonly string[]> {
    const givenUp = new Set<string>();
    await watch({
        kind: kinds.node,
        where: {},
        seen: nodes => {
            for (const node of nodes) {
                if (conditionOf(node, "Ready") !== "True" || (node.spec?.taints ?? []).some(({ key }) => key === unreachable)) {
                    givenUp.add(node.metadata?.name ?? "");
                }
            }
        },
    });
    return () => [...givenUp].sort();
}

/** Namespace of the leases that kubelets renew every 10 s (https://kubernetes.io/docs/concepts/architecture/nodes/#node-heartbeats). */
export const leaseNamespace = "kube-node-lease";

/** Nodes that have not told the API server that they live since a moment; undefined where all have. */
export async function unheardOf(api: Api, nodes: readonly { readonly name: string }[], since: Date): Promise<string | undefined> {
    const leases = await api.list(kinds.lease, { namespace: leaseNamespace });
    const heard = new Set(leases.filter(({ spec }) => Date.parse(spec?.renewTime ?? "") >= since.getTime()).map(({ metadata }) => metadata?.name));
    const silent = nodes.map(({ name }) => name).filter(name => !heard.has(name));
    return silent.length === 0 ? undefined : `nothing was heard of ${silent.join(", ")}`;
}

/**
 * Pods of an app that do not run anew since a moment: with a container that was started before it, or not ready. Undefined where all do.
 * Kubelets tell starts in whole seconds.
 */
export async function notStartedSince({ api, namespace, app }: Tenant, since: Date): Promise<string | undefined> {
    const selectors = [app.deployment.selector, ...(app.state === undefined ? [] : [app.state.selector])];
    const pods = (await Promise.all(selectors.map(labels => api.list(kinds.pod, { namespace, labels })))).flat();
    const old = pods.filter(pod => conditionOf(pod, "Ready") !== "True" || !(pod.status?.containerStatuses ?? []).every(({ state }) => Date.parse(state?.running?.startedAt ?? "") > since.getTime() - 1000));
    return old.length === 0 ? undefined : `${old.map(({ metadata }) => metadata?.name ?? "").join(", ")} not started anew`;
}
