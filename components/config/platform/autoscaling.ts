import { z } from "zod";

import { toggle } from "./toggle";

/** Settings of the add-on `autoscaling`. */
export const autoscalingSettings = z.strictObject({});

/** The schema of `holdfast:platform.autoscaling`. */
export const autoscaling = toggle(autoscalingSettings, {
    about: "Nodes that come with the load in node-pool mode, and room kept free for the loss of a zone.",
    example: true,
});

/** The add-on, as config says. */
export type AutoscalingConfig = z.output<typeof autoscalingSettings>;
