import { waitFor } from "../../drills/disruption/watch";
import type { LiveSite, Watch } from "../site";
import { atRest } from "../site";

/** Answers that each client must have had before something is done to an app: what fails later is of that. */
const answersBefore = 20;

/** Longest wait for them, in seconds. */
const answersSeconds = 60;

/**
 * Resolves when all clients of an app are answered. Throws where they are not: what is not well to begin with can't be drilled.
 */
export async function untilAnswered({ tenant: { api, cluster }, clients }: Watch): Promise<void> {
    const lastOnes = clients.map(({ outcomes }) => () => outcomes.slice(-answersBefore));
    const missing = (): string | undefined => {
        const short = lastOnes.filter(last => last().length < answersBefore || last().some(({ ok }) => !ok)).length;
        return short === 0 ? undefined : `${short} of ${clients.length} clients are not answered`;
    };
    if ((await waitFor(api, `${cluster}: answers`, missing, answersSeconds)) === undefined) {
        const errors = new Set(clients.flatMap(({ outcomes }) => outcomes.flatMap(({ error }) => error ?? [])));
        throw new Error(`${cluster}: ${missing() ?? ""}: ${[...errors].join("; ")}`);
    }
}

/** Waits until all apps of a site are at rest. Returns what was missing at the end, a line for each. */
export async function siteAtRest({ tenants }: LiveSite, seconds: number): Promise<readonly string[]> {
    const missing = await Promise.all(tenants.map(async tenant => ({ tenant, missing: await atRest(tenant, seconds) })));
    return missing.flatMap(({ tenant, missing: reason }) => (reason === undefined ? [] : [`${tenant.cluster} was not at rest after ${seconds} s: ${reason}`]));
}
