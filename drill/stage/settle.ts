import { type Api, NotYet, conditionOf, kinds } from "../api";
import type { AppFacts } from "./facts";

/** What is missing until an app is at rest; nothing when it is. */
export async function unsettled(api: Api, { namespace, deployment, service, autoscaler, state }: AppFacts): Promise<readonly string[]> {
    const inNamespace = { namespace };
    const [live, set, scaler, door, claims, pods] = await Promise.all([
        api.get({ kind: kinds.deployment, name: deployment.name, namespace }),
        state === undefined ? undefined : api.get({ kind: kinds.statefulSet, name: state.name, namespace }),
        autoscaler === undefined ? undefined : api.get({ kind: kinds.horizontalPodAutoscaler, name: autoscaler.name, namespace }),
        api.get({ kind: kinds.service, name: service.name, namespace }),
        api.list(kinds.persistentVolumeClaim, inNamespace),
        api.list(kinds.pod, inNamespace),
    ]);
    const missing: string[] = [];
    const miss = (is: boolean, what: string): void => {
        if (is) {
            missing.push(what);
        }
    };
    const { replicas } = deployment;
    const { replicas: all = 0, updatedReplicas = 0, readyReplicas = 0, availableReplicas = 0, observedGeneration = 0 } = live?.status ?? {};
    miss(observedGeneration < (live?.metadata?.generation ?? 1), `Deployment ${deployment.name} not looked at`);
    miss(live?.spec?.replicas !== replicas, `Deployment ${deployment.name} wants ${live?.spec?.replicas ?? 0} of ${replicas}`);
    miss([all, updatedReplicas, readyReplicas, availableReplicas].some(count => count !== replicas), `${deployment.name}: ${updatedReplicas} new, ${readyReplicas} ready, ${all} in all, of ${replicas}`);
    if (state !== undefined) {
        const { readyReplicas: ready = 0, updatedReplicas: updated = 0, availableReplicas: available = 0 } = set?.status ?? {};
        miss([ready, updated, available].some(count => count !== state.replicas), `${state.name}: ${ready} ready, ${updated} new, of ${state.replicas}`);
        miss(state.claims.some(claim => !claims.some(({ metadata }) => metadata?.name === claim)), `claims of ${state.name}`);
    }
    const unbound = claims.filter(({ status }) => status?.phase !== "Bound").map(({ metadata }) => metadata?.name);
    miss(unbound.length > 0, `${unbound.join(", ")} not bound`);
    if (autoscaler !== undefined) {
        const scaling = scaler === undefined ? undefined : conditionOf(scaler, "ScalingActive");
        const use = scaler?.status?.currentMetrics?.find(({ resource }) => resource?.name === "cpu")?.resource?.current.averageUtilization;
        miss(scaling !== "True" || use === undefined, `HorizontalPodAutoscaler ${autoscaler.name} has no metrics`);
    }
    miss((door?.status?.loadBalancer?.ingress ?? []).length === 0, `Service ${service.name} has no address`);
    const waiting = pods.filter(({ status }) => status?.phase === "Pending").map(({ metadata }) => metadata?.name);
    miss(waiting.length > 0, `${waiting.join(", ")} Pending`);
    const ending = pods.filter(({ metadata }) => metadata?.deletionTimestamp !== undefined).map(({ metadata }) => metadata?.name);
    miss(ending.length > 0, `${ending.join(", ")} ending`);
    return missing;
}

/**
 * Waits until an app is at rest: the Deployment has the replicas that it has at rest, new, ready and available; so does the
 * StatefulSet; claims are bound, the autoscaler reads metrics, the Service has an address, and no pod is Pending or ending.
 */
export async function untilSettled(api: Api, cluster: string, facts: AppFacts, seconds: number): Promise<void> {
    await api.until(
        `${cluster}: the app at rest`,
        async () => {
            const missing = await unsettled(api, facts);
            return missing.length === 0 ? true : new NotYet(missing.join("; "));
        },
        { seconds, everyMs: 250 },
    );
}
