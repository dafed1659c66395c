import { kinds } from "../../api";
import { within } from "../../drills/disruption/promises";
import { waitFor } from "../../drills/disruption/watch";
import type { PromiseResult } from "../../result";
import { type Missing, type Tenant, type Watch, atRest } from "../site";

/** Answers that each client must have had before something is done to an app: what fails later is of that. */
const answersBefore = 20;

/** Longest wait for them, in seconds. */
const answersSeconds = 60;

/**
 * Resolves when all clients of an app are answered. Throws where they are not: what is not well to begin with can't be drilled.
 */
export async function untilAnswered({ tenant: { api, cluster }, clients }: Watch): Promise<void> {
    const missing = (): string | undefined => {
        const last = clients.map(({ outcomes }) => outcomes.slice(-answersBefore));
        const short = last.filter(outcomes => outcomes.length < answersBefore || outcomes.some(({ ok }) => !ok)).length;
        return short === 0 ? undefined : `${short} of ${clients.length} clients are not answered`;
    };
    if ((await waitFor(api, `${cluster}: answers`, missing, answersSeconds)) === undefined) {
        const errors = new Set(clients.flatMap(({ outcomes }) => outcomes.flatMap(({ error }) => error ?? [])));
        throw new Error(`${cluster}: ${missing() ?? ""}: ${[...errors].join("; ")}`);
    }
}

/** Longest wait until the last replicas of an old release are gone, in seconds: Kubernetes ends them after their grace period, 30 s by default. */
export const goneSeconds = 120;

/**
 * Waits until apps are at rest, and promises it of each.
 *
 * @param missing what else is missing until one is; undefined once nothing is. What etcd kept of an app says only how it was: where nobody has told
 * the API server anything meanwhile, this has to find out that somebody has.
 */
export async function restPromises(tenants: readonly Tenant[], seconds: number, missing?: Missing): Promise<ReadonlyMap<Tenant, PromiseResult>> {
    return new Map(
        await Promise.all(
            tenants.map(async (tenant): Promise<[Tenant, PromiseResult]> => {
                const from = performance.now();
                const short = await atRest(tenant, seconds, missing);
                return [tenant, within("at rest again within", seconds, short === undefined ? (performance.now() - from) / 1000 : undefined, short ?? "")];
            }),
        ),
    );
}

/**
 * Waits until an app is whole: so many replicas are ready, those that keep data too, and none is ending any more. Returns what was missing at
 * the end; undefined where nothing was.
 */
export async function untilWhole({ tenant, sampler, state }: Watch, replicas: number, seconds: number): Promise<string | undefined> {
    const { api, app, cluster, namespace } = tenant;
    const short = async (): Promise<string | undefined> => {
        const [ready, keeping] = [sampler.ready.last ?? 0, state?.ready.last ?? 0];
        if (ready < replicas || keeping < (app.state?.replicas ?? 0)) {
            return `${ready} replicas ready, and ${keeping} that keep data`;
        }
        const ending = (await api.list(kinds.pod, { namespace })).filter(({ metadata }) => metadata?.deletionTimestamp !== undefined);
        return ending.length === 0 ? undefined : `${ending.length} pods still end`;
    };
    return (await waitFor(api, `${cluster}: all replicas`, short, seconds)) === undefined ? short() : undefined;
}

/** Lets requests go on until so long after a moment, in seconds by the sampler's clock. */
export async function goOn({ tenant: { api, cluster }, sampler }: Watch, since: number, seconds: number): Promise<void> {
    await waitFor(api, `${cluster}: ${seconds} s more`, () => (sampler.now() - since >= seconds ? undefined : "not yet"), 2 * seconds);
}
