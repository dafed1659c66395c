import { z } from "zod";

import { toggle } from "./toggle";

/** Settings of the add-on `logging`. */
export const loggingSettings = z.strictObject({});

/** The schema of `holdfast:platform.logging`. */
export const logging = toggle(loggingSettings, {
    about: "A log agent on each node that ships to Elasticsearch, here or elsewhere.",
    example: true,
});

/** The add-on, as config says. */
export type LoggingConfig = z.output<typeof loggingSettings>;
