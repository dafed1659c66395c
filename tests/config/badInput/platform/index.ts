/** Invalid add-ons. */
import type { BadInput } from "../row";
import { badRebalancing } from "./rebalancing";

export const badPlatforms: readonly BadInput[] = [
    ["platform as a list", { platform: ["monitoring"] }, 'platform: {"monitoring":true}'],
    ["an add-on that there is not", { "platform.prometheus": true }, "remove prometheus"],
    ...badRebalancing,
];
