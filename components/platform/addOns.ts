import type { HoldfastConfig } from "../config";
import type { AddOn } from "./addOn";
import { autoscaling } from "./autoscaling";
import { backup } from "./backup";
import { certificates } from "./certificates";
import { logging } from "./logging";
import { mesh } from "./mesh";
import { monitoring } from "./monitoring";
import { rebalancing } from "./rebalancing";
import { storage } from "./storage";

/**
 * Every add-on there is, in the order in which they are made: what provides something comes before what may use it.
 */
export const addOns: readonly AddOn[] = [storage, monitoring, mesh, certificates, logging, autoscaling, backup, rebalancing];

/** The add-ons that a config has on. */
export function addOnsOf({ platform }: HoldfastConfig): readonly AddOn[] {
    return addOns.filter(({ key }) => platform[key] !== false);
}
