import type { PlannedStack } from "../../plan/run";
import { admissionDrill } from "./admission";
import { badImageDrill } from "./badImage";
import { clusterLossDrill } from "./clusterLoss";
import { componentLossDrill } from "./componentLoss";
import { drainDrill } from "./drain";
import type { Drill } from "./drill";
import { loadNoiseDrill } from "./loadNoise";
import { loadStepDrill } from "./loadStep";
import { nodeLossDrill } from "./nodeLoss";
import { priorityDrill } from "./priority";
import { rolloutDrill } from "./rollout";
import { zoneLossDrill } from "./zoneLoss";
import { zoneLossAtMaximumDrill } from "./zoneLossAtMaximum";

export type { ClusterDrill, Drill, DrillOptions, Lane, SystemDrill } from "./drill";

/** Every drill of a stack, in the order in which they are done; the loss of a cluster leaves nothing to drill. */
export function drillsOf(planned: PlannedStack): readonly Drill[] {
    return [
        admissionDrill,
        rolloutDrill,
        badImageDrill,
        drainDrill,
        loadStepDrill,
        loadNoiseDrill,
        componentLossDrill,
        nodeLossDrill,
        priorityDrill,
        zoneLossDrill,
        zoneLossAtMaximumDrill,
        clusterLossDrill(planned),
    ];
}
