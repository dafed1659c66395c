import { z } from "zod";

import { field } from "../config/fields";
import { clusterKind, clusterName } from "../config/values";

/** A cluster that exists already, as config says. */
export const existingSchema = z.strictObject({
    kind: clusterKind("existing"),
    name: clusterName,
    context: field(z.string().min(1).optional(), {
        about: "Context of the kubeconfig; by default its current one.",
        allowed: "the name of a context",
        example: "minikube",
    }),
    kubeconfig: field(z.string().min(1).optional(), {
        about: "Path of a kubeconfig, or its text as a secret; by default $KUBECONFIG or ~/.kube/config.",
        allowed: "a path, or the text of a kubeconfig",
        example: "~/.kube/config",
        secret: true,
    }),
    region: field(z.string().min(1).default("local"), {
        about: "Where the cluster runs; a label for people.",
        allowed: "any text",
        example: "local",
    }),
    zones: field(z.array(z.string().min(1)).default([]), {
        about: "Zones that the nodes are labelled with (topology.kubernetes.io/zone); none means one zone.",
        allowed: "a list of zone names",
        example: ["rack-a", "rack-b", "rack-c"],
    }),
    storageClass: field(z.string().min(1).optional(), {
        about: "Storage class for the app's volumes; by default the cluster's default class.",
        allowed: "the name of a storage class of the cluster",
        example: "standard",
    }),
    ingressClass: field(z.string().min(1).optional(), {
        about: "Ingress class of the controller that runs in the cluster; by default the cluster's default class.",
        allowed: "the name of an ingress class of the cluster",
        example: "traefik",
    }),
    networkPolicies: field(z.boolean().default(true), {
        about: "Whether the cluster's network enforces NetworkPolicies; where it does not, the plan warns.",
        allowed: "true or false",
        example: true,
    }),
});

/** A cluster that exists already, as config says. */
export type ExistingConfig = z.output<typeof existingSchema>;
