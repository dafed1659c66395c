import { z } from "zod";

import { field } from "../fields";
import { toggle } from "./toggle";

const gateways = field(
    z
        .strictObject({
            min: field(z.int().min(2).max(100).default(3), {
                about: "Fewest replicas of the gateway, one a zone or more.",
                allowed: "a whole number from 2 to 100",
                example: 3,
            }),
            max: field(z.int().min(2).max(100).default(9), {
                about: "Most replicas of the gateway.",
                allowed: "a whole number from 2 to 100",
                example: 9,
            }),
        })
        .prefault({}),
    { about: "Replicas of the gateway that users come in by, scaled by their CPU.", allowed: "{ min?, max? }", example: { min: 3, max: 9 } },
);

/** Settings of the add-on `mesh`. */
export const meshSettings = z.strictObject({
    mtls: field(z.enum(["strict", "permissive"]).default("strict"), {
        about: "Whether the app's pods refuse what does not come by mutual TLS; permissive is for the way there, and takes plain requests too.",
        allowed: "strict or permissive",
        example: "strict",
    }),
    gateways,
    // Names of the charts' own platform profiles: https://github.com/istio/istio/tree/1.30.3/manifests/helm-profiles.
    distribution: field(z.enum(["k3d", "k3s", "microk8s", "minikube"]).optional(), {
        about: "What runs the existing clusters, where it keeps network plugins in folders of its own; by default the usual folders, as kind and kubeadm have them.",
        allowed: "k3d, k3s, microk8s or minikube",
        example: "minikube",
    }),
});

/** The schema of `holdfast:platform.mesh`. */
export const mesh = toggle(meshSettings, {
    about: "Istio: mutual TLS between all pods of the app, and no other traffic to them.",
    example: true,
});

/** The add-on, as config says. */
export type MeshConfig = z.output<typeof meshSettings>;
