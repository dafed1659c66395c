/** What a run of the drills found. The terminal view, drill.json (or live.json) and the page all say this and nothing else. */
export interface DrillReport {
    /** Of this document's shape; raised when a reader would have to change. */
    readonly formatVersion: 1;
    /** Whether real containers ran and real requests were sent. Left out of a report on fake nodes. */
    readonly live?: true;
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
    /**
     * Whether this machine lacks something for it: `why` says what, and how to install it. Left out where nothing can be done about it here,
     * as for a stack that has nothing to be drilled so.
     */
    readonly lacking?: true;
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
    /** What clients saw, a client each. Only of a live drill. */
    readonly traffic?: readonly Traffic[];
    /**
     * Seconds from the fault until as many replicas were ready as at rest, for good; 0 where there were throughout, "never" where that was not seen. Of a whole
     * cluster from its return, since nothing brings it back before. Only of a live drill.
     */
    readonly fullStrengthSeconds?: number | "never";
    /** What came of the writes to the state. Only of a live drill that wrote. */
    readonly writes?: WriteCount;
}

/** What one client saw while a drill went on. */
export interface Traffic {
    /** How it came in: by the load balancer of an "Ingress" or of a "Service", or by "the app's name". The same for ours and for the naive stack, where they compare. */
    readonly client: string;
    /** Requests. */
    readonly sent: number;
    /** Of these, those without the right answer in time. */
    readonly failed: number;
    /** The longest time without an answer while requests were sent. Never quite 0: requests are some time apart. */
    readonly longestGapSeconds: number;
    /** 99 of 100 answers took no longer than this. Undefined where nothing was answered. */
    readonly p99Seconds: number | undefined;
    /** Why requests failed, the most frequent first: "no answer within 5 s". Empty where none did. */
    readonly errors: readonly { readonly error: string; readonly count: number }[];
}

/** Writes to the state, counted at the end of a drill. */
export interface WriteCount {
    /** Writes that clients were told are safe. */
    readonly acknowledged: number;
    /** Of these, those that every replica which had said it keeps them gave back after the drill, with what was written. */
    readonly readBack: number;
    /** Those that such a replica did not give back, or with something else, each by its name. */
    readonly lost: readonly string[];
    /** Copies that replicas had said they keep, and that each of them was asked for. @default not counted */
    readonly copies?: number;
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
    /** Seconds since the drill began, and the value from then on; the last holds until the drill ends. Ascending. */
    readonly samples: readonly (readonly [seconds: number, value: number])[];
    /** The line that must not be crossed, where there is one. */
    readonly floor?: number;
    /** Names the axes it is drawn on; series of the same name share them. Left out: with those of its unit and floor. */
    readonly panel?: string;
    /** "broken" for what must not be, such as failed requests: drawn filled, and red. */
    readonly tone?: "broken";
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
