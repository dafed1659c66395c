import { apiServerLossDrill } from "./apiServerLoss";
import { clusterLossDrill } from "./clusterLoss";
import { crashDrill } from "./crash";
import { drainDrill } from "./drain";
import { endDrill } from "./end";
import type { LiveDrill } from "./drill";
import { hangDrill } from "./hang";
import { kubeletRestartDrill } from "./kubeletRestart";
import { linkDrill } from "./link";
import { slowStartDrill } from "./slowStart";
import { updateDrill } from "./update";
import { zoneLossDrill } from "./zoneLoss";
import { zoneLossAtMaximumDrill } from "./zoneLossAtMaximum";

export { brokenOff, drilled } from "./broken";
export type { LiveDrill, LiveOptions, Obstacle, SiteDrill, WorldDrill } from "./drill";
export { slowStartDrill, slowStartSeconds } from "./slowStart";

/**
 * Every live drill, in the order in which they are done: what wants replicas evenly spread follows a rollout, and the loss of a cluster,
 * after which the name may lead elsewhere, comes last.
 */
export const liveDrills: readonly LiveDrill[] = [
    slowStartDrill,
    updateDrill,
    zoneLossDrill,
    zoneLossAtMaximumDrill,
    drainDrill,
    crashDrill,
    hangDrill,
    kubeletRestartDrill,
    apiServerLossDrill,
    linkDrill,
    clusterLossDrill,
    endDrill,
];
