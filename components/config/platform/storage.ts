import { z } from "zod";

import { field } from "../fields";
import { toggle } from "./toggle";

/** The word for every empty disk. */
export const allDevices = "all";

const rook = z.strictObject({
    devices: field(z.string().min(1).max(200).refine(isPattern), {
        about: "Whole disks of the nodes that Ceph takes for its own: a regular expression of their kernel names. What is on them is lost.",
        allowed: "a regular expression such as ^sd[b-z]$, or all for every disk without partitions and file system",
        example: "^sd[b-z]$",
    }),
    spread: field(z.enum(["zones", "hosts"]).default("zones"), {
        about: "What the three copies of all data, and the three monitors, are kept apart by.",
        allowed: "zones (three or more must be named), or hosts on a cluster of fewer, for trying out",
        example: "zones",
    }),
    protect: field(z.boolean().default(true), {
        about: "Refuse to delete the Ceph cluster and its pool, also when the add-on is turned off.",
        allowed: "true or false",
        example: true,
    }),
});

/** Settings of the add-on `storage`. */
export const storageSettings = z.strictObject({
    onDelete: field(z.enum(["keep", "delete"]).default("keep"), {
        about: "What becomes of a volume of the default class when its claim is deleted.",
        allowed: "keep or delete",
        example: "keep",
    }),
    rook: field(rook.optional(), {
        about: "Rook-Ceph, on clusters without disks of a cloud: volumes on the nodes' own disks, encrypted, each in three copies.",
        allowed: "{ devices, spread?, protect? }",
        example: { devices: "^sd[b-z]$" },
    }),
});

/** The schema of `holdfast:platform.storage`. */
export const storage = toggle(storageSettings, {
    about: "An encrypted default class for volumes; on clusters without a cloud disk, Rook-Ceph.",
    example: true,
});

/** The add-on, as config says. */
export type StorageConfig = z.output<typeof storageSettings>;
/** Rook-Ceph, as config says. */
export type RookConfig = NonNullable<StorageConfig["rook"]>;

function isPattern(text: string): boolean {
    try {
        return new RegExp(text).source.length > 0;
    } catch {
        return false;
    }
}
