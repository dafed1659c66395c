import { z } from "zod";

import { field } from "../config/fields";
import { clusterKind, clusterName, issuerUrl } from "../config/values";

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
    volumeSnapshots: field(z.boolean().default(false), {
        about: "Whether the driver of the storage class takes snapshots, and the cluster has one VolumeSnapshotClass for it, or a default one.",
        allowed: "true or false",
        example: true,
    }),
    ingressClass: field(z.string().min(1).optional(), {
        about: "Ingress class of the controller that runs in the cluster; by default the cluster's default class.",
        allowed: "the name of an ingress class of the cluster",
        example: "traefik",
    }),
    issuer: field(issuerUrl.optional(), {
        about: "OpenID Connect issuer of the cluster's service accounts, which the clouds can reach; by default none, and no pod can act in a cloud.",
        allowed: "the public https URL, without a port, that is the API server's --service-account-issuer",
        example: "https://oidc.example.com/rack",
    }),
    metricsServer: field(z.boolean().default(true), {
        about: "Whether the cluster has a metrics-server, which the autoscaler measures by; where it has none, the add-on monitoring installs one.",
        allowed: "true or false",
        example: true,
    }),
    kubeletCertificates: field(z.enum(["signed", "self-signed"]).default("signed"), {
        about: "What the kubelets show to a metrics-server that is installed here: kubeadm, kind and minikube leave them self-signed, and nobody can check these.",
        allowed: "signed or self-signed",
        example: "self-signed",
    }),
    networkPolicies: field(z.boolean().default(true), {
        about: "Whether the cluster's network enforces NetworkPolicies; where it does not, the plan warns.",
        allowed: "true or false",
        example: true,
    }),
});

/** A cluster that exists already, as config says. */
export type ExistingConfig = z.output<typeof existingSchema>;
