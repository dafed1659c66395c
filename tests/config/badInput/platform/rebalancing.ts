/** Invalid settings of the add-on `rebalancing`. */
import type { BadInput } from "../row";

export const badRebalancing: readonly BadInput[] = [
    ["rebalancing as a word", { "platform.rebalancing": "yes" }, "rebalancing: true"],
    ["a setting of rebalancing that there is not", { "platform.rebalancing.minutes": 5 }, "remove minutes"],
    ["rebalancing without a pause", { "platform.rebalancing.everyMinutes": 0 }, "everyMinutes: 5"],
];
