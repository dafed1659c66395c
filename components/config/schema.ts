import { z } from "zod";

import { type ClusterConfig, clusterKinds } from "../cluster";
import { appSchema } from "./app";
import { failoverSchema } from "./failover";
import { field } from "./fields";
import { platformSchema } from "./platform";

const kindSchemas = Object.values(clusterKinds).map(kind => kind.schema);

const cluster = field(z.discriminatedUnion("kind", kindSchemas as [(typeof kindSchemas)[number]]), {
    about: "One cluster.",
    allowed: `a mapping with kind: ${Object.keys(clusterKinds).join(", ")}, and the keys of that kind`,
    example: { name: "local", kind: "existing" },
    fix: `set kind to one of ${Object.keys(clusterKinds).join(", ")}`,
});

/** Everything that `holdfast:` may hold in a stack's config. */
export const configSchema = z.strictObject({
    clusters: field(z.array(cluster).default([]), {
        about: "The clusters; each entry is one.",
        allowed: "a list of clusters; empty only where failover.members names clusters of other stacks",
        example: [{ name: "local", kind: "existing" }],
    }),
    app: appSchema.optional(),
    failover: failoverSchema,
    platform: platformSchema,
});

/** A checked config with its defaults filled in. */
export type HoldfastConfig = z.output<typeof configSchema>;
export type { ClusterConfig };
