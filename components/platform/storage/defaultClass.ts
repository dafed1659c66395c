import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { StorageTraits } from "../../cluster";
import type { StorageConfig } from "../../config/platform/storage";

/** Says that claims which name no class get this one. */
const isDefault = "storageclass.kubernetes.io/is-default-class";

/** Name of the class of a cloud's disks. */
const className = "encrypted";

/** What a default class is made from. */
export interface DefaultClassArgs {
    readonly traits: Pick<Extract<StorageTraits, { readonly define: true }>, "provisioner" | "parameters" | "allowedTopologies">;
    readonly onDelete: StorageConfig["onDelete"];
    /** @default "encrypted" */
    readonly name?: string;
}

/**
 * The class of claims that name none. Disks are made where their pod was placed, can grow, and outlive their claims where config keeps
 * them: a namespace that goes by mistake takes its claims along, but not their data.
 *
 * GKE has a default of its own, standard-rwo, of the same disks with policy Delete. Of two defaults the younger counts
 * (https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass), and that is this one.
 */
export function createDefaultClass(prefix: string, { traits, onDelete, name = className }: DefaultClassArgs, opts: pulumi.CustomResourceOptions): k8s.storage.v1.StorageClass {
    const { provisioner, parameters, allowedTopologies } = traits;
    return new k8s.storage.v1.StorageClass(
        `${prefix}-class`,
        {
            metadata: { name, annotations: { [isDefault]: "true" }, labels: { "app.kubernetes.io/managed-by": "holdfast" } },
            provisioner,
            parameters,
            volumeBindingMode: "WaitForFirstConsumer",
            allowVolumeExpansion: true,
            reclaimPolicy: onDelete === "keep" ? "Retain" : "Delete",
            ...(allowedTopologies === undefined ? {} : { allowedTopologies }),
        },
        // A class can't change; volumes keep the policy that they were made with.
        { ...opts, replaceOnChanges: ["reclaimPolicy", "volumeBindingMode", "allowedTopologies"], deleteBeforeReplace: true },
    );
}
