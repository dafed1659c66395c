import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { StorageTraits } from "./clusterTraits";

/** What a class of volumes is made from. */
export interface VolumeClassArgs {
    /** Its name in the cluster, by which claims ask for it. */
    readonly className: string;
    /** Whether disks outlive their claims. */
    readonly keeps: boolean;
    readonly labels: Readonly<Record<string, string>>;
    /** @default none */
    readonly annotations?: Readonly<Record<string, string>>;
}

/** The class that claims name, and what must exist for it. */
export interface VolumeClass {
    /** Undefined for the cluster's default class. */
    readonly className: string | undefined;
    readonly made: readonly pulumi.Resource[];
}

/** How a cluster's volumes are made, where it is for us to define a class of them. */
export type DefinedStorage = Pick<Extract<StorageTraits, { readonly define: true }>, "provisioner" | "parameters" | "allowedTopologies">;

/** The class of some volumes: made where the cluster says how, else the cluster's own. */
export function volumeClass(name: string, storage: StorageTraits, args: VolumeClassArgs, opts: pulumi.CustomResourceOptions): VolumeClass {
    return storage.define ? { className: args.className, made: [createVolumeClass(name, storage, args, opts)] } : { className: storage.className, made: [] };
}

/**
 * Makes a class of volumes. A disk is made where its pod was placed, never before, and can grow.
 *
 * A class can't change, so it is made anew under its name. Claims go by that name and not by the object, or they would be replaced
 * with it; volumes that exist keep the policy that they were made with.
 */
export function createVolumeClass(
    name: string,
    { provisioner, parameters, allowedTopologies }: DefinedStorage,
    { className, keeps, labels, annotations }: VolumeClassArgs,
    opts: pulumi.CustomResourceOptions,
): k8s.storage.v1.StorageClass {
    return new k8s.storage.v1.StorageClass(
        name,
        {
            metadata: { name: className, labels, ...(annotations === undefined ? {} : { annotations }) },
            provisioner,
            parameters,
            volumeBindingMode: "WaitForFirstConsumer",
            allowVolumeExpansion: true,
            reclaimPolicy: keeps ? "Retain" : "Delete",
            ...(allowedTopologies === undefined ? {} : { allowedTopologies }),
        },
        { ...opts, replaceOnChanges: ["reclaimPolicy", "volumeBindingMode", "allowedTopologies"], deleteBeforeReplace: true },
    );
}
