import { deserializeOutputs } from "./outputs";
import { policySummary } from "../policy";
import type { PlannedStack } from "../run";
import type { PlanSummary } from "../summary";
import { cloudSummaries } from "./clouds";
import { costSummary } from "./cost";
import { failoverSummary } from "./failover";
import { groupResources } from "./groups";
import { objectiveSummaries } from "./objectives";

/** Puts what a program registered in the order people ask for it. */
export function summarise(planned: PlannedStack): PlanSummary {
    const { file, config, recording } = planned;
    const outputs = deserializeOutputs(recording);
    const groups = groupResources(recording.resources, config);
    const failover = failoverSummary(config, recording);
    return {
        project: file.project,
        stack: file.stack,
        resourceCount: groups.resourceCount,
        clouds: cloudSummaries(config, recording, groups, outputs),
        global: groups.global,
        ...(failover === undefined ? {} : { failover }),
        objectives: objectiveSummaries(outputs.objectives, config),
        cost: costSummary(config, recording.resources),
        policy: policySummary(recording),
        warnings: [...(file.warnings ?? []), ...recording.warnings],
    };
}
