import { apiServerLossDrill } from "./apiServerLoss";
import { clusterLossDrill } from "./clusterLoss";
import { crashDrill } from "./crash";
import { curlDrill } from "./curl";
import { drainDrill } from "./drain";
import type { LiveDrill } from "./drill";
import { hangDrill } from "./hang";
import { kubeletRestartDrill } from "./kubeletRestart";
import { linkDrill } from "./link";
import { slowStartDrill } from "./slowStart";
import { updateDrill } from "./update";
import { zoneLossDrill } from "./zoneLoss";
import { zoneLossAtMaximumDrill } from "./zoneLossAtMaximum";

export type { LiveDrill, LiveOptions, SiteDrill, WorldDrill } from "./drill";
export { slowStartDrill, slowStartSeconds } from "./slowStart";

/** Every live drill, in the order in which they are done. */
export const liveDrills: readonly LiveDrill[] = [
    updateDrill,
    slowStartDrill,
    drainDrill,
    crashDrill,
    hangDrill,
    kubeletRestartDrill,
    apiServerLossDrill,
    linkDrill,
    zoneLossDrill,
    zoneLossAtMaximumDrill,
    clusterLossDrill,
    curlDrill,
];
