import { type Api, ApiError, type KubeObject, NotYet, isPassing, kinds } from "../api";

/** An object that the API server did not take, and what it said. */
export interface Refusal {
    /** "Deployment shop/web". */
    readonly object: string;
    readonly said: string;
}

/** Objects that the API server did not take. The message has each of them. */
export class Refused extends Error {
    constructor(
        cluster: string,
        readonly refusals: readonly Refusal[],
    ) {
        super(`${cluster}: the API server refused ${refusals.length} objects:\n${refusals.map(({ object, said }) => `  ${object}: ${said}`).join("\n")}`);
    }
}

/** Kinds in the order in which they must exist; all others come between claims and what makes pods. */
const firstKinds = ["Namespace", "PriorityClass", "StorageClass", "IngressClass", "ResourceQuota", "LimitRange", "ServiceAccount", "ConfigMap", "Secret", "PersistentVolumeClaim"];
const lastKinds = ["Deployment", "StatefulSet", "Job", "CronJob", "HorizontalPodAutoscaler"];

/** Longest wait until the controllers have seen to a namespace or a quota, in seconds. */
const seenToSeconds = 60;

/** Objects in an order in which each finds what it needs. */
export function applyOrder(objects: readonly KubeObject[]): readonly KubeObject[] {
    const rank = ({ kind }: KubeObject): number => {
        const first = firstKinds.indexOf(kind);
        return first === -1 ? firstKinds.length + 1 + lastKinds.indexOf(kind) : first;
    };
    return objects
        .map((object, index) => ({ object, rank: rank(object), index }))
        .sort((a, b) => a.rank - b.rank || a.index - b.index)
        .map(({ object }) => object);
}

/**
 * Applies objects one after another, by server-side apply, with unknown fields as errors. Waits where a quick second step would
 * fail: for a namespace's default service account, and for a quota to be counted, until when it forbids everything.
 *
 * @returns what the API server refused.
 */
export async function applyAll(api: Api, objects: readonly KubeObject[]): Promise<readonly Refusal[]> {
    const refusals: Refusal[] = [];
    for (const object of applyOrder(objects)) {
        try {
            await api.apply(object);
            await seenTo(api, object);
        } catch (error) {
            if (!(error instanceof ApiError) || isPassing(error)) {
                throw error;
            }
            refusals.push({ object: nameOf(object), said: `${error.reason}: ${error.message}` });
        }
    }
    return refusals;
}

/** An object for a message: "Deployment shop/web". */
export function nameOf({ kind, metadata: { name, namespace } }: KubeObject): string {
    return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

async function seenTo(api: Api, { kind, metadata: { name, namespace = "default" } }: KubeObject): Promise<void> {
    if (kind === "Namespace") {
        const account = { kind: kinds.serviceAccount, name: "default", namespace: name };
        await api.until(`service account of ${name}`, async () => ((await api.get(account)) === undefined ? new NotYet("there is none") : true), { seconds: seenToSeconds });
    }
    if (kind === "ResourceQuota") {
        const counted = async (): Promise<true | NotYet> => {
            const quota = await api.get({ kind: kinds.resourceQuota, name, namespace });
            const open = Object.keys(quota?.spec?.hard ?? {}).filter(resource => quota?.status?.used?.[resource] === undefined);
            return open.length === 0 ? true : new NotYet(`${open.join(", ")} not counted`);
        };
        await api.until(`quota ${name}`, counted, { seconds: seenToSeconds });
    }
}
