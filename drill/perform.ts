import { cpus, totalmem } from "node:os";

import { count } from "../plan/page/words";
import type { Say } from "../tools/cache";
import type { Binaries } from "./binaries";
import type { ClusterDrill, Drill, Lane, SystemDrill } from "./drills";
import type { Run } from "./process/run";
import { refusedResult } from "./drills/admission";
import type { DrillReport, DrillResult, LeftOut } from "./result";
import { Refused, type Stage, type Subject, prepareStage } from "./stage";

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
 * Does the drills, lane by lane at the same time, and reports them in the order in which they were given. What a stage can't be
 * put through is said and left out.
 */
export async function perform(performance: Performance): Promise<DrillReport> {
    const { binaries, project, stack, drills, full } = performance;
    const startedAt = new Date();
    const lanes = await Promise.all(lanesOf(drills).map(lane => performLane(performance, lane)));
    const results = lanes.flatMap(lane => lane.results);
    const stages = lanes.flatMap(lane => lane.stages);
    return {
        formatVersion: 1,
        project,
        stack,
        set: full ? "full" : "quick",
        startedAt: startedAt.toISOString(),
        seconds: (Date.now() - startedAt.getTime()) / 1000,
        setting: settingOf(binaries, stages),
        unproved: [...new Set([...stages.flatMap(({ unproved }) => unproved), ...drills.filter(isForSystem).flatMap(({ unproved }) => unproved)])],
        drills: drills.flatMap(({ name }) => results.filter(({ drill }) => drill === name)),
        leftOut: lanes.flatMap(lane => lane.leftOut),
        mustBreak: drills.filter(drill => isForCluster(drill) && drill.naive === "breaks").map(({ name }) => name),
    };
}

/** The lanes that drills are of, in the order in which they first occur. */
function lanesOf(drills: readonly Drill[]): readonly Lane[] {
    return [...new Set(drills.map(({ lane }) => lane))];
}

/** What came of a lane, and what it was done on. */
interface Performed {
    readonly results: readonly DrillResult[];
    readonly leftOut: readonly LeftOut[];
    readonly stages: readonly Stage[];
}

/**
 * Brings up a control plane for each subject and does a lane's drills on all of them at the same time, each on one stage after the
 * other; what concerns all clusters comes last.
 */
async function performLane({ run, binaries, say, subjects, drills: all, full }: Performance, lane: Lane): Promise<Performed> {
    const drills = all.filter(drill => drill.lane === lane);
    const alone = lanesOf(all).length === 1;
    const prepared = await Promise.all(
        subjects.map(subject => prepareStage({ run, subject, name: alone ? subject.cluster : `${subject.cluster}-${lane}`, binaries, say, standby: true }).catch(refusedAs(subject))),
    );
    const refused = prepared.filter(stage => stage instanceof RefusedSubject);
    const stages = prepared.filter((stage): stage is Stage => !(stage instanceof RefusedSubject));
    const options = { full, say };
    const onClusters = await Promise.all(stages.map(stage => drillStage(stage, drills.filter(isForCluster), options)));
    const ours = stages.filter(({ subject }) => subject.subject === "stack");
    const onSystem: DrillResult[] = [];
    const leftOut: LeftOut[] = refused.flatMap(({ subject: { cluster } }) => drills.map(({ name }) => ({ drill: name, cluster, why: "its objects were refused" })));
    for (const drill of drills.filter(isForSystem)) {
        const obstacle = refused.length > 0 ? "a cluster's objects were refused" : drill.obstacle(ours);
        if (obstacle === undefined) {
            say(`${drill.name}: begins`);
            onSystem.push(...(await drill.run(ours, options)));
        } else {
            say(`${drill.name}: left out: ${obstacle}`);
            leftOut.push({ drill: drill.name, cluster: "all", why: obstacle });
        }
    }
    await Promise.all(stages.map(stage => stage.stop()));
    return {
        results: [...refused.map(({ result }) => result), ...onClusters.flatMap(({ results }) => results), ...onSystem],
        leftOut: [...onClusters.flatMap(stage => stage.leftOut), ...leftOut],
        stages,
    };
}

/** A subject that got no stage, since the API server refused some of its objects. */
class RefusedSubject {
    constructor(
        readonly subject: Subject,
        readonly result: DrillResult,
    ) {}
}

/** Makes a result of objects that were refused; anything else is a fault of ours. */
function refusedAs(subject: Subject): (error: unknown) => RefusedSubject {
    return error => {
        if (error instanceof Refused) {
            return new RefusedSubject(subject, refusedResult(subject, error.refusals));
        }
        throw error;
    };
}

function isForCluster(drill: Drill): drill is ClusterDrill {
    return drill.scope === "cluster";
}

function isForSystem(drill: Drill): drill is SystemDrill {
    return drill.scope === "system";
}

async function drillStage(
    stage: Stage,
    drills: readonly ClusterDrill[],
    options: { readonly full: boolean; readonly say: Say },
): Promise<Pick<Performed, "results" | "leftOut">> {
    const { cluster } = stage;
    const results: DrillResult[] = [];
    const leftOut: LeftOut[] = [];
    for (const drill of drills.filter(({ naive }) => naive !== "spared" || stage.subject.subject === "stack")) {
        const obstacle = drill.obstacle(stage);
        if (obstacle !== undefined) {
            options.say(`${cluster}: ${drill.name}: left out: ${obstacle}`);
            leftOut.push({ drill: drill.name, cluster, why: obstacle });
            continue;
        }
        options.say(`${cluster}: ${drill.name}: begins`);
        const from = performance.now();
        results.push(...(await drill.run(stage, options)));
        const done = performance.now();
        await stage.restore();
        options.say(`${cluster}: ${drill.name}: ${((done - from) / 1000).toFixed(0)} s, and ${((performance.now() - done) / 1000).toFixed(0)} s until all was as before`);
    }
    return { results, leftOut };
}

/** What it ran on, a fact each. */
function settingOf({ kubernetesVersion }: Binaries, stages: readonly Stage[]): readonly string[] {
    const fleets = stages.map(({ cluster, zones, fleet }) => `${cluster}: ${fleet.nodesPerZone} nodes of ${fleet.nodeShape.cpu} cores in each of ${count(zones.length, "zone")}`);
    return [
        `Kubernetes ${kubernetesVersion.replace(/^v/, "")}: API server, scheduler and controllers are real, nodes and pods are KWOK's`,
        ...new Set(fleets),
        `${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GiB for ${count(stages.length, "control plane")}`,
    ];
}
