import { z } from "zod";

import { field } from "../fields";
import { autoscaling } from "./autoscaling";
import { backup } from "./backup";
import { certificates } from "./certificates";
import { logging } from "./logging";
import { mesh } from "./mesh";
import { monitoring } from "./monitoring";
import { rebalancing } from "./rebalancing";
import { storage } from "./storage";

/** The schema of `holdfast:platform`: what every cluster gets beside the app. */
export const platformSchema = field(
    z.strictObject({ monitoring, logging, mesh, certificates, backup, storage, autoscaling, rebalancing }).prefault({}),
    {
        about: "What every cluster gets beside the app, each on or off; all are off by default.",
        allowed: "{ monitoring?, logging?, … }, each true, false or a mapping with its settings",
        example: { monitoring: true },
    },
);

/** The add-ons, as config says. */
export type PlatformConfig = z.output<typeof platformSchema>;
