import { createHash } from "node:crypto";

import type { PoolConfig } from "./config/values";

/** Label and taint of spot nodes: only pods that say they can lose their node run there. */
export const spotKey = "holdfast.dev/spot";

/** Label by which a pool's nodes are found. */
export const poolKey = "holdfast.dev/pool";

const digestLength = 6;

/**
 * The name of a pool in its cloud: its own, and a digest of what makes a node what it is. A change
 * of these gives another name, so that the new pool can be made before the old one goes. At most 27
 * characters.
 */
export function physicalPoolName({ name, machine, spot, diskGb }: PoolConfig): string {
    const digest = createHash("sha256").update(JSON.stringify([machine, spot, diskGb])).digest("hex");
    return `${name}-${digest.slice(0, digestLength)}`;
}
