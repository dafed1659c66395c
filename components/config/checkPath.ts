import { defaultReadyPath } from "./app/lifecycle";
import type { HoldfastConfig } from "./schema";

/** Path that health checkers ask for: failover's own, else the app's readiness path; members' apps are taken to have the default one. */
export function checkPathOf({ app, failover }: Pick<HoldfastConfig, "app" | "failover">): string {
    return failover?.check.path ?? app?.health.ready ?? defaultReadyPath;
}
