import type { Watch } from "../site";

/** Seconds from a moment until all of an app's replicas were ready for good; 0 where they were throughout, "never" where they were not in the end. */
export function fullStrengthSince({ sampler, tenant: { app } }: Watch, since: number): number | "never" {
    const full = sampler.ready.atLeastForGood(app.deployment.replicas, since);
    return full === undefined ? "never" : full - since;
}
