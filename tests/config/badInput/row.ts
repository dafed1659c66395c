/** What a row of the tables of bad input says. */
import { clusterConfigs, minimalApp } from "../../support/plan";

/**
 * One invalid config: a title; what is changed in a sound one, by path (undefined removes); words of the
 * fix, or of each fix in the order of the paths; and, where they are not the changed paths in {@link full},
 * the paths that are reported and the sound config.
 */
export type BadInput = readonly [
    title: string,
    changes: Readonly<Record<string, unknown>>,
    fix: string | readonly string[],
    unusual?: { readonly paths?: readonly string[]; readonly base?: unknown },
];

/** Two clusters and a plain app. */
export const stateless = { clusters: [clusterConfigs.eks, clusterConfigs.gke], app: minimalApp };

/** The same behind failover DNS. */
export const ready = { ...stateless, failover: { domain: "shop.example.com", zone: "example.com", primary: "east" } };
