import { cpus, totalmem } from "node:os";

import type { Say } from "../tools/cache";
import type { Binaries } from "./binaries";
import { type ClusterDrill, type Drill, type SystemDrill } from "./drills";
import type { Run } from "./process/run";
import type { DrillReport, DrillResult } from "./result";
import { type Stage, type Subject, prepareStage } from "./stage";

/** What is to be drilled, and how. */
export interface Performance {
    readonly run: Run;
    readonly binaries: Binaries;
    readonly say: Say;
    readonly project: string;
    readonly stack: string;
    /** The stack's clusters, and the naive one where it is to be drilled too. */
    readonly subjects: readonly Subject[];
    readonly drills: readonly Drill[];
    readonly full: boolean;
}

/**
 * Brings up a control plane for each subject and does the drills on all of them at the same time, each on one stage after the
 * other; what concerns all clusters comes last. What a stage can't be put through is said and left out.
 */
export async function perform({ run, binaries, say, project, stack, subjects, drills, full }: Performance): Promise<DrillReport> {
    const startedAt = new Date();
    const started = performance.now();
    const stages = await Promise.all(subjects.map(subject => prepareStage({ run, subject, binaries, say, standby: true })));
    const options = { full, say };
    const onClusters = await Promise.all(stages.map(stage => drillStage(stage, drills.filter(isForCluster), options)));
    const ours = stages.filter(({ subject }) => subject.subject === "stack");
    const onSystem: DrillResult[] = [];
    for (const drill of drills.filter(isForSystem)) {
        const obstacle = drill.obstacle(ours);
        if (obstacle === undefined) {
            say(`${drill.name}: begins`);
            onSystem.push(...(await drill.run(ours, options)));
        } else {
            say(`${drill.name}: left out: ${obstacle}`);
        }
    }
    await Promise.all(stages.map(stage => stage.stop()));
    return {
        formatVersion: 1,
        project,
        stack,
        set: full ? "full" : "quick",
        startedAt: startedAt.toISOString(),
        seconds: (performance.now() - started) / 1000,
        setting: settingOf(binaries, stages),
        unproved: [...new Set(stages.flatMap(({ unproved }) => unproved))],
        drills: [...onClusters.flat(), ...onSystem],
    };
}

function isForCluster(drill: Drill): drill is ClusterDrill {
    return drill.scope === "cluster";
}

function isForSystem(drill: Drill): drill is SystemDrill {
    return drill.scope === "system";
}

async function drillStage(stage: Stage, drills: readonly ClusterDrill[], options: { readonly full: boolean; readonly say: Say }): Promise<readonly DrillResult[]> {
    const { cluster } = stage;
    const results: DrillResult[] = [];
    for (const drill of drills.filter(({ naive }) => naive || stage.subject.subject === "stack")) {
        const obstacle = drill.obstacle(stage);
        if (obstacle !== undefined) {
            options.say(`${cluster}: ${drill.name}: left out: ${obstacle}`);
            continue;
        }
        options.say(`${cluster}: ${drill.name}: begins`);
        const from = performance.now();
        results.push(...(await drill.run(stage, options)));
        const done = performance.now();
        await stage.restore();
        options.say(`${cluster}: ${drill.name}: ${((done - from) / 1000).toFixed(0)} s, and ${((performance.now() - done) / 1000).toFixed(0)} s until all was as before`);
    }
    return results;
}

/** What it ran on, a fact each. */
function settingOf({ kubernetesVersion }: Binaries, stages: readonly Stage[]): readonly string[] {
    return [
        `Kubernetes ${kubernetesVersion.replace(/^v/, "")}: API server, scheduler and controllers are real, nodes and pods are KWOK's`,
        ...stages.map(({ cluster, zones, fleet }) => `${cluster}: ${fleet.nodesPerZone} nodes of ${fleet.nodeShape.cpu} cores in each of ${zones.length === 1 ? "1 zone" : `${zones.length} zones`}`),
        `${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GiB for all of it`,
    ];
}
