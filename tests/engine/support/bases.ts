import { type StackConfig, configOf } from "./workspace";
import { type Edits, edited } from "./change";

/** Stacks that changes start from. */
export const bases: Readonly<Record<BaseName, StackConfig>> = {
    // prod, with something of each kind that it leaves out.
    prod: edited(configOf("prod"), {
        "app.env": { LOG_LEVEL: "info" },
        "app.secrets": { API_TOKEN: "a-token-of-prod" },
        "app.jobs": [{ name: "report", command: ["/bin/true"], schedule: "0 3 * * *" }],
    }),
    // Nodes that we bring ourselves, data that goes with the stack, clusters that all answer and of which one is not protected.
    pools: edited(configOf("prod"), {
        "clusters.0.nodes": { mode: "pools", pools: [{ name: "general", machine: "m7i.large", minNodes: 3, maxNodes: 9 }] },
        "clusters.1.nodes": { mode: "pools", pools: [{ name: "general", machine: "n2-standard-4", minNodes: 3, maxNodes: 9 }] },
        "app.state.onDelete": "delete",
        "clusters.1.protect": false,
        "failover.mode": "active-active",
        "failover.primary": undefined,
        "failover.failback": undefined,
    }),
};

/** Name of a stack that changes start from. */
export type BaseName = "prod" | "pools";

/** One of them, changed. */
export function baseWith(base: BaseName, edits: Edits): StackConfig {
    return edited(bases[base], edits);
}
