import { z } from "zod";

import { toggle } from "./toggle";

/** Settings of the add-on `backup`. */
export const backupSettings = z.strictObject({});

/** The schema of `holdfast:platform.backup`. */
export const backup = toggle(backupSettings, {
    about: "Snapshots of the volumes on a schedule, copied to another cloud.",
    example: true,
});

/** The add-on, as config says. */
export type BackupConfig = z.output<typeof backupSettings>;
