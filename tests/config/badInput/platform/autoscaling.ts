/** Invalid settings of the add-on `autoscaling`. */
import type { BadInput } from "../row";

export const badAutoscaling: readonly BadInput[] = [
    ["autoscaling as a number", { "platform.autoscaling": 3 }, "autoscaling: true"],
    ["a setting of autoscaling that there is not", { "platform.autoscaling.expander": "price" }, "remove expander"],
    ["pools of a kind that there is not first", { "platform.autoscaling.prefer": "reserved" }, 'prefer: "spot"'],
    ["room as a number", { "platform.autoscaling.room": 3 }, 'room: "max"'],
];
