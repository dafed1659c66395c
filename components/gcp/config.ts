import { z } from "zod";

import { field } from "../config/fields";
import { apiAccess, clusterCidr, clusterKind, clusterName, kubernetesVersion, nodes, protect, zones } from "../config/values";

/** A GKE cluster, as config says. */
export const gkeSchema = z.strictObject({
    kind: clusterKind("gke"),
    name: clusterName,
    project: field(z.string().regex(/^[a-z][-a-z0-9]{4,28}[a-z0-9]$/), {
        about: "Google Cloud project id.",
        allowed: "a project id of 6 to 30 lower-case letters, digits and hyphens",
        example: "acme-prod",
    }),
    region: field(z.string().regex(/^[a-z]+-[a-z]+[0-9]+$/), {
        about: "Google Cloud region.",
        allowed: "a region such as us-central1",
        example: "us-central1",
    }),
    zones: zones(["us-central1-a", "us-central1-b", "us-central1-c"], /^[a-z]+-[a-z]+[0-9]+-[a-z]$/),
    cidr: clusterCidr,
    version: field(kubernetesVersion.default("1.35"), {
        about: "Lowest Kubernetes minor version of the control plane; the release channel moves it on.",
        allowed: "a minor version such as \"1.35\", in quotes",
        example: "1.35",
    }),
    channel: field(z.enum(["RAPID", "REGULAR", "STABLE", "EXTENDED"]).default("REGULAR"), {
        about: "Release channel that upgrades come from.",
        allowed: "RAPID, REGULAR, STABLE or EXTENDED",
        example: "REGULAR",
    }),
    nodes,
    apiAccess,
    protect,
});

/** A GKE cluster, as config says. */
export type GkeConfig = z.output<typeof gkeSchema>;
