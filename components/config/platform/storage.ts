import { z } from "zod";

import { toggle } from "./toggle";

/** Settings of the add-on `storage`. */
export const storageSettings = z.strictObject({});

/** The schema of `holdfast:platform.storage`. */
export const storage = toggle(storageSettings, {
    about: "An encrypted default class for volumes; on clusters without a cloud disk, Rook-Ceph.",
    example: true,
});

/** The add-on, as config says. */
export type StorageConfig = z.output<typeof storageSettings>;
