import { addOnsOf } from "../../platform";
import type { Problem } from "../problems";
import type { HoldfastConfig } from "../schema";

/** What is wrong with the add-ons that are on; each says so itself. */
export function checkPlatform(config: HoldfastConfig): readonly Problem[] {
    return addOnsOf(config).flatMap(addOn => addOn.check(config));
}
