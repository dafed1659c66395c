import type { DrillResult } from "../result";
import type { Stage } from "../stage";

/**
 * Drills of one lane are done one after another, on control planes of their own; the lanes go on at the same time. Most of a
 * drill is waiting, so two cores have room for both.
 */
export type Lane = "changes" | "losses";

/** What every drill says of itself before it runs. */
interface Described {
    /** "zone loss". The same words in the table, the files and on the command line, there with hyphens. */
    readonly name: string;
    /** Whether the quick set has it; the full set has every drill. */
    readonly quick: boolean;
    /** What people do to a cluster, or what it loses. */
    readonly lane: Lane;
}

/** Something that happens to one cluster. */
export interface ClusterDrill extends Described {
    readonly scope: "cluster";
    /** What the naive stack has to do with it: it must break a promise; it may; or it is spared, for want of what is tried. */
    readonly naive: "breaks" | "tried" | "spared";
    /** Why it can't be done on this stage, such as an app without state; undefined where it can. */
    obstacle(stage: Stage): string | undefined;
    /**
     * Does it on a stage at rest, and measures. The stage is restored by the caller afterwards. A promise that was
     * broken is a result; what throws is a fault of the drill.
     */
    run(stage: Stage, options: DrillOptions): Promise<readonly DrillResult[]>;
}

/** Something that happens to the system of all clusters. */
export interface SystemDrill extends Described {
    readonly scope: "system";
    /** What it can't prove, a sentence each. */
    readonly unproved: readonly string[];
    obstacle(stages: readonly Stage[]): string | undefined;
    run(stages: readonly Stage[], options: DrillOptions): Promise<readonly DrillResult[]>;
}

export type Drill = ClusterDrill | SystemDrill;

export interface DrillOptions {
    /** Whether the full set is asked for: each zone in turn rather than one, longer loads. */
    readonly full: boolean;
    /** Tells the user what happens, a line at a time. */
    readonly say: (line: string) => void;
}
