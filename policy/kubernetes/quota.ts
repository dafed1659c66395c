import type { Typed } from "../graph";
import { isOfType } from "../graph";
import { type Fault, type Rule, shown } from "../rule";
import { entries, isSaid, isSet, items } from "../values";
import { allClaims } from "./claims";
import { defaultsOf, limitOf, podTotal, requestOf } from "./demand";
import { type Container, type PodType, podSpecOf } from "./pods";
import { amountOf, exceeds, numberOf, shareOf } from "./quantities";
import { type Namespace, called, namespaceRule } from "./workloads";

type Quota = Typed<"kubernetes:core/v1:ResourceQuota">;

/** Room for the app's worst day. */
export const quota: readonly Rule[] = [
    namespaceRule(
        {
            name: "quota-fits-peak",
            level: "mandatory",
            why: "A quota that is full at the autoscaler's maximum refuses the pods of a rollout, or those that replace a lost zone's.",
            ids: [],
            fix: "raise the quota to what all replicas at their maximum, a rollout's surge, a lost zone's replacements and the jobs need together",
        },
        namespace => quotaFaults(namespace, peakOf(namespace)),
    ),
    namespaceRule(
        {
            name: "quota-fits-volumes",
            level: "mandatory",
            why: "A replica whose volume the quota refuses never starts.",
            ids: [],
            fix: "raise persistentvolumeclaims and requests.storage to what all replicas' volumes need",
        },
        namespace => {
            const claims = namespace.isWhole ? allClaims(namespace) : [];
            const storage = claims.reduce((sum, { spec }) => sum + amountOf(spec.resources?.requests?.["storage"] ?? "0"), 0);
            return quotaFaults(namespace, key => volumeNeeds[key]?.(claims.length, storage));
        },
    ),
    namespaceRule(
        {
            name: "quota-fits-load-balancers",
            level: "mandatory",
            why: "A Service that the quota refuses a load balancer for gets no address.",
            ids: [],
            fix: "raise services.loadbalancers to the number of Services of type LoadBalancer",
        },
        namespace => {
            const balanced = namespace.objects("kubernetes:core/v1:Service").filter(({ inputs }) => inputs.spec?.type === "LoadBalancer");
            return quotaFaults(namespace, key => (key === "services.loadbalancers" ? balanced.length : undefined));
        },
    ),
];

const volumeNeeds: Readonly<Record<string, (claims: number, storage: number) => number>> = {
    persistentvolumeclaims: claims => claims,
    "count/persistentvolumeclaims": claims => claims,
    "requests.storage": (_, storage) => storage,
};

/** Faults of quotas that have less room than is needed. `needOf` says how much of what a quota bounds. */
function quotaFaults(namespace: Namespace, needOf: (key: string) => number | undefined): readonly Fault[] {
    return namespace
        .objects("kubernetes:core/v1:ResourceQuota")
        .filter(boundsAll)
        .flatMap(resource =>
            entries(resource.inputs.spec?.hard).flatMap(([key, hard]): readonly Fault[] => {
                const need = needOf(key);
                return need !== undefined && exceeds(need, amountOf(hard)) ? [{ resource, found: `${called(resource)} has ${key} ${shown(hard)}; ${inUnits(key, need)} may be needed` }] : [];
            }),
        );
}

/** Whether a quota is for all pods of its namespace, not for those of some priority or kind. */
function boundsAll({ inputs }: Quota): boolean {
    return items(inputs.spec?.scopes).length === 0 && !isSet(inputs.spec?.scopeSelector);
}

/** An amount as a quota would be written. */
function inUnits(key: string, amount: number): string {
    if (/memory|storage/.test(key)) {
        return `${Math.ceil(amount / 2 ** 20)}Mi`;
    }
    return key.endsWith("cpu") ? `${Math.ceil(amount * 1000)}m` : String(amount);
}

/** How much of what a quota bounds the pods of a namespace need at their most. */
function peakOf(namespace: Namespace): (key: string) => number | undefined {
    const defaults = defaultsOf(namespace);
    const groups = namespace.pods.map(pods => ({ pod: podSpecOf(pods), count: mostPods(namespace, pods) }));
    const total = (quantityOf: (container: Container) => string | undefined): number =>
        groups.reduce((sum, { pod, count }) => sum + count * podTotal(pod, quantityOf), 0);
    return key => {
        if (key === "pods" || key === "count/pods") {
            return groups.reduce((sum, { count }) => sum + count, 0);
        }
        const [, bound, name] = /^(?:(requests|limits)\.)?(cpu|memory|ephemeral-storage)$/.exec(key) ?? [];
        if (name === undefined) {
            return undefined;
        }
        return total(container => (bound === "limits" ? limitOf(container, name, defaults) : requestOf(container, name, defaults)));
    };
}

/** Kubernetes' default surge of a rollout (pkg/apis/apps/v1/defaults.go). */
const defaultSurge = "25%";

/** Runs of a schedule that may be there at once: one that is replaced overlaps with the next, and where all are allowed, two at the least. */
const concurrentRuns: Readonly<Record<string, number>> = { Forbid: 1, Replace: 2, Allow: 2 };

/** The most pods that there may be at once. How many nodes a DaemonSet has is not known here: its pods are left out. */
function mostPods(namespace: Namespace, pods: Typed<PodType>): number {
    if (isOfType(pods, "kubernetes:apps/v1:Deployment")) {
        const { most } = namespace.replicasOf(pods);
        return most + surgeOf(pods, most) + replacements(namespace, most);
    }
    if (isOfType(pods, "kubernetes:apps/v1:StatefulSet")) {
        return namespace.replicasOf(pods).most;
    }
    if (isOfType(pods, "kubernetes:batch/v1:CronJob")) {
        const { concurrencyPolicy, jobTemplate } = pods.inputs.spec ?? {};
        return numberOf(jobTemplate?.spec?.parallelism, 1) * (concurrentRuns[concurrencyPolicy ?? ""] ?? 2);
    }
    if (isOfType(pods, "kubernetes:batch/v1:Job")) {
        return numberOf(pods.inputs.spec?.parallelism, 1);
    }
    return isOfType(pods, "kubernetes:core/v1:Pod") ? 1 : 0;
}

/** Extra pods of a rollout; Kubernetes rounds the percentage up (pkg/controller/deployment/util, ResolveFenceposts). */
function surgeOf({ inputs }: Typed<"kubernetes:apps/v1:Deployment">, replicas: number): number {
    const { type, rollingUpdate } = inputs.spec?.strategy ?? {};
    const surge = rollingUpdate?.maxSurge;
    return type === "Recreate" ? 0 : shareOf(isSaid(surge) ? surge : defaultSurge, replicas, Math.ceil);
}

/** Pods that replace a lost zone's, which count until their grace period is over (pkg/quota/v1/evaluator/core/pods.go, QuotaV1Pod). */
function replacements({ zones }: Namespace, replicas: number): number {
    return zones < 2 ? 0 : Math.ceil(replicas / zones);
}
