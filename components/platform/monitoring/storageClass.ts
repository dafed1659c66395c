import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { StorageTraits } from "../../cluster";
import type { MonitoringConfig } from "../../config/platform/monitoring";
import { monitoringNamespace } from "./names";

/** The class that the volumes name. */
export interface VolumeClass {
    /** Undefined for the cluster's default class. */
    readonly className: string | undefined;
    readonly made: readonly pulumi.Resource[];
}

/**
 * The class of the volumes: made where the cluster says how, else the cluster's own. A disk is made where its pod was placed, can grow, and
 * outlives its claim where the metrics are to be kept.
 *
 * A class can't change, so it is made anew under its name.
 */
export function createVolumeClass(name: string, storage: StorageTraits, onDelete: MonitoringConfig["onDelete"], opts: pulumi.CustomResourceOptions): VolumeClass {
    if (!storage.define) {
        return { className: storage.className, made: [] };
    }
    const { provisioner, parameters, allowedTopologies } = storage;
    const made = new k8s.storage.v1.StorageClass(
        `${name}-storage`,
        {
            metadata: { name: monitoringNamespace, labels: { "app.kubernetes.io/managed-by": "holdfast" } },
            provisioner,
            parameters,
            volumeBindingMode: "WaitForFirstConsumer",
            allowVolumeExpansion: true,
            reclaimPolicy: onDelete === "keep" ? "Retain" : "Delete",
            ...(allowedTopologies === undefined ? {} : { allowedTopologies }),
        },
        { ...opts, replaceOnChanges: ["reclaimPolicy", "volumeBindingMode", "allowedTopologies"], deleteBeforeReplace: true },
    );
    return { className: monitoringNamespace, made: [made] };
}
