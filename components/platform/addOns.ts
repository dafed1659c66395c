import type { HoldfastConfig } from "../config";
import type { AddOn } from "./addOn";
import { rebalancing } from "./rebalancing";

/**
 * Every add-on there is, in the order in which they are made: what provides something comes before what may use it.
 */
export const addOns: readonly AddOn[] = [rebalancing];

/** The add-ons that a config has on. */
export function addOnsOf({ platform }: HoldfastConfig): readonly AddOn[] {
    return addOns.filter(({ key }) => platform[key] !== false);
}
