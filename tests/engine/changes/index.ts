import { appChanges } from "./app";
import type { EverydayChange } from "./change";
import { clusterChanges } from "./clusters";
import { failoverChanges } from "./failover";

/** Everyday changes of a config, and what each comes to. */
export const everydayChanges: readonly EverydayChange[] = [...appChanges, ...clusterChanges, ...failoverChanges];
