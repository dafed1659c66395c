import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { StorageConfig } from "../../config/platform/storage";
import { type DefinedStorage, createVolumeClass } from "../../volumeClass";
import { managedLabels } from "../namespace";

/** Says that claims which name no class get this one. */
const isDefault = "storageclass.kubernetes.io/is-default-class";

/** Name of the class of a cloud's disks. */
const className = "encrypted";

/** What a default class is made from. */
export interface DefaultClassArgs {
    readonly traits: DefinedStorage;
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
    return createVolumeClass(`${prefix}-class`, traits, { className: name, keeps: onDelete === "keep", labels: managedLabels, annotations: { [isDefault]: "true" } }, opts);
}
