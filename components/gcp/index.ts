import * as gcp from "@pulumi/gcp";

import type { ClusterKind } from "../cluster";
import { gkeBill } from "./bill";
import { describeOwn } from "../config/describe";
import { ownerTags } from "../tags";
import { checkGke, gkeWarnings } from "./checks";
import { gkeSchema } from "./config";
import { GkeCluster } from "./gkeCluster";
import { deregistrationSeconds } from "./traits";

/** Google Kubernetes Engine: Autopilot, or regional node pools. */
export const gke: ClusterKind<typeof gkeSchema> = {
    cloud: "Google Cloud",
    schema: gkeSchema,
    addressKind: "ip",
    // Autopilot honours at most 10 minutes when it takes a node away
    // (https://cloud.google.com/kubernetes-engine/docs/how-to/extended-duration-pods).
    longestGraceSeconds: 600,
    // https://cloud.google.com/kubernetes-engine/docs/concepts/autopilot-security: hostPath is for reading /var/log alone.
    hostAccess: ({ nodes }) => (nodes.mode === "auto" ? "logs" : "any"),
    // https://github.com/istio/istio/blob/1.30.3/manifests/charts/istio-cni/templates/daemonset.yaml ($detectedBinDir).
    networkPlugins: "/home/kubernetes/bin",
    tunnelCaveat: "it is not proved on Dataplane V2, where tunnels to the pods of a node were seen to fail until it was drained, rarely since Istio 1.29 (istio/istio#59754)",
    disks: "cloud",
    // Autopilot, or Google's own autoscaler, which each pool has on (https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler).
    nodeScaling: () => ({ by: "cloud" }),
    federates: () => true,
    takesSnapshots: () => true,
    keepsBackupsIn: region => gkeSchema.shape.region.safeParse(region).success,
    refusedNames: {
        // https://docs.cloud.google.com/storage/docs/buckets#naming
        bucket: { pattern: /^goog|google|g00gle/, allowed: 'a name that does not begin with goog, and has no google or g00gle in it: a bucket for backups is named after it' },
        // https://docs.cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools/create
        stranger: { pattern: /^gcp-/, allowed: "a name that does not begin with gcp-, which Google keeps for itself: the cluster's pool of identities is named after it" },
    },
    // https://docs.cloud.google.com/kubernetes-engine/docs/concepts/workload-identity#identity_sameness
    identityCaveat: ({ project }) =>
        `to Google, a service account has the same identity in every GKE cluster of project ${project}, by its namespace and name: keep one project per environment`,
    // Autopilot raises the smaller of the two where a pod lies outside
    // (https://cloud.google.com/kubernetes-engine/docs/concepts/autopilot-resource-requests).
    podShape: ({ nodes }) => (nodes.mode === "auto" ? { minGibPerCore: 1, maxGibPerCore: 6.5 } : undefined),
    deregistrationSeconds,
    tlsFrom: "secret",
    // Uptime commitments: https://cloud.google.com/compute/sla (several zones, Premium Tier; load
    // balancing is part of it), read 2026-11.
    commitments: [
        { name: "Compute Engine over several zones", share: 0.9999 },
        { name: "Cloud Load Balancing", share: 0.9999 },
    ],
    bill: gkeBill,
    check: checkGke,
    checkTls: () => [],
    warnings: gkeWarnings,
    describe: config => describeOwn(config, "Autopilot"),
    create: (config, opts) => {
        const provider = new gcp.Provider(
            `${config.name}-gcp`,
            { project: config.project, region: config.region, defaultLabels: ownerTags() },
            opts,
        );
        return new GkeCluster(config.name, config, { ...opts, providers: [provider] });
    },
};
