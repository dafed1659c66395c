import { z } from "zod";

import { field } from "../fields";
import { toggle } from "./toggle";

/** Settings of the add-on `rebalancing`. */
export const rebalancingSettings = z.strictObject({
    everyMinutes: field(z.int().min(1).max(60).default(5), {
        about: "Minutes between two looks for pods that are spread unevenly.",
        allowed: "a whole number from 1 to 60",
        example: 5,
    }),
});

/** The schema of `holdfast:platform.rebalancing`. */
export const rebalancing = toggle(rebalancingSettings, {
    about: "The descheduler, which spreads the app's pods over the zones anew once a lost zone is back.",
    example: true,
});

/** The add-on, as config says. */
export type RebalancingConfig = z.output<typeof rebalancingSettings>;
