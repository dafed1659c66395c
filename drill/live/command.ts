import { join } from "node:path";

import { z } from "zod";

import type { PlannedStack } from "../../plan/run";
import { type Say, cacheRoot } from "../../tools/cache";
import { Interrupted, executor, interruptible } from "../../tools/execute";
import { obtainProgram } from "../../tools/goProgram";
import { ensureTools, liveTools } from "../binaries";
import { type Choosable, type Wishes, sayer, show } from "../commandLine";
import { type Run, withRun } from "../process/run";
import { exitCodeOf, verdictOf } from "../report/compare";
import { clearReport, writeReport } from "../report/write";
import type { DrillReport } from "../result";
import type { Subject } from "../stage";
import { cutShort } from "./course";
import { standIn } from "./images";
import { ensurePrerequisites, systemProgramsSchema } from "./prerequisites";
import { type Inside, type World, throughWorld, worldInside } from "./world";

/** Programs that the live drills run: the system's, Kubernetes' own, and the one that plays the app. */
const programsSchema = systemProgramsSchema.extend({
    binaries: z.object({ paths: z.record(z.enum(liveTools), z.string()), kubernetesVersion: z.string() }),
    kubelet: z.string(),
    kubeProxy: z.string(),
    /** The stand-in that images are made of. */
    standin: z.string(),
});

export type Programs = z.infer<typeof programsSchema>;

const briefingSchema = z.object({ programs: programsSchema, startedAt: z.number() });
type Briefing = z.infer<typeof briefingSchema>;

/** What is to be drilled live, and how. */
export interface LivePerformance<Drill> {
    readonly run: Run;
    readonly programs: Programs;
    readonly world: World;
    readonly say: Say;
    readonly planned: PlannedStack;
    /** The stack's clusters; the naive stack last, where it is drilled too. */
    readonly subjects: readonly Subject[];
    readonly drills: readonly Drill[];
    readonly full: boolean;
    /** Is told after each drill what a report would say now, in case that there is no other. */
    readonly soFar: (report: DrillReport) => void;
}

/** What the user asked for, checked. */
export interface Wanted<Drill extends Choosable> extends Pick<LivePerformance<Drill>, "planned" | "subjects" | "drills"> {
    readonly wishes: Wishes;
    /** When the command began, as Date.now has it. */
    readonly startedAt: number;
    /** Does the drills. */
    readonly perform: (performance: LivePerformance<Drill>) => Promise<DrillReport>;
}

/**
 * Runs the live drills, in a world of their own: this process gets what needs a network, and runs the same command there, which comes here too.
 * Resolves to the exit code.
 *
 * @throws Unobtainable where the machine lacks something, Unplayable where the stack has what can't be played, Interrupted, and what the drills throw.
 */
export async function runLive<Drill extends Choosable>(wanted: Wanted<Drill>): Promise<number> {
    const inside = worldInside();
    return inside === undefined ? performOutside(wanted) : performInside(wanted, inside);
}

/** Folder of a stack's reports, and that of the logs of a run that failed. */
function folders({ wishes: { out, stack } }: Pick<Wanted<Choosable>, "wishes">): { readonly directory: string; readonly keepLogs: string } {
    const directory = join(out, stack);
    return { directory, keepLogs: join(directory, "live-logs") };
}

async function performOutside(wanted: Pick<Wanted<Choosable>, "wishes" | "startedAt">): Promise<number> {
    const { startedAt } = wanted;
    const say = sayer(startedAt);
    const { directory, keepLogs } = folders(wanted);
    // Before anything that may be missing: an older report would be taken for this run's.
    clearReport(directory, { live: true });
    const system = await interruptible(execute => ensurePrerequisites(execute));
    return throughWorld({ unshare: system.unshare, say, keepLogs }, async ({ signal }): Promise<Briefing> => {
        const binaries = await ensureTools(liveTools, say, { signal });
        const standin = await obtainProgram(standIn, process.env, join(cacheRoot(process.env), "tools"), executor(signal), say);
        return { startedAt, programs: { ...system, binaries, kubelet: binaries.paths.kubelet, kubeProxy: binaries.paths["kube-proxy"], standin } };
    });
}

async function performInside<Drill extends Choosable>(wanted: Wanted<Drill>, { world, folder, briefing }: Inside): Promise<number> {
    const { startedAt, programs } = briefingSchema.parse(briefing);
    const { perform, planned, subjects, drills, wishes } = wanted;
    const say = sayer(startedAt);
    const { directory, keepLogs } = folders(wanted);
    let latest: DrillReport | undefined;
    const soFar = (report: DrillReport): void => {
        latest = report;
    };
    const publish = (report: DrillReport): number => {
        writeReport(directory, report);
        show(report, directory);
        return exitCodeOf(verdictOf(report));
    };
    try {
        return publish(await withRun({ say, keepLogs, folder }, async run => perform({ run, programs, world, say, planned, subjects, drills, full: wishes.full, soFar })));
    } catch (error) {
        // What was found before is not to be lost with the run; whoever ended it does not want to know.
        if (latest !== undefined && !(error instanceof Interrupted)) {
            publish(cutShort(latest, error instanceof Error ? error.message : String(error)));
        }
        throw error;
    }
}
