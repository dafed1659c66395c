/** What a run of the drills found. The terminal view, drill.json and the page all say this and nothing else. */
export interface DrillReport {
    /** Of this document's shape; raised when a reader would have to change. */
    readonly formatVersion: 1;
    readonly project: string;
    readonly stack: string;
    /** "quick" or "full". */
    readonly set: "quick" | "full";
    /** ISO 8601. */
    readonly startedAt: string;
    readonly seconds: number;
    /** What it ran on, in words, a fact each: "Kubernetes 1.36.3: …", "2 cores and 24 GiB for 6 control planes". */
    readonly setting: readonly string[];
    /** What no drill here can prove, a sentence each; the stand-ins say it of themselves. */
    readonly unproved: readonly string[];
    readonly drills: readonly DrillResult[];
    /** Drills that were asked for and not done. */
    readonly leftOut: readonly LeftOut[];
    /** Drills of which a naive stack must break a promise: one that it keeps whole can't tell a good stack from a bad one. */
    readonly mustBreak: readonly string[];
}

/** A drill that was not done, and why. */
export interface LeftOut {
    readonly drill: string;
    /** The cluster; "all" where it is about several. */
    readonly cluster: string;
    /** "the app has no autoscaler". */
    readonly why: string;
}

/** One drill on one cluster, or over all of them. */
export interface DrillResult {
    /** "zone loss", "drain". The same for ours and for the naive stack. */
    readonly drill: string;
    /** What was drilled: the stack as it would be deployed, or a beginner's. */
    readonly subject: "stack" | "naive";
    /** The cluster; "all" where it is about several. */
    readonly cluster: string;
    /** What happened to it, one sentence: "us-east-1a fell silent, and came back after 95 s". */
    readonly what: string;
    readonly seconds: number;
    readonly promises: readonly PromiseResult[];
    readonly series: readonly Series[];
    readonly marks: readonly Mark[];
    /** What is worth knowing though nothing was promised of it: "3/3/0 after the zone's return; 2/2/2 after a restart". */
    readonly notes: readonly string[];
}

/** A promise, and what came of it. */
export interface PromiseResult {
    /** "ready replicas never under". */
    readonly name: string;
    /** With its unit, as computed from config and model: "2 of 3". */
    readonly promised: string;
    /** With its unit, as measured. */
    readonly measured: string;
    readonly kept: boolean;
}

/** Something counted over time. */
export interface Series {
    /** "ready replicas", "replicas wanted", "CPU of target". */
    readonly name: string;
    readonly unit: string;
    /** Seconds since the drill began, and the value from then on. Ascending. */
    readonly samples: readonly (readonly [seconds: number, value: number])[];
    /** The line that must not be crossed, where there is one. */
    readonly floor?: number;
}

/** Something that happened at a moment. */
export interface Mark {
    /** Seconds since the drill began. */
    readonly at: number;
    /** "zone us-east-1a dies". */
    readonly text: string;
}

/** Whether every promise was kept. */
export function isKept({ promises }: DrillResult): boolean {
    return promises.every(({ kept }) => kept);
}
