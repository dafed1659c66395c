import { z } from "zod";

import { field } from "../fields";
import { toggle } from "./toggle";

/** Settings of the add-on `autoscaling`. */
export const autoscalingSettings = z.strictObject({
    prefer: field(z.enum(["spot", "on-demand"]).default("spot"), {
        about: "Pools that grow first where pods tolerate both kinds, on clusters that get an autoscaler; the others grow where the cloud has none of the first.",
        allowed: "spot or on-demand",
        example: "spot",
    }),
    room: field(z.enum(["max", "min", "none"]).default("max"), {
        about: "Room that is kept free in each zone, so that what the loss of another zone takes of this many replicas starts without a new node.",
        allowed: "max (app.replicas.max: at any load), min (app.replicas.min: smaller, and short at peak load) or none",
        example: "max",
    }),
});

/** The schema of `holdfast:platform.autoscaling`. */
export const autoscaling = toggle(autoscalingSettings, {
    about: "Nodes that come with the load in node-pool mode, and room kept free for the loss of a zone.",
    example: true,
});

/** The add-on, as config says. */
export type AutoscalingConfig = z.output<typeof autoscalingSettings>;
